"""What of a case is allowed and cannot act: triggers, levers, counterfactuals without effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from steppe.case.conditions import earliest_hour, resolved
from steppe.case.roles import playing
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.case.source_location import Problem
from steppe.case.triggers import has_trigger
from steppe.core.errors import CaseError
from steppe.engine.first_hour import first_hour
from steppe.engine.plan import Plan, plan
from steppe.engine.script import PRESENCE, Script
from steppe.engine.timeline_events import conditional_events, effective_events
from steppe.model.ledger import NONE, ROLES


def trigger_doubts(scenario: Scenario) -> Iterator[Problem]:
    """Yield what keeps a crisis from being begun by what its case says begins it."""
    if not has_trigger(scenario):
        wrong = "nothing begins this crisis: no trigger, and no price that moves"
        yield Problem(("triggers",), wrong, "price, legitimacy, call, harm", at_key=True)
    price = playing(ROLES, "price", scenario.mechanisms)
    if price != "tables" and any(good.budget_share is not None for good in scenario.goods):
        wrong = f"'{price}' moves no good that has a budget_share"
        yield Problem(("mechanisms", "price"), wrong, "tables")
    off = playing(ROLES, "trigger", scenario.mechanisms) == NONE
    end = scenario.clock.hours
    for index, one in enumerate(scenario.triggers):
        if not one.enabled:
            continue
        begin = scenario.clock.clock().hour_of(one.at)
        if one.size == 0.0:
            yield Problem(("triggers", index, "size"), "a trigger of size 0 begins nothing")
        elif begin >= end:
            yield Problem(("triggers", index, "at"), "the trigger comes after the end of the run")
        elif off and one.kind != "price":
            wrong = f"a {one.kind} acts on nothing where mechanisms.trigger is none"
            yield Problem(("triggers", index, "kind"), wrong)


def lever_doubts(scenario: Scenario) -> Iterator[Problem]:
    """Yield each event of the timeline without which every lever of every hour is the same.

    Those that wait for a cause are looked at as if it had come as early as it can.
    """
    hour_plan = plan(scenario)
    waiting = conditional_events(scenario)
    yield from _never_seen(scenario, hour_plan, waiting)
    scenario = resolved(scenario, {one.id: earliest_hour(scenario, one) for one in waiting})
    levers = Script(scenario, hour_plan).columns()
    taking_effect = {event.id for event in effective_events(scenario)}
    silent = playing(ROLES, "trigger", scenario.mechanisms) == NONE
    for index, event in enumerate(scenario.timeline):
        if event.do == "call" and silent:
            wrong = "a call acts on nothing where mechanisms.trigger is none"
            yield Problem(("timeline", index, "do"), wrong)
        if event.do == "force_level" and event.value == PRESENCE:
            continue  # it says that police stand by, as they do without any order
        beyond = scenario.clock.clock().hour_of(event.at) >= scenario.clock.hours
        if event.do == "statement" or event.id not in taking_effect or beyond:
            continue
        rest = (*scenario.timeline[:index], *scenario.timeline[index + 1 :])
        others = Script(scenario.model_copy(update={"timeline": rest}), hour_plan).columns()
        if all(np.array_equal(values, others[name]) for name, values in levers.items()):
            wrong = f"{event.do} acts on nothing: every lever is the same without it"
            yield Problem(("timeline", index, "do"), wrong)


def _never_seen(
    scenario: Scenario, hour_plan: Plan, waiting: Sequence[TimelineEvent]
) -> Iterator[Problem]:
    """Yield each condition that nothing in a run can fulfil."""
    off = {mechanism.role for mechanism in hour_plan.off}
    for event in waiting:
        where = ("timeline", scenario.timeline.index(event))
        assert event.when is not None
        if event.when.building_lost is not None and "seizure" in off:
            wrong = "can never hold: no building falls where mechanisms.seizure is none"
            yield Problem((*where, "when", "building_lost"), wrong)
        end = scenario.clock.hours
        if event.until is not None:
            end = min(end, scenario.clock.clock().hour_of(event.until))
        if earliest_hour(scenario, event) >= end:
            yield Problem((*where, "at"), "the event cannot happen before its end or the run's")


def counterfactual_doubts(scenario: Scenario) -> Iterator[Problem]:
    """Yield each counterfactual that changes the case and nothing in its runs."""
    for name in scenario.counterfactuals:
        try:
            variant = scenario.counterfactual(name)
        except CaseError:
            continue  # whoever made the scenario by a patch may have taken away what it changes
        hours = min(scenario.clock.hours, variant.clock.hours)
        if variant.clock.hours == scenario.clock.hours and first_hour(scenario, variant) >= hours:
            wrong = "the counterfactual changes nothing within the run"
            yield Problem(("counterfactuals", name), wrong, at_key=True)
    earlier: dict[str, str] = {}
    for name, one in scenario.counterfactuals.items():
        same = earlier.setdefault(repr(sorted(one.set.items(), key=str)), name)
        if same != name:
            wrong = f"the same change as '{same}'"
            yield Problem(("counterfactuals", name), wrong, at_key=True)


def events_beyond(scenario: Scenario) -> int:
    """Return how many events of the timeline lie behind the end of the run."""
    clock = scenario.clock.clock()
    return sum(one.enabled and clock.hour_of(one.at) >= clock.hours for one in scenario.timeline)
