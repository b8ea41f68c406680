"""Series of a run by place, by region or for the whole country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from steppe.case.scenario import Scenario
from steppe.results.quantities import run_arrays
from steppe.results.trajectory import Series, Trajectory

if TYPE_CHECKING:
    import xarray

Level = Literal["country", "region", "place"]

ADDED = ("persons", "persons per hour", "units")
"""Units that are added up; all else is averaged over residents."""


def at_level(scenario: Scenario, run: Trajectory, by: Level) -> dict[str, Series]:
    """Return every series no finer than ``by``; finer ones are added up or averaged.

    Persons and units are added, shares, levels and prices averaged over residents. Raises
    ``ValueError`` for another level.
    """
    if by not in ("country", "region", "place"):
        raise ValueError(f"by {by!r}: allowed are country, region, place")
    land = run_arrays(scenario, run)

    def coarser(series: Series) -> Series:
        dims, values = series.dims, series.values
        if by != "place" and dims == ("hour", "place"):
            dims, values = ("hour", "region"), land.by_region(values)
        if by == "country" and dims == ("hour", "region"):
            added = series.unit in ADDED
            values = values.sum(axis=1, dtype=np.float64) if added else land.mean(values)
            dims = ("hour",)
        return Series(series.name, dims, values, series.unit, series.meaning)

    return {name: coarser(series) for name, series in run.series.items()}


def labelled(
    run: Trajectory,
    lead: Mapping[str, Any],
    stacked: Mapping[str, tuple[Series, Any]],
    attrs: Mapping[str, Any],
) -> xarray.Dataset:
    """Return stacked series as a dataset: ``lead`` dimensions first, then those of each series."""
    import xarray

    used = {dim for series, _ in stacked.values() for dim in series.dims}
    hours = run.record.hours
    start = np.datetime64(run.record.start, "h")
    coords: dict[str, Any] = dict(lead)
    coords |= {dim: list(labels) for dim, labels in run.coords.items() if dim in used}
    coords["hour"] = np.arange(hours)
    coords["time"] = ("hour", (start + np.arange(hours)).astype("datetime64[ns]"))
    data = {
        name: ((*lead, *series.dims), values, {"units": series.unit, "long_name": series.meaning})
        for name, (series, values) in stacked.items()
    }
    return xarray.Dataset(data, coords=coords, attrs=dict(attrs))
