"""Events of the timeline that wait for a cause: looked for hour by hour, the same in both engines.

A cause is seen at the end of an hour in what the run records, and acts from the next hour on: from
then the run is that of a scenario in which the hour of the event is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.conditions import cause_words
from steppe.engine.timeline_events import conditional_events
from steppe.results.trajectory import Event

if TYPE_CHECKING:
    from steppe.case.conditions import Condition
    from steppe.case.scenario import Scenario, TimelineEvent

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class StreetRecord:
    """What causes are looked for in: (hours, places) people out and killed so far, and buildings.

    The first row is that of ``first_hour``; ``lost`` (hours, buildings) is not 0 for those lost.
    """

    first_hour: int
    crowd: NDArray[Any]
    dead: NDArray[Any]
    lost: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause found: the event that follows, the hour in which it was seen, what was seen."""

    event: TimelineEvent
    hour: int
    value: float

    @property
    def acts(self) -> int:
        """The hour in which the event happens."""
        assert self.event.when is not None
        return self.hour + 1 + (self.event.when.delay or 0)

    def as_event(self, scenario: Scenario) -> Event:
        """Return the cause as an event that the run tells."""
        assert self.event.when is not None
        text = f"{cause_words(scenario, self.event.when)}: '{self.event.id}' follows"
        return Event(
            self.hour, self.event.actor, "condition_met", _where(scenario, self.event.when),
            self.value, text, "model",
        )  # fmt: skip


def waiting(scenario: Scenario, happened: Mapping[str, int]) -> tuple[TimelineEvent, ...]:
    """Return the conditional events that have not happened."""
    return tuple(one for one in conditional_events(scenario) if one.id not in happened)


def causes(
    scenario: Scenario, events: Iterable[TimelineEvent], record: StreetRecord
) -> list[Cause]:
    """Return the first cause in ``record`` of each of ``events`` that finds one."""
    clock = scenario.clock.clock()
    first_causes = []
    for event in events:
        assert event.when is not None
        value, enough = _measured(scenario, event.when, record)
        hours = record.first_hour + np.arange(len(value))
        last = clock.hours if event.until is None else clock.hour_of(event.until)
        in_time = (hours + 1 >= clock.hour_of(event.at)) & (
            hours + 1 + (event.when.delay or 0) < min(last, clock.hours)
        )
        holds = np.flatnonzero((value >= enough) & in_time)
        if holds.size:
            first = int(holds[0])
            first_causes.append(Cause(event, record.first_hour + first, float(value[first])))
    return first_causes


def _measured(
    scenario: Scenario, when: Condition, record: StreetRecord
) -> tuple[NDArray[Any], float]:
    """Return what a condition looks at, hour by hour, and how much of it is enough."""
    if when.building_lost is not None:
        return (record.lost[:, _buildings(scenario, when.building_lost)] > 0).sum(axis=1), 1.0
    rows = [
        i
        for i, place in enumerate(scenario.places)
        if when.place in (None, place.id) and when.region in (None, place.region)
    ]
    by_place = record.crowd if when.crowd_at_least is not None else record.dead
    return by_place[:, rows].sum(axis=1), float(when.people)


def _buildings(scenario: Scenario, name: str) -> list[int]:
    """Return the rows of the building with that id, or else of that kind."""
    own = [i for i, one in enumerate(scenario.buildings) if one.id == name]
    return own or [i for i, one in enumerate(scenario.buildings) if one.kind == name]


def _where(scenario: Scenario, when: Condition) -> str:
    if when.building_lost is not None:
        places = (one.place for one in scenario.buildings if one.id == when.building_lost)
        return next(places, NATIONAL)
    return when.place or when.region or NATIONAL
