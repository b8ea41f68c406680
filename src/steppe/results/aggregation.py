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


def measured_by_region(scenario: Scenario, runs: Iterable[Trajectory], name: str) -> Measure:
    """Return ``name`` by region in every run: ``values`` (run, hour, region).

    Raises ``ValueError`` as ``measured`` does.
    """
    rows = [_by_region(scenario, run, name) for run in runs]
    title, unit, _ = rows[0]
    return Measure(title, unit, np.array([values for *_, values in rows], dtype=np.float64))


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
    if where is not None:
        title, unit, values = _by_region(scenario, run, name)
        return title, unit, values[:, land.regions.index(where)]
    curves = curves_by_key()
    if name in curves:
        national, _ = curves[name].measure(run, land)
        return curves[name].title, curves[name].unit, national
    return _series(at_level(scenario, run, "country"), name, ("hour",))


def _by_region(scenario: Scenario, run: Trajectory, name: str) -> tuple[str, str, Floats]:
    """Return title, unit and values (hour, region)."""
    curves = curves_by_key()
    if name not in curves:
        return _series(at_level(scenario, run, "region"), name, ("hour", "region"))
    curve = curves[name]
    _, regional = curve.measure(run, run_arrays(scenario, run))
    if regional is None:
        raise ValueError(f"{name} is known for the whole country only")
    return curve.regional_title or curve.title, curve.unit, regional


def _series(
    series: Mapping[str, Series], name: str, dims: tuple[str, ...]
) -> tuple[str, str, Floats]:
    if name not in series:
        raise _unknown("quantity", name, (*curves_by_key(), *series))
    one = series[name]
    if one.dims != dims:
        raise ValueError(f"{name} is recorded over {', '.join(one.dims)}: use dataset()")
    return f"{one.meaning[0].upper()}{one.meaning[1:]}", one.unit, one.values.astype(np.float64)


def _unknown(what: str, name: str, names: Iterable[str]) -> ValueError:
    near = nearest(name, names)
    return ValueError(f"no {what} {name!r}" + (f"; did you mean {near!r}?" if near else ""))
