"""A case as it stood at the end of a day: nothing that is dated later is left in it.

The script up to then is history; after it the actors decide for themselves. Figures, events,
prices and inputs of later days are taken out before anything else is done, so that no later step
can read them. Parameters are never those of the case's posterior: it was fitted to the whole
crisis, its end included.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

from steppe.case.endogenous import endogenous_from
from steppe.case.scenario import Scenario, Target
from steppe.case.schema import DeclaredInput
from steppe.core.errors import CaseError, Fault
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.view import whole_days

DAYS = 30
"""Days after the last day that is let in which a nowcast looks ahead."""


def day_of(scenario: Scenario, text: str | date) -> date:
    """Return the day that ``text`` names; ``CaseError`` unless the case covers it as a whole."""
    days = whole_days(scenario.clock.clock())
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else text
    except ValueError:
        day = None
    if day is None or day not in days:
        allowed = f"{days[0]} to {days[-1]}" if days else "no day: the case has no whole one"
        raise CaseError([Fault("--until", 0, 0, "", f"'{text}' is no day of the case", allowed)])
    return day


def end_hour(scenario: Scenario, until: date) -> int:
    """Return the first hour after the day ``until``."""
    return scenario.clock.clock().hour_of(_midnight_after(until))


def history_until(scenario: Scenario, until: date, days: int = DAYS) -> Scenario:
    """Return ``scenario`` without anything after ``until``, its actors free from then on.

    The run goes on for ``days`` more. A case whose actors decide for themselves from its
    first hour on keeps them so.
    """
    if scenario.mode != "endogenous":
        scenario = endogenous_from(scenario, _midnight_after(until).isoformat(timespec="minutes"))
    hours = end_hour(scenario, until) + 24 * days
    return _without_later(scenario.change("clock.hours", hours), until)


def _midnight_after(until: date) -> datetime:
    return datetime.combine(until + timedelta(days=1), time())


def _without_later(scenario: Scenario, until: date) -> Scenario:
    """Take out what is dated after ``until``.

    An event that is over only later goes on as far as anybody knows then.
    """
    clock, end = scenario.clock.clock(), _midnight_after(until)

    def early(when: datetime | None) -> bool:
        return when is None or clock.hour_of(when) < clock.hour_of(end)

    events = tuple(
        one if early(one.until) else one.model_copy(update={"until": None})
        for one in scenario.timeline
        if early(one.at)
    )
    triggers = tuple(
        one if early(one.until) else one.model_copy(update={"until": None})
        for one in scenario.triggers
        if early(one.at)
    )
    prices = tuple(p for p in scenario.price_steps if p.cause == "before" or early(p.from_))
    targets = tuple(one for one in scenario.evidence.targets if last_day(one) <= until)
    return scenario.model_copy(update={
        "timeline": events,
        "triggers": triggers,
        "price_steps": prices,
        "inputs": tuple(_until(one, end) for one in scenario.inputs if early(one.at)),
        "observations": tuple(o for o in scenario.observations if o.date <= until.isoformat()),
        "evidence": scenario.evidence.model_copy(update={"targets": targets}),
    })  # fmt: skip


def _until(one: DeclaredInput, end: datetime) -> DeclaredInput:
    """Return an input that ends when the history does: after it the forces are free."""
    if one.until is None or one.until <= end:
        return one
    return one.model_copy(update={"until": end})


def last_day(target: Target) -> date:
    """Return the day at whose end a figure is known; ``date.max`` for one that never is.

    A beginning is known once the last day that its range allows is over; that it stayed quiet
    afterwards never before the end.
    """
    if target.observable == "peak_from":
        return date.max
    day = date.fromisoformat(target.date[:10])
    observable = OBSERVABLES.get(target.observable)
    if observable is None or observable.kind != "calendar":
        return day
    if target.high is None:
        return date.max
    return day + timedelta(days=math.ceil(target.high) - 1)
