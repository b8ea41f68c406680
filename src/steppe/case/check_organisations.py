"""Checks of organisations and of who acts: in the timeline, and through whom a call goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from steppe.case.schema import Actor
from steppe.case.society import NATIONAL
from steppe.case.source_location import Problem, unknown_name

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

ACTORS: tuple[str, ...] = get_args(Actor)
WAYS = ("everybody", "online")
"""Through what a call goes besides organisations."""


def organisation_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with organisations, with actors, and with calls that nobody hears."""
    regions = [NATIONAL, *(region.id for region in scenario.regions)]
    for index, one in enumerate(scenario.organisations):
        where = ("organisations", index)
        if one.id in (*ACTORS, *WAYS):
            yield Problem((*where, "id"), f"'{one.id}' means something else", "another name")
        for region in one.members:
            yield from unknown_name((*where, "members", region), region, regions, "region")
    yield from _actors(scenario)
    yield from _ways(scenario)


def _actors(scenario: Scenario) -> Iterator[Problem]:
    names = [one.id for one in scenario.organisations]
    for index, event in enumerate(scenario.timeline):
        where = ("timeline", index, "actor")
        yield from unknown_name(where, event.actor, [*ACTORS, *names], "actor")
        if event.do == "call" and event.actor in ACTORS and event.actor != "protesters":
            wrong = f"{event.actor} calls nobody to protest"
            yield Problem(where, wrong, ", ".join(["protesters", *names]))
        elif event.do == "call" and event.actor in _without_members(scenario):
            yield Problem(where, f"'{event.actor}' has no members whom a call could reach")


def _ways(scenario: Scenario) -> Iterator[Problem]:
    names = [*WAYS, *(one.id for one in scenario.organisations)]
    for index, one in enumerate(scenario.triggers):
        if one.through is not None and one.kind == "call":
            where = ("triggers", index, "through")
            yield from unknown_name(where, one.through, names, "organisation")
            if one.through in _without_members(scenario):
                yield Problem(where, f"'{one.through}' has no members whom a call could reach")


def _without_members(scenario: Scenario) -> set[str]:
    return {one.id for one in scenario.organisations if not any(one.members.values())}
