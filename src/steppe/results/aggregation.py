"""Series of a run by place, by region or for the whole country; one quantity of many runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from steppe.case.scenario import Scenario
from steppe.core.errors import nearest
from steppe.results.curves import Floats, curves_by_key, run_arrays
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


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity over time: ``values`` (run, hour), with what it is called and its unit."""

    title: str
    unit: str
    values: Floats


def measured(
    scenario: Scenario, runs: Iterable[Trajectory], name: str, where: str | None = None
) -> Measure:
    """Return ``name`` for the country, or for the region ``where``, in every run.

    ``name`` is ``active``, ``killed`` and the like, or that of a recorded series. Raises
    ``ValueError`` with the nearest name for another, and for a quantity that regions lack.
    """
    rows: list[Floats] = []
    title, unit = name, ""
    for run in runs:
        title, unit, values = _one(scenario, run, name, where)
        rows.append(values)
    return Measure(title, unit, np.array(rows, dtype=np.float64))


def needed(name: str) -> tuple[str, ...] | None:
    """Return the series to be read of a run for ``name``; None for all, where it is a series."""
    curves = curves_by_key()
    return curves[name].needs if name in curves else None


def _one(
    scenario: Scenario, run: Trajectory, name: str, where: str | None
) -> tuple[str, str, Floats]:
    land = run_arrays(scenario, run)
    if where is not None and where not in land.regions:
        raise _unknown("region", where, land.regions)
    curves = curves_by_key()
    if name in curves:
        curve = curves[name]
        national, regional = curve.measure(run, land)
        if where is None:
            return curve.title, curve.unit, national
        if regional is None:
            raise ValueError(f"{name} is known for the whole country only")
        title = curve.regional_title or curve.title
        return title, curve.unit, regional[:, land.regions.index(where)]
    series = at_level(scenario, run, "country" if where is None else "region")
    if name not in series:
        raise _unknown("quantity", name, (*curves, *series))
    one = series[name]
    if one.dims != (("hour",) if where is None else ("hour", "region")):
        raise ValueError(f"{name} is recorded over {', '.join(one.dims)}: use dataset()")
    values = one.values if where is None else one.values[:, land.regions.index(where)]
    return f"{one.meaning[0].upper()}{one.meaning[1:]}", one.unit, values.astype(np.float64)


def _unknown(what: str, name: str, names: Iterable[str]) -> ValueError:
    near = nearest(name, names)
    return ValueError(f"no {what} {name!r}" + (f"; did you mean {near!r}?" if near else ""))
