"""Checking the boundaries of a case: GeoJSON with one polygon for each region, where it lies."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NoReturn

from steppe.case.geometry import KM_PER_DEGREE, Box, GeometryError, Ring, holds, polygons
from steppe.case.source_location import SourceMark, name_list, near
from steppe.case.tables import Region
from steppe.case.units import quote
from steppe.core.errors import CaseError, Fault

NEAR = 1.0
"""Degrees by which a region's own point may lie outside its polygon."""

_DEGREES = re.compile(r"CRS84|EPSG:{1,2}4326", re.IGNORECASE)
_OTHERS = {
    "Topology": "TopoJSON; export it as GeoJSON",
    "Feature": "a single feature; put it into a FeatureCollection",
}


def check_boundaries(text: str, file: str, regions: Sequence[Region]) -> None:
    """Raise ``CaseError`` unless ``text`` is GeoJSON with one polygon for each region, in place."""
    data = _parse(text, SourceMark(file, 1, 1))
    by_id = {region.id: region for region in regions}
    if faults := list(_faults(data, text, file, by_id)):
        raise CaseError(faults)
    marks = {
        feature["properties"]["id"]: (_rings(feature), mark)
        for feature, mark in zip(data["features"], _marks(text, file), strict=False)
    }
    if faults := list(_exchanged(marks, by_id)):
        raise CaseError(faults)


def _rings(feature: Mapping[str, Any]) -> list[list[Ring]]:
    shape = feature.get("geometry")
    given = shape if isinstance(shape, Mapping) else {}
    return polygons(given.get("type"), given.get("coordinates"))


def _exchanged(
    outlines: Mapping[str, tuple[list[list[Ring]], SourceMark]], regions: Mapping[str, Region]
) -> Iterator[Fault]:
    """Yield outlines that two regions share, and those of which each holds the other's point."""
    holders = {
        name: {other for other, at in regions.items() if holds(shapes, at.lon, at.lat)}
        for name, (shapes, _) in outlines.items()
    }
    for (one, (shapes, _)), (other, (others, mark)) in combinations(outlines.items(), 2):
        if shapes == others:
            yield mark.fault(f"features.{other}", f"the outline of region '{one}' once more")
        elif (one in holders[other] and other in holders[one]) and not (
            one in holders[one] or other in holders[other]
        ):
            wrong = f"the outlines of '{one}' and '{other}' are exchanged"
            allowed = "an outline around the region's own point"
            yield mark.fault(f"features.{other}", wrong, allowed)


def _faults(data: object, text: str, file: str, regions: Mapping[str, Region]) -> Iterator[Fault]:
    top = SourceMark(file, 1, 1)
    content: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    kind, features = content.get("type"), content.get("features")
    if not isinstance(features, list) or kind != "FeatureCollection":
        what = _OTHERS.get(str(kind), "not a FeatureCollection")
        yield top.fault("type", what, "GeoJSON: a FeatureCollection of polygons")
        return
    if (crs := json.dumps(content.get("crs"))) != "null" and not _DEGREES.search(crs):
        wrong = f"coordinates in another system: {quote(crs[:80])}"
        yield top.fault("crs", wrong, "longitude, latitude in degrees (EPSG:4326)")
        return
    earlier: set[str] = set()
    nameless = False
    for number, (feature, mark) in enumerate(zip(features, _marks(text, file), strict=False), 1):
        name, faults = _region_of(feature, number, mark, regions)
        yield from faults
        nameless |= name is None
        if name in earlier:
            yield mark.fault(f"features.{number}", f"a second feature for region '{name}'")
        elif name is not None:
            earlier.add(name)
            yield from _shape_faults(feature, f"features.{name}", mark, regions[name])
    missing = [name for name in regions if name not in earlier]
    if missing and not nameless:
        yield top.fault("features", f"no feature for region {name_list(missing)}")


def _region_of(
    feature: object, number: int, mark: SourceMark, regions: Mapping[str, Region]
) -> tuple[str | None, list[Fault]]:
    """Return the region that a feature names, or what is wrong with its name."""
    key = f"features.{number}"
    names = sorted(regions)
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(feature, Mapping) or not isinstance(properties, Mapping):
        return None, [mark.fault(key, "no feature with properties", "properties.id, a region")]
    name = properties.get("id")
    if isinstance(name, str) and name in regions:
        return name, []
    if "id" not in properties:
        has = f"it has {name_list(map(str, properties))}" if properties else "it has none"
        beside = "; the id beside them is not read" if "id" in feature else ""
        wrong = f"properties have no id, {has}{beside}"
    elif not isinstance(name, str):
        wrong = f"properties.id: expected text, got {quote(json.dumps(name)[:80])}"
    else:
        wrong = f"no region is called {quote(name)}"
    return None, [mark.fault(key, wrong, name_list(names, 20), near(str(name), names))]


def _shape_faults(
    feature: Mapping[str, Any], key: str, mark: SourceMark, region: Region
) -> Iterator[Fault]:
    try:
        boxes = [Box.around(rings[0]) for rings in _rings(feature)]
    except GeometryError as error:
        yield mark.fault(key, error.message, error.allowed)
        return
    away = min(box.distance(region.lon, region.lat) for box in boxes)
    if away > NEAR:
        swapped = min(box.distance(region.lat, region.lon) for box in boxes) <= NEAR
        why = ": longitude and latitude are swapped" if swapped else ""
        wrong = (
            f"the polygon lies about {away * KM_PER_DEGREE:,.0f} km from the region's point "
            f"(lat {region.lat:g}, lon {region.lon:g}){why}"
        )
        yield mark.fault(key, wrong, "[longitude, latitude] in degrees, around that point")


def _marks(text: str, file: str) -> Iterator[SourceMark]:
    """Yield where each feature begins; the head of the file for those that cannot be found."""
    decoder = json.JSONDecoder()
    begin = re.search(r'"features"\s*:\s*\[', text)
    at = begin.end() if begin else len(text)
    line, line_start, counted = 1, 0, 0
    while True:
        skipped = re.compile(r"[\s,]*").match(text, at)
        at = skipped.end() if skipped else at
        line += text.count("\n", counted, at)
        line_start = text.rfind("\n", 0, at) + 1
        counted = at
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        yield SourceMark(file, line, counted - line_start + 1)
    while True:
        yield SourceMark(file, 1, 1)


def _parse(text: str, top: SourceMark) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise CaseError([top.fault("", f"{constant} is not a number of JSON")])

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            twice = next(key for key, times in Counter(k for k, _ in pairs).items() if times > 1)
            raise CaseError([top.fault(quote(twice)[1:-1], "the key is given twice")])
        return content

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        mark = SourceMark(top.file, error.lineno, error.colno)
        raise CaseError([mark.fault("", f"not valid JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):
        raise CaseError([top.fault("", "nested too deep, or a number too long")]) from None
