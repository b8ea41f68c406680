"""Outcomes over seeds: shares with Wilson intervals, one number per seed with quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from steppe.report.payload import Floats, Share, Spread
from steppe.results.quantities import FANS, RunArrays
from steppe.results.trajectory import Trajectory
from steppe.study.causation import wilson

FATES = (
    ("stays", "The government stays"),
    ("concedes", "It concedes"),
    ("falls", "It falls"),
)


def fates(runs: Sequence[Trajectory]) -> tuple[Share, ...]:
    """Return how often each fate came about; none when the runs record no fate."""
    seen = [str(run.outcome["fate"]) for run in runs if "fate" in run.outcome]
    if len(seen) < len(runs):
        return ()
    labels = dict(FATES)
    keys = [key for key, _ in FATES] + sorted(set(seen) - set(labels))
    return tuple(
        Share(key, labels.get(key, key), n, *wilson(n, len(seen)))
        for key in keys
        for n in (seen.count(key),)
    )


def spread(key: str, label: str, unit: str, values: Floats) -> Spread:
    """Return one number per seed with its 5, 50 and 95 % quantiles."""
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    return Spread(key, label, unit, tuple(float(v) for v in values), (low, middle, high))


def _highest(values: Floats) -> float:
    return float(values.max())


def _last(values: Floats) -> float:
    return float(values[-1])


SPREADS: tuple[tuple[str, str, str, Callable[[Floats], float]], ...] = (
    ("active", "Highest number on the street", "people", _highest),
    ("killed", "Killed, officers included", "people", _last),
    ("arrested", "Arrests", "people", _last),
)
"""Fan, label, unit, and how a national curve becomes one number."""

OUTCOMES = (
    ("regions_with_protest", "Regions with protest", "regions"),
    ("officers_killed", "Officers killed", "people"),
    ("wounded", "Citizens wounded", "people"),
    ("units_defected", "Security units that defected", "units"),
)
"""Scalars of ``Trajectory.outcome`` that are shown as they are."""


def spreads(runs: Sequence[Trajectory], land: RunArrays) -> tuple[Spread, ...]:
    """Return the distributions over seeds that the runs allow."""
    made = []
    for key, label, unit, reduce in SPREADS:
        quantity = next(q for q in FANS if q.key == key)
        if all(quantity.available(run) for run in runs):
            values = [reduce(quantity.measure(run, land)[0]) for run in runs]
            made.append(spread(key, label, unit, np.array(values)))
    for key, label, unit in OUTCOMES:
        scalars = [run.outcome.get(key) for run in runs]
        values = [float(s) for s in scalars if isinstance(s, int | float)]
        if len(values) == len(runs):
            made.append(spread(key, label, unit, np.array(values)))
    return tuple(made)
