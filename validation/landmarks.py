"""Runs of the model on landmarks: a fixed sample forecast like nowcasts, scored beside the rest.

    python -m validation.landmarks [--looks 100] [--draws 50] [--store runs]

run in the folder of the repository: 100 protests at the end of day 1, 70 of day 3 and 30 of day 7,
the first of each in the order of a hash. Each is forecast by draws of the law of all crises for its
country and year, given what was seen so far, twenty seconds of one core; what looks showed is kept
in --store, so that it goes on where it was stopped. Written into validation/landmarks.json;
``docs/generate.py`` makes a table of it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from steppe.engine.version import MODEL_VERSION
from steppe.research.landmarks.benchmark import country_interval, cross_validated, crps
from steppe.research.landmarks.pooling import best_shares
from steppe.research.landmarks.simulated import Protest, RunForecast, protest_at
from steppe.research.landmarks.table import Landmarks, open_landmarks
from steppe.research.landmarks.tasks import LARGE, TASKS, BenchmarkTask, Members, pooled
from steppe.study.nowcast.result import POOL
from steppe.study.nowcast.simulate import LookMaker

FILE = Path(__file__).resolve().parent / "landmarks.json"
SAMPLE: Mapping[int, int] = {1: 100, 3: 70, 7: 30}
"""Landmarks of each day."""

Answers = Mapping[str, Members]


def main(arguments: Sequence[str] | None = None) -> int:
    """Forecast the sample, score it, and write the scores down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--looks", type=int, default=100)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, default=FILE)
    order = parser.parse_args(arguments)
    rows = sample(open_landmarks())
    forecast = RunForecast(order.looks, order.draws)
    answers = run_forecasts(rows, forecast, order.store / "landmarks", order.workers)
    content = {
        "model": MODEL_VERSION, "sample": len(rows), "looks": 2 * order.looks,
        "draws": order.draws, "own_share": POOL,
        "questions": {task.name: dict(_scores(task, rows, answers)) for task in TASKS},
    }  # fmt: skip
    order.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def sample(rows: Landmarks) -> Landmarks:
    """Return the first landmarks of each day, in the order of a hash, whose end can be told."""
    keep = np.zeros(len(rows), dtype=np.bool_)
    for day, count in SAMPLE.items():
        own = np.flatnonzero((rows["day"] == day) & (rows["ends_7d"] >= 0.0))
        keep[sorted(own.tolist(), key=lambda k: _hash(rows, k))[:count]] = True
    return rows.take(keep)


def _hash(rows: Landmarks, k: int) -> bytes:
    text = f"{rows.country[k]} {rows.date[k]} {rows['day'][k]:.0f}"
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def run_forecasts(
    rows: Landmarks, forecast: RunForecast, folder: Path, workers: int
) -> list[Answers]:
    """Return what runs say of every row, by question."""
    protests = [protest_at(rows, k) for k in range(len(rows))]
    answers: list[Answers] = []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for one in pool.map(partial(_forecast, forecast, folder), protests):
            answers.append(one)
            print(f"{len(answers)} of {len(protests)}", flush=True)
    return answers


def _forecast(forecast: RunForecast, folder: Path, protest: Protest) -> Answers:
    return forecast(protest, LookMaker(None, folder))


def _scores(
    task: BenchmarkTask, rows: Landmarks, answers: Sequence[Answers]
) -> Iterator[tuple[str, Any]]:
    """Yield how runs answer one question, alone and pooled, beside what is to beat."""
    asked = task.asks(rows)
    part = rows.take(asked)
    own = [answers[k][task.name] for k in np.flatnonzero(asked).tolist()]
    truth, others = task.truth(part), cross_validated(task, part, open_landmarks())
    shares = best_shares(own, others.bar, truth, part["fold"])
    ways = {
        "runs": own,
        "pooled": [pooled(a, b, POOL) for a, b in zip(own, others.bar, strict=True)],
        "learnt": [pooled(a, b, s) for a, b, s in zip(own, others.bar, shares, strict=True)],
    }
    base, bar = crps(others.base, truth), crps(others.bar, truth)
    large = part["largest_so_far"] >= LARGE
    yield from {"n": len(part), "countries": len(np.unique(part.country))}.items()
    yield from (("base", _three(base.mean())), ("bar", _three(bar.mean())))
    yield "regression", _three(crps(others.model, truth).mean())
    for name, each in ways.items():
        scores = crps(each, truth)
        gaps = [country_interval(scores - other, part.country) for other in (base, bar)]
        yield name, {
            "score": _three(scores.mean()),
            "less_base": [_three(x) for x in gaps[0]], "less_bar": [_three(x) for x in gaps[1]],
        }  # fmt: skip
    yield "shares", sorted(set(map(_three, shares)))
    yield "large", {
        "n": int(large.sum()), "bar": _three(bar[large].mean()),
        "runs": _three(crps(own, truth)[large].mean()),
    }  # fmt: skip


def _three(value: float) -> float:
    return round(float(value), 3)


if __name__ == "__main__":
    raise SystemExit(main())
