"""Before anything is run: can runs of a scenario begin, and what of the case is never used.

Whatever can end a run before its first hour ends it here, with file and line, and so before the
other seeds are simulated for nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import cast

import numpy as np

from steppe.case.load import located
from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem, Where, name_list
from steppe.core.errors import CaseError, Fault
from steppe.core.geodesy import distances
from steppe.engine.cohort_scope import refuse
from steppe.engine.plan import Plan, plan
from steppe.engine.script import Script
from steppe.evidence.targets import resolve
from steppe.evidence.unused import unit_problems, unused_figures
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.geography import availability, geography
from steppe.population.pool import society_of
from steppe.results.trajectory import EngineName
from steppe.study.lever_doubts import counterfactual_doubts, lever_doubts, trigger_doubts

FAR_KM = 100.0
"""A place may lie so far from its region's point, and three sides of a square of its area more."""


def check_runs(scenario: Scenario, scale: float = 1.0, engine: EngineName = "citizens") -> None:
    """Raise ``CaseError`` for what would end every run of ``scenario`` before its first hour.

    ``scale`` is that of the runs, in agents per citizen. Raises ``SteppeError`` for what their
    ``engine`` cannot do.
    """
    if faults := located(scenario, _problems(scenario, scale)):
        raise CaseError(faults)
    if engine == "cohorts":
        refuse(scenario, plan(scenario))


def doubts(scenario: Scenario) -> list[Fault]:
    """Return what is allowed and probably not meant, and figures that are never compared."""
    return located(scenario, _doubts(scenario))


def figures_not_drawn(scenario: Scenario) -> list[Fault]:
    """Return the observed figures and targets that no run is ever held against."""
    return located(scenario, unused_figures(scenario))


def _problems(scenario: Scenario, scale: float) -> Iterator[Problem]:
    yield from unit_problems(scenario)
    resolve(scenario)
    try:
        hour_plan = plan(scenario)
    except ValueError as error:
        yield Problem(("mechanisms",), str(error))
        return
    try:
        _society(scenario, hour_plan)
    except ValueError:
        yield _unequal(scenario)
    try:
        _people(scenario, hour_plan, scale)
    except ValueError as error:
        at = f" at scale {scale:g}" if scale < 1.0 else ""
        young = [region.share_age_16_45 for region in scenario.regions]
        where: Where = ("regions", young.index(max(young)), "share_age_16_45")
        if "young_men_weight" in scenario.parameters.get("participation", {}):
            where = ("parameters", "participation", "young_men_weight")
        yield Problem(where, f"{error}{at}")
    Script(scenario, hour_plan)


def _people(scenario: Scenario, hour_plan: Plan, scale: float) -> None:
    of = hour_plan.parameters_even_off
    where = geography(scenario, cast(PopulationParameters, of(scenario, "population")), scale)
    p = cast(AvailabilityParameters, of(scenario, "participation"))
    availability(where.cohorts, p.young_men_weight)


def _society(scenario: Scenario, hour_plan: Plan) -> None:
    of = hour_plan.parameters_even_off
    people = cast(PopulationParameters, of(scenario, "population"))
    grievance = cast(GrievanceParameters, of(scenario, "grievance"))
    society_of(scenario.regions, scenario.country.gini, people, grievance)


def _unequal(scenario: Scenario) -> Problem:
    """Return the problem of wages that differ more between regions than the country's incomes."""
    index, low = min(enumerate(scenario.regions), key=lambda one: one[1].wage)
    high = max(scenario.regions, key=lambda one: one.wage)
    wrong = (
        f"the wages of the regions alone are more unequal than the national Gini of "
        f"{scenario.country.gini:g}: {low.wage:g} in '{low.id}', {high.wage:g} in '{high.id}'"
    )
    allowed = "wages in one unit, with a point for decimals alone; or a higher country.gini"
    return Problem(("regions", index, "wage"), wrong, allowed)


def _whereabouts(scenario: Scenario) -> Iterator[Problem]:
    """Yield places far from the point of their region, and forces larger than its people."""
    regions = {region.id: region for region in scenario.regions}
    for index, place in enumerate(scenario.places):
        region = regions[place.region]
        ends = np.array([(place.lat, region.lat), (place.lon, region.lon)])
        away, reach = distances(*ends)[0, 1], FAR_KM + 3.0 * math.sqrt(region.area_km2)
        if away > reach:
            wrong = f"about {away:,.0f} km from the point of '{region.id}' (lat {region.lat:g}, "
            wrong += f"lon {region.lon:g}), a region of {region.area_km2:,.0f} km2"
            yield Problem(("places", index, "lat"), wrong)
    for index, force in enumerate(scenario.forces):
        people = regions[force.region].population
        if force.officers > people:
            wrong = f"{force.officers:,} officers among the {people:,} people of '{force.region}'"
            yield Problem(("forces", index, "officers"), wrong)


def _doubts(scenario: Scenario) -> Iterator[Problem]:
    yield from unused_figures(scenario)
    yield from trigger_doubts(scenario)
    yield from lever_doubts(scenario)
    yield from counterfactual_doubts(scenario)
    if scenario.evidence.visible_protest > scenario.country.citizens:
        wrong = f"{scenario.evidence.visible_protest:g} people are more than the country has"
        yield Problem(("evidence", "visible_protest"), wrong)
    for index, figure in enumerate(scenario.observations):
        least = figure.value if figure.low is None else figure.low
        if figure.unit == "persons" and (least or 0.0) > scenario.country.citizens:
            wrong = f"{least:,.0f} people are more than the country has"
            yield Problem(("observations", index, "value"), wrong)
    yield from _whereabouts(scenario)
    low = [(i, r) for i, r in enumerate(scenario.regions) if 0.0 < r.unemployment_pct < 1.0]
    for index, region in low[:1]:
        rate = region.unemployment_pct
        wrong = f"{rate:g} is read as {rate:g} %, in {len(low)} of {len(scenario.regions)} regions"
        yield Problem(("regions", index, "unemployment_pct"), wrong, f"{100 * rate:g} for a share")
    for table in ("regions", "places"):
        names = Counter(row.name for row in getattr(scenario, table))
        for index, row in enumerate(getattr(scenario, table)):
            if names[row.name] > 1:
                wrong = f"{names[row.name]} {table} are called '{row.name}'"
                yield Problem((table, index, "name"), wrong)
                names[row.name] = 0
    names_of_places = {unicodedata.normalize("NFC", place.name) for place in scenario.places}
    unknown = [
        (index, region.centre)
        for index, region in enumerate(scenario.regions)
        if region.centre and unicodedata.normalize("NFC", region.centre) not in names_of_places
    ]
    if unknown:
        wrong = f"names that no place has: {name_list(name for _, name in unknown)}"
        yield Problem(("regions", unknown[0][0], "centre"), wrong)
