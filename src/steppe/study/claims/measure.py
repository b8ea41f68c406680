"""From a run to the number that a claim names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.scenario import Lever, Scenario
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.targets import resolve
from steppe.evidence.view import NATIONAL, view
from steppe.results.outcomes import binaries, by_name
from steppe.results.trajectory import Series, Trajectory

Scope = Literal["outcome", "all", "series"]
_COUNTS = ("persons", "persons per hour", "units", "persons per day")


def series_needed(quantities: Iterable[ClaimQuantity]) -> frozenset[str] | None:
    """Return the series that must be read to measure ``quantities``; None if all of them."""
    names: set[str] = set()
    for quantity in quantities:
        if quantity.kind in ("observable", "targets"):
            return None
        if quantity.series is not None:
            names.add(quantity.series)
    return frozenset(names)


def measure(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    """Return ``quantity`` in ``run``; NaN where the run does not reach.

    Raises ``SteppeError`` for a name the run does not have; ``check_quantities`` finds those
    before anything is run.
    """
    value = _RAW[quantity.kind](quantity, scenario, run)
    if np.isnan(value) or (quantity.at_least is None and quantity.at_most is None):
        return value
    low = -np.inf if quantity.at_least is None else quantity.at_least
    high = np.inf if quantity.at_most is None else quantity.at_most
    return float(low <= value <= high)


def is_binary(quantity: ClaimQuantity) -> bool:
    """Tell whether a quantity is 0 or 1 in every run."""
    return quantity.thresholded or quantity.kind == "event" or quantity.outcome in binaries()


def event_kinds() -> tuple[str, ...]:
    """Return every kind of event that a run may record."""
    from steppe.model.options import CATALOGUE

    others = ("building_lost", "building_retaken", "request_granted", "request_refused", "purge",
              "defection", "fall", "calm")  # fmt: skip
    return (*get_args(Lever), *(option.name for option in CATALOGUE[1:]), *others)


def _outcome(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    name = str(quantity.outcome)
    value = by_name()[name].read(run.outcome, scenario.country.citizens)
    if value is None:
        raise KeyError(name)
    return float(value if quantity.is_ is None else value == quantity.is_)


def _observable(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    observable = OBSERVABLES[str(quantity.observable)]
    data = view(scenario, run)
    return observable.value(data, quantity.region or NATIONAL, str(quantity.date))


def _targets(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    data = view(scenario, run)
    hits = [
        _within(target.value(data), *target.bounds)
        for target in resolve(scenario)
        if target.target.id in quantity.targets
    ]
    return float(np.mean(hits)) if hits else float("nan")


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _event(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    if run.record.engine == "cohorts" and quantity.event not in get_args(Lever):
        raise KeyError(quantity.event)  # cohorts have events of the script alone
    first, last = _span(quantity, scenario, run.record.hours)
    return float(
        any(
            event.kind == quantity.event
            and (quantity.origin is None or event.origin == quantity.origin)
            and first <= event.hour < last
            for event in run.events
        )
    )


def _series(quantity: ClaimQuantity, scenario: Scenario, run: Trajectory) -> float:
    series = run.series[str(quantity.series)]
    first, last = _span(quantity, scenario, run.record.hours)
    hourly = _national(series, quantity, scenario, run)[first:last]
    return _REDUCE[quantity.reduce or "mean"](hourly) if hourly.size else float("nan")


def _span(quantity: ClaimQuantity, scenario: Scenario, hours: int) -> tuple[int, int]:
    """Return the first hour asked for and the hour behind the last."""
    clock = scenario.clock.clock()
    first = 0 if quantity.from_ is None else clock.hour_of(quantity.from_)
    last = hours if quantity.until is None else clock.hour_of(quantity.until) + 1
    return max(first, 0), min(last, hours)


def _national(
    series: Series, quantity: ClaimQuantity, scenario: Scenario, run: Trajectory
) -> NDArray[np.float64]:
    """Return the series (hour,) for the region or label asked for."""
    values = np.asarray(series.values, dtype=np.float64)
    if series.dims == ("hour",):
        return values
    dim = series.dims[1]
    if dim not in ("place", "region"):
        return values[:, run.coords[dim].index(str(quantity.label))]
    region = quantity.region or NATIONAL
    of = {place.id: place.region for place in scenario.places}
    names = run.coords[dim]
    mine = np.array([region in (NATIONAL, of[n] if dim == "place" else n) for n in names])
    if dim == "place" or series.unit in _COUNTS:
        total: NDArray[np.float64] = values[:, mine].sum(axis=1)
        return total
    people = {region.id: region.population for region in scenario.regions}
    weights = np.array([people[name] for name in names], dtype=np.float64)[mine]
    mean: NDArray[np.float64] = values[:, mine] @ (weights / weights.sum())
    return mean


_REDUCE: dict[str, Callable[[NDArray[np.float64]], float]] = {
    "mean": lambda v: float(v.mean()),
    "max": lambda v: float(v.max()),
    "min": lambda v: float(v.min()),
    "last": lambda v: float(v[-1]),
    "first": lambda v: float(v[0]),
    "sum": lambda v: float(v.sum()),
    "change": lambda v: float(v[-1] - v[0]),
}
_RAW: dict[str, Callable[[ClaimQuantity, Scenario, Trajectory], float]] = {
    "outcome": _outcome,
    "observable": _observable,
    "series": _series,
    "event": _event,
    "targets": _targets,
}
