"""Places of any country: its largest cities, and around them its towns and its countryside."""

from __future__ import annotations

import numpy as np

from steppe.case.tables import Place
from steppe.countries.facts import City, Facts
from steppe.population.cohorts import largest_remainders

MOST_CITIES = 24
"""Cities that are places of their own; smaller ones count as towns."""

CENTERS = 8
"""Largest cities around which towns and countryside are gathered."""

CITIES_OF_URBAN = 0.8
"""Cities hold at most this share of the urban population, whatever tables of today say."""

LONE_CITY = 0.3
"""Share of the urban population in the capital where no city has 100,000 people [assumed]."""

SOURCE = "GeoNames (CC BY 4.0)"
COUNTRY = "country"
"""The one region of a country built from tables."""


def places_of(facts: Facts, citizens: int) -> tuple[tuple[Place, ...], str]:
    """Return the places of a country with ``citizens`` people, and the id of its capital.

    City sizes are those of today scaled to the country's people then; towns and countryside
    share the rest by ``facts.urban``, in equal parts around the largest cities.
    """
    cities = _select_cities(facts)
    urban = facts.urban * citizens
    total = sum(city.people for city in facts.cities)
    growth = citizens / facts.people_now if facts.people_now else 1.0
    if total:
        growth = min(growth, CITIES_OF_URBAN * urban / total)
    sizes = [city.people * growth for city in cities] if total else [LONE_CITY * urban]
    centers = cities[:CENTERS]
    towns = (urban - sum(sizes)) / len(centers)
    country = (citizens - urban) / len(centers)
    shares = np.array([*sizes, *[towns] * len(centers), *[country] * len(centers)])
    people = largest_remainders(np.maximum(shares, 1.0), citizens)
    rows = [
        *((f"city-{i + 1:02d}", "city", city) for i, city in enumerate(cities)),
        *((f"towns-{i + 1:02d}", "town", city) for i, city in enumerate(centers)),
        *((f"rural-{i + 1:02d}", "rural", city) for i, city in enumerate(centers)),
    ]
    return (
        tuple(
            _place(name, kind, city, int(n))
            for (name, kind, city), n in zip(rows, people, strict=True)
        ),
        next(
            (f"city-{i + 1:02d}" for i, city in enumerate(cities) if city.name == facts.capital),
            "city-01",
        ),
    )


def _select_cities(facts: Facts) -> tuple[City, ...]:
    """Return the largest cities, the capital among them wherever it is in the table."""
    if not facts.cities:
        return (City(facts.capital or "Capital", 0.0, 0.0, 0),)
    largest = facts.cities[:MOST_CITIES]
    capital = [city for city in facts.cities if city.name == facts.capital][:1]
    return largest if not capital or capital[0] in largest else (*largest[:-1], capital[0])


def _place(name: str, kind: str, city: City, people: int) -> Place:
    words = {"city": "", "town": "Towns around ", "rural": "Countryside around "}
    return Place.model_validate({
        "id": name, "name": words[kind] + city.name, "kind": kind, "region": COUNTRY,
        "lat": city.lat, "lon": city.lon, "population": people, "basis": "derived",
        "source": SOURCE,
    })  # fmt: skip
