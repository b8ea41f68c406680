"""Regions and places of a country whose census nobody has at hand, estimated from settlements.

People of a country and their urban share are known. Urban people go to units by the people of their
settlements, rural ones by those of the small ones. Within a unit its named settlements share the
urban people, and one place holds its countryside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steppe.case.tables import Place
from steppe.countries.geometry import inner_point, neighbours
from steppe.countries.units import Settlement, Unit, centre_of
from steppe.population.cohorts import largest_remainders

MOST_PLACES = 160
"""Named places of a country; smaller settlements count with the larger ones of their unit."""

CITY = 100_000
SOURCE = "GeoNames (CC BY 4.0), scaled"


@dataclass(frozen=True, slots=True)
class Area:
    """A region with its estimate: id, people, urban share, the unit it is, its neighbours."""

    id: str
    unit: Unit
    people: int
    urban: float
    lat: float
    lon: float
    neighbours: tuple[str, ...]


def slug(text: str, used: set[str], longest: int = 48) -> str:
    """Return an id of ASCII letters for ``text`` that is not in ``used``, and put it there."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode()
    base = re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:longest].strip("-") or "unit"
    name, number = base, 2
    while name in used or name == "national":
        name, number = f"{base}-{number}", number + 1
    used.add(name)
    return name


def areas_of(units: Sequence[Unit], people: int, urban: float, used: set[str]) -> tuple[Area, ...]:
    """Return the regions of a country of so many people, each with at least one."""
    weights = np.array([float(unit.settlement_people) for unit in units]) + 1.0
    small = np.array([float(unit.small_people) for unit in units]) + 1.0
    in_towns = urban * weights / weights.sum()
    outside = (1.0 - urban) * small / small.sum()
    shares = np.maximum(in_towns + outside, 1e-6)
    numbers = 1 + largest_remainders(shares, people - len(units))
    ids = [slug(unit.name, used) for unit in units]
    touching = neighbours(dict(zip(ids, (unit.polygons for unit in units), strict=True)))
    areas = []
    for name, unit, number, town, share in zip(ids, units, numbers, in_towns, shares, strict=True):
        lon, lat = centre_of(unit)
        part = min(1.0, float(town / share)) if unit.settlements else 0.0
        areas.append(Area(name, unit, int(number), round(part, 4), lat, lon, touching[name]))
    return tuple(areas)


def places_of_areas(areas: Sequence[Area], used: set[str]) -> tuple[Place, ...]:
    """Return the places of all regions: their largest settlements, and the countryside of each."""
    largest = _largest(areas)
    places: list[Place] = []
    for area in areas:
        towns = [one for one in area.unit.settlements if (area.id, one) in largest]
        rural = area.people * (1.0 - area.urban) if towns else float(area.people)
        shares = [float(max(one.people, 1)) for one in towns]
        scale = area.people * area.urban / sum(shares) if towns else 0.0
        weights = np.array([*(share * scale for share in shares), rural])
        numbers = largest_remainders(weights, area.people)
        places += [
            _place(slug(one.name, used), one.name, area.id, one, int(number))
            for one, number in zip(towns, numbers, strict=False)
            if number > 0
        ]
        if numbers[-1] > 0:
            places.append(_countryside(area, int(numbers[-1]), used))
    return tuple(places)


def _largest(areas: Sequence[Area]) -> set[tuple[str, Settlement]]:
    """Return the settlements that become places: the largest, and one of each region."""
    every = [(area.id, one) for area in areas for one in area.unit.settlements]
    every.sort(key=lambda pair: (-pair[1].people, pair[1].name, pair[0]))
    return {
        *every[:MOST_PLACES],
        *((area.id, area.unit.settlements[0]) for area in areas if area.unit.settlements),
    }


def _place(name: str, title: str, region: str, one: Settlement, people: int) -> Place:
    return Place(
        id=name, name=title, kind="city" if people >= CITY else "town", region=region,
        lat=one.lat, lon=one.lon, population=people, basis="derived", source=SOURCE,
    )  # fmt: skip


def _countryside(area: Area, people: int, used: set[str]) -> Place:
    lon, lat = inner_point(area.unit.polygons)
    return Place(
        id=slug(f"{area.id}-countryside", used), name=f"Countryside of {area.unit.name}",
        kind="rural", region=area.id, lat=round(lat, 3), lon=round(lon, 3), population=people,
        basis="derived", source=SOURCE,
    )  # fmt: skip
