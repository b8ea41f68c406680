"""Made-up pairs: the baseline's histories, and the same with less of everything from an hour on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast

import report_synthetic as synthetic

from steppe.case import Scenario
from steppe.results.store import Store
from steppe.results.trajectory import Event, Trajectory
from steppe.study.ensemble import Ensemble
from steppe.study.pair import Pair, compare

PARTED = 95
"""Hour from which the changed histories differ."""


class Kept:
    """A store in memory, for reading."""

    def __init__(self, runs: dict[str, Trajectory]) -> None:
        self.runs = runs

    def get(self, key: str, names: Collection[str] | None = None) -> Trajectory:
        return self.runs[key]


def changed(run: Trajectory) -> Trajectory:
    """Return the run with a tenth fewer people on the street from PARTED on."""
    series = dict(run.series)
    for name in ("peaceful", "arrests", "deaths", "dead"):
        values = series[name].values.copy()
        values[PARTED:] = (values[PARTED:] * 0.9).astype(values.dtype)
        series[name] = replace(series[name], values=values)
    events = tuple(e for e in run.events if e.origin == "scripted")
    return replace(run, series=series, events=events)


def _finished(run: Trajectory, *, falls: bool) -> Trajectory:
    outcome: dict[str, Any] = {
        **run.outcome,
        "fate": "falls" if falls else "stays",
        "fate_hour": -1,
        "peak_active": int(run.active().sum(axis=1).max()),
        "killed": int(run["deaths"].sum()),
        "arrested": int(run["arrests"].sum()),
    }
    return replace(run, outcome=outcome)


def made(case: Scenario, seeds: int, *, hostile: str = "") -> Pair:
    """Return a pair in which the regime falls with the change in every fourth seed."""
    other = case.counterfactual("no-intervention")
    bases, variants = {}, {}
    for run in synthetic.trajectories(case, seeds):
        seed = run.record.seed
        if hostile:
            event = Event(5, hostile, hostile, hostile, 1.0, hostile, "model")
            run = replace(run, events=(event,), record=replace(run.record, warnings=(hostile,)))
        bases[seed] = _finished(run, falls=False)
        variants[seed] = _finished(changed(run), falls=seed % 4 == 0)
    arms = []
    for name, runs in (("a", bases), ("b", variants)):
        store = cast(Store, Kept({f"{name}{seed}": run for seed, run in runs.items()}))
        keys = {seed: f"{name}{seed}" for seed in runs}
        arms.append(Ensemble(store, f"hash-{name}", tuple(runs), keys, (), seeds, 0.0))
    return compare(arms[0], arms[1], case, other, "no-intervention")
