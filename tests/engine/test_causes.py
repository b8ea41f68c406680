"""A changed parameter acts through its own rule first: nothing else differs before."""

from __future__ import annotations

import random

import numpy as np
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.engine.hazard_street import NAMES
from steppe.engine.plan import plan
from steppe.engine.step import CompiledLoops, parts
from steppe.engine.world import World, build

HOURS = 36
BUILT = "the world is built"
ON_STREET = frozenset({"citizens"})
ALSO_BUILDS = frozenset({"participation", "population", "grievance", "loyalty", "legitimacy"})
"""Roles whose parameters say who lives in the country and how it starts."""

ALSO_ON_STREET = frozenset({"grievance", "first_move", *NAMES})
"""Roles whose parameters the loops over citizens read."""


def changes(scenario: Scenario) -> list[tuple[str, str, float]]:
    """A number of each role that plays a part, drawn once for all, and another value of it."""
    draw, found = random.Random(5), []
    for step in plan(scenario).steps:
        role, ledger = step.mechanism.role, step.mechanism.parameters.ledger()
        numbers = [one for one in ledger if isinstance(one.default, float)]
        for info in draw.sample(numbers, min(1, len(numbers))):
            now = getattr(step.parameters, info.name)
            others = (now * 0.5, now * 2.0, info.low, info.high)
            fit = [v for v in others if info.low <= v <= info.high and v != now and np.isfinite(v)]
            found += [(role, info.name, float(value)) for value in fit[:1]]
    return found


def differing(one: World, other: World) -> list[str]:
    """Names of all columns, counts and attributes of citizens that differ in a bit."""
    groups = [(one.columns, other.columns)]
    groups += [
        (a._asdict(), b._asdict())
        for a, b in ((one.citizens, other.citizens), (one.counts, other.counts))
    ]
    return [
        name
        for mine, theirs in groups
        for name, values in mine.items()
        if values is not theirs[name] and values.tobytes() != theirs[name].tobytes()
    ]


def first_part_that_differs(base: Scenario, changed: Scenario) -> str:
    """Name of the first part of any hour after which two worlds differ, '' if none does."""
    worlds = [build(one, plan(one), 3, SMALL) for one in (base, changed)]
    if differing(*worlds):
        return BUILT
    for hour in range(HOURS):
        for one, other in zip(*(parts(w, hour, CompiledLoops()) for w in worlds), strict=True):
            one.act()
            other.act()
            if differing(*worlds):
                return one.name
    return ""


def allowed(role: str) -> frozenset[str]:
    """The parts in which a parameter of ``role`` may be read."""
    street = ON_STREET if role in ALSO_ON_STREET else frozenset()
    return frozenset({role}) | street | ({BUILT} if role in ALSO_BUILDS else set())


def test_a_changed_parameter_acts_through_its_own_rule_first(hazardous: Scenario) -> None:
    acted, wrong = set(), []
    for role, name, value in changes(hazardous):
        changed = hazardous.change(f"parameters.{role}.{name}", value)
        part = first_part_that_differs(hazardous, changed)
        if part:
            acted.add(role)
        if part and part not in allowed(role):
            wrong.append((role, name, value, part))
    assert wrong == []
    assert len(acted) >= 15, sorted(acted)
