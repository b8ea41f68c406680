"""What of a case is allowed and cannot act: triggers, levers, counterfactuals without effect."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from steppe.case.roles import playing
from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem
from steppe.case.triggers import has_trigger
from steppe.core.errors import CaseError
from steppe.engine.first_hour import first_hour
from steppe.engine.plan import plan
from steppe.engine.script import PRESENCE, Script, effective_events
from steppe.model.ledger import NONE, ROLES


def trigger_doubts(scenario: Scenario) -> Iterator[Problem]:
    """Yield what keeps a crisis from being begun by what its case says begins it."""
    if not has_trigger(scenario):
        wrong = "nothing begins this crisis: no trigger, and no price that moves"
        yield Problem(("triggers",), wrong, "price, legitimacy, call, harm", at_key=True)
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
    """Yield each event of the timeline without which every lever of every hour is the same."""
    hour_plan = plan(scenario)
    levers = Script(scenario, hour_plan).columns()
    taking_effect = {event.id for event in effective_events(scenario)}
    for index, event in enumerate(scenario.timeline):
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


def events_beyond(scenario: Scenario) -> int:
    """Return how many events of the timeline lie behind the end of the run."""
    clock = scenario.clock.clock()
    return sum(one.enabled and clock.hour_of(one.at) >= clock.hours for one in scenario.timeline)
