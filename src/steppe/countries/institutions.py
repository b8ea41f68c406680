"""Institutions and people of any country where no table has them: declared once, for all.

The numbers are assumptions, each with what it follows; whoever knows a country replaces them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from steppe.case.scenario import Elite, Faction
from steppe.case.society import Group
from steppe.case.tables import Building, Force, NamedShare, Place

POLICE_PER_PERSON = 0.003
"""Police per citizen: about the median of states that report it to the UN [assumed for all]."""

GUARD_OF_SOLDIERS, ARMY_OF_SOLDIERS = 0.2, 0.07
"""Guard and usable army as shares of the armed forces: those of the reference case."""

GUARD_IN_CAPITAL = 0.5
"""Share of guard and army that is in the capital; the rest is in the other cities [assumed]."""

GROUPS = {"largest": ("The largest group", 0.7), "others": ("All others", 0.3)}
"""Id, name and share of the groups of any country [assumed]: no open table has them."""

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


def coalition(lied: float) -> float:
    """Return the size of the winning coalition over the selectorate, by the lexical index."""
    return COALITION[0] + COALITION[1] * min(lied, 6.0)


def group_shares() -> tuple[NamedShare, ...]:
    """Return the shares of the groups in a region."""
    return tuple(
        NamedShare(id=name, share=share, basis="assumed", source="SOURCES.md")
        for name, (_, share) in GROUPS.items()
    )


def groups() -> tuple[Group, ...]:
    """Return the groups, none of which listens apart."""
    return tuple(Group(id=name, name=words) for name, (words, _) in GROUPS.items())


def ages(median: float) -> tuple[float, ...]:
    """Return the shares of the four age bands in a population with this median age."""
    x = [age for age, _ in AGES]
    rows = np.array([shares for _, shares in AGES])
    by_age = [float(np.interp(median, x, rows[:, k])) for k in range(rows.shape[1])]
    return tuple(share / sum(by_age) for share in by_age)


def elite() -> Elite:
    """Return the ruling coalition, the same everywhere."""
    return Elite(factions=tuple(
        Faction(id=name, name=words, share=share, rent=share, challenger_rent=other)
        for name, words, share, other in FACTIONS
    ))  # fmt: skip


def forces(places: Sequence[Place], capital: str, soldiers: float) -> list[Force]:
    """Return police everywhere, and guard and army in the cities with half of them in the capital.

    Where no place is a city, the capital is.
    """
    cities = [place for place in places if place.kind == "city"]
    cities = cities or [place for place in places if place.id == capital]
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
            "type": kind, "region": place.region, "place": place.id,
            "officers": int(officers + 0.5),
            "basis": "derived", "source": "SOURCES.md",
        })
        for kind, place, officers in units
    ]  # fmt: skip


def buildings(places: Sequence[Place], capital: str) -> list[Building]:
    """Return a city hall in each city, and residence and broadcaster in the capital."""
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
