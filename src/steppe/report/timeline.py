"""The actor timeline: what the scenario scripts, what the model made, and the key events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from steppe.case.conditions import cause_words
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.engine.timeline_events import conditional_events, effective_events
from steppe.report.payload import Fan, Lane, TimelineMark, TimelineNote
from steppe.results.formatting import address, count, moment
from steppe.results.trajectory import Event, Trajectory

MAX_MODEL_MARKS = 60
NATIONAL = "national"

FIRST_OF_MANY = {"defection": "First units change sides"}
"""Words for kinds of events whose own text counts, and so differs from run to run."""

LANES = (
    ("regime", "Government, president"),
    ("force", "Security forces"),
    ("information", "Information"),
    ("alliance", "Alliance"),
    ("street", "Street"),
    ("model", "Made by the model"),
)
"""Rows of the timeline, top to bottom."""

LANE_OF_LEVER = {
    "call": "street",
    "internet_cut": "information",
    "phone_cut": "information",
    "frame_terrorism": "information",
    "force_level": "force",
    "reinforce": "force",
    "free_officers": "force",
    "alliance_request": "alliance",
    "alliance_decision": "alliance",
    "troops_arrive": "alliance",
    "troops_withdraw": "alliance",
}
KEY_LEVERS = (
    ("alliance_request", "Help requested"),
    ("troops_arrive", "Troops arrive"),
    ("troops_withdraw", "Troops leave"),
)
LANE_OF_ACTOR = {"alliance": "alliance", "patron": "alliance", "protesters": "street"}


def names(scenario: Scenario) -> dict[str, str]:
    """Return the names of regions and places by id; regions win where an id is both."""
    out = {place.id: place.name for place in scenario.places}
    out.update({region.id: region.name for region in scenario.regions})
    out[NATIONAL] = scenario.country.name
    return out


def _hour(scenario: Scenario, when: datetime) -> float:
    return (when.replace(tzinfo=None) - scenario.clock.start) / timedelta(hours=1)


def taking_effect(scenario: Scenario) -> tuple[TimelineEvent, ...]:
    """Return the events of the timeline that are history's in this scenario, not switched off."""
    absent = () if scenario.alliance.troops else ("troops_arrive", "troops_withdraw")
    return tuple(event for event in effective_events(scenario) if event.do not in absent)


def _where(event: TimelineEvent, called: Mapping[str, str]) -> str:
    places = [called.get(where, where) for where in event.where]
    if len(places) > 3:
        return f"{', '.join(places[:2])} and {len(places) - 2} more"
    return ", ".join(places)


def _scripted(scenario: Scenario, event: TimelineEvent, called: Mapping[str, str]) -> TimelineMark:
    start = _hour(scenario, event.at)
    end = start if event.until is None else _hour(scenario, event.until)
    detail = f"{moment(event.at)} · {_where(event, called)}"
    if event.until is not None:
        detail += f" · until {moment(event.until)}"
    detail += f" · time {event.precision} · {address(event.source)}"
    clipped = max(0.0, start), min(max(end, start), float(scenario.clock.hours))
    return TimelineMark(*clipped, event.text, detail)


def _lane(scenario: Scenario, event: TimelineEvent) -> str:
    organised = any(event.actor == one.id for one in scenario.organisations)
    by_actor = LANE_OF_ACTOR.get(event.actor, "street" if organised else "regime")
    return LANE_OF_LEVER.get(event.do, by_actor)


def _followed(
    scenario: Scenario, event: TimelineEvent, runs: Sequence[Trajectory], called: Mapping[str, str]
) -> list[TimelineMark]:
    """Return the mark of an event that followed its cause, where it did."""
    events = [one for run in runs for one in run.events
             if one.origin == "scripted" and one.text == event.id]  # fmt: skip
    if not events:
        return []
    assert event.when is not None
    where = f"{_where(event, called)} · when {cause_words(scenario, event.when)}"
    return [_model_mark(scenario, event.text, events, len(runs), where)]


