"""Which events of the timeline take effect in a scenario, and how a run tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from steppe.case.conditions import earliest_hour
from steppe.results.trajectory import Event

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario, TimelineEvent
    from steppe.core.clock import Clock

CONCESSIONS = frozenset({"concession", "dismiss_government", "dismiss_old_ruler"})
ALLIANCE = frozenset({"alliance_decision", "troops_arrive", "troops_withdraw"})
DECIDING = frozenset({"expected-utility", "empirical"})
"""Rules by which an alliance decides for itself."""
DECIDERS = frozenset({"government", "president"})
"""Actors of the timeline who are the regime."""


def effective_events(scenario: Scenario) -> tuple[TimelineEvent, ...]:
    """Return the events of the timeline that take effect, in the order of the file.

    Those that wait for a cause are not among them; see ``conditional_events``.
    """
    clock = scenario.clock.clock()
    return tuple(
        event
        for event in scenario.timeline
        if event.enabled
        and event.when is None
        and _takes_effect(scenario, event, clock.hour_of(event.at) >= scenario.free_from)
    )


def conditional_events(scenario: Scenario) -> tuple[TimelineEvent, ...]:
    """Return the events that take effect once their cause is there, in the order of the file."""
    return tuple(
        event
        for event in scenario.timeline
        if event.enabled
        and event.when is not None
        and _takes_effect(scenario, event, earliest_hour(scenario, event) >= scenario.free_from)
    )


def _takes_effect(scenario: Scenario, event: TimelineEvent, free: bool) -> bool:
    """Tell whether history's event takes effect: not where an actor is free or a lever off."""
    if free and event.actor in DECIDERS and scenario.regime_rule == "policy":
        return False
    if event.do in ALLIANCE and scenario.alliance_rule in (*DECIDING, "decline"):
        return False
    if event.do in ("internet_cut", "phone_cut"):
        return scenario.information.blackout == "scripted"
    if event.do in CONCESSIONS:
        return scenario.regime.concessions == "scripted"
    if event.do == "free_officers":
        return scenario.alliance.troops and scenario.alliance_rule != "decline"
    return True


def scripted_events(events: Iterable[TimelineEvent], clock: Clock) -> list[Event]:
    """Return the events of the timeline as a run tells them.

    The text of a scripted event is its id in the timeline, where its words are: words are no part
    of a run.
    """
    every = [
        Event(clock.hour_of(e.at), e.actor, e.do, "|".join(e.where), e.value, e.id, "scripted")
        for e in events
    ]
    return [e for e in every if 0 <= e.hour < clock.hours]
