"""Maps: one quantity by region at an hour, on an equal-area cone, with its scale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.plot import style
from steppe.plot.style import Picture
from steppe.results.aggregation import measured_by_region
from steppe.results.trajectory import RunRecord, Trajectory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EARTH = 6371.0
"""Mean radius in km."""

PER_10_000 = "per 10,000 residents"
PEOPLE = ("people", "persons")
PROJECTION = "Albers equal-area projection"
UNCLEAR = "#ecebe6"
"""Regions whose difference cannot be told from nothing."""

WARM = ("#edebe6", "#dbb7c6", "#c38eab", "#a2618c", "#763b6a", "#421b43")
"""From nothing to most, as on the pages."""


@dataclass(frozen=True, slots=True)
class MapValues:
    """What a map shows: a value of each region, its unit, and what the quantity is called.

    ``most`` is the end of the scale, at least that of the values. With ``signed`` the scale
    diverges from zero; ``unclear`` regions are drawn neutral.
    """

    title: str
    unit: str
    by_region: Mapping[str, float]
    most: float = 0.0
    signed: bool = False
    unclear: frozenset[str] = field(default_factory=frozenset)

    @property
    def end(self) -> float:
        """The end of the scale."""
        finite = [abs(value) for value in self.by_region.values() if np.isfinite(value)]
        return max([self.most, *finite, 1e-9])


@dataclass(frozen=True, slots=True)
class RegionalRuns:
    """A quantity of several runs at an hour: ``values`` (run, region)."""

    title: str
    unit: str
    regions: tuple[str, ...]
    values: NDArray[np.float64]


def at_hour(case: Scenario, runs: Iterable[Trajectory], name: str, hour: int) -> RegionalRuns:
    """Return ``name`` by region at an hour; of people, per 10,000 residents.

    Raises ``ValueError`` for an hour outside the runs.
    """
    all_runs = list(runs)
    hours = all_runs[0].record.hours
    if not 0 <= hour < hours:
        raise ValueError(f"hour {hour}: the run has hours 0 to {hours - 1}")
    measure = measured_by_region(case, all_runs, name)
    regions = tuple(all_runs[0].coords["region"])
    values, unit = measure.values[:, hour], measure.unit
    if unit in PEOPLE:
        people = {region.id: region.population for region in case.regions}
        values = values / np.array([people[region] for region in regions]) * 10_000
        unit = PER_10_000
    return RegionalRuns(measure.title, unit, regions, values)


def case_of(record: RunRecord) -> Scenario:
    """Return the run's case with its boundaries; ``ValueError`` where it cannot be found."""
    try:
        return load(record.case)
    except CaseError:
        raise ValueError(
            f"the case {record.case!r} cannot be found from here: give map(..., scenario=...)"
        ) from None


def when(record: RunRecord, hour: int) -> str:
    """Return the moment of an hour of a run."""
    moment = datetime.fromisoformat(record.start) + timedelta(hours=hour)
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def draw_map(case: Scenario, values: MapValues, note: str) -> Picture:
    """Return a map of ``values``; without boundaries regions are circles."""
    with style.drawing(values.title, note, size=(6.6, 4.2)) as (picture, (axes,)):
        _draw(axes, case, values)
    return picture


def _project(points: NDArray[np.float64], lats: tuple[float, float]) -> NDArray[np.float64]:
    """Return (lon, lat) degrees as km on an equal-area cone (Snyder 1987, eq. 14-1 to 14-6)."""
    lon, lat = np.radians(points).T
    south, north = np.radians(lats)
    n = (np.sin(south) + np.sin(north)) / 2.0
    c = np.cos(south) ** 2 + 2.0 * n * np.sin(south)
    rho = np.sqrt(c - 2.0 * n * np.sin(lat)) / n
    return EARTH * np.stack([rho * np.sin(n * lon), -rho * np.cos(n * lon)], axis=1)


@dataclass(frozen=True, slots=True)
class _Cone:
    """Where a case lies: its middle meridian and the parallels of its cone."""

    middle: float
    parallels: tuple[float, float]

    @classmethod
    def of(cls, case: Scenario) -> _Cone:
        lats = [region.lat for region in case.regions]
        sixth = (max(lats) - min(lats)) / 6.0 or 1.0
        middle = _middle([region.lon for region in case.regions])
        return cls(middle, (min(lats) + sixth, max(lats) - sixth))

    def place(self, points: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        degrees = np.array([point[:2] for point in points], dtype=np.float64)
        degrees[:, 0] = _away(degrees[:, 0], self.middle)
        return _project(degrees, self.parallels)


def _away(lon: NDArray[np.float64], middle: float) -> NDArray[np.float64]:
    """Return degrees east of ``middle``, the shorter way round."""
    return np.asarray((lon - middle + 540.0) % 360.0 - 180.0)


def _middle(lons: Sequence[float]) -> float:
    """Return the middle of the shortest arc that holds all longitudes."""
    east = np.sort(np.array(lons, dtype=np.float64))
    gaps = np.append(np.diff(east), east[0] + 360.0 - east[-1])
    widest = int(gaps.argmax())
    west = east[(widest + 1) % len(east)]
    return float(west + (360.0 - gaps[widest]) / 2.0)


def _draw(axes: Axes, case: Scenario, values: MapValues) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    cone, rings, scale = _Cone.of(case), _rings(case), _scale(values)
    by_region = values.by_region
    colors = dict(zip(by_region, scale.to_rgba(np.array(list(by_region.values()))), strict=True))
    colors |= dict.fromkeys(values.unclear & by_region.keys(), UNCLEAR)
    edge = style.SOFT
    for region in (one for one in rings if one in by_region):
        shapes = [Path(cone.place(ring), closed=True) for ring in rings[region]]
        axes.add_patch(
            PathPatch(Path.make_compound_path(*shapes), edgecolor=edge, linewidth=0.6,
                      facecolor=colors[region])
        )  # fmt: skip
    rows = {region.id: region for region in case.regions}
    points = set(by_region) - set(rings) | {r.id for r in case.regions if r.kind == "city"}
    for region in sorted(points & set(by_region)):
        x, y = cone.place([(rows[region].lon, rows[region].lat)])[0]
        axes.plot(x, y, "o", ms=9, mec=edge, color=colors[region], clip_on=False)
        if region not in rings:
            axes.annotate(rows[region].name, (x, y), (7, -3), textcoords="offset points",
                          fontsize=7.2, color=style.INK)  # fmt: skip
    axes.set_aspect("equal")
    axes.margins(0.0 if rings else 0.12)
    axes.autoscale_view()
    axes.axis("off")
    bar = axes.figure.colorbar(scale, ax=axes, shrink=0.6, pad=0.02)
    bar.set_label(style.UNITS.get(values.unit, values.unit))
    bar.outline.set_visible(False)


def _scale(values: MapValues) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    if not values.signed:
        warm = LinearSegmentedColormap.from_list("warm", WARM)
        return ScalarMappable(Normalize(0.0, values.end), warm)
    hues = LinearSegmentedColormap.from_list("gap", [style.OCHRE, UNCLEAR, style.BLUE])
    return ScalarMappable(Normalize(-values.end, values.end), hues)


def _rings(case: Scenario) -> dict[str, list[Any]]:
    if not case.boundaries.strip():
        return {}
    out: dict[str, list[Any]] = {}
    for feature in json.loads(case.boundaries)["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        out[str(feature["properties"]["id"])] = [ring for part in parts for ring in part]
    return out
