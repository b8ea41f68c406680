"""The people of a run: who lives where, who can decide, who hears from whom.

All of it is a function of a census and a seed, and no run changes it, so that runs of one seed
whose census is the same share it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.geography import Geography, geography
from steppe.population.pool import (
    Pool,
    Readiness,
    build_pool,
    pool_limits,
    readiness,
    society_of,
)
from steppe.population.ties import Ties, build_ties, no_ties

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.engine.plan import Plan

MOST_AGENTS = 2**32
"""Agents are numbered by one word of the counter of a random number."""


@dataclass(frozen=True, slots=True)
class PopulationInputs:
    """What people are made from: geography, society, readiness for the pool, the rule of ties.

    ``deprivation`` is the mean relative deprivation of each region; ``with_ties`` tells whether
    citizens hear from personal ties at all.
    """

    geography: Geography
    society: Any
    deprivation: NDArray[np.float64]
    readiness: Readiness
    parameters: PopulationParameters
    with_ties: bool


@dataclass(frozen=True, slots=True)
class Population:
    """The pool of a census for one seed, and the ties inside it; nothing in it ever changes."""

    census: PopulationInputs
    pool: Pool
    ties: Ties

    @property
    def geography(self) -> Geography:
        """Where everybody lives."""
        return self.census.geography


def population_inputs(scenario: Scenario, plan: Plan, scale: float) -> PopulationInputs:
    """Return the census of ``scenario`` at ``scale`` agents per citizen.

    Raises ``ValueError`` for a scale at which agents cannot be numbered.
    """
    of = partial(plan.parameters_even_off, scenario)
    parameters = cast(PopulationParameters, of("population"))
    where = geography(scenario, parameters, scale)
    if where.agents > MOST_AGENTS:
        raise ValueError(f"scale {scale:g} makes {where.agents} agents; at most {MOST_AGENTS}")
    society, deprivation = society_of(
        scenario.regions,
        scenario.country.gini,
        parameters,
        cast(GrievanceParameters, of("grievance")),
    )
    ready = readiness(
        where,
        np.array([float(place.population) for place in scenario.places]),
        np.array([float(place.kind != "rural") for place in scenario.places]),
        cast(AvailabilityParameters, of("participation")),
    )
    with_ties = plan.street == "choices"
    return PopulationInputs(where, society, deprivation, ready, parameters, with_ties)


def build_population(census: PopulationInputs, key: tuple[int, int]) -> Population:
    """Return the people of ``census`` for the seed with ``key``."""
    limits = pool_limits(census.readiness, census.geography.address, key)
    pool = build_pool(census.geography, census.society, limits, key)
    if not census.with_ties:
        return Population(census, pool, no_ties(len(pool)))
    return Population(census, pool, build_ties(census.geography, pool, census.parameters, key))


def bit_equal(one: Any, other: Any) -> bool:
    """Tell whether two values are the same to the last bit: arrays, tuples, records, numbers."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        same_form = (one.dtype, one.shape) == (other.dtype, other.shape)
        return same_form and one.tobytes() == other.tobytes()
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(bit_equal, one, other))
    if is_dataclass(one) and not isinstance(one, type):
        return all(bit_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other)
