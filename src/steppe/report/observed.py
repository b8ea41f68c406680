"""Observed figures set beside the fans, and the observed presence of protest by day and region."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.case.tables import Observation
from steppe.core.clock import Clock
from steppe.report.payload import ObservedPoint
from steppe.results.curves import CURVES
from steppe.results.formatting import address, day, number

NATIONAL = "national"
PRESENCE = "protest_present"
Placed = dict[str, dict[str, tuple[ObservedPoint, ...]]]


def _moment(row: Observation) -> datetime | None:
    try:
        when = datetime.fromisoformat(f"{row.date}T{row.time}" if row.time else row.date)
    except ValueError:
        return None
    return when.replace(tzinfo=None)


def _figure(row: Observation) -> str:
    scale, mark = (100.0, " %") if row.unit in ("share", "1") else (1.0, "")
    low, value, high = (None if v is None else v * scale for v in (row.low, row.value, row.high))
    spread = f"{number(low)}–{number(high)}{mark}" if low is not None and high is not None else ""
    if value is None:
        return spread
    plain = low == high == value or not spread
    return f"{number(value)}{mark}" + ("" if plain else f" ({spread})")


def _point(row: Observation, clock: Clock) -> ObservedPoint | None:
    """Return the row on the run's time axis; None when it has no figure or lies before the run."""
    when = _moment(row)
    if when is None or (row.value is None and row.low is None and row.high is None):
        return None
    hour = (when - clock.start) / timedelta(hours=1)
    width = 0.0 if row.time else 24.0
    if hour + width <= 0:
        return None
    after = hour >= clock.hours
    label = f"{day(when, year=after)}{' ' + row.time if row.time else ''}: {_figure(row)}"
    if row.source:
        label += f" · {address(row.source)}"
    values = (row.low, row.value, row.high)
    return ObservedPoint(hour, width, *values, row.confidence, label, after)


def placed(scenario: Scenario) -> Placed:
    """Return observed points by fan and by region (or ``national``), in the order of time.

    Of the points after the run's end only the last of each region is kept: the final count.
    """
    clock = scenario.clock.clock()
    home = {measure: quantity.key for quantity in CURVES for measure in quantity.observed}
    placed_points: dict[str, dict[str, list[ObservedPoint]]] = {}
    for row in scenario.observations:
        point = _point(row, clock) if row.measure in home else None
        if point is not None:
            placed_points.setdefault(home[row.measure], {}).setdefault(row.region, []).append(point)
    return {
        key: {where: _in_order(points) for where, points in sorted(regions.items())}
        for key, regions in sorted(placed_points.items())
    }


def _in_order(points: list[ObservedPoint]) -> tuple[ObservedPoint, ...]:
    points.sort(key=lambda p: (p.hour, p.label))
    later = [p for p in points if p.after][-1:]
    return tuple([p for p in points if not p.after] + later)


def presence(scenario: Scenario, regions: tuple[str, ...]) -> NDArray[np.int64]:
    """Return (region, day): 1 protest reported, 0 reported calm, -1 unknown."""
    clock = scenario.clock.clock()
    out = np.full((len(regions), clock.days), -1, dtype=np.int64)
    position = {region: i for i, region in enumerate(regions)}
    for row in scenario.observations:
        when = _moment(row)
        if row.measure != PRESENCE or row.value is None or when is None:
            continue
        at = (when.date() - clock.start.date()).days
        if row.region in position and 0 <= at < clock.days:
            out[position[row.region], at] = int(row.value > 0)
    return out
