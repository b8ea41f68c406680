"""What is dated in a scenario: events of the timeline, declared inputs, triggers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

from steppe.case.check_conditions import condition_problems
from steppe.case.scenario import Scenario
from steppe.case.schema import Lever, Trigger, TriggerKind
from steppe.case.source_location import Problem, Where, unknown_name

NATIONAL = "national"

MARGIN = timedelta(days=31)
"""What has a date may lie this far before the run, and behind the longest run there can be."""

LONGEST = timedelta(hours=8784)
"""Events may lie behind the end of a run, for a short look at a long case."""

END_FIRST = "the end is not later than the beginning ('at')"

PEOPLE = 10_000_000.0
"""Officers, soldiers or freed officers of one event: no force of any country is larger."""

_LEVELS: dict[Lever, float] = {
    **dict.fromkeys(get_args(Lever), 1.0),
    "force_level": 4.0,
    **dict.fromkeys(("troops_arrive", "troops_withdraw", "reinforce", "free_officers"), PEOPLE),
}
"""The highest value of an event by what is done; the lowest is 0, which lifts it."""

_SIZES: dict[TriggerKind, float] = {"price": 9.0, "legitimacy": 1.0, "call": 1.0, "harm": 1.0}
"""The largest size of a trigger by its kind."""


def event_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with anything that has a date."""
    yield from _timeline(scenario)
    yield from _inputs(scenario)
    yield from _triggers(scenario)


def _timeline(scenario: Scenario) -> Iterator[Problem]:
    allowed = _where(scenario)
    for index, event in enumerate(scenario.timeline):
        where = ("timeline", index)
        yield from _near_the_run(scenario, (*where, "at"), event.at)
        if event.until is not None and event.until <= event.at:
            yield Problem((*where, "until"), END_FIRST)
        yield from _unknown_places(where, event.where, allowed)
        highest = _LEVELS[event.do]
        if not 0.0 <= event.value <= highest:
            wrong = f"{event.value:g} is out of range for {event.do}"
            yield Problem((*where, "value"), wrong, f"0 to {highest:,.0f}")
        if event.hours is not None and event.do not in ("curfew", "call"):
            wrong = f"{event.do} has no hours of the day"
            yield Problem((*where, "hours"), wrong, "a curfew or a call has", at_key=True)
        yield from condition_problems(scenario, where, event)


def _inputs(scenario: Scenario) -> Iterator[Problem]:
    allowed = _where(scenario)
    for index, item in enumerate(scenario.inputs):
        where = ("inputs", index)
        yield from _unknown_places(where, item.where, allowed)
        for name in ("at", "until"):
            when = getattr(item, name)
            if item.kind == "operation" and when is None:
                yield Problem((*where, name), "is missing: an operation begins and ends")
            elif item.kind == "memory" and when is not None:
                yield Problem((*where, name), "a memory has no hours", "operation has", at_key=True)
        if item.kind == "operation" and item.at is not None:
            yield from _near_the_run(scenario, (*where, "at"), item.at)
            if item.until is not None and item.until <= item.at:
                yield Problem((*where, "until"), END_FIRST)


def _near_the_run(scenario: Scenario, where: Where, when: datetime) -> Iterator[Problem]:
    start = scenario.clock.start
    first, last = start - MARGIN, start + LONGEST + MARGIN
    if not first <= when <= last:
        wrong = f"{when.isoformat(timespec='minutes')} is far from the run"
        within = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}; the run begins on {start:%Y-%m-%d}"
        yield Problem(where, wrong, within)


def _where(scenario: Scenario) -> set[str]:
    """Return what a list of places may name."""
    return {NATIONAL, *(r.id for r in scenario.regions), *(p.id for p in scenario.places)}


def _unknown_places(
    where: tuple[str, int], names: tuple[str, ...], allowed: set[str]
) -> Iterator[Problem]:
    for position, name in enumerate(names):
        yield from unknown_name((*where, "where", position), name, allowed, "region or place")
    for name, times in Counter(names).items():
        if times > 1:
            yield Problem((*where, "where"), f"'{name}' is given {times} times", "once")
    if NATIONAL in names and len(set(names)) > 1:
        yield Problem((*where, "where"), f"'{NATIONAL}' holds the others", f"[{NATIONAL}] alone")


def _triggers(scenario: Scenario) -> Iterator[Problem]:
    allowed = _where(scenario)
    for index, one in enumerate(scenario.triggers):
        where = ("triggers", index)
        yield from _near_the_run(scenario, (*where, "at"), one.at)
        if one.until is not None and one.until <= one.at:
            yield Problem((*where, "until"), END_FIRST)
        yield from _unknown_places(where, one.where, allowed)
        yield from _sizes(where, one)
        for name in ("hours", "through"):
            if one.kind != "call" and getattr(one, name) is not None:
                yield Problem((*where, name), f"a {one.kind} has none", "call has", at_key=True)


def _sizes(where: tuple[str, int], one: Trigger) -> Iterator[Problem]:
    highest = _SIZES[one.kind]
    for name in ("low", "size", "high"):
        value = getattr(one, name)
        if value is not None and not 0.0 <= value <= highest:
            wrong = f"{value:g} is out of range for {one.kind}"
            yield Problem((*where, name), wrong, f"0 to {highest:g}")
    if one.low is not None and one.low > one.size:
        yield Problem((*where, "low"), f"{one.low:g} is more than size, {one.size:g}")
    if one.high is not None and one.high < one.size:
        yield Problem((*where, "high"), f"{one.high:g} is less than size, {one.size:g}")
