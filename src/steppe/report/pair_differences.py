"""Differences of the two histories: of each quantity by hour, of each region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steppe.case.scenario import Scenario
from steppe.report.pair_payload import Difference, RegionDifference
from steppe.report.payload import Floats
from steppe.results.curves import CURVES, LAYERS, Curve, RunArrays
from steppe.results.trajectory import Trajectory
from steppe.study.effects import effect, interval
from steppe.study.individual_divergence import IndividualDivergence
from steppe.study.pair import Pair

FINER = 50
"""Differences are kept so much more finely than what they are differences of."""

Runs = tuple[Sequence[Trajectory], Sequence[Trajectory]]
"""Both runs of each seed: baseline, counterfactual."""


def _measured(
    quantity: Curve, runs: Sequence[Trajectory], land: RunArrays
) -> tuple[Floats, Floats | None]:
    """Return (seed, hour), and (seed, region, hour) or None."""
    pairs = [quantity.measure(run, land) for run in runs]
    regional = [pair[1].T for pair in pairs if pair[1] is not None]
    return np.stack([pair[0] for pair in pairs]), np.stack(regional) if regional else None


def _gap(quantity: Curve, runs: Runs, land: RunArrays) -> Difference:
    (one, one_by), (other, other_by) = (_measured(quantity, arm, land) for arm in runs)
    regional = None
    if one_by is not None and other_by is not None:
        regional = _bounds(one_by - other_by)
    step = quantity.step / FINER
    return Difference(
        quantity.key, quantity.title, quantity.unit, step, _bounds(one - other), regional
    )


def _bounds(gaps: Floats) -> Floats:
    """Return mean, low and high end over the pairs; missing where a run has no value."""
    low, high = interval(np.nan_to_num(gaps))
    bounds = np.stack([gaps.mean(axis=0), low, high])
    bounds[:, np.isnan(gaps).any(axis=0)] = np.nan
    return bounds


def differences(quantities: Sequence[Curve], runs: Runs, land: RunArrays) -> tuple[Difference, ...]:
    """Return the difference of every quantity that all runs recorded."""
    everyone = [run for arm in runs for run in arm]
    return tuple(
        _gap(quantity, runs, land)
        for quantity in quantities
        if all(quantity.available(run) for run in everyone)
    )


def fan_differences(runs: Runs, land: RunArrays) -> tuple[Difference, ...]:
    """Return the differences below the charts over time."""
    return differences(CURVES, runs, land)


def layer_differences(runs: Runs, land: RunArrays) -> tuple[Difference, ...]:
    """Return the differences of what the map and the card show."""
    return differences(LAYERS, runs, land)


def _apart(runs: Runs, land: RunArrays) -> Floats:
    """Return the first hour in which each region differs, (seed, region); NaN if never."""
    out = np.full((len(runs[0]), len(land.regions)), np.nan)
    for seed, (one, other) in enumerate(zip(*runs, strict=True)):
        hours = min(one.record.hours, other.record.hours)
        differs = np.zeros((hours, len(land.regions)), dtype=bool)
        for name in one.series.keys() & other.series.keys():
            dims = one.series[name].dims
            if dims[:2] not in (("hour", "place"), ("hour", "region")):
                continue
            gap = one[name][:hours] != other[name][:hours]
            if dims[1] == "place":
                gap = land.by_region(gap) > 0.0
            differs |= gap
        first = differs.argmax(axis=0).astype(np.float64)
        out[seed] = np.where(differs.any(axis=0), first, np.nan)
    return out


def region_differences(
    scenario: Scenario,
    pair: Pair,
    runs: Runs,
    land: RunArrays,
    histories: IndividualDivergence | None,
) -> tuple[RegionDifference, ...]:
    """Return where the histories diverge, the regions that differ in most arrests first."""
    first = _apart(runs, land)
    start = min(min(pair.first_divergence), runs[0][0].record.hours - 1)
    active = [np.stack([land.by_region(run.active())[start:] for run in arm]) for arm in runs]
    arrests = [np.stack([land.by_region(run["arrests"])[start:] for run in arm]) for arm in runs]
    names = {region.id: region.name for region in scenario.regions}
    rows = []
    for i, region in enumerate(land.regions):
        hours = first[:, i][~np.isnan(first[:, i])]
        crowd = effect("crowd", *(arm[:, :, i].mean(axis=1) for arm in active))
        detained = effect("arrests", *(arm[:, :, i].sum(axis=1) for arm in arrests))
        own = None if histories is None else histories.by_region.get(region, 0)
        rows.append(
            RegionDifference(
                region, names[region], float(np.median(hours)) if len(hours) else None,
                len(hours), crowd, detained, own,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-abs(row.arrests.difference), row.id)))
