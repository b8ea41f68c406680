"""Checks of what events of the timeline wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from steppe.case.source_location import Problem, Where, unknown_name

if TYPE_CHECKING:
    from steppe.case.conditions import Condition
    from steppe.case.scenario import Scenario, TimelineEvent

CAUSES = ("crowd_at_least", "dead_at_least", "building_lost")


def condition_problems(scenario: Scenario, where: Where, event: TimelineEvent) -> Iterator[Problem]:
    """Yield what is wrong with what an event waits for, and with how long it lasts."""
    when = event.when
    if event.lasts is not None:
        if when is None:
            yield Problem((*where, "lasts"), "the event has no condition; 'until' says its end",
                          "an event with 'when' may last", at_key=True)  # fmt: skip
        elif event.until is not None:
            yield Problem((*where, "lasts"), "is given beside 'until'", "one of the two",
                          at_key=True)  # fmt: skip
    if when is None:
        return
    here = (*where, "when")
    causes = [name for name in CAUSES if getattr(when, name) is not None]
    if len(causes) != 1:
        got = f"has {' and '.join(causes)}" if causes else "names no cause"
        yield Problem(here, got, f"one of {', '.join(CAUSES)}", at_key=True)
    elif when.building_lost is not None:
        yield from _building(scenario, here, when)
    else:
        yield from _people(scenario, here, when)


def _building(scenario: Scenario, here: Where, when: Condition) -> Iterator[Problem]:
    names = [*(one.id for one in scenario.buildings), *(one.kind for one in scenario.buildings)]
    assert when.building_lost is not None
    if not scenario.buildings:
        yield Problem((*here, "building_lost"), "the case has no buildings", "tables.buildings")
    else:
        yield from unknown_name((*here, "building_lost"), when.building_lost, names, "building")
    for name in ("place", "region"):
        if getattr(when, name) is not None:
            yield Problem((*here, name), "a building has its place in its table",
                          "crowd_at_least and dead_at_least have", at_key=True)  # fmt: skip


def _people(scenario: Scenario, here: Where, when: Condition) -> Iterator[Problem]:
    places = {one.id: one.population for one in scenario.places}
    regions = {one.id: one.population for one in scenario.regions}
    people, what = scenario.country.citizens, scenario.country.name
    if when.place is not None and when.region is not None:
        yield Problem((*here, "region"), "is given beside 'place'", "one of the two", at_key=True)
    if when.place is not None:
        yield from unknown_name((*here, "place"), when.place, places, "place")
        people, what = places.get(when.place, people), f"'{when.place}'"
    elif when.region is not None:
        yield from unknown_name((*here, "region"), when.region, regions, "region")
        people, what = regions.get(when.region, people), f"'{when.region}'"
    if when.people > people:
        cause = next(name for name in CAUSES if getattr(when, name) is not None)
        wrong = f"can never hold: {what} has {people:,} people"
        yield Problem((*here, cause), wrong, f"up to {people:,}")
