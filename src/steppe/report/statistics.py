"""Outcomes over seeds: shares with Wilson intervals, one number per seed with quantiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steppe.report.payload import Floats, Share, Spread
from steppe.results.outcomes import Outcome, by_name, ending, headlines, series_of
from steppe.results.trajectory import Trajectory
from steppe.study.causation import wilson


def fates(runs: Sequence[Trajectory]) -> tuple[Share, ...]:
    """Return how often each fate came about; none when the runs record no fate."""
    endings = [ending(str(run.outcome["fate"])) for run in runs if "fate" in run.outcome]
    if len(endings) < len(runs):
        return ()
    labels = by_name()["fate"].words
    keys = [*labels, *sorted(set(endings) - set(labels))]
    return tuple(
        Share(key, labels.get(key, key), n, *wilson(n, len(endings)))
        for key in keys
        for n in (endings.count(key),)
    )


def spread(one: Outcome, values: Floats) -> Spread:
    """Return one number per seed with its 5, 50 and 95 % quantiles."""
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    seeds = tuple(float(v) for v in values)
    return Spread(one.name, one.label, one.unit, seeds, (low, middle, high), digits=one.digits)


def spreads(runs: Sequence[Trajectory]) -> tuple[Spread, ...]:
    """Return the distributions over seeds of the headline outcomes that all runs have."""
    values = ((one, series_of(one, runs)) for one in headlines())
    return tuple(spread(one, v) for one, v in values if v is not None)
