"""From the courses of draws to forecasts: fans that are moved, chances by weights, differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.study.nowcast.adjust import adjust
from steppe.study.nowcast.course import EVENTS, CourseReader
from steppe.study.nowcast.draw_prior import DrawPrior
from steppe.study.nowcast.looks import FigureVector
from steppe.study.nowcast.references import OUT_12M, Situation, falls_base
from steppe.study.nowcast.result import EventChance, FanDay, ForecastFan, Members, WhatIf, WhatIfFan
from steppe.study.population import FALLEN, population_law

Floats = NDArray[np.float64]

WORDS = {
    "ends_7d": "no visible protest in the next 7 days",
    "next_class_30d": "a crowd of a larger class than any before, within 30 days",
    "lethal_30d": "citizens are killed within 30 days",
    "falls_30d": "the regime falls within 30 days",
    "out_12m": "the incumbent is out within 12 months",
}
"""Events whose chances are given, in order."""


@dataclass(frozen=True, slots=True)
class Courses:
    """How weighted draws go on: ``fans`` (draw, fan, day), ``events`` (draw, event), ``ends``."""

    reader: CourseReader
    weights: Floats
    fans: Floats
    events: Floats
    ends: NDArray[np.int64]

    def move_to(self, values: Floats, evidence: FigureVector, beta: float) -> Courses:
        """Return the courses with fans moved to the figures, on the scale log10(1 + x)."""
        flat = np.log10(1.0 + self.fans).reshape(len(self.weights), -1)
        flat = adjust(flat, values, self.weights, evidence, beta)
        fans = np.maximum(10.0 ** np.minimum(flat, 12.0) - 1.0, 0.0).reshape(self.fans.shape)
        return replace(self, fans=fans)

    def exits(self, prior: DrawPrior) -> Floats:
        """Return the chance to be out in twelve months of each draw (draw,)."""
        chances = np.array(prior.exit or population_law().exit)
        return np.where(self.ends == FALLEN, 1.0, chances[self.ends])


def courses_of(reader: CourseReader, weights: Floats, notes: Floats) -> Courses:
    """Return the courses that ``notes`` (draw, value) of a reader hold."""
    return Courses(reader, weights, *reader.split(notes))


def fans_of(courses: Courses, now: Situation, scenario: Scenario) -> tuple[ForecastFan, ...]:
    """Return the fans: the model's and growth elsewhere, day by day."""
    most = {
        "persons": float(scenario.country.citizens), "regions": float(len(scenario.regions)),
        "towns": float(len(scenario.places)),
    }  # fmt: skip
    result = []
    for at, key in enumerate(courses.reader.keys):
        days = []
        for ahead, day in enumerate(courses.reader.days):
            values = np.minimum(courses.fans[:, at, ahead], most[key.unit])
            growth = now.growth(key, ahead + 1)
            days.append(FanDay(day, Members(values, courses.weights),
                               None if growth is None else Members(*growth)))  # fmt: skip
        result.append(ForecastFan(key, now.last.get(key), tuple(days)))
    return tuple(result)


def chances_of(courses: Courses, now: Situation, prior: DrawPrior) -> tuple[EventChance, ...]:
    """Return the chance of every event, by weights alone, beside what it has to beat."""
    model = dict(zip(EVENTS, courses.weights @ courses.events, strict=True))
    model["out_12m"] = float(courses.weights @ courses.exits(prior))
    references = _references(now)
    return tuple(
        EventChance(name, words, float(model[name]), *references[name])
        for name, words in WORDS.items()
    )


Reference = tuple[float | None, float | None, float | None]
"""A chance as things are, as growth elsewhere has it, and the base rate; None: it is silent."""


def _references(now: Situation) -> dict[str, Reference]:
    like, every = now.like, now.any_size
    running, killed, largest = now.running, now.killed, now.largest
    return {
        "ends_7d": (
            None if running is None else float(not running),
            like.ends if like else None,
            every.ends if every else None,
        ),
        "next_class_30d": (
            None if largest is None else 0.0,
            like.escalates if like else None,
            every.escalates if every else None,
        ),
        "lethal_30d": (
            None if killed is None else float(killed > 0.0),
            like.lethal if like else None,
            every.lethal if every else None,
        ),
        "falls_30d": (0.0, None, falls_base(largest)),
        "out_12m": (0.0, None, OUT_12M),
    }


def what_if_of(name: str, title: str, base: Courses, other: Courses) -> WhatIf:
    """Return what differs in a what-if: within a draw, weighted, never moved."""
    weights = base.weights
    gaps = dict(zip(EVENTS, (other.events - base.events).T, strict=True))
    chances = {event: _mean_and_error(gap, weights) for event, gap in gaps.items()}
    return WhatIf(name, title, chances, tuple(_what_if_fans(base, other)))


def _what_if_fans(base: Courses, other: Courses) -> Iterator[WhatIfFan]:
    for at, key in enumerate(base.reader.keys):
        gap = other.fans[:, at] - base.fans[:, at]
        days = [Members(column, base.weights).quantiles() for column in gap.T]
        yield WhatIfFan(
            key, tuple(map(float, base.weights @ gap)),
            tuple(q[0] for q in days), tuple(q[-1] for q in days),
        )  # fmt: skip


def _mean_and_error(gap: Floats, weights: Floats) -> tuple[float, float]:
    mean = float(weights @ gap)
    return mean, float(np.sqrt(np.square(weights) @ np.square(gap - mean)))
