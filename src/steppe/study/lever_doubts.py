"""What of a case is allowed and cannot act: triggers and levers without any effect."""

from __future__ import annotations

from collections.abc import Iterator

from steppe.case.roles import playing
from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem
from steppe.case.triggers import has_trigger
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
