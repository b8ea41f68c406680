"""A scenario made ready for cohorts: what all its seeds share, and what one seed adds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import canonical_of_variant
from steppe.case.conditions import resolved
from steppe.case.scenario import Scenario
from steppe.core.clock import Clock
from steppe.core.compile import Binding
from steppe.engine.cohort_levers import Settled, by_region, cuts_of, levers_of, settled_by
from steppe.engine.cohort_scope import refuse, roles_on
from steppe.engine.cohort_triggers import triggers_of
from steppe.engine.cohort_types import (
    MEMORY,
    UNITS,
    CohortCountry,
    CohortRules,
    Levers,
)
from steppe.engine.hazard_street import NAMES
from steppe.engine.plan import Plan, plan
from steppe.engine.price_script import price_levers
from steppe.engine.script import Script, place_memories
from steppe.engine.street_types import StreetParameters
from steppe.engine.timeline_events import scripted_events
from steppe.engine.version import engine_version
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.casualties import CasualtiesValues
from steppe.model.mechanisms.command import CommandValues
from steppe.model.mechanisms.deterrence import DeterrenceValues
from steppe.model.mechanisms.first_move import FirstMoveParameters, FirstMoveValues
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.legitimacy import LegitimacyValues
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.loyalty_units import units_of
from steppe.model.mechanisms.news import kernel
from steppe.model.mechanisms.news_parameters import NewsParameters, NewsValues
from steppe.model.mechanisms.outrage import OutrageValues
from steppe.model.mechanisms.population import PopulationParameters
from steppe.model.mechanisms.risk_parameters import RiskValues
from steppe.model.mechanisms.timeline import TimelineValues
from steppe.population.bins import (
    Bins,
    Census,
    bins_of,
    census,
    deprivation_of,
)
from steppe.results.trajectory import Event

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

VALUES = {
    "timeline": TimelineValues,
    "news": NewsValues,
    "legitimacy": LegitimacyValues,
    "outrage": OutrageValues,
    "deterrence": DeterrenceValues,
    "risk": RiskValues,
    "command": CommandValues,
    "first_move": FirstMoveValues,
    "casualties": CasualtiesValues,
}
"""Role -> the tuple type in which compiled code takes its parameters."""

OWN = ("prices", "parameters")
"""Fields of a scenario that may differ from those of one whose script it shares but for prices."""


@dataclass(frozen=True, slots=True)
class CohortModel:
    """What all histories of one scenario share.

    ``text`` and ``hash`` are the scenario's canonical form; ``events`` those of its timeline;
    ``harm`` is the mean outrage of triggers, (hours, regions).
    """

    scenario: Scenario
    plan: Plan
    clock: Clock
    script: Mapping[str, Floats]
    binding: Binding
    census: Census
    bins: Bins
    levers: Levers
    settled: Settled
    rules: CohortRules
    country: CohortCountry
    events: tuple[Event, ...]
    harm: Floats
    text: str
    hash: str
    version: str


def cohort_model(scenario: Scenario, like: CohortModel | None = None) -> CohortModel:
    """Return ``scenario`` made ready for cohorts.

    What follows neither from parameters nor from the size of the shock of prices is taken from
    ``like``, which differs in those alone (see ``has_script_of``).

    Raises ``SteppeError`` naming what cohorts cannot do, and as ``plan``.
    """
    steps = plan(scenario)
    refuse(scenario, steps)
    clock = scenario.clock.clock()
    script = Script(scenario, steps)
    columns = script.columns() if like is None else _columns_like(scenario, like)
    grievance = cast(GrievanceParameters, steps.parameters("grievance"))
    where = _census(scenario, steps)
    exposed = np.array([r.exposed_share for r in scenario.regions])
    bins = bins_of(exposed, grievance)
    text = canonical_of_variant(scenario, _with_prices_of(scenario, like))
    settled = _settled(scenario, steps, where, columns, like)
    return CohortModel(
        scenario=scenario,
        plan=steps,
        clock=clock,
        script=columns,
        binding=_binding(steps),
        census=where,
        bins=bins,
        levers=levers_of(steps, columns, exposed, settled),
        settled=settled,
        rules=_rules(scenario, steps, grievance),
        country=_country(scenario, steps, where, like),
        events=tuple(sorted(scripted_events(script.events, clock), key=lambda e: e.hour)),
        harm=by_region(scenario, where, settled.triggers.harm),
        text=text,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        version=engine_version(scenario),
    )


def has_script_of(scenario: Scenario, other: Scenario) -> bool:
    """Tell whether two scenarios differ in nothing but parameters and the shock of prices."""
    return scenario.custom == other.custom and all(
        getattr(scenario, name) == getattr(other, name)
        for name in type(scenario).model_fields
        if name not in OWN
    )


def _with_prices_of(scenario: Scenario, like: CohortModel | None) -> Scenario:
    """Return what differs from ``scenario`` in parameters alone: that of ``like``, if it does."""
    if like is None or scenario.prices != like.scenario.prices:
        return scenario
    return like.scenario


def _columns_like(scenario: Scenario, like: CohortModel) -> Mapping[str, Floats]:
    if scenario.prices == like.scenario.prices:
        return like.script
    return {**like.script, **price_levers(scenario)}


def model_of_happened(model: CohortModel, happened: Mapping[str, int]) -> CohortModel:
    """Return ``model`` with a script in which conditional events have the hours they happen in."""
    rewritten = cohort_model(resolved(model.scenario, happened))
    return replace(rewritten, text=model.text, hash=model.hash, version=model.version)


def _settled(
    scenario: Scenario,
    steps: Plan,
    where: Census,
    columns: Mapping[str, Floats],
    like: CohortModel | None,
) -> Settled:
    if like is None:
        cuts = cuts_of(scenario, where, columns["script_internet_cut"])
    elif _same_parameters(steps, like.plan, "trigger"):
        return like.settled
    else:
        cuts = like.settled.cuts
    return settled_by(columns, cuts, triggers_of(scenario, steps, where, columns))


def _same_parameters(steps: Plan, others: Plan, role: str) -> bool:
    """Tell whether two plans of the same rules give that of ``role`` the same values."""
    pairs = zip(steps.steps, others.steps, strict=True)
    return all(a.parameters == b.parameters for a, b in pairs if a.mechanism.role == role)


def _census(scenario: Scenario, steps: Plan) -> Census:
    population = cast(PopulationParameters, steps.parameters_even_off(scenario, "population"))
    available = cast(AvailabilityParameters, steps.parameters("participation"))
    return census(
        scenario.regions,
        scenario.places,
        scenario.country.gini,
        population.jobless_income,
        available.young_men_weight,
    )


def _binding(steps: Plan) -> Binding:
    """Return the rules of citizens by the names under which the loops call them."""
    rules = {step.mechanism.role: step.mechanism.rule for step in steps.citizen_rules}
    return tuple((name, rules.get(role, neutral)) for role, (name, neutral) in NAMES.items())


def _rules(scenario: Scenario, steps: Plan, g: GrievanceParameters) -> CohortRules:
    by_citizen = [steps.values_even_off(scenario, role) for role in NAMES]
    first = cast(FirstMoveParameters, steps.parameters_even_off(scenario, "first_move"))
    loyalty = cast(LoyaltyParameters, steps.parameters_even_off(scenario, "loyalty"))
    values = {role: _values(scenario, steps, role) for role in VALUES}
    return CohortRules(
        on=roles_on(steps),
        **values,
        by_citizen=StreetParameters(*(*by_citizen, first.group)),
        price_sensitivity=g.price_sensitivity,
        deprivation_sensitivity=g.deprivation_sensitivity,
        coordination_loss=loyalty.coordination_loss,
    )


def _values(scenario: Scenario, steps: Plan, role: str) -> Any:
    kind, p = VALUES[role], steps.parameters_even_off(scenario, role)
    return kind(*(float(getattr(p, name)) for name in kind._fields))


def _country(
    scenario: Scenario, steps: Plan, where: Census, like: CohortModel | None
) -> CohortCountry:
    """Return the country as every seed has it; a seed adds the pool and the commanders."""
    news = cast(NewsParameters, steps.parameters_even_off(scenario, "news"))
    g = cast(GrievanceParameters, steps.parameters("grievance"))
    lat = np.array([r.lat for r in scenario.regions])
    lon = np.array([r.lon for r in scenario.regions])
    nobody = np.zeros(len(where.people))
    people = where.people.astype(np.float64)
    if like is not None and _same_parameters(steps, like.plan, "loyalty"):
        memories, units = like.country.place[MEMORY], like.country.place[UNITS]
    else:
        memories, units = place_memories(scenario), _units(scenario, steps)
    return CohortCountry(
        region_of=where.region,
        address=where.address,
        place=np.stack([people, memories, units, nobody, nobody]),
        region_population=np.array([float(r.population) for r in scenario.regions]),
        deprivation=deprivation_of(where, g.deprivation_sensitivity),
        rank=np.asarray((where.mass * where.rank).sum(axis=1)),
        kernel=np.array(kernel(lat.tobytes(), lon.tobytes(), news.inside, news.reach)),
        persons=float(scenario.country.citizens),
        start=scenario.clock.clock().hour_of_day(0),
    )


def _units(scenario: Scenario, steps: Plan) -> Floats:
    """Return the officers on duty in the units of each place."""
    p = cast(LoyaltyParameters, steps.parameters_even_off(scenario, "loyalty"))
    index = {place.id: i for i, place in enumerate(scenario.places)}
    officers = np.zeros(len(index))
    for force in scenario.forces:
        number, size = units_of(p, force.officers)
        officers[index[force.place]] += number * size
    return officers
