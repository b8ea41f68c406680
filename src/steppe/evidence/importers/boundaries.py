"""Boundaries of a case's regions from a file: GeoJSON, TopoJSON, GeoPackage or Shapefile.

GeoJSON and TopoJSON are read here; whatever else GDAL knows is read by geopandas, which also brings
other projections to degrees (``pip install 'steppe[import]'``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from steppe.case.geometry import GeometryError
from steppe.core.errors import CaseError, Fault, nearest
from steppe.countries.geometry import (
    Feature,
    Json,
    Polygon,
    feature_collection,
    features_of,
    rounded,
)
from steppe.evidence.importers.cells import LEFT_OUT, plain

MAX_BYTES = 256 * 2**20
LARGEST = 1_500_000
"""Bytes that the boundaries of a case may have; above it they are put on a coarser grid."""

NAMES = (
    "name", "shapename", "adm1_en", "adm1_name", "name_1", "name_en", "adm1_fr", "adm1_es",
    "admin1",
)  # fmt: skip
"""Usual names of the property that names a first-level unit."""

GRIDS = (4, 3, 2)
"""Decimals of a degree, the finest first."""


@dataclass(frozen=True, slots=True)
class NumberedFeature:
    """A feature and its number in the file, counted from 1."""

    number: int
    feature: Feature


@dataclass(frozen=True, slots=True)
class MatchedBoundaries:
    """Polygons by region, names that no region is known by, and the property they stand in."""

    areas: Mapping[str, tuple[Polygon, ...]]
    unknown: Mapping[str, int]
    key: str


def read_features(path: Path) -> list[NumberedFeature]:
    """Return the areas in ``path``; ``CaseError`` with the number of each feature that is wrong."""
    if not path.exists():
        raise CaseError([Fault(str(path), 0, 0, "", "is not there")])
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        wrong = f"has {path.stat().st_size:,} bytes"
        raise CaseError([Fault(str(path), 0, 0, "", wrong, f"at most {MAX_BYTES:,}")])
    with_crs = False
    try:
        document = _json(path)
        with_crs = isinstance(document, Mapping) and _other_projection(document)
    except (UnicodeDecodeError, IsADirectoryError):
        with_crs = True
        document = None
    if with_crs:
        document = _by_geopandas(path)
    return list(_checked(path, document))


def _json(path: Path) -> Json:
    with path.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith(b"{"):
        raise UnicodeDecodeError("json", head, 0, 1, "not JSON")
    try:
        document: Json = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        fault = Fault(str(path), error.lineno, error.colno, "", f"not valid JSON: {error.msg}")
        raise CaseError([fault]) from None
    except RecursionError:
        raise CaseError([Fault(str(path), 0, 0, "", "nested too deep")]) from None
    return document


def _other_projection(document: Mapping[str, Json]) -> bool:
    crs = json.dumps(document.get("crs"))
    return document.get("crs") is not None and not any(n in crs for n in ("CRS84", "4326"))


def _by_geopandas(path: Path) -> Json:
    try:
        import geopandas
    except ImportError:
        wrong = "is read by geopandas, which is not installed"
        allowed = "pip install 'steppe[import]', or GeoJSON or TopoJSON in degrees"
        raise CaseError([Fault(str(path), 0, 0, "", wrong, allowed)]) from None
    try:
        frame = geopandas.read_file(path)
        if frame.crs is None:
            wrong = "does not say its projection (a shapefile needs its .prj)"
            raise CaseError([Fault(str(path), 0, 0, "", wrong)])
        document: Json = json.loads(frame.to_crs(4326).to_json(drop_id=True))
    except CaseError:
        raise
    except Exception as error:  # GDAL and PROJ raise many kinds
        wrong = f"cannot be read: {str(error)[:200]}"
        allowed = "GeoJSON, TopoJSON, GeoPackage, Shapefile (.shp beside .shx, .dbf, .prj, or .zip)"
        raise CaseError([Fault(str(path), 0, 0, "", wrong, allowed)]) from None
    return document


def _checked(path: Path, document: Json) -> Iterator[NumberedFeature]:
    faults: list[Fault] = []
    try:
        for number, item in features_of(document):
            if isinstance(item, GeometryError):
                faults.append(_fault(path, f"feature {number}", item))
            elif not faults:
                yield NumberedFeature(number, item)
    except GeometryError as error:
        faults = [_fault(path, "", error)]
    if faults:
        raise CaseError(faults)


def _fault(path: Path, key: str, error: GeometryError) -> Fault:
    return Fault(str(path), 0, 0, key, error.message, error.allowed)


def match_features(
    path: Path, features: list[NumberedFeature], regions: Mapping[str, str], key: str = ""
) -> MatchedBoundaries:
    """Return the polygons of each region that ``regions`` knows by a name in property ``key``.

    Without a key the property is taken whose values name the most regions. Features of the same
    region are put together. Raises ``CaseError`` for a key that is no property.
    """
    properties = list(dict.fromkeys(name for one in features for name in one.feature.properties))
    if key and key not in properties:
        wrong = f"no feature has the property '{key}'"
        allowed = ", ".join(properties[:20])
        raise CaseError([Fault(str(path), 0, 0, "", wrong, allowed, nearest(key, properties))])
    hits = Counter({
        name: len({regions.get(plain(one.feature.properties.get(name, ""))) for one in features})
        for name in properties
    })  # fmt: skip
    column = key or (hits.most_common(1)[0][0] if hits else "")
    areas: dict[str, list[Polygon]] = {}
    unknown: Counter[str] = Counter()
    for one in features:
        name = one.feature.properties.get(column, "")
        region = regions.get(plain(name), "")
        if not region:
            unknown[name] += 1
        elif region != LEFT_OUT:
            areas.setdefault(region, []).extend(one.feature.polygons)
    return MatchedBoundaries({r: tuple(p) for r, p in areas.items()}, dict(unknown), column)


def name_property(path: Path, features: list[Feature], key: str) -> str:
    """Return the property that names each of ``features``: ``key``, or a common name of such.

    Raises ``CaseError`` where it is not one of theirs, or not in all.
    """
    properties = list(dict.fromkeys(name for one in features for name in one.properties))
    usual = [name for name in properties if plain(name) in NAMES]
    column = key or (usual[0] if usual else "")
    lacking = [n for n, one in enumerate(features, 1) if not one.properties.get(column, "").strip()]
    if lacking:
        wrong = (
            f"feature {lacking[0]} has no property '{column}'"
            if column
            else "no property has a usual name; say which with --key"
        )
        allowed, near = ", ".join(properties[:20]), nearest(column, properties)
        raise CaseError([Fault(str(path), 0, 0, "--key", wrong, allowed, near)])
    return column


def boundaries_text(
    areas: Mapping[str, tuple[Polygon, ...]], names: Mapping[str, str]
) -> tuple[str, int]:
    """Return GeoJSON of ``areas`` and the decimals of its grid, the finest that is small enough."""
    for digits in GRIDS:
        grid = {
            region: (names[region], rounded(polygons, digits))
            for region, polygons in sorted(areas.items())
        }
        text = json.dumps(feature_collection(grid), ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) <= LARGEST:
            break
    return text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n", digits
