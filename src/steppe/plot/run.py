"""Figures of one run: a quantity over time, a map at an hour."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import from_canonical
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.plot import style
from steppe.plot.style import Picture
from steppe.results.aggregation import measured
from steppe.results.figures import FigureChoice
from steppe.results.trajectory import RunRecord, Trajectory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EARTH = 6371.0
"""Mean radius in km."""


def scenario_of(record: RunRecord) -> Scenario:
    """Return the scenario that a run had, without its words and boundaries."""
    return from_canonical(record.scenario)


def _case_of(record: RunRecord) -> Scenario:
    """Return the run's case with its boundaries; ``ValueError`` where it cannot be found."""
    try:
        return load(record.case)
    except CaseError:
        raise ValueError(
            f"the case {record.case!r} cannot be found from here: give map(..., scenario=...)"
        ) from None


@dataclass(frozen=True, slots=True)
class RunPlot(FigureChoice):
    """Figures of a trajectory."""

    run: Trajectory

    def over_time(self, name: str = "active", where: str | None = None) -> Picture:
        """Draw a quantity hour by hour, for the country or the region ``where``."""
        record = self.run.record
        quantity = measured(scenario_of(record), [self.run], name, where)
        note = f"{record.case}, seed {record.seed}: one run, so no spread is known"
        with style.drawing(quantity.title, note) as (picture, (axes,)):
            x = style.days(axes, record.start, record.hours)
            axes.plot(x, quantity.values[0], color=style.BLUE, linewidth=1.6)
            style.values_axis(axes, where or "whole country", quantity.unit)
        return picture

    def map(self, hour: int, name: str = "active", scenario: Scenario | None = None) -> Picture:
        """Draw a quantity by region at an hour; of people, per 10,000 residents.

        ``scenario`` gives names and boundaries where the run's case cannot be found; without
        boundaries regions are circles. Raises ``ValueError`` for an hour outside the run.
        """
        record = self.run.record
        if not 0 <= hour < record.hours:
            raise ValueError(f"hour {hour}: the run has hours 0 to {record.hours - 1}")
        case = scenario or _case_of(record)
        regions = self.run.coords["region"]
        measures = [measured(case, [self.run], name, region) for region in regions]
        values = np.array([one.values[0, hour] for one in measures])
        unit = measures[0].unit
        if unit in ("people", "persons"):
            people = {region.id: region.population for region in case.regions}
            values = values / np.array([people[region] for region in regions]) * 10_000
            unit = "per 10,000 residents"
        when = datetime.fromisoformat(record.start) + timedelta(hours=hour)
        title = f"{measures[0].title}, {when.day} {when:%B %Y, %H:%M}"
        note = f"{record.case}, seed {record.seed}: one run; Albers equal-area projection"
        with style.drawing(title, note, size=(6.6, 4.2)) as (picture, (axes,)):
            _draw_map(axes, case, dict(zip(regions, values, strict=True)), unit)
        return picture


def _project(points: NDArray[np.float64], lats: tuple[float, float]) -> NDArray[np.float64]:
    """Return (lon, lat) degrees as km on an equal-area cone (Snyder 1987, eq. 14-1 to 14-6)."""
    lon, lat = np.radians(points).T
    south, north = np.radians(lats)
    n = (np.sin(south) + np.sin(north)) / 2.0
    c = np.cos(south) ** 2 + 2.0 * n * np.sin(south)
    rho = np.sqrt(c - 2.0 * n * np.sin(lat)) / n
    return EARTH * np.stack([rho * np.sin(n * lon), -rho * np.cos(n * lon)], axis=1)


def _draw_map(axes: Axes, case: Scenario, values: dict[str, float], unit: str) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rows = {region.id: region for region in case.regions}
    lons = [region.lon for region in rows.values()]
    lats = [region.lat for region in rows.values()]
    middle = (min(lons) + max(lons)) / 2.0
    sixth = (max(lats) - min(lats)) / 6.0 or 1.0
    cone = (min(lats) + sixth, max(lats) - sixth)

    def place(points: Any) -> NDArray[np.float64]:
        degrees = np.array([point[:2] for point in points], dtype=np.float64)
        return _project(degrees - (middle, 0.0), cone)

    finite = [value for value in values.values() if np.isfinite(value)]
    scale = ScalarMappable(Normalize(0.0, max([*finite, 1e-9])), colormaps["viridis_r"])
    colors = dict(zip(values, scale.to_rgba(np.array(list(values.values()))), strict=True))
    for region, rings in _rings(case).items():
        if region in values:
            shapes = [Path(place(ring), closed=True) for ring in rings]
            axes.add_patch(
                PathPatch(Path.make_compound_path(*shapes), edgecolor="white", linewidth=0.6,
                          facecolor=colors[region])
            )  # fmt: skip
    bare = set(values) - set(_rings(case)) | {r.id for r in rows.values() if r.kind == "city"}
    for region in sorted(bare & set(values)):
        x, y = place([(rows[region].lon, rows[region].lat)])[0]
        axes.plot(x, y, "o", markersize=9, markeredgecolor="white",
                  color=colors[region])  # fmt: skip
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.axis("off")
    bar = axes.figure.colorbar(scale, ax=axes, shrink=0.6, pad=0.02)
    bar.set_label(style.UNITS.get(unit, unit))
    bar.outline.set_visible(False)


def _rings(case: Scenario) -> dict[str, list[Any]]:
    if not case.boundaries.strip():
        return {}
    out: dict[str, list[Any]] = {}
    for feature in json.loads(case.boundaries)["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        out[str(feature["properties"]["id"])] = [ring for part in parts for ring in part]
    return out
