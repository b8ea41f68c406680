"""What a figure shows, by name: a quantity of the report, or any recorded series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from steppe.case.scenario import Scenario
from steppe.core.errors import nearest
from steppe.results.aggregation import at_level
from steppe.results.quantities import FANS, Floats, run_arrays
from steppe.results.trajectory import Trajectory

_FANS = {quantity.key: quantity for quantity in FANS}


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
    return _FANS[name].needs if name in _FANS else None


def _one(
    scenario: Scenario, run: Trajectory, name: str, where: str | None
) -> tuple[str, str, Floats]:
    land = run_arrays(scenario, run)
    if where is not None and where not in land.regions:
        raise _unknown("region", where, land.regions)
    if name in _FANS:
        quantity = _FANS[name]
        national, regional = quantity.measure(run, land)
        if where is None:
            return quantity.title, quantity.unit, national
        if regional is None:
            raise ValueError(f"{name} is known for the whole country only")
        title = quantity.regional_title or quantity.title
        return title, quantity.unit, regional[:, land.regions.index(where)]
    series = at_level(scenario, run, "country" if where is None else "region")
    if name not in series:
        raise _unknown("quantity", name, (*_FANS, *series))
    one = series[name]
    wanted = ("hour",) if where is None else ("hour", "region")
    if one.dims != wanted:
        raise ValueError(f"{name} is recorded over {', '.join(one.dims)}: use dataset()")
    values = one.values if where is None else one.values[:, land.regions.index(where)]
    return f"{one.meaning[0].upper()}{one.meaning[1:]}", one.unit, values.astype(np.float64)


def _unknown(what: str, name: str, known: Iterable[str]) -> ValueError:
    near = nearest(name, known)
    return ValueError(f"no {what} {name!r}" + (f"; did you mean {near!r}?" if near else ""))