def lanes(scenario: Scenario, runs: Sequence[Trajectory]) -> tuple[Lane, ...]:
    """Return every lane with its marks in the order of time; empty lanes stay, empty."""
    called = names(scenario)
    rows: dict[str, list[TimelineMark]] = {key: [] for key, _ in LANES}
    for event in taking_effect(scenario):
        hour = _hour(scenario, event.at)
        if hour < scenario.clock.hours:
            rows[_lane(scenario, event)].append(_scripted(scenario, event, called))
    for event in conditional_events(scenario):
        rows[_lane(scenario, event)] += _followed(scenario, event, runs, called)
    rows["model"] = _model_marks(scenario, runs, called)
    order = {key: sorted(marks, key=lambda m: (m.start, m.label)) for key, marks in rows.items()}
    return tuple(Lane(key, title, tuple(order[key])) for key, title in LANES)


def _model_marks(
    scenario: Scenario, runs: Sequence[Trajectory], called: Mapping[str, str]
) -> list[TimelineMark]:
    """Return one mark per kind of event the model made: median hour, 5-95 % range, share of seeds.

    Events are of one kind when actor, kind, place and text agree (but see ``FIRST_OF_MANY``); of
    several in one seed the first counts.
    """
    first: dict[tuple[str, str, str, str], dict[int, Event]] = {}
    for run in runs:
        for event in sorted(run.events, key=lambda e: (e.hour, e.kind, e.where, e.text)):
            if event.origin == "model":
                text = FIRST_OF_MANY.get(event.kind, event.text)
                key = (event.actor, event.kind, event.where, text)
                first.setdefault(key, {}).setdefault(run.record.seed, event)
    ranked = sorted(first.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        _model_mark(scenario, key[3], list(events.values()), len(runs), called.get(key[2], key[2]))
        for key, events in ranked[:MAX_MODEL_MARKS]
    ]


def _model_mark(
    scenario: Scenario, label: str, events: Sequence[Event], runs: int, where: str
) -> TimelineMark:
    low, middle, high = np.quantile([event.hour for event in events], (0.05, 0.5, 0.95))
    clock = scenario.clock.clock()
    early, usual, late = (moment(clock.time_of(math.floor(hour))) for hour in (low, middle, high))
    detail = f"{where} · in {len(events)} of {count(runs, 'run')} · median {usual}"
    if early != late:
        detail += f" · 90 % from {early} to {late}"
    return TimelineMark(float(low), float(high), label, detail, len(events) / runs, float(middle))


def notes(scenario: Scenario, fans: Sequence[Fan]) -> tuple[TimelineNote, ...]:
    """Return the key events drawn on every fan: blackout, request for help, troops in and out.

    The blackout spans the hours in which less than half of usual access is left in the median.
    """
    taking = taking_effect(scenario)
    marks = [
        TimelineNote(float(dark[0]), float(dark[-1]), "Internet cut")
        for fan in fans
        if fan.key == "connectivity"
        for dark in (np.flatnonzero(fan.quantiles[2] < 0.5),)
        if dark.size
    ]
    for lever, label in KEY_LEVERS:
        at = [_hour(scenario, e.at) for e in taking if e.do == lever]
        inside = [hour for hour in at if 0 <= hour < scenario.clock.hours]
        if inside:
            marks.append(TimelineNote(min(inside), min(inside), label))
    return tuple(sorted(marks, key=lambda note: (note.start, note.label)))


def presence_marks(presence: NDArray[np.int64]) -> tuple[TimelineMark, ...]:
    """Return, per day, how many regions had a reported protest, as marks of the street lane."""
    marks = []
    for day in range(presence.shape[1]):
        yes, unknown = int((presence[:, day] == 1).sum()), int((presence[:, day] < 0).sum())
        if yes:
            detail = f"protest reported in {count(yes, 'region')}; {unknown} without report"
            marks.append(TimelineMark(24.0 * day, 24.0 * (day + 1), str(yes), detail))
    return tuple(marks)
