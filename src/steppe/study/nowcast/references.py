"""What a forecast has to beat: as it is now, how protest goes on elsewhere, and base rates.

The growth climatology is of 2,762 protests in autocracies (``growth_climatology.csv``): how large
the largest event of the next days was beside the largest so far, by day of the protest and size.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL
from steppe.study.nowcast.course import FanKey, key_of_target

Floats = NDArray[np.float64]

SIZES = ("peak_on_day", "turnout_on_day")
"""Observables that say how large a protest was."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MEMBERS = 40
"""Quantiles that stand for a ratio of growth."""

FALLS = ((1e4, 0.016), (1e5, 0.036), (np.inf, 0.069))
"""P(forced exit within 180 days) by size below: targets t14 to t16; an upper bound for 30 days."""

OUT_12M = 0.160
"""P(leader out in 365 days) after the first day of 2,773 protests in 87 autocracies."""


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """One row: protests of a size on a day, and what came in ``horizon`` days."""

    day: int
    size_from: float
    size_to: float
    horizon: int
    no_event: float
    ratios: tuple[float, ...]
    escalates: float | None
    lethal: float

    def members(self, largest: float) -> tuple[Floats, Floats]:
        """Return crowds and their weights for a protest whose largest so far was ``largest``."""
        levels = (np.arange(MEMBERS) + 0.5) / MEMBERS
        ratio = np.interp(levels, LEVELS, self.ratios)
        crowds = np.concatenate([[0.0], largest * 10.0**ratio])
        weights = np.full(MEMBERS, (1.0 - self.no_event) / MEMBERS)
        return crowds, np.concatenate([[self.no_event], weights])


@cache
def growth_climatology() -> tuple[GrowthRow, ...]:
    """Return the table that comes with the program."""
    path = files("steppe").joinpath("data", "growth_climatology.csv")
    return tuple(
        GrowthRow(
            int(row["day"]), float(row["size_from"]), float(row["size_to"]),
            int(row["horizon_days"]), float(row["p_no_new_event"]),
            tuple(float(row[f"log10_ratio_q{round(100 * q):02d}"]) for q in LEVELS),
            float(row["p_escalates"]) if row["p_escalates"] else None, float(row["p_lethal"]),
        )
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    )  # fmt: skip


def growth_row(day: int, size: float | None, horizon: int) -> GrowthRow:
    """Return the row of a protest of ``size`` (None: any) on its ``day``, for so many days ahead.

    A day between two landmarks counts as the earlier.
    """
    rows = [row for row in growth_climatology() if row.horizon == horizon and row.day <= day]
    latest = max(row.day for row in rows)
    rows = [row for row in rows if row.day == latest]
    if size is None:
        return max(rows, key=lambda row: row.size_to - row.size_from)
    inside = [row for row in rows if row.size_from <= size < row.size_to]
    return min(inside, key=lambda row: row.size_to - row.size_from)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the figures say at the end of a day.

    ``day`` counts from the first protest; ``largest`` crowd so far and ``killed`` None where no
    figure says; ``running`` is whether a protest was seen on the last day that a figure is of.
    ``last`` holds the last figure of each fan.
    """

    day: int | None
    largest: float | None
    running: bool | None
    killed: float | None
    last: dict[FanKey, float]

    def horizon_row(self, days: int, *, size: bool = True) -> GrowthRow | None:
        """Return the growth of protests like this one within ``days`` (7, 14 or 30) or more."""
        if self.day is None or (size and self.largest is None):
            return None
        horizon = next((one for one in (7, 14) if days <= one), 30)
        return growth_row(self.day, self.largest if size else None, horizon)

    def growth(self, key: FanKey, days: int) -> tuple[Floats, Floats] | None:
        """Return what growth elsewhere says of a crowd ``days`` ahead; None if it says nothing."""
        if not key.is_crowd or key.region != NATIONAL or self.largest is None:
            return None
        row = self.horizon_row(days)
        return None if row is None else row.members(self.largest)


def situation(targets: Iterable[ResolvedTarget], until: date) -> Situation:
    """Return what the figures up to ``until`` say."""
    points = sorted(
        ((date.fromisoformat(one.target.date[:10]), one, value)
         for one in targets
         if one.observable.kind == "day" and (value := _value(one)) is not None),
        key=lambda point: point[0],
    )  # fmt: skip
    street = [p for p in points if p[1].observable.group in ("turnout", "spread")
              and p[1].observable.name not in ("peak_by", "regions_with_violence_by")]  # fmt: skip
    begun = [day for day, _, value in street if value > 0.0]
    sizes = [value for _, one, value in points if _is_size(one)]
    killed = [value for _, one, value in points if one.observable.group == "killed"]
    latest = max((day for day, _, _ in street), default=None)
    return Situation(
        (until - min(begun)).days + 1 if begun else None,
        max(sizes, default=None),
        None if latest is None else any(value > 0.0 for day, _, value in street if day == latest),
        max(killed, default=None),
        _last(points),
    )


def _last(points: Iterable[tuple[date, ResolvedTarget, float]]) -> dict[FanKey, float]:
    """Return the last figure of each fan; a day's crowd is told by either measure of its size."""
    last: dict[FanKey, float] = {}
    for _, one, value in points:
        last[key_of_target(one)] = value
        if _is_size(one):
            last |= {FanKey(name): value for name in SIZES}
    return last


def _is_size(one: ResolvedTarget) -> bool:
    return one.observable.name in SIZES and one.target.region == NATIONAL


def _value(one: ResolvedTarget) -> float | None:
    """Return the figure, or the middle of its range; None where an end of it is open."""
    low, high = one.reported
    if one.target.value is not None:
        return one.target.value
    return None if low is None or high is None else 0.5 * (low + high)


def falls_base(largest: float | None) -> float | None:
    """Return how often an incumbent is forced out after a protest so large."""
    if largest is None:
        return None
    return next(rate for below, rate in FALLS if largest < below)
