"""Boundaries for the page: only rings and ids, wound the way spherical drawing needs them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from steppe.case.scenario import Scenario
from steppe.report.payload import RegionRow

DECIMALS = 3
"""Decimals of a degree that are kept: about 0.1 km, far below a pixel of the map."""

Ring = list[list[float]]


def _clockwise(ring: Ring) -> Ring:
    """Return the ring clockwise: on a sphere the other way round means all the rest of it."""
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    return ring if area < 0 else ring[::-1]


def _rounded(ring: Sequence[Sequence[float]]) -> Ring:
    out: Ring = []
    for lon, lat in ((float(p[0]), float(p[1])) for p in ring):
        point = [round(lon, DECIMALS), round(lat, DECIMALS)]
        if not out or out[-1] != point:
            out.append(point)
    return out


def _polygon(rings: Sequence[Sequence[Sequence[float]]]) -> list[Ring]:
    outer, *holes = (_rounded(ring) for ring in rings)
    return [_clockwise(outer), *(_clockwise(hole)[::-1] for hole in holes)]


def boundaries(scenario: Scenario) -> Mapping[str, Any]:
    """Return a FeatureCollection of the regions' boundaries; empty when the case has none."""
    features = []
    if scenario.boundaries.strip():
        for feature in json.loads(scenario.boundaries)["features"]:
            shape = feature["geometry"]
            polygons = shape["coordinates"]
            if shape["type"] == "Polygon":
                polygons = [polygons]
            geometry = {
                "type": "MultiPolygon",
                "coordinates": [_polygon(polygon) for polygon in polygons],
            }
            region = {"id": str(feature["properties"]["id"])}
            features.append({"type": "Feature", "properties": region, "geometry": geometry})
    features.sort(key=lambda f: str(f["properties"]))
    return {"type": "FeatureCollection", "features": features}


def region_rows(scenario: Scenario, order: Sequence[str]) -> tuple[RegionRow, ...]:
    """Return the regions in the trajectories' order."""
    regions_by_id = {region.id: region for region in scenario.regions}
    return tuple(
        RegionRow(r.id, r.name, r.kind, r.population, r.lat, r.lon)
        for r in (regions_by_id[label] for label in order)
    )
