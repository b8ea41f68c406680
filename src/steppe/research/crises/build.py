"""A scenario for any crisis, from what was known on its first day and one draw of its trigger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from steppe.case.check import cross_problems
from steppe.case.scenario import Alliance, Elite, Faction, Request, Scenario
from steppe.case.source_location import SourceMark
from steppe.case.tables import Building, Force, Place, PriceStep, Region
from steppe.core.errors import CaseError
from steppe.research.crises.facts import Facts, facts
from steppe.research.crises.places import COUNTRY, places_of
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import Shock
from steppe.research.intervention import rule
from steppe.research.intervention.requests import open_requests

HOURS = 720
"""Every run covers the first thirty days of a crisis, however long the crisis was."""

POLICE_PER_PERSON = 0.003
"""Police per citizen: about the median of states that report it to the UN [assumed for all]."""

GUARD_OF_SOLDIERS, ARMY_OF_SOLDIERS = 0.2, 0.07
"""Guard and usable army as shares of the armed forces: those of Kazakhstan in 2022."""

GUARD_IN_CAPITAL = 0.5
"""Share of guard and army that is in the capital; the rest is in the other cities [assumed]."""

GROUPS = (0.7, 0.0, 0.3)
"""Shares of the largest group, of one tied to the patron, and of all others [assumed].

They stand in the columns that the reference case uses for Kazakhs, Russians and others.
"""

AGES = ((16.0, (0.47, 0.42, 0.08, 0.03)), (30.0, (0.26, 0.45, 0.19, 0.10)),
        (42.0, (0.16, 0.37, 0.27, 0.20)))  # fmt: skip
"""Median age, and shares under 16, 16-45, to retirement, older: about those of the UN's tables."""

UNEMPLOYED_PCT = 8.0
FACTIONS = (
    ("incumbent", "The incumbent's bloc", 0.40, 0.0),
    ("security", "Security chiefs", 0.25, 0.2),
    ("business", "Business", 0.20, 0.1),
    ("regional", "Regional bosses", 0.15, 0.1),
)
"""Id, name, share of power and rent, rent under a challenger: the same everywhere [assumed]."""

COALITION = (0.02, 0.08)
"""Size of the winning coalition over the selectorate: at no elections, and per step of LIED."""

REQUEST = Request(milcost=0.0)
"""The request as it looks before: middling in all but the opponent, who is a crowd."""

CLIENTS: Mapping[str, str] = MappingProxyType({"DDR": "GDR", "COD": "ZAR"})
"""Codes of countries under which requests of theirs are filed too."""


def build(crisis: PriorFacts, shock: Shock, hours: int = HOURS) -> Scenario:
    """Return the scenario of a crisis in which every actor decides for himself.

    Nothing that happened after the first day enters; ``shock`` is what the trigger did. The loss
    of legitimacy is put in by ``draws.scenario_of``, for it starts from the drawn level. Raises
    ``CaseError`` for a country that no table has.
    """
    numbers = facts(crisis.iso3, crisis.start, crisis.citizens)
    places, capital = places_of(numbers, crisis.citizens)
    start = datetime.combine(crisis.start, time())
    name = re.sub("[^a-z0-9]+", "-", crisis.case_id.lower()).strip("-")[:64] or "crisis"
    scenario = Scenario.model_validate({
        "format": 1,
        "id": name,
        "title": f"{crisis.country}, {crisis.start:%Y}",
        "summary": crisis.trigger,
        "clock": {"start": start, "hours": hours},
        "country": {"name": crisis.country, "iso3": crisis.iso3, "citizens": crisis.citizens,
                    "gini": numbers.gini, "capital": capital},
        "prices": {"good": crisis.trigger_class.replace("_", " "), "unit": "USD_per_piece"},
        "mode": "endogenous",
        "alliance": _alliance(numbers),
        "elite": _elite(),
        "parameters": _parameters(crisis, numbers),
        "regions": (_region(crisis, numbers, shock),),
        "places": places,
        "price_steps": _prices(start, shock),
        "forces": tuple(_forces(places, capital, numbers.soldiers)),
        "buildings": tuple(_buildings(places, capital)),
    }, strict=True)  # fmt: skip
    if wrong := [problem.message for problem in cross_problems(scenario)]:
        raise CaseError(SourceMark(crisis.case_id).fault("", message) for message in wrong)
    return scenario


