"""What is wrong with the coordinates of a polygon, and how far it lies from a point.

GeoJSON (RFC 7946): a position is longitude, latitude in degrees (and a height that nothing reads);
a ring is four positions or more, of which the last is the first; a polygon is an outer ring and
holes; what crosses the antimeridian is cut there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Position = tuple[float, float]
Ring = Sequence[Position]

_DEPTHS = {"Polygon": 3, "MultiPolygon": 4}

SMALLEST = 0.001
"""Degrees; a shape that is nowhere larger is a point on every map (about 0.1 km)."""

KM_PER_DEGREE = 111.2


class GeometryError(ValueError):
    """Coordinates that are no polygons; ``allowed`` says what would be right."""

    def __init__(self, message: str, allowed: str = "") -> None:
        super().__init__(message)
        self.message, self.allowed = message, allowed


@dataclass(frozen=True, slots=True)
class Box:
    """The least and greatest longitude and latitude of a shape."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, ring: Ring) -> Box:
        """Return the box around the positions of a ring."""
        lons, lats = [p[0] for p in ring], [p[1] for p in ring]
        return cls(min(lons), min(lats), max(lons), max(lats))

    def distance(self, lon: float, lat: float) -> float:
        """Return the degrees from a point to the box, 0 inside it."""
        east_west = max(self.west - lon, 0.0, lon - self.east)
        north_south = max(self.south - lat, 0.0, lat - self.north)
        return math.hypot(east_west, north_south)


def polygons(kind: object, coordinates: object) -> list[list[Ring]]:
    """Return the rings of each polygon of a Polygon or MultiPolygon, or raise ``GeometryError``."""
    if kind not in ("Polygon", "MultiPolygon"):
        what = "no geometry" if kind is None else f"a geometry of type {str(kind)[:40]}"
        raise GeometryError(f"has {what}", "a Polygon or a MultiPolygon")
    parts = [coordinates] if kind == "Polygon" else coordinates
    other = "MultiPolygon" if kind == "Polygon" else "Polygon"
    if _depth(coordinates) == _DEPTHS[other]:
        raise GeometryError(f"coordinates of a {kind} are nested as in a {other}", other)
    shapes = [_polygon(part) for part in _items(parts, "polygons", f"coordinates of a {kind}")]
    for rings in shapes:
        _check_holes(rings)
    boxes = [Box.around(rings[0]) for rings in shapes]
    if all(max(box.east - box.west, box.north - box.south) < SMALLEST for box in boxes):
        wrong = f"is smaller than {SMALLEST:g} degrees, a point on the map"
        raise GeometryError(wrong, "the outline of the region")
    return shapes


def holds(shapes: Sequence[Sequence[Ring]], lon: float, lat: float) -> bool:
    """Return whether a point lies inside of polygons: an odd number of edges lies east of it."""
    edges = (edge for rings in shapes for ring in rings for edge in _edges(ring))
    crossings = (
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) > lon
        for a, b in edges
        if (a[1] > lat) != (b[1] > lat)
    )
    return sum(crossings) % 2 == 1


def _check_holes(rings: Sequence[Ring]) -> None:
    outer, holes = rings[0], rings[1:]
    if not holes:
        return
    box = Box.around(outer)
    for hole in map(Box.around, holes):
        if (
            hole.west > box.east
            or hole.east < box.west
            or hole.south > box.north
            or (hole.north < box.south)
        ):
            wrong = "the second ring of a polygon is a hole, and lies outside of the first"
            raise GeometryError(wrong, "a MultiPolygon for parts that lie apart")
    if sum(abs(_area(hole)) for hole in holes) >= abs(_area(outer)):
        raise GeometryError("holes leave nothing of a polygon", "one outer ring, smaller holes")


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2.0


def _depth(value: object) -> int:
    """Return how deep the first number lies in lists, at most one deeper than any may."""
    depth = 0
    while isinstance(value, list) and value and depth <= max(_DEPTHS.values()):
        value, depth = value[0], depth + 1
    return depth


def _items(value: object, names: str, where: str) -> list[object]:
    if not isinstance(value, list) or not value:
        got = "an empty list" if value == [] else _words(value)
        raise GeometryError(f"{where}: expected {names}, got {got}", "numbers nested as in GeoJSON")
    return value


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    return f"{str(value)[:20]!r}" if isinstance(value, str) else f"{str(value)[:20]}"


def _polygon(value: object) -> list[Ring]:
    return [_ring(ring) for ring in _items(value, "rings", "a polygon")]


def _ring(value: object) -> Ring:
    ring = [_position(point) for point in _items(value, "positions", "a ring")]
    if len(ring) < 4:
        raise GeometryError(f"a ring has {len(ring)} positions", "four or more, the last the first")
    if ring[0] != ring[-1]:
        first, last = (f"[{p[0]:g}, {p[1]:g}]" for p in (ring[0], ring[-1]))
        raise GeometryError(f"a ring begins at {first} and ends at {last}", "the same position")
    if any(abs(b[0] - a[0]) > 180.0 for a, b in _edges(ring)):
        wrong = "a ring crosses the antimeridian, so that it would be drawn around the globe"
        raise GeometryError(wrong, "a MultiPolygon cut at longitude 180")
    if len(set(ring)) < 3 or _area(ring) == 0.0:
        raise GeometryError("a ring encloses no area", "an outline that does not cross itself")
    return ring


def _edges(ring: Ring) -> Iterator[tuple[Position, Position]]:
    return pairwise(ring)


def _position(value: object) -> Position:
    """Return longitude and latitude; a height behind them is left aside."""
    numbers = value if isinstance(value, list) else []
    if not 2 <= len(numbers) <= 4 or not all(_is_number(number) for number in numbers):
        raise GeometryError(f"{_words(value)} is no position", "[longitude, latitude] in degrees")
    lon, lat = float(numbers[0]), float(numbers[1])
    if abs(lon) <= 180.0 and abs(lat) <= 90.0:
        return lon, lat
    where = f"[{lon:g}, {lat:g}]"
    if abs(lon) <= 360.0 and abs(lat) <= 90.0:
        cut = "-180 to 180; what crosses the antimeridian is cut there"
        raise GeometryError(f"longitude {lon:g} is out of range", cut)
    if abs(lon) <= 90.0 and abs(lat) <= 180.0:
        raise GeometryError(f"{where}: the axes are swapped", "[longitude, latitude] in degrees")
    wrong = f"{where} is not in degrees" + (", but in metres" if _metres(lon, lat) else "")
    raise GeometryError(wrong, "longitude, latitude in degrees (EPSG:4326)")


def _metres(lon: float, lat: float) -> bool:
    return max(abs(lon), abs(lat)) > 1000.0 and max(abs(lon), abs(lat)) < 4e7


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
