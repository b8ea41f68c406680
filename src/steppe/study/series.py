"""The series of a pair as labelled datasets: both arms, and their difference hour by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.results.aggregation import Level, at_level, labelled
from steppe.results.trajectory import Series, Trajectory
from steppe.study.effects import Floats, interval

if TYPE_CHECKING:
    import xarray

    from steppe.study.pair import Pair

ARMS = ("baseline", "variant")
BOUNDS = ("mean", "low", "high")
INTERVAL = "95 % bootstrap interval of the mean, pairs resampled"


def _stacked(pair: Pair, by: Level) -> tuple[Trajectory, dict[str, tuple[Series, Floats]]]:
    """Return one run for its labels, and each series of both arms: (arm, seed, hour, ...)."""
    first: Trajectory | None = None
    stacks: dict[str, tuple[Series, list[list[Any]]]] = {}
    for runs in pair.runs():
        first = first or runs[0]
        for arm, (scenario, run) in enumerate(
            zip((pair.scenario, pair.changed), runs, strict=True)
        ):
            for name, series in at_level(scenario, run, by).items():
                stacks.setdefault(name, (series, [[], []]))[1][arm].append(series.values)
    assert first is not None  # a pair has at least one seed
    seeds = len(pair.seeds)
    whole = {name: one for name, one in stacks.items() if len(one[1][0]) == len(one[1][1]) == seeds}
    return first, {
        name: (series, np.array(values, dtype=np.float64))
        for name, (series, values) in whole.items()
    }


def _attrs(pair: Pair, run: Trajectory) -> dict[str, Any]:
    return {
        "case": run.record.case,
        "counterfactual": pair.name,
        "patch": "; ".join(f"{c.path}: {c.old} -> {c.new}" for c in pair.patch),
        "baseline": pair.baseline.scenario_hash,
        "variant": pair.variant.scenario_hash,
        "engine": run.record.engine,
        "scale": run.record.scale,
        "model_version": run.record.model_version,
    }


def pair_dataset(pair: Pair, by: Level = "country") -> xarray.Dataset:
    """Return every series of both arms over ``arm``, ``seed``, ``hour`` and what ``by`` adds."""
    run, stacked = _stacked(pair, by)
    lead = {"arm": list(ARMS), "seed": list(pair.seeds)}
    return labelled(run, lead, stacked, _attrs(pair, run))


def paired_difference(pair: Pair, by: Level = "country") -> xarray.Dataset:
    """Return baseline minus counterfactual of every series by hour: mean and its interval."""
    run, stacked = _stacked(pair, by)
    bounds = {}
    for name, (series, values) in stacked.items():
        gaps = values[0] - values[1]
        bounds[name] = (series, np.stack([gaps.mean(axis=0), *interval(gaps)]))
    attrs = _attrs(pair, run) | {
        "difference": "baseline minus counterfactual, seed by seed",
        "interval": INTERVAL,
        "pairs": len(pair.seeds),
    }
    return labelled(run, {"bound": list(BOUNDS)}, bounds, attrs)
