"""A scenario for any crisis, from what was known on its first day and one draw of its trigger."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from types import MappingProxyType

from steppe.case.check import cross_problems
from steppe.case.scenario import Alliance, Request, Scenario
from steppe.case.society import Good
from steppe.case.source_location import SourceMark
from steppe.case.tables import Force, NamedShare, PriceStep, Region
from steppe.core.errors import CaseError
from steppe.countries.facts import Facts, facts
from steppe.countries.institutions import (
    UNEMPLOYED_PCT,
    ages,
    buildings,
    coalition,
    elite,
    forces,
    group_shares,
    groups,
)
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.research.crises.places import COUNTRY, places_of
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import Shock
from steppe.research.intervention import rule
from steppe.research.intervention.requests import open_requests

QUIET_DAYS = 4
"""Days before the trigger, in which a country has to be quiet."""

DAYS = 30
"""Days of a crisis that every run covers, however long the crisis was."""

HOURS = 24 * (QUIET_DAYS + DAYS)
"""Hours of every run: those of the quiet days and of the crisis."""

GOOD = "good"

MOST_UNITS = 250
"""Units of the security forces at most: a large country has larger units [cost]."""

REQUEST = Request(milcost=0.0)
"""The request as it looks before: middling in all but the opponent, who is a crowd."""

CLIENTS: Mapping[str, str] = MappingProxyType({"DDR": "GDR", "COD": "ZAR"})
"""Codes of countries under which requests of theirs are filed too."""


def build(crisis: PriorFacts, shock: Shock, hours: int = HOURS) -> Scenario:
    """Return the scenario of a crisis in which every actor decides for himself.

    Nothing that happened after the first day enters; ``shock`` is what the trigger did. Raises
    ``CaseError`` for a country that no table has.
    """
    numbers = facts(crisis.iso3, crisis.start, crisis.citizens)
    places, capital = places_of(numbers, crisis.citizens)
    trigger = datetime.combine(crisis.start, time())
    start = trigger - timedelta(days=QUIET_DAYS)
    services = tuple(forces(places, capital, numbers.soldiers))
    name = re.sub("[^a-z0-9]+", "-", crisis.case_id.lower()).strip("-")[:64] or "crisis"
    scenario = Scenario.model_validate({
        "format": 2,
        "id": name,
        "title": f"{crisis.country}, {crisis.start:%Y}",
        "summary": crisis.trigger,
        "clock": {"start": start, "hours": hours},
        "country": {"name": crisis.country, "iso3": crisis.iso3, "citizens": crisis.citizens,
                    "gini": numbers.gini, "capital": capital},
        "groups": groups(),
        "goods": (Good(id=GOOD, name=crisis.trigger_class.replace("_", " "), unit="old prices"),),
        "mode": "endogenous",
        "alliance": _alliance(numbers),
        "elite": elite(),
        "parameters": _parameters(crisis, numbers, services),
        "regions": (_region(crisis, numbers, shock),),
        "places": places,
        "price_steps": _prices(start, trigger, shock),
        "forces": services,
        "buildings": tuple(buildings(places, capital)),
    }, strict=True)  # fmt: skip
    if wrong := [problem.message for problem in cross_problems(scenario)]:
        raise CaseError(SourceMark(crisis.case_id).fault("", message) for message in wrong)
    return scenario


def _alliance(numbers: Facts) -> Alliance:
    if not numbers.patron:
        return Alliance(rule="decline")
    return Alliance(name=numbers.patron, request=REQUEST)


def _parameters(
    crisis: PriorFacts, numbers: Facts, services: Sequence[Force]
) -> dict[str, dict[str, float]]:
    p = LoyaltyParameters()
    size = p.on_duty * sum(force.officers for force in services) / MOST_UNITS
    values = {
        "elite": {"coalition": coalition(numbers.lied)},
        "loyalty": {"unit_size": max(p.unit_size, size)},
    }
    return values | ({"alliance": _weights(crisis.iso3)} if numbers.patron else {})


@cache
def _weights(iso3: str) -> dict[str, float]:
    """Return the alliance's weights and delays estimated without any request of this country."""
    own = (iso3, CLIENTS.get(iso3, iso3))
    others = [r for r in open_requests() if r.case_id.split("_")[0] not in own]
    posterior = rule.estimate(others)
    weights = dict(zip(
        ("intercept", "threat", "stake", "cost", "constraint", "align"),
        (float(b) for b in posterior.mean), strict=True,
    ))  # fmt: skip
    delays = rule.grant_delays(others, posterior)
    assert delays is not None  # thirty grants and more
    assert delays.slope is not None
    return weights | {
        "delay_mean": delays.intercept, "delay_slope": delays.slope, "delay_spread": delays.spread,
    }  # fmt: skip


def _region(crisis: PriorFacts, numbers: Facts, shock: Shock) -> Region:
    young, adult, middle, old = ages(numbers.median_age)
    return Region.model_validate({
        "id": COUNTRY, "name": crisis.country, "iso": crisis.iso3, "kind": "region",
        "population": crisis.citizens, "urban_share": numbers.urban, "area_km2": 1.0,
        "lat": 0.0, "lon": 0.0, "centre": numbers.capital, "neighbours": (),
        "groups": group_shares(),
        "share_age_0_15": young, "share_age_16_45": adult, "share_age_46_retirement": middle,
        "share_age_older": old, "age_basis": "derived",
        "wage": numbers.income / 12.0, "wage_basis": "derived",
        "unemployment_pct": UNEMPLOYED_PCT, "unemployment_basis": "assumed",
        "gini": numbers.gini, "gini_basis": "measured",
        "exposure": (NamedShare(id=GOOD, share=shock.exposed),),
        "online_share": numbers.online, "online_basis": "measured", "source": "SOURCES.md",
    })  # fmt: skip


def _prices(start: datetime, trigger: datetime, shock: Shock) -> tuple[PriceStep, ...]:
    before = {"from": start - timedelta(days=1), "region": COUNTRY, "good": GOOD, "price": 1.0,
              "cause": "before", "basis": "derived", "source": "SOURCES.md"}  # fmt: skip
    after = {**before, "from": trigger, "price": shock.ratio, "cause": "market"}
    return tuple(PriceStep.model_validate(row) for row in (before, after))
