"""Triggers: what begins a crisis, and the same case without it or with half of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from steppe.case.schema import Counterfactual, Trigger, Value

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

NO_TRIGGER, HALF_TRIGGER = "no-trigger", "half-trigger"


def jumps(scenario: Scenario) -> bool:
    """Return whether the price table has a price that is not the one before, in force."""
    before = {
        (one.good, one.region): one.price for one in scenario.price_steps if one.cause == "before"
    }
    return scenario.prices.shock > 0.0 and any(
        one.cause == "market" and one.price != before.get((one.good, one.region))
        for one in scenario.price_steps
    )


def acting(scenario: Scenario) -> tuple[Trigger, ...]:
    """Return the triggers that do something."""
    return tuple(one for one in scenario.triggers if one.enabled and one.size > 0.0)


def has_trigger(scenario: Scenario) -> bool:
    """Return whether anything begins the crisis of ``scenario``."""
    return bool(acting(scenario)) or jumps(scenario)


def trigger_counterfactuals(scenario: Scenario) -> dict[str, Counterfactual]:
    """Return the case without its trigger and with half of it; nothing where it has none."""
    if not has_trigger(scenario):
        return {}
    none: dict[str, Value] = {f"triggers.{one.id}.enabled": False for one in acting(scenario)}
    half: dict[str, Value] = {f"triggers.{one.id}.size": one.size / 2.0 for one in acting(scenario)}
    if jumps(scenario):
        none["prices.shock"], half["prices.shock"] = 0.0, scenario.prices.shock / 2.0
    return {
        NO_TRIGGER: Counterfactual(
            title="No trigger", question="Is the country quiet without its trigger?", set=none
        ),
        HALF_TRIGGER: Counterfactual(
            title="Half the trigger", question="Would half of it have been absorbed?", set=half
        ),
    }


def with_trigger_counterfactuals(scenario: Scenario) -> Mapping[str, Counterfactual]:
    """Return the counterfactuals of ``scenario``, and those of its trigger that it lacks.

    One that the case has under another name is not given twice.
    """
    own = scenario.counterfactuals
    sets = [dict(one.set) for one in own.values()]
    return own | {
        name: one
        for name, one in trigger_counterfactuals(scenario).items()
        if name not in own and dict(one.set) not in sets
    }
