"""Twin experiments of nowcasts: histories of the law are the truth, forecast from their figures.

    python -m validation.nowcast_twins 2022-01-04 [--bank 100] [--truths 40]

run in the folder of the repository. A bank of draws of the law is looked at up to the day and goes
on; that takes a second of one core for each. Then each of the first draws in turn is the truth: its
figures, with errors of their variance, are all that is known, and the other draws forecast its next
five days, weighed and moved as in a nowcast, without looks near the figures. Written into
validation/nowcast.json; what looks showed is kept in --store.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from validation.nowcast import AHEAD, CASE, FILE

from steppe.case.load import load
from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array
from steppe.evidence.scoring import weighted_crps
from steppe.study.nowcast.adjust import adjust
from steppe.study.nowcast.course import (
    CourseReader,
    FanKey,
    FigureReader,
    fan_keys,
    key_of_target,
)
from steppe.study.nowcast.draw_prior import draw_prior
from steppe.study.nowcast.figures import arrays, condition_figures, tolerances
from steppe.study.nowcast.history import day_of, history_until
from steppe.study.nowcast.looks import FigureVector
from steppe.study.nowcast.references import SIZES
from steppe.study.nowcast.result import Members
from steppe.study.nowcast.simulate import LookJob, LookMaker, look_maker
from steppe.study.nowcast.weights import log_likelihood, tempered

Floats = NDArray[np.float64]

LAST = tuple(FanKey(name) for name in SIZES)
"""What says how large a protest is."""

LEAST = 0.5
"""Share of the bank that the weights leave, as in a nowcast; the rest is the linear step."""


@dataclass(frozen=True, slots=True)
class TwinBank:
    """Draws with their figures (draw, figure) and crowds of the next days (draw, day).

    Figures on the scale of comparison, crowds as log10(1 + persons); ``variance`` is the figures',
    ``size`` the place of the latest figure that says how large the protest is.
    """

    figures: Floats
    variance: Floats
    size: int
    later: Floats


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the bank, forecast each truth by the others, and write down how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("day")
    parser.add_argument("--bank", type=int, default=100)
    parser.add_argument("--truths", type=int, default=40)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, default=FILE)
    order = parser.parse_args(arguments)
    with look_maker(order.workers, order.store / "nowcasts") as maker:
        twins = bank(order.day, order.bank, maker)
    found = score(twins, order.truths)
    account = json.loads(order.json.read_text(encoding="utf-8"))
    account["twins"] = {"day": order.day, "bank": order.bank, "truths": order.truths, **found}
    order.json.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")
    print(found)
    return 0


def bank(day: str, count: int, maker: LookMaker) -> TwinBank:
    """Return ``count`` draws of the law, looked at up to the day and from it on."""
    case = load(CASE)
    until = day_of(case, day)
    whole = history_until(case, until)
    figures = condition_figures(whole, tolerances(case))
    prior = draw_prior(whole, "population")
    rows = [prior.row(prior.scores(seed)) for seed in range(1, count + 1)]
    seeds = range(1, count + 1)
    early = LookJob(history_until(case, until, 0), FigureReader(figures))
    values = maker.make(early, rows, seeds)[:, : len(figures)]
    reader = CourseReader(fan_keys(one.target for one in figures), until)
    notes = maker.make(LookJob(whole, reader, "courses"), rows, seeds)
    sizes = [at for at, one in enumerate(figures) if key_of_target(one.target) in LAST]
    return TwinBank(
        values, arrays(figures)[1], sizes[-1], np.log10(1.0 + reader.split(notes)[0][:, 0, :AHEAD])
    )


def score(twins: TwinBank, truths: int) -> dict[str, float]:
    """Return how often the 90 % interval covers, and the mean CRPS beside what is to beat."""
    rows = [_one(twins, truth) for truth in range(truths)]
    names = ("covered", "crps", "persistence", "prior")
    return {name: round(float(np.mean(x)), 3) for name, x in zip(names, zip(*rows, strict=True),
                                                                 strict=True)}  # fmt: skip


def _one(twins: TwinBank, truth: int) -> tuple[float, float, float, float]:
    """Return the scores of one truth, means over the next days."""
    others = np.arange(len(twins.later)) != truth
    u = uniforms(key_of(truth), Purpose.TOY_MOVE, 0, len(twins.variance))
    reported = twins.figures[truth] + normal_array(u) * np.sqrt(twins.variance)
    evidence = FigureVector(reported, twins.variance)
    values, later = twins.figures[others], twins.later[others]
    like = log_likelihood(values, reported, twins.variance)
    weights, beta = tempered(np.zeros(len(like)), like, LEAST * len(like))
    moved = np.maximum(adjust(later, values, weights, evidence, beta), 0.0)
    even = np.full(len(like), 1.0 / len(like))
    found = []
    for day, y in enumerate(twins.later[truth]):
        low, *_, high = Members(moved[:, day], weights).quantiles()
        found.append((
            float(low <= y <= high), weighted_crps(moved[:, day], weights, y),
            abs(max(reported[twins.size], 0.0) - y), weighted_crps(later[:, day], even, y),
        ))  # fmt: skip
    covered, mine, persistence, prior = np.mean(found, axis=0)
    return float(covered), float(mine), float(persistence), float(prior)


if __name__ == "__main__":
    raise SystemExit(main())
