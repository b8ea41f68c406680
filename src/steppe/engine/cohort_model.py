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
from steppe.engine.cohort_scope import refuse, roles_on
from steppe.engine.cohort_triggers import Triggers, triggers_of
from steppe.engine.cohort_types import (
    CohortCountry,
    CohortRules,
    Levers,
)
from steppe.engine.hazard_street import NAMES
from steppe.engine.plan import Plan, plan
from steppe.engine.script import Script, place_memories
from steppe.engine.street_types import StreetParameters
from steppe.engine.timeline_events import scripted_events
from steppe.engine.version import engine_version
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.casualties import CasualtiesValues
from steppe.model.mechanisms.command import CommandValues
from steppe.model.mechanisms.deterrence import DeterrenceValues
from steppe.model.mechanisms.first_move import FirstMoveParameters, FirstMoveValues
from steppe.model.mechanisms.grievance import GrievanceParameters, loss_of, shared_loss
from steppe.model.mechanisms.legitimacy import LegitimacyValues, cut_begins
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.loyalty_units import units_of
from steppe.model.mechanisms.news import NewsParameters, NewsValues, kernel
from steppe.model.mechanisms.outrage import OutrageValues
from steppe.model.mechanisms.population import PopulationParameters
from steppe.model.mechanisms.risk import RiskValues
from steppe.model.mechanisms.round_up import RoundUpParameters, round_up
from steppe.model.mechanisms.timeline import TimelineValues, days_of_cut
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

SCRIPT = ("internet_cut", "phone_cut", "force_level", "curfew", "reinforcement", "operation")
"""Columns of the script in the order of the first rows of ``Levers.place``."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Internet cuts: ``days`` each has lasted (hours, places); then by region, means over people.

    ``struck`` is the share of people whose cut begins, ``share`` that of online reach cut.
    """

    days: Floats
    struck: Floats
    share: Floats
    mean_days: Floats


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
    rules: CohortRules
    country: CohortCountry
    events: tuple[Event, ...]
    cuts: Cuts
    harm: Floats
    text: str
    hash: str
    version: str


def cohort_model(scenario: Scenario, like: CohortModel | None = None) -> CohortModel:
    """Return ``scenario`` made ready for cohorts.

    What does not follow from parameters is taken from ``like``, which differs in those alone.

    Raises ``SteppeError`` naming what cohorts cannot do, and as ``plan``.
    """
    steps = plan(scenario)
    refuse(scenario, steps)
    clock = scenario.clock.clock()
    script = Script(scenario, steps)
    columns = script.columns() if like is None else like.script
    grievance = cast(GrievanceParameters, steps.parameters("grievance"))
    where = _census(scenario, steps)
    exposed = np.array([r.exposed_share for r in scenario.regions])
    bins = bins_of(exposed, grievance)
    cuts = _cuts(scenario, where, columns["script_internet_cut"]) if like is None else like.cuts
    text = canonical_of_variant(scenario, scenario if like is None else like.scenario)
    triggers = triggers_of(scenario, steps, where, columns)
    return CohortModel(
        scenario=scenario,
        plan=steps,
        clock=clock,
        script=columns,
        binding=_binding(steps),
        census=where,
        bins=bins,
        levers=_levers(steps, columns, cuts, exposed, triggers),
        rules=_rules(scenario, steps, grievance),
        country=_country(scenario, steps, where),
        events=tuple(sorted(scripted_events(script.events, clock), key=lambda e: e.hour)),
        cuts=cuts,
        harm=_by_region(scenario, where, triggers.harm),
        text=text,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        version=engine_version(scenario),
    )


def model_of_happened(model: CohortModel, happened: Mapping[str, int]) -> CohortModel:
    """Return ``model`` with a script in which conditional events have the hours they happen in."""
    rewritten = cohort_model(resolved(model.scenario, happened))
    return replace(rewritten, text=model.text, hash=model.hash, version=model.version)


def _cuts(scenario: Scenario, where: Census, cut: Floats) -> Cuts:
    """Return what internet cuts mean: for how long, how many regions' people, when they begin."""
    days = np.zeros_like(cut)
    for hour in np.flatnonzero(cut.any(axis=1)):
        days[hour] = days_of_cut(days[hour - 1] if hour > 0 else np.zeros(cut.shape[1]), cut[hour])
    begins = cut_begins(days, cut).astype(np.float64)
    struck, share, mean_days = (_by_region(scenario, where, x) for x in (begins, cut, days))
    return Cuts(days, struck, share, mean_days)


def _by_region(scenario: Scenario, where: Census, values: Floats) -> Floats:
    """Return means over each region's people of columns by hour and place."""
    people = np.array([float(r.population) for r in scenario.regions])
    means = np.zeros((len(values), len(people)))
    for hour in np.flatnonzero(values.any(axis=1)):
        weights = values[hour] * where.people
        means[hour] = np.bincount(where.region, weights=weights, minlength=len(people)) / people
    return means


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


def _levers(
    steps: Plan, columns: Mapping[str, Floats], cuts: Cuts, exposed: Floats, triggers: Triggers
) -> Levers:
    """Return everything settled before the first hour, by the rules that settle it."""
    g = cast(GrievanceParameters, steps.parameters("grievance"))
    ratio, concession = columns["script_price_ratio"], columns["script_concession"]
    loss = loss_of(
        g, ratio.ravel(), columns["script_basket_loss"].ravel(),
        np.tile(exposed, len(ratio)), concession.ravel(),
    ).reshape(ratio.shape)  # fmt: skip
    by_place = [columns[f"script_{name}"] for name in SCRIPT]
    fetched = np.zeros_like(cuts.days)
    if any(step.mechanism.role == "round_up" for step in steps.steps):
        p = cast(RoundUpParameters, steps.parameters("round_up"))
        emergency, force = (
            columns["script_emergency"].ravel(),
            columns["script_force_level"].ravel(),
        )
        fetch_hazard = round_up(p, place_emergency=emergency, place_force_level=force)
        fetched = fetch_hazard["place_round_up"].reshape(fetched.shape)
    return Levers(
        place=np.stack([*by_place, cuts.days, fetched, triggers.score, triggers.harm]),
        region=np.stack([loss, shared_loss(g, exposed, loss), cuts.struck, triggers.loss]),
        free_officers=np.ascontiguousarray(columns["script_freed_officers"][:, 0]),
    )


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


def _country(scenario: Scenario, steps: Plan, where: Census) -> CohortCountry:
    """Return the country as every seed has it; a seed adds the pool and the commanders."""
    news = cast(NewsParameters, steps.parameters_even_off(scenario, "news"))
    g = cast(GrievanceParameters, steps.parameters("grievance"))
    lat = np.array([r.lat for r in scenario.regions])
    lon = np.array([r.lon for r in scenario.regions])
    nobody = np.zeros(len(where.people))
    people, units = where.people.astype(np.float64), _units(scenario, steps)
    return CohortCountry(
        region_of=where.region,
        address=where.address,
        place=np.stack([people, place_memories(scenario), units, nobody, nobody]),
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
