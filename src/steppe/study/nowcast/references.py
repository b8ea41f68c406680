"""What a forecast has to beat: as it is now, how protest goes on elsewhere, and base rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.observables import QUIET_TIMES
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL
from steppe.study.nowcast.course import FanKey, key_of_target
from steppe.study.nowcast.growth import Growth, growth_of

Floats = NDArray[np.float64]

SIZES = ("peak_on_day", "turnout_on_day")
"""Observables that say how large a protest was."""

FALLS = ((1e4, 0.016), (1e5, 0.036), (np.inf, 0.069))
"""P(forced exit within 180 days) by size below: targets t14 to t16; an upper bound for 30 days."""

OUT_12M = 0.160
"""P(leader out in 365 days) after the first day of 2,773 protests in 87 autocracies."""


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

    @property
    def like(self) -> Growth | None:
        """Protests elsewhere of the same day, size class and state."""
        if self.day is None or self.largest is None:
            return None
        return growth_of(self.day, self.largest, self.running)

    @property
    def any_size(self) -> Growth | None:
        """All protests elsewhere on the same day."""
        return None if self.day is None else growth_of(self.day)

    def growth(self, key: FanKey, days: int) -> tuple[Floats, Floats] | None:
        """Return what growth elsewhere says of a crowd ``days`` ahead; None if it says nothing."""
        if not key.is_crowd or key.region != NATIONAL or self.largest is None:
            return None
        if (like := self.like) is None:
            return None
        crowds = like.crowds(self.largest, days)
        return crowds, np.full(len(crowds), 1.0 / len(crowds))


def situation(targets: Iterable[ResolvedTarget], until: date) -> Situation:
    """Return what the figures up to ``until`` say."""
    points = sorted(
        ((date.fromisoformat(one.target.date[:10]), one, value)
         for one in targets
         if one.observable.kind == "day" and (value := _value(one)) is not None),
        key=lambda point: point[0],
    )  # fmt: skip
    not_now = (*QUIET_TIMES, "regions_with_violence_by")
    street = [p for p in points if p[1].observable.group in ("turnout", "spread")
              and p[1].observable.name not in not_now]  # fmt: skip
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
