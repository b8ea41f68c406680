"""What is read of a history: the figures known on a day, and its course after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.evidence.observables import OBSERVABLES, QUIET_TIMES
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL, View, view
from steppe.results.trajectory import Trajectory
from steppe.study.nowcast.history import DAYS, end_hour
from steppe.study.population import FALLEN, NONE, PARTIAL

if TYPE_CHECKING:
    from steppe.study.nowcast.figures import ConditionFigure

Floats = NDArray[np.float64]

WEEK = 7

CLASSES = np.array([100.0, 1_000.0, 10_000.0, 100_000.0])
"""Sizes at which a crowd is of the next class."""

SOME_UNITS = 0.01
"""Share of units on the other side from which there was defection [assumed]."""

EVENTS = ("ends_7d", "next_class_30d", "lethal_30d", "falls_30d")
"""What is read of a history as yes or no, in order; its end follows."""


@dataclass(frozen=True, slots=True)
class FanKey:
    """What a fan is of: an observable of a region, and from how many persons gatherings count."""

    observable: str
    region: str = NATIONAL
    threshold: float | None = None

    @property
    def unit(self) -> str:
        """The unit of the observable."""
        return OBSERVABLES[self.observable].unit

    @property
    def is_crowd(self) -> bool:
        """Whether it is people on the street at once or on a day."""
        return OBSERVABLES[self.observable].group == "turnout"

    @property
    def label(self) -> str:
        """Name and region, and from how many persons gatherings count."""
        above = "" if self.threshold is None else f", from {self.threshold:g}"
        return f"{self.observable} {self.region}{above}"

    def measure(self, data: View) -> Floats:
        """Return what the run shows on each of its days (day,)."""
        filtered = data if self.threshold is None else replace(data, threshold=self.threshold)
        return OBSERVABLES[self.observable].measure(filtered, self.region)


STANDARD = (FanKey("peak_on_day"), FanKey("killed_by"), FanKey("arrested_by"))
"""Fans of every nowcast; those of figures that were known before are added."""


def key_of_target(target: ResolvedTarget) -> FanKey:
    """Return the fan that a figure would be a point of."""
    return FanKey(target.observable.name, target.target.region, target.target.threshold)


def fan_keys(targets: Iterable[ResolvedTarget]) -> tuple[FanKey, ...]:
    """Return what fans are made of: the standard ones, and counts of a day known before."""
    more = (
        key_of_target(one)
        for one in targets
        if one.observable.kind == "day" and one.observable.is_count
        and one.observable.name not in QUIET_TIMES and not one.is_input
    )  # fmt: skip
    return tuple(dict.fromkeys((*STANDARD, *more)))


@dataclass(frozen=True, slots=True)
class FigureReader:
    """Reads the figures that a nowcast is conditioned on, and whether the regime has fallen."""

    figures: tuple[ConditionFigure, ...]

    def read(self, scenario: Scenario, run: Trajectory) -> Floats:
        """Return what the run shows of each figure, and 1 if the regime fell, else 0."""
        data = view(scenario, run)
        values = [figure.of(data) for figure in self.figures]
        return np.array([*values, float(run.outcome.get("fate") == "falls")])

    @property
    def key(self) -> str:
        """What the notes depend on."""
        return repr([(one.id, key_of_target(one.target), one.target.target.date, one.ends)
                     for one in self.figures])  # fmt: skip


@dataclass(frozen=True, slots=True)
class CourseReader:
    """Reads the course after ``until``: each fan day by day, what happened, and how it ended."""

    keys: tuple[FanKey, ...]
    until: date

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the course."""
        return tuple(self.until + timedelta(days=day) for day in range(1, DAYS + 1))

    @property
    def key(self) -> str:
        """What the notes depend on."""
        return repr((self.keys, self.until, DAYS, WEEK, CLASSES.tolist(), SOME_UNITS))

    def read(self, scenario: Scenario, run: Trajectory) -> Floats:
        """Return every fan (fan x day), the events, and the end."""
        data = view(scenario, run)
        now = data.dates.index(self.until) + 1
        fans = [key.measure(data)[now : now + DAYS] for key in self.keys]
        begin = end_hour(scenario, self.until)
        happened = [*_events(data, now), _falls(run, begin), float(_end(run))]
        return np.concatenate([*fans, happened])

    def split(self, notes: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """Return fans (draw, fan, day), events (draw, event) and ends (draw,) of ``notes``."""
        count = len(self.keys) * DAYS
        fans = notes[:, :count].reshape(len(notes), len(self.keys), DAYS)
        return fans, notes[:, count : count + len(EVENTS)], notes[:, -1].astype(np.int64)


def _events(data: View, now: int) -> tuple[float, float, float]:
    """Return whether it ends in a week, whether a larger class comes, whether citizens die."""
    protest = FanKey("protest_present").measure(data)[now : now + WEEK]
    crowd = FanKey("peak_on_day").measure(data)
    dead = FanKey("civilians_killed_by").measure(data)
    before, after = size_class(crowd[:now].max(initial=0.0)), size_class(crowd[now:].max())
    return float(not protest.any()), float(after > before), float(dead[-1] > dead[now - 1])


def size_class(persons: float) -> int:
    """Return the class of a crowd, 0 to 4."""
    return int(np.searchsorted(CLASSES, persons, side="right"))


def _falls(run: Trajectory, begin: int) -> float:
    return float(run.outcome.get("fate") == "falls" and int(run.outcome["fate_hour"]) >= begin)


def _end(run: Trajectory) -> int:
    if run.outcome.get("fate") == "falls":
        return FALLEN
    states = [f"units_{state}" for state in ("obeying", "shirking", "defected")]
    if any(name not in run.series for name in states):
        return NONE
    units = sum(float(run[name][0]) for name in states)
    return PARTIAL if float(run[states[-1]].max()) >= SOME_UNITS * max(units, 1.0) else NONE
