"""Conditions: what an event of the timeline waits for, so that an answer follows its cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from steppe.case.part import Part, Slug
from steppe.case.units import Hours

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario, TimelineEvent

People = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Condition(Part):
    """What an event waits for: one cause, which holds at the end of an hour or does not.

    ``crowd_at_least`` so many people on the streets at once, ``dead_at_least`` so many killed
    since the start of the run: in the country, or in one ``place`` or ``region``.
    ``building_lost`` is the id of a building, or a kind of them, in the crowd's hands. The event
    happens in the next hour, or ``delay`` hours after that.
    """

    crowd_at_least: People | None = None
    dead_at_least: People | None = None
    building_lost: Slug | None = None
    place: Slug | None = None
    region: Slug | None = None
    delay: Hours | None = None

    @property
    def people(self) -> int:
        """How many people must be out or dead; 0 for a building."""
        return self.crowd_at_least or self.dead_at_least or 0


def earliest_cause(scenario: Scenario, event: TimelineEvent) -> int:
    """Return the first hour at whose end the cause of a conditional event can be seen."""
    return max(scenario.clock.clock().hour_of(event.at) - 1, 0)


def earliest_hour(scenario: Scenario, event: TimelineEvent) -> int:
    """Return the first hour in which a conditional event can happen: never the first of the run."""
    assert event.when is not None
    return earliest_cause(scenario, event) + 1 + (event.when.delay or 0)


def resolved(scenario: Scenario, happened: Mapping[str, int]) -> Scenario:
    """Return ``scenario`` as if the hours in which conditional events ``happened`` were written.

    Those that did not happen are left out.
    """
    clock = scenario.clock.clock()
    timeline = []
    for event in scenario.timeline:
        if event.when is None:
            timeline.append(event)
        elif event.id in happened:
            at = clock.time_of(happened[event.id])
            until = at + timedelta(hours=event.lasts) if event.lasts else event.until
            if until is None or until > at:
                update = {"at": at, "until": until, "when": None, "lasts": None}
                timeline.append(event.model_copy(update=update))
    return scenario.model_copy(update={"timeline": tuple(timeline)})


def cause_words(scenario: Scenario, when: Condition) -> str:
    """Return a condition in words."""
    if when.building_lost is not None:
        names = {one.id: one.name for one in scenario.buildings}
        return f"{names.get(when.building_lost, f'a {when.building_lost}')} is lost"
    places = {one.id: one.name for one in scenario.places}
    regions = {one.id: one.name for one in scenario.regions}
    where = scenario.country.name
    if when.place is not None:
        where = places.get(when.place, when.place)
    elif when.region is not None:
        where = regions.get(when.region, when.region)
    if when.crowd_at_least is not None:
        return f"at least {when.people:,} people are on the streets of {where}"
    return f"at least {when.people:,} people are dead in {where}"
