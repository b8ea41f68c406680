"""Areas on the globe as lists of polygons: reading GeoJSON and TopoJSON, measuring, comparing.

A polygon is a list of rings, the first its outline, the others its holes; a ring is a list of
(longitude, latitude) in degrees whose last point is its first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, radians, sin

from steppe.case.geometry import GeometryError
from steppe.case.geometry import polygons as polygons_of

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
EARTH_KM = 6371.0088
CELL = 0.02
"""Degrees within which two borders are taken for one."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One area: its polygons and what the file says of it."""

    polygons: tuple[Polygon, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


def features_of(document: Json) -> Iterator[tuple[int, Feature | GeometryError]]:
    """Yield the features of GeoJSON or TopoJSON with their numbers from 1, or what is wrong.

    Raises ``GeometryError`` for a document that is neither.
    """
    if not isinstance(document, Mapping):
        raise GeometryError("not an object of GeoJSON or TopoJSON")
    if document.get("type") == "Topology":
        items: Json = _topology(document)
    else:
        items = document.get("features")
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise GeometryError("neither a FeatureCollection nor a Topology", "GeoJSON or TopoJSON")
    for number, item in enumerate(items, start=1):
        try:
            yield number, _feature(item)
        except GeometryError as error:
            yield number, error


def _feature(item: Json) -> Feature:
    geometry = item.get("geometry") if isinstance(item, Mapping) else None
    properties = item.get("properties") if isinstance(item, Mapping) else None
    shape = geometry if isinstance(geometry, Mapping) else {}
    rings = polygons_of(shape.get("type"), shape.get("coordinates"))
    own = properties if isinstance(properties, Mapping) else {}
    simple = (str, int, float)
    words = {name: str(value) for name, value in own.items() if isinstance(value, simple)}
    return Feature(tuple(tuple(tuple(ring) for ring in polygon) for polygon in rings), words)


def _list(value: Json) -> Sequence[Json]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise GeometryError("arcs that are no list")
    return value


def _topology(document: Mapping[str, Json]) -> list[Json]:
    arcs = [_arc(arc, document.get("transform")) for arc in _list(document.get("arcs"))]
    objects = document.get("objects")
    items: list[Json] = []
    for top in objects.values() if isinstance(objects, Mapping) else ():
        inner = top.get("geometries", [top]) if isinstance(top, Mapping) else []
        for shape in _list(inner):
            if isinstance(shape, Mapping):
                items.append({
                    "properties": {"id": shape.get("id"), **_properties(shape)},
                    "geometry": {
                        "type": shape.get("type"), "coordinates": _joined(shape.get("arcs"), arcs),
                    },
                })  # fmt: skip
    return items


def _properties(shape: Mapping[str, Json]) -> Mapping[str, Json]:
    own = shape.get("properties")
    return own if isinstance(own, Mapping) else {}


def _arc(arc: Json, transform: Json) -> list[Point]:
    """Return the points of an arc; with a transform they are written as steps on a grid."""
    points: list[Point] = []
    x = y = 0.0
    for pair in _list(arc):
        step = [float(v) for v in _list(pair)[:2] if isinstance(v, int | float)]
        if len(step) != 2:
            raise GeometryError("an arc with a point that is not two numbers")
        x, y = (x + step[0], y + step[1]) if transform else (step[0], step[1])
        points.append((x, y))
    if isinstance(transform, Mapping):
        sx, sy = (float(v) for v in _list(transform.get("scale")) if isinstance(v, int | float))
        tx, ty = (float(v) for v in _list(transform.get("translate")) if isinstance(v, int | float))
        points = [(x * sx + tx, y * sy + ty) for x, y in points]
    return points


def _joined(refs: Json, arcs: Sequence[list[Point]]) -> Json:
    """Return nested lists of arc numbers as nested lists of rings; ~n is arc n backwards."""
    if not isinstance(refs, Sequence) or isinstance(refs, str):
        return None
    if not all(isinstance(ref, int) for ref in refs):
        return [_joined(ref, arcs) for ref in refs]
    ring: list[Json] = []
    for ref in refs:
        assert isinstance(ref, int)
        if not -len(arcs) <= ref < len(arcs):
            raise GeometryError(f"arc {ref} is not there")
        points = arcs[ref] if ref >= 0 else arcs[~ref][::-1]
        ring += [list(point) for point in points[1 if ring else 0 :]]
    return ring


def snapped(polygons: Sequence[Polygon], step: float) -> tuple[Polygon, ...]:
    """Return the polygons on a grid: shared borders stay shared, what is smaller disappears.

    Where nothing would be left, the largest outline stays as it is, so that no area is lost.
    """
    every = [tuple(_thin(ring, step) for ring in polygon) for polygon in polygons]
    visible = (polygon for polygon in every if _encloses(polygon[0], step))
    large = [tuple(ring for ring in polygon if _encloses(ring, step)) for polygon in visible]
    if large:
        return tuple(large)
    return (max(polygons, key=lambda one: _ring_km2(one[0]))[:1],)


def rounded(polygons: Sequence[Polygon], digits: int) -> tuple[Polygon, ...]:
    """Return the polygons on the grid of so many decimals of a degree."""
    grid = snapped(polygons, 10.0**-digits)
    return tuple(
        tuple(tuple((round(x, digits), round(y, digits)) for x, y in ring) for ring in polygon)
        for polygon in grid
    )


def _thin(ring: Ring, step: float) -> Ring:
    points: list[tuple[int, int]] = []
    for x, y in ring:
        point = (round(x / step), round(y / step))
        if len(points) >= 2 and point == points[-2]:  # a spike: there and back
            points.pop()
        elif not points or point != points[-1]:
            points.append(point)
    return tuple((i * step, j * step) for i, j in points)


def _encloses(ring: Ring, step: float) -> bool:
    """Return whether a ring on the grid encloses half a cell, the least that a triangle can."""
    double = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    return len(ring) >= 4 and ring[0] == ring[-1] and abs(double) > 0.9 * step**2


def area_km2(polygons: Iterable[Polygon]) -> float:
    """Return the area on the sphere; holes do not count."""
    return sum(
        max(0.0, _ring_km2(polygon[0]) - sum(map(_ring_km2, polygon[1:]))) for polygon in polygons
    )


def _ring_km2(ring: Ring) -> float:
    total = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        across = (x1 - x0 + 180.0) % 360.0 - 180.0  # a ring may cross the 180th meridian
        total += radians(across) * (2.0 + sin(radians(y0)) + sin(radians(y1)))
    return abs(total) * EARTH_KM**2 / 2.0


def contains(polygons: Iterable[Polygon], lon: float, lat: float) -> bool:
    """Return whether a point lies in one of the polygons."""
    return any(
        _in_ring(polygon[0], lon, lat) and not any(_in_ring(hole, lon, lat) for hole in polygon[1:])
        for polygon in polygons
    )


def _in_ring(ring: Ring, lon: float, lat: float) -> bool:
    inside = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > lat) != (y1 > lat) and lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def inner_point(polygons: Sequence[Polygon]) -> Point:
    """Return a point inside the largest polygon: its middle, or that of its widest cut there."""
    largest = max(polygons, key=lambda one: _ring_km2(one[0]))
    ring = largest[0]
    lon = sum(x for x, _ in ring[:-1]) / (len(ring) - 1)
    lat = sum(y for _, y in ring[:-1]) / (len(ring) - 1)
    if contains([largest], lon, lat):
        return lon, lat
    lat = (min(y for _, y in ring) + max(y for _, y in ring)) / 2.0 + 1e-7
    cuts = sorted(
        (x1 - x0) * (lat - y0) / (y1 - y0) + x0
        for line in largest
        for (x0, y0), (x1, y1) in pairwise(line)
        if (y0 > lat) != (y1 > lat)
    )
    west, east = max(zip(cuts[::2], cuts[1::2], strict=False), key=lambda pair: pair[1] - pair[0])
    return (west + east) / 2.0, lat