def _alliance(numbers: Facts) -> Alliance:
    if not numbers.patron:
        return Alliance(rule="decline")
    return Alliance(name=numbers.patron, request=REQUEST)


def _elite() -> Elite:
    return Elite(factions=tuple(
        Faction(id=name, name=words, share=share, rent=share, challenger_rent=other)
        for name, words, share, other in FACTIONS
    ))  # fmt: skip


def _parameters(crisis: PriorFacts, numbers: Facts) -> dict[str, dict[str, float]]:
    values = {"elite": {"coalition": COALITION[0] + COALITION[1] * min(numbers.lied, 6.0)}}
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


def ages(median: float) -> tuple[float, ...]:
    """Return the shares of the four age bands in a population with this median age."""
    x = [age for age, _ in AGES]
    rows = np.array([shares for _, shares in AGES])
    by_age = [float(np.interp(median, x, rows[:, k])) for k in range(rows.shape[1])]
    return tuple(share / sum(by_age) for share in by_age)


def _region(crisis: PriorFacts, numbers: Facts, shock: Shock) -> Region:
    young, adult, middle, old = ages(numbers.median_age)
    return Region.model_validate({
        "id": COUNTRY, "name": crisis.country, "iso": crisis.iso3, "kind": "region",
        "population": crisis.citizens, "urban_share": numbers.urban, "area_km2": 1.0,
        "lat": 0.0, "lon": 0.0, "centre": numbers.capital, "neighbours": (),
        "share_kazakh": GROUPS[0], "share_russian": GROUPS[1], "share_other": GROUPS[2],
        "ethnic_basis": "assumed",
        "share_age_0_15": young, "share_age_16_45": adult, "share_age_46_retirement": middle,
        "share_age_older": old, "age_basis": "derived",
        "wage": numbers.income / 12.0, "wage_basis": "derived",
        "unemployment_pct": UNEMPLOYED_PCT, "unemployment_basis": "assumed",
        "gini": numbers.gini, "gini_basis": "measured",
        "lpg_share": shock.exposed, "lpg_basis": "assumed",
        "online_share": numbers.online, "online_basis": "measured", "source": "SOURCES.md",
    })  # fmt: skip


def _prices(start: datetime, shock: Shock) -> tuple[PriceStep, ...]:
    before = {"from": start - timedelta(days=1), "region": COUNTRY, "price": 1.0,
              "cause": "before", "basis": "derived", "source": "SOURCES.md"}  # fmt: skip
    after = {**before, "from": start, "price": shock.ratio, "cause": "market"}
    rows = [before, after] if shock.ratio != 1.0 else [before]
    return tuple(PriceStep.model_validate(row) for row in rows)


def _forces(places: tuple[Place, ...], capital: str, soldiers: float) -> list[Force]:
    cities = [place for place in places if place.kind == "city"]
    people = sum(place.population for place in cities)
    units: list[tuple[str, Place, float]] = [
        ("police", place, POLICE_PER_PERSON * place.population) for place in places
    ]
    for kind, share in (("guard", GUARD_OF_SOLDIERS), ("army", ARMY_OF_SOLDIERS)):
        for place in cities:
            part = (1.0 - GUARD_IN_CAPITAL) * place.population / people
            part += GUARD_IN_CAPITAL if place.id == capital else 0.0
            units.append((kind, place, part * share * soldiers))
    return [
        Force.model_validate({
            "id": f"{kind}-{place.id}", "name": f"{kind.capitalize()}, {place.name}",
            "type": kind, "region": COUNTRY, "place": place.id, "officers": int(officers + 0.5),
            "basis": "derived", "source": "SOURCES.md",
        })
        for kind, place, officers in units
    ]  # fmt: skip


def _buildings(places: tuple[Place, ...], capital: str) -> list[Building]:
    rows: list[dict[str, Any]] = [
        {"id": f"hall-{place.id}", "name": f"City hall, {place.name}", "kind": "city-hall",
         "place": place.id, "weight": 1.0}
        for place in places if place.kind == "city"
    ]  # fmt: skip
    rows += [
        {"id": f"{kind}-{capital}", "name": kind.capitalize(), "kind": kind, "place": capital,
         "weight": 2.0}
        for kind in ("residence", "broadcaster")
    ]  # fmt: skip
    return [Building.model_validate({**row, "source": "SOURCES.md"}) for row in rows]
