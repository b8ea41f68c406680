"""Checking the boundaries of a case: GeoJSON with one feature for each region."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from steppe.case.source_location import SourceMark, name_list, near
from steppe.case.units import quote
from steppe.core.errors import CaseError


def check_boundaries(text: str, file: str, regions: Iterable[str]) -> None:
    """Raise ``CaseError`` unless ``text`` is GeoJSON with exactly one feature for each region."""
    top = SourceMark(file, 1, 1)
    data = _parse(text, top)
    features = data.get("features") if isinstance(data, Mapping) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        raise CaseError([top.fault("", "not a FeatureCollection", "GeoJSON of polygons")])
    names = set(regions)
    earlier: set[str] = set()
    for feature in features:
        name = _region_of(feature, top)
        if name not in names:
            wrong = f"no region is called {quote(name)}"
            raise CaseError(
                [top.fault("id", wrong, name_list(sorted(names), 20), near(name, names))]
            )
        if name in earlier:
            raise CaseError([top.fault("id", f"two features for region '{name}'")])
        earlier.add(name)
    if missing := sorted(names - earlier):
        raise CaseError([top.fault("id", f"no feature for region '{missing[0]}'")])


def _region_of(feature: object, top: SourceMark) -> str:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    name = properties.get("id") if isinstance(properties, Mapping) else None
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if not isinstance(name, str) or kind not in ("Polygon", "MultiPolygon"):
        wrong = "a feature without region id or polygon"
        raise CaseError([top.fault("features", wrong, "properties.id and a (Multi)Polygon")])
    return name


def _parse(text: str, top: SourceMark) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise CaseError([top.fault("", f"{constant} is not a number of JSON")])

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        mark = SourceMark(top.file, error.lineno, error.colno)
        raise CaseError([mark.fault("", f"not valid JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):
        raise CaseError([top.fault("", "nested too deep, or a number too long")]) from None
