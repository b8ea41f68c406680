"""The triggers of a case as levels, hour by hour: what their rule and the price are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.case.triggers import acting
from steppe.case.units import in_span
from steppe.core.response import exp_array

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.case.schema import TimelineEvent, Trigger

Floats = NDArray[np.float64]

_LN2 = 0.6931471805599453


def place_rows(scenario: Scenario, where: Iterable[str]) -> list[int]:
    """Return the rows of the places that ``where`` names: places, regions or ``national``."""
    names = set(where)
    return [
        i
        for i, place in enumerate(scenario.places)
        if "national" in names or place.id in names or place.region in names
    ]


def trigger_columns(scenario: Scenario, events: Iterable[TimelineEvent]) -> Mapping[str, Floats]:
    """Return the columns of the script that triggers other than prices fill, and calls of events.

    Losses of legitimacy and harms add up, to 1 at most; of calls the strongest counts.
    """
    loss = np.zeros((scenario.clock.hours, len(scenario.regions)))
    harm = np.zeros((scenario.clock.hours, len(scenario.places)))
    for one in acting(scenario):
        if one.kind == "legitimacy":
            loss += _level(scenario, one)[:, None] * _share_of_regions(scenario, one)
        elif one.kind == "harm":
            harm += _level(scenario, one)[:, None] * _in_places(scenario, one.where)
    return {
        "script_legitimacy_loss": np.minimum(loss, 1.0),
        **_call_columns(scenario, events),
        "script_harm": np.minimum(harm, 1.0),
    }


def _call_columns(scenario: Scenario, events: Iterable[TimelineEvent]) -> Mapping[str, Floats]:
    """Return the calls to everybody, online, and through organisations with whom they reach.

    Members of different organisations that call at the same hour are independent of each other.
    """
    shape = scenario.clock.hours, len(scenario.places)
    everybody, online, members, missed = *(np.zeros(shape) for _ in range(3)), np.ones(shape)
    ways = {"everybody": everybody, "online": online}
    organisations = {one.id: one for one in scenario.organisations}
    for through, level, where in (*_trigger_calls(scenario), *_event_calls(scenario, events)):
        call = level[:, None] * _in_places(scenario, where)
        strongest = ways.get(through, members)
        np.maximum(strongest, call, out=strongest)
        if through in organisations:
            one = organisations[through]
            share = np.array([one.share(place.region) for place in scenario.places])
            missed *= 1.0 - share * (call > 0.0)
    return {
        "script_call": everybody,
        "script_call_online": online,
        "script_call_members": members,
        "script_call_reach": 1.0 - missed,
    }


def _trigger_calls(scenario: Scenario) -> Iterator[tuple[str, Floats, tuple[str, ...]]]:
    """Yield through whom each trigger calls, how strongly hour by hour, and where."""
    for one in acting(scenario):
        if one.kind == "call":
            level = _level(scenario, one) * _called(scenario, one.hours)
            yield one.through or "everybody", level, one.where


def _event_calls(
    scenario: Scenario, events: Iterable[TimelineEvent]
) -> Iterator[tuple[str, Floats, tuple[str, ...]]]:
    """Yield the same of each call in the timeline."""
    clock = scenario.clock.clock()
    hours = np.arange(clock.hours)
    for event in events:
        if event.do == "call":
            end = clock.hours if event.until is None else clock.hour_of(event.until)
            within = (hours >= clock.hour_of(event.at)) & (hours < end)
            level = event.value * within * _called(scenario, event.hours)
            yield "everybody" if event.actor == "protesters" else event.actor, level, event.where


def price_rises(scenario: Scenario, good: str) -> Iterator[Floats]:
    """Yield by which share each trigger raises the price of a good, (hours, regions)."""
    for one in acting(scenario):
        if one.kind == "price" and one.good in (None, good):
            yield _level(scenario, one)[:, None] * _share_of_regions(scenario, one)


def _level(scenario: Scenario, one: Trigger) -> Floats:
    """Return the size of a trigger at each hour: 0 before and after it, halved each half-life."""
    clock = scenario.clock.clock()
    begin = clock.hour_of(one.at)
    end = clock.hours if one.until is None else clock.hour_of(one.until)
    since = np.arange(clock.hours, dtype=np.float64) - begin
    level = np.full(clock.hours, one.size)
    if one.half_life is not None:
        level = level * exp_array(-_LN2 * np.maximum(since, 0.0) / one.half_life)
    return np.asarray(level * ((since >= 0.0) & (since < end - begin)))


def _called(scenario: Scenario, span: str | None) -> Floats:
    """Return 1 in the hours of the day for which protest is called, else 0."""
    clock = scenario.clock.clock()
    if span is None:
        return np.ones(clock.hours)
    return np.array([float(in_span(span, clock.hour_of_day(h))) for h in range(clock.hours)])


def _in_places(scenario: Scenario, where: Iterable[str]) -> Floats:
    """Return 1 for each place in ``where``, else 0."""
    concerned = np.zeros(len(scenario.places))
    concerned[place_rows(scenario, where)] = 1.0
    return concerned


def _share_of_regions(scenario: Scenario, one: Trigger) -> Floats:
    """Return the share of each region's people whom a trigger concerns."""
    index = {region.id: i for i, region in enumerate(scenario.regions)}
    rows = np.array([index[place.region] for place in scenario.places])
    people = np.array([float(place.population) for place in scenario.places])
    whole = np.bincount(rows, weights=people, minlength=len(index))
    concerned = np.bincount(
        rows, weights=people * _in_places(scenario, one.where), minlength=len(index)
    )
    return np.asarray(concerned / np.maximum(whole, 1.0))
