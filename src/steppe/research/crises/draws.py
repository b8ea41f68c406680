"""One seed of one crisis: its trigger and its parameters drawn, ready to run."""

from __future__ import annotations

from functools import cache

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.model.mechanisms.legitimacy import LegitimacyParameters
from steppe.research.crises.build import HOURS, build
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import shock
from steppe.study.parameters import (
    ParameterSource,
    posterior_row,
    scenario_of_seed,
    with_parameters,
)

REFERENCE = "kazakhstan-2022"
"""The case whose posterior sample stands for what was learnt of people and forces."""

MOST_AGENTS = 1_000_000
"""Agents of the largest run; a larger country is run at so small a scale [cost, see the docs]."""

CELL = 2000.0
LARGEST_CELL = 100_000.0
"""People within sight of one another at full scale, and the most the parameter may be."""


def scale_of(crisis: PriorFacts, agents: int = MOST_AGENTS) -> float:
    """Return agents per citizen so that nobody has more than ``agents``."""
    return min(1.0, agents / crisis.citizens)


def scenario_of(
    crisis: PriorFacts,
    seed: int,
    source: ParameterSource,
    *,
    agents: int = MOST_AGENTS,
    hours: int = HOURS,
) -> Scenario:
    """Return the scenario of a crisis under the draws of ``seed``.

    A seed is one vector of parameters and one size of each kind of trigger, the same for every
    crisis. At a smaller scale cells hold as many agents as they would at full scale, so that
    what is seen in them is no more random than there; the country has fewer of them.
    """
    trigger = shock(crisis, None if source == "default" else seed)
    scenario = parameters_of(build(crisis, trigger, hours), seed, source)
    start = scenario.parameters.get("legitimacy", {}).get("initial", LegitimacyParameters().initial)
    return with_parameters(scenario, {
        "legitimacy.initial": max(0.0, start - trigger.legitimacy_loss),
        "population.cell_size": min(CELL / scale_of(crisis, agents), LARGEST_CELL),
    })  # fmt: skip


def parameters_of(scenario: Scenario, seed: int, source: ParameterSource) -> Scenario:
    """Return ``scenario`` with draw number ``seed``; a posterior is that of the reference case.

    Raises ``CaseError`` when there is no posterior sample to draw from.
    """
    if source == "posterior":
        return with_parameters(scenario, posterior_row(_reference(), seed))
    return scenario_of_seed(scenario, seed, source)


@cache
def _reference() -> Scenario:
    return load(REFERENCE)
