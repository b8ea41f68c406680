"""The nowcasts of the reference case: what was said each day, what came, and how it is scored.

    python -m validation.nowcast 2022-01-04 [DAY ...] [--json validation/nowcast.json]

run in the folder of the repository; a nowcast takes two to four minutes of one core, half of that
on two, and the run without figures that it is held against one more. What looks showed is kept in
--store, so that a day that was stopped goes on. Each day is written into the JSON file beside those
that are there; ``docs/generate.py`` makes the page of it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.version import MODEL_VERSION
from steppe.evidence.scoring import weighted_crps
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL
from steppe.study.calibration.targets import figures
from steppe.study.nowcast.course import FanKey, key_of_target, size_class
from steppe.study.nowcast.history import last_day
from steppe.study.nowcast.nowcast import nowcast
from steppe.study.nowcast.references import SIZES, situation
from steppe.study.nowcast.result import ForecastFan, Members, Nowcast, short

CASE = "kazakhstan-2022"
FILE = Path(__file__).resolve().parent / "nowcast.json"
DAYS = ("2022-01-03", "2022-01-04", "2022-01-05", "2022-01-06", "2022-01-07")
AHEAD = 5
"""Days after the last day that is let in of which figures are scored."""

STAYED = ("falls_30d", "out_12m")
"""What did not happen: the president was in office a year later (aftermath.csv)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the nowcasts of the days named, score them, and write them down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("days", nargs="*", metavar="DAY", default=DAYS)
    parser.add_argument("--json", type=Path, default=FILE)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int)
    parser.add_argument("--looks", type=int, default=400)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--prior-draws", type=int, default=80)
    order = parser.parse_args(arguments)
    case = load(CASE)
    account: dict[str, Any] = {"case": CASE, "model": MODEL_VERSION, "days": {}}
    if order.json.is_file():
        account |= json.loads(order.json.read_text(encoding="utf-8"))
    for text in order.days:
        began, used = time.perf_counter(), time.process_time()
        options = {"store": order.store, "workers": order.workers}
        said = nowcast(CASE, text, looks=order.looks, draws=order.draws, **options)
        seconds = time.perf_counter() - began
        free = nowcast(CASE, text, looks=order.prior_draws, draws=order.prior_draws,
                       conditioned=False, **options)  # fmt: skip
        account["days"][text] = {**_day(case, said, free), "seconds": round(seconds)}
        account["days"] = dict(sorted(account["days"].items()))
        order.json.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")
        print(f"{text}: {seconds:.0f} seconds, stored looks not counted; "
              f"{time.process_time() - used:.0f} in this process")  # fmt: skip
    return 0


def _day(case: Scenario, said: Nowcast, free: Nowcast) -> dict[str, Any]:
    """Return what was said at the end of a day, what came, and the scores."""
    known = [one for one in figures(case) if last_day(one.target) <= said.until]
    later = [one for one in figures(case) if last_day(one.target) > said.until]
    came = _came(known, later, said.until)
    return {
        "looks": said.looks,
        "draws": said.draws,
        "prior_draws": free.draws,
        "effective": short(said.effective),
        "beta": short(said.beta),
        "figures": len(said.figures),
        "beyond": list(said.beyond),
        "chances": [
            {"name": one.name, "words": one.words, "p": short(one.pooled),
             "model": short(one.model), "persistence": one.persistence, "growth": one.growth,
             "base_rate": one.base_rate, "prior": short(other.model), "came": came[one.name]}
            for one, other in zip(said.chances, free.chances, strict=True)
        ],
        "crowd": _crowd(said.fan("peak_on_day")),
        "scores": list(_scores(said, free, later)),
    }  # fmt: skip


def _crowd(fan: ForecastFan) -> list[dict[str, Any]]:
    return [
        {"day": one.day.isoformat(), "pooled": [short(x) for x in one.pooled.quantiles()],
         "model": [short(x) for x in one.model.quantiles()]}
        for one in fan.days[:14]
    ]  # fmt: skip


def _came(
    known: Sequence[ResolvedTarget], later: Sequence[ResolvedTarget], until: date
) -> Mapping[str, bool]:
    """Return whether each event came, by the figures of the case."""
    then, end = situation(known, until), situation([*known, *later], date.max)
    protest = any(
        (one.target.value or 0.0) > 0.0
        for one in later
        if one.observable.group in ("turnout", "spread")
        and (last_day(one.target) - until).days <= 7
    )
    return {
        "ends_7d": not protest,
        "next_class_30d": size_class(end.largest or 0.0) > size_class(then.largest or 0.0),
        "lethal_30d": (end.killed or 0.0) > (then.killed or 0.0),
        **dict.fromkeys(STAYED, False),
    }


def _scores(
    said: Nowcast, free: Nowcast, later: Sequence[ResolvedTarget]
) -> Iterator[dict[str, Any]]:
    """Yield the CRPS in log10(1 + x) of every figure of the next days that a fan is of."""
    fans = {fan.key: fan for fan in said.fans}
    prior = {fan.key: fan for fan in free.fans}
    for one in later:
        key, ahead = key_of_target(one), (last_day(one.target) - said.until).days
        value = one.target.value
        if one.observable.kind != "day" or value is None or not 1 <= ahead <= AHEAD:
            continue
        if key not in fans:
            continue
        day, y = fans[key].days[ahead - 1], float(np.log10(1.0 + value))
        last = fans[key].last
        low, *_, high = day.pooled.quantiles()
        yield {
            "id": one.target.id, "day": one.target.date, "observable": key.observable,
            "region": key.region, "crowd": _is_crowd(key), "value": value,
            "pooled": short(_crps(day.pooled, y)), "model": short(_crps(day.model, y)),
            "prior": short(_crps(prior[key].days[ahead - 1].model, y)),
            "persistence": None if last is None else short(abs(float(np.log10(1.0 + last)) - y)),
            "growth": None if day.growth is None else short(_crps(day.growth, y)),
            "covered": bool(low <= value <= high),
            "forecast": [short(x) for x in day.pooled.quantiles()],
        }  # fmt: skip


def _is_crowd(key: FanKey) -> bool:
    return key.observable in SIZES and key.region == NATIONAL


def _crps(said: Members, observed: float) -> float:
    return weighted_crps(np.log10(1.0 + said.values), said.weights / said.weights.sum(), observed)


if __name__ == "__main__":
    raise SystemExit(main())