def distance_km(a: Point, b: Point) -> float:
    """Return the distance of two points that are near each other."""
    across = (a[0] - b[0] + 180.0) % 360.0 - 180.0
    east = radians(across) * cos(radians((a[1] + b[1]) / 2.0))
    return EARTH_KM * float((east**2 + radians(a[1] - b[1]) ** 2) ** 0.5)


def neighbours(areas: Mapping[str, Sequence[Polygon]]) -> dict[str, tuple[str, ...]]:
    """Return for each area those that share a border with it: two cells of the grid or more."""
    cells: dict[tuple[int, int], set[str]] = defaultdict(set)
    for name, polygons in areas.items():
        for polygon in polygons:
            for ring in polygon:
                for x, y in ring:
                    cells[round(x / CELL), round(y / CELL)].add(name)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for names in cells.values():
        for one in names:
            for other in names:
                if one < other:
                    shared[one, other] += 1
    touching: dict[str, set[str]] = {name: set() for name in areas}
    for (one, other), count in shared.items():
        if count >= 2:
            touching[one].add(other)
            touching[other].add(one)
    return {name: tuple(sorted(others)) for name, others in touching.items()}


def feature_collection(areas: Mapping[str, tuple[str, Sequence[Polygon]]]) -> Json:
    """Return GeoJSON with the properties ``id`` and ``name`` of each area."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": name, "name": title},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
            for name, (title, polygons) in areas.items()
        ],
    }
