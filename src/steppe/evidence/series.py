"""The observed series of a scenario, with one rule, fixed beforehand, for their ranges.

The rule (the widths were chosen before any run was looked at):

* nothing known, or confidence ``none``: the row is untested; missing is never zero;
* low and high given and different: they are the range, with or without a value;
* a figure that stands alone (no range, or a range of no width): plus or minus ``WIDTH`` of it,
  5 % (high confidence), 25 % (medium), 50 % (low); zero stays zero, a share stays within [0, 1];
* only low given ("at least") or only high ("at most"): one-sided, the other end stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from steppe.case.scenario import Scenario
from steppe.case.tables import Observation
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.view import NATIONAL

WIDTH = {"high": 0.05, "medium": 0.25, "low": 0.50}
"""Relative half-width of the range of a figure that stands alone, by confidence."""

SHARE_UNITS = ("share", "flag")
"""Units of shares and of yes or no, whose ranges cannot leave [0, 1]."""


class Point(NamedTuple):
    """One observed figure: date or date and time, range (None is open or unknown), source."""

    when: str
    low: float | None
    value: float | None
    high: float | None
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class ObservedSeries:
    """Observed points of one quantity in one region, in order of time, and its observable."""

    name: str
    unit: str
    points: tuple[Point, ...]
    observable: str
    region: str = NATIONAL


@dataclass(frozen=True, slots=True)
class _Spec:
    name: str
    measures: tuple[str, ...]
    observable: str


SERIES = (
    _Spec("On the street", ("protest_size",), "peak_on_day"),
    _Spec("Regions with protest", ("regions_with_protest",), "regions_with_protest"),
    _Spec("Killed", ("cumulative_killed",), "killed_by"),
    _Spec("Detained", ("cumulative_detained",), "arrested_by"),
    _Spec("Connectivity", ("internet_connectivity_share",), "connectivity_on"),
    _Spec("Foreign troops", ("foreign_troops_present",), "troops_on"),
)
"""The daily series a report compares: its name, the measures observed, the observable."""


def point_of(row: Observation) -> Point | None:
    """Return ``row`` with its range by the rule above, or None when nothing is known."""
    low, value, high = row.low, row.value, row.high
    ends = [bound for bound in (low, value, high) if bound is not None]
    if not ends or row.confidence == "none":
        return None
    if low == high:
        alone = ends[0]
        low, high = _around(alone, WIDTH[row.confidence], row.unit in SHARE_UNITS)
        value = alone
    when = f"{row.date}T{row.time}" if row.time else row.date
    return Point(when, low, value, high, row.confidence, row.source)


def _around(value: float, width: float, share: bool) -> tuple[float, float]:
    low, high = value - abs(value) * width, value + abs(value) * width
    return (max(0.0, low), min(1.0, high)) if share else (low, high)


def observed(
    scenario: Scenario, measures: tuple[str, ...], region: str = NATIONAL
) -> tuple[Point, ...]:
    """Return the known points of ``measures`` in ``region``, in order of time."""
    rows = (r for r in scenario.observations if r.measure in measures and r.region == region)
    points = [point for row in rows if (point := point_of(row)) is not None]
    return tuple(sorted(points, key=lambda p: (p.when, p.source)))


def daily_comparison(scenario: Scenario, region: str = NATIONAL) -> tuple[ObservedSeries, ...]:
    """Return the observed series that a report lays over the daily course of runs.

    Where no row is observed on a day but a target of the same observable names one, the
    target's figure stands in with confidence ``low``. Series without points are left out.
    """
    comparisons = []
    for spec in SERIES:
        points = observed(scenario, spec.measures, region)
        extra = _from_targets(scenario, spec, region, points)
        if points or extra:
            points_in_order = tuple(sorted((*points, *extra), key=lambda p: (p.when, p.source)))
            unit = OBSERVABLES[spec.observable].unit
            comparisons.append(
                ObservedSeries(spec.name, unit, points_in_order, spec.observable, region)
            )
    return tuple(comparisons)


def _from_targets(
    scenario: Scenario, spec: _Spec, region: str, points: tuple[Point, ...]
) -> list[Point]:
    days = {point.when[:10] for point in points}
    return [
        Point(t.date, t.low, t.value, t.high, "low", t.source)
        for t in scenario.evidence.targets
        if t.observable == spec.observable and t.region == region and t.date not in days
    ]
