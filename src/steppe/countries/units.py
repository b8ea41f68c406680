"""First-level units of a country: outlines and settlements, packaged or from a user's file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Literal

from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError
from steppe.countries.codes import CountryCodes
from steppe.countries.geometry import (
    Feature,
    Point,
    Polygon,
    Ring,
    area_km2,
    contains,
    distance_km,
    inner_point,
)

ARCHIVE = "countries.zip"
Level = Literal["adm1", "adm0"]
"""Level of administration that the regions of a case have: its first-level units, or one region."""

LEVELS: tuple[Level, ...] = ("adm1", "adm0")
NEAR_KM = 50.0
SMALL = 20_000
"""People of a settlement that stands for the countryside around it."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement: its name, its place on the map, its people as GeoNames has them."""

    name: str
    lat: float
    lon: float
    people: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A first-level unit: name, code, outline, area, and its named settlements, largest first.

    ``settlement_people`` are those of all settlements, also of those not named, ``small_people``
    those of settlements below ``SMALL``.
    """

    name: str
    code: str
    polygons: tuple[Polygon, ...]
    area_km2: float
    settlements: tuple[Settlement, ...]
    settlement_people: int
    small_people: int


def country_codes() -> tuple[str, ...]:
    """Return the ISO codes of the countries whose units are packaged, sorted."""
    with as_file(files("steppe") / "data" / ARCHIVE) as path, zipfile.ZipFile(path) as archive:
        return tuple(sorted(name.removesuffix(".json") for name in archive.namelist()))


def packaged_units(iso3: str) -> tuple[Unit, ...]:
    """Return the units of a country; ``CaseError`` where none are packaged."""
    with as_file(files("steppe") / "data" / ARCHIVE) as path, zipfile.ZipFile(path) as archive:
        try:
            text = archive.read(f"{iso3}.json").decode()
        except KeyError:
            wrong = f"no outlines of {iso3} are packaged"
            allowed = "a file of your own, with --boundaries"
            raise CaseError([SourceMark("country").fault("", wrong, allowed)]) from None
    content = json.loads(text)
    step = float(content["step"])
    return tuple(
        Unit(
            name=unit["name"],
            code=unit["code"],
            polygons=tuple(
                tuple(_ring(ring, float(unit.get("step", step))) for ring in polygon)
                for polygon in unit["rings"]
            ),
            area_km2=float(unit["area_km2"]),
            settlements=tuple(
                Settlement(name, lat, lon, people) for name, lat, lon, people in unit["places"]
            ),
            settlement_people=int(unit["people"]),
            small_people=int(unit["small"]),
        )
        for unit in content["units"]
    )


def units_at(country: CountryCodes, level: Level) -> tuple[Unit, ...]:
    """Return the packaged units of a country at a level of administration.

    Raises ``CaseError`` where none are packaged.
    """
    units = packaged_units(country.iso3)
    return units if level == "adm1" else (_whole(country.name, units),)


def _whole(name: str, units: Sequence[Unit]) -> Unit:
    """Return the country as one unit, whose outline is that of all its parts."""
    every = sorted((one for unit in units for one in unit.settlements), key=_by_people)
    return Unit(
        name=name, code="",
        polygons=tuple(polygon for unit in units for polygon in unit.polygons),
        area_km2=sum(unit.area_km2 for unit in units),
        settlements=tuple(every),
        settlement_people=sum(unit.settlement_people for unit in units),
        small_people=sum(unit.small_people for unit in units),
    )  # fmt: skip


def _by_people(one: Settlement) -> tuple[int, str]:
    return -one.people, one.name


def _ring(steps: Sequence[int], step: float) -> Ring:
    points: list[Point] = []
    x = y = 0
    for east, north in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + east, y + north
        lon = min(180.0, max(-180.0, round(x * step, 5)))  # the grid may reach over the edge
        points.append((lon, round(y * step, 5)))
    return tuple(points)


def units_of(
    features: Iterable[Feature], key: str, settlements: Iterable[Settlement]
) -> tuple[Unit, ...]:
    """Return one unit for each value of property ``key``, with the settlements that lie in it.

    A settlement in no outline belongs to the nearest one.
    """
    outlines: dict[str, tuple[Polygon, ...]] = {}
    for feature in features:
        name = feature.properties.get(key, "").strip()
        if name:
            outlines[name] = (*outlines.get(name, ()), *feature.polygons)
    homes: dict[str, list[Settlement]] = {name: [] for name in outlines}
    for one in sorted(settlements, key=_by_people):
        homes[_home(outlines, one)].append(one)
    return tuple(
        Unit(name, "", polygons, area_km2(polygons), tuple(homes[name]),
             sum(one.people for one in homes[name]),
             sum(one.people for one in homes[name] if one.people < SMALL))
        for name, polygons in outlines.items()
    )  # fmt: skip


def _home(outlines: dict[str, tuple[Polygon, ...]], one: Settlement) -> str:
    for name, polygons in outlines.items():
        if contains(polygons, one.lon, one.lat):
            return name
    gaps = {name: _gap_km(polygons, (one.lon, one.lat)) for name, polygons in outlines.items()}
    return min(gaps, key=lambda name: (gaps[name], name))


def centre_of(unit: Unit) -> Point:
    """Return longitude and latitude of a unit's largest settlement, or of a point inside it.

    A settlement far outside does not count: a part of some units is not in their outline.
    """
    for one in unit.settlements[:1]:
        point = (one.lon, one.lat)
        if contains(unit.polygons, *point) or _gap_km(unit.polygons, point) < NEAR_KM:
            return point
    return inner_point(unit.polygons)


def _gap_km(polygons: Iterable[Polygon], point: Point) -> float:
    return min(distance_km(point, corner) for polygon in polygons for corner in polygon[0])
