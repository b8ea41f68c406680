"""From which hour on a change of a scenario can act: what two arms of one seed can share."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

import numpy as np

from steppe.case.canonical import canonical
from steppe.case.conditions import earliest_cause
from steppe.case.patch import apply, difference
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.engine.plan import Plan, PlanStep, plan
from steppe.engine.population_cache import bit_equal
from steppe.engine.script import Script
from steppe.engine.timeline_events import conditional_events
from steppe.model.mechanisms.regime import REGIME

SCRIPTED: tuple[tuple[str, ...], ...] = (
    ("timeline",),
    ("price_steps",),
    ("triggers",),
    ("organisations",),
    ("prices", "shock"),
    ("mode",),
    ("endogenous_from",),
    ("information", "blackout"),
    ("regime",),
    ("parameters", REGIME.role),
    ("alliance", "rule"),
    ("alliance", "signal"),
    ("alliance", "troops"),
    ("clock", "hours"),
)
"""What reaches a run only through its script or its plan, both of which are compared as built.

Whatever else differs may act from hour 0 on. A field that is missing here costs time, no bits.
"""


class ActingHours(NamedTuple):
    """A change of one address, and the first hour in which it can act."""

    path: str
    hour: int


def first_hour(baseline: Scenario, variant: Scenario) -> int:
    """Return the first hour in which two runs of one seed can differ in anything.

    Up to that hour everything is the same: citizens, columns, series and events. The hour is the
    first in which the scripts differ, or in which a regime that decides for itself is free to;
    it is 0 when population, parameters or the plan of the hour differ, and the length of the
    shorter run when nothing that acts does. It may be too early, never too late.
    """
    plans = plan(baseline), plan(variant)
    if _fixed(baseline) != _fixed(variant) or not bit_equal(*map(_ungated, plans)):
        return 0
    return min(_gate(baseline, variant, plans), _script_parts(baseline, variant, plans))


def acts_before(baseline: Scenario, variant: Scenario, hour: int) -> tuple[ActingHours, ...]:
    """Return the changes between two scenarios that can act before ``hour``, earliest first.

    Changes that cannot be made one at a time are held to act together.
    """
    together = first_hour(baseline, variant)
    if together >= hour:
        return ()
    found = []
    changes = difference(baseline, variant)
    for change in changes:
        try:
            one = apply(baseline, {change.path: change.new}, custom=variant.custom)
            found.append(ActingHours(change.path, first_hour(baseline, one)))
        except (CaseError, ValueError):
            found.append(ActingHours(change.path, together))
    early = sorted((one for one in found if one.hour < hour), key=lambda one: one.hour)
    return tuple(early) or tuple(ActingHours(change.path, together) for change in changes)


def _fixed(scenario: Scenario) -> dict[str, Any]:
    """Return the canonical content of a scenario without what only its script and plan hold."""
    content = json.loads(canonical(scenario))
    for *way, last in SCRIPTED:
        inner = content
        for name in way:
            inner = inner[name]
        inner.pop(last, None)
    return cast("dict[str, Any]", content)


def _gated(step: PlanStep) -> bool:
    """Tell whether a step does nothing before the hour from which actors are free."""
    return step.mechanism is REGIME


def _ungated(plan: Plan) -> tuple[Any, ...]:
    return tuple(step for step in plan.steps if not _gated(step)), plan.off


def _gate(baseline: Scenario, variant: Scenario, plans: tuple[Plan, Plan]) -> int:
    """Return the hour from which regimes that decide by different rules are free to."""
    gated = [tuple(step for step in one.steps if _gated(step)) for one in plans]
    hours = [s.clock.hours for s in (baseline, variant)]
    if bit_equal(*gated):
        return min(hours)
    ways = zip((baseline, variant), gated, strict=True)
    return min([*hours, *(scenario.free_from for scenario, steps in ways if steps)])


def _script_parts(baseline: Scenario, variant: Scenario, plans: tuple[Plan, Plan]) -> int:
    """Return the first hour in which any lever or event of the scripts differs."""
    scripts = [Script(baseline, plans[0]), Script(variant, plans[1])]
    first = min(baseline.clock.hours, variant.clock.hours)
    columns, others = (script.columns() for script in scripts)
    for name, values in columns.items():
        differs = (values[:first] != others[name][:first]).any(axis=1)
        if differs.any():
            first = int(np.argmax(differs))
    mine, theirs = (
        {(clock.hour_of(e.at), e.actor, e.do, e.where, e.value, e.id) for e in script.events}
        for script, clock in zip(
            scripts, (baseline.clock.clock(), variant.clock.clock()), strict=True
        )
    )
    waiting = _waiting(baseline) ^ _waiting(variant)
    earliest = [hour for hour, *_ in mine ^ theirs] + [hour for hour, *_ in waiting]
    return max(0, min([first, *earliest]))


def _waiting(scenario: Scenario) -> set[tuple[int, Any, Any]]:
    """Return each conditional event with the first hour in which its cause can be seen.

    With it goes every switch that can say what it does.
    """
    switches = (
        *(scenario.mode, scenario.endogenous_from, scenario.regime, scenario.information),
        *(scenario.alliance.rule, scenario.alliance.signal, scenario.alliance.troops),
    )
    return {
        (earliest_cause(scenario, event), event, switches) for event in conditional_events(scenario)
    }
