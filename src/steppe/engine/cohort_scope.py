"""What the cohort engine can run, and what it says of a scenario that it cannot."""

from __future__ import annotations

from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.engine.cohort_types import RolesOn
from steppe.engine.plan import Plan
from steppe.engine.timeline_events import DECIDING, conditional_events
from steppe.model.custom import is_custom

FIELD_RULES = {
    "timeline": "timeline",
    "price": "tables",
    "news": "travels",
    "legitimacy": "slow-return",
    "outrage": "backlash",
    "deterrence": "recent-deaths",
    "grievance": "price-and-deprivation",
    "risk": "epstein-severity",
    "command": "lognormal",
    "round_up": "emergency",
    "first_move": "shared-loss",
    "casualties": "poisson",
}
"""The rule of each role of fields that cohorts are computed by; rivals are for citizens."""


def decides(scenario: Scenario) -> bool:
    """Tell whether anybody in power decides for himself in ``scenario``."""
    return scenario.regime_rule == "policy" or scenario.alliance_rule in DECIDING


def refuse(scenario: Scenario, plan: Plan) -> None:
    """Raise ``SteppeError`` naming everything in ``scenario`` that cohorts cannot do."""
    reasons = list(_reasons(scenario, plan))
    if reasons:
        what = "; ".join(reasons)
        raise SteppeError(f"the cohort engine cannot run this: {what}. Use --engine citizens")


def _reasons(scenario: Scenario, plan: Plan) -> list[str]:
    """Return why cohorts cannot run a scenario, nothing if they can."""
    causes = [
        f"timeline.{event.id} waits for a building, and cohorts see buildings fall only where the "
        "regime or an alliance decides for itself"
        for event in conditional_events(scenario)
        if event.when is not None and event.when.building_lost and not decides(scenario)
    ]
    if plan.street != "hazards":
        causes.append(f"mechanisms.participation '{plan.mechanism('participation').name}' weighs "
                     "every citizen's action anew")  # fmt: skip
        return causes
    for step in plan.steps:
        role, name = step.mechanism.role, step.mechanism.name
        if is_custom(step.mechanism):
            causes.append(f"mechanisms.{role} is a rule from a file")
        elif FIELD_RULES.get(role, name) != name:
            causes.append(f"mechanisms.{role} '{name}' (cohorts know '{FIELD_RULES[role]}')")
    return causes


def roles_on(plan: Plan) -> RolesOn:
    """Return which roles play a part."""
    names = {step.mechanism.role for step in plan.steps}
    return RolesOn(*(role in names for role in RolesOn._fields))
