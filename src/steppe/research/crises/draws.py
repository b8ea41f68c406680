"""One seed of one crisis: its trigger and its parameters drawn, ready to run."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from steppe.case.scenario import Scenario
from steppe.research.crises.build import HOURS, build
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import shock
from steppe.study.parameters import ParameterSource, scenario_of_seed, with_parameters
from steppe.study.population import covariates, population_law


def scenario_of(
    crisis: PriorFacts, seed: int, source: ParameterSource, *, hours: int = HOURS
) -> Scenario:
    """Return the scenario of a crisis under the draws of ``seed``.

    From a prior, a seed is one vector of parameters and one size of each kind of trigger, the same
    for every crisis. From the population law it is a draw of this crisis' effects by the law that
    was learnt without it. Raises ``CaseError`` for the posterior sample of another case.
    """
    if source == "population":
        law = population_law(without=crisis.case_id)
        return with_values(crisis, law.row(covariates_of(crisis), seed), hours)
    trigger = shock(crisis, None if source == "default" else seed)
    return scenario_of_seed(build(crisis, trigger, hours), seed, source)


def with_values(crisis: PriorFacts, values: Mapping[str, float], hours: int = HOURS) -> Scenario:
    """Return the scenario of a crisis whose trigger is of middle size, with these parameters."""
    return with_parameters(_middle(crisis, hours), values)


@functools.lru_cache(maxsize=64)
def _middle(crisis: PriorFacts, hours: int) -> Scenario:
    """Return the scenario of a crisis whose trigger is of middle size."""
    return build(crisis, shock(crisis, None), hours)


def covariates_of(crisis: PriorFacts) -> tuple[float, ...]:
    """Return what the law knows of the country of a crisis."""
    scenario = _middle(crisis, HOURS)
    officers = sum(force.officers for force in scenario.forces)
    return covariates(crisis.economic, crisis.citizens, officers)
