"""What is shown over time: each quantity from one trajectory, by country and by region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.results.trajectory import ACTIVE_STATES, Trajectory

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunArrays:
    """How places make up regions: ``index`` (place,) of region, ``weights`` (region,) sum to 1."""

    regions: tuple[str, ...]
    index: NDArray[np.int64]
    weights: Floats

    def by_region(self, values: NDArray[np.generic]) -> Floats:
        """Sum (hour, place) to float64 (hour, region)."""
        out = np.zeros((values.shape[0], len(self.regions)))
        for region in range(len(self.regions)):
            out[:, region] = values[:, self.index == region].sum(axis=1, dtype=np.float64)
        return out

    def mean(self, values: NDArray[np.generic]) -> Floats:
        """Return the mean over residents of (hour, region) values, float64 (hour,)."""
        mean: Floats = values.astype(np.float64) @ self.weights
        return mean


def run_arrays(scenario: Scenario, trajectory: Trajectory) -> RunArrays:
    """Return how the trajectory's places make up its regions.

    Raises ``ValueError`` for a place or region the scenario does not know.
    """
    regions = trajectory.coords["region"]
    people = {region.id: region.population for region in scenario.regions}
    home = {place.id: place.region for place in scenario.places}
    places = trajectory.coords["place"]
    unknown = [p for p in places if p not in home] + [r for r in regions if r not in people]
    if unknown:
        raise ValueError(f"not in the scenario: {unknown[0]!r}")
    position = {region: i for i, region in enumerate(regions)}
    index = np.array([position[home[place]] for place in places], dtype=np.int64)
    weights = np.array([people[region] for region in regions], dtype=np.float64)
    return RunArrays(regions, index, weights / weights.sum())


Pair = tuple[Floats, Floats | None]
"""A quantity over time: national (hour,), and (hour, region) where it exists by region."""


def _persons(*names: str, cumulative: bool = False) -> Callable[[Trajectory, RunArrays], Pair]:
    def measure(run: Trajectory, land: RunArrays) -> Pair:
        total = sum((run[name].astype(np.int64) for name in names), start=np.int64(0))
        regional = land.by_region(np.asarray(total))
        if cumulative:
            regional = regional.cumsum(axis=0)
        return regional.sum(axis=1), regional

    return measure


def _mean(name: str, *, complement: bool = False) -> Callable[[Trajectory, RunArrays], Pair]:
    def measure(run: Trajectory, land: RunArrays) -> Pair:
        regional = run[name].astype(np.float64)
        if complement:
            regional = 1.0 - regional
        return land.mean(regional), regional

    return measure


def _nation(name: str) -> Callable[[Trajectory, RunArrays], Pair]:
    def measure(run: Trajectory, land: RunArrays) -> Pair:
        return run[name].astype(np.float64), None

    return measure


def _killed(run: Trajectory, land: RunArrays) -> Pair:
    """Nationally with the officers, whom the observed figures include; by region citizens only."""
    citizens = land.by_region(run["dead"])
    return citizens.sum(axis=1) + run["officers_killed"].astype(np.float64), citizens


def _share(parts: Sequence[Floats]) -> Floats:
    """Return the share of the first part in all parts; NaN where there are none."""
    total = np.sum(parts, axis=0)
    out: Floats = np.full_like(total, np.nan)
    np.divide(parts[0], total, out=out, where=total > 0)
    return out


OFFICERS = ("officers_obeying", "officers_shirking", "officers_defected")
UNITS = ("units_obeying", "units_shirking", "units_defected")


def _officers(run: Trajectory, land: RunArrays) -> Pair:
    parts = [run[name].astype(np.float64) for name in OFFICERS]
    return _share([part.sum(axis=1) for part in parts]), _share(parts)


def _units(run: Trajectory, land: RunArrays) -> Pair:
    officers = _officers(run, land)[1]
    return _share([run[name].astype(np.float64) for name in UNITS]), officers


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity over time as charts and maps show it: its needs, measure and
    precision.

    ``observed`` names the measures of ``observed.csv`` that can be set beside it.
    """

    key: str
    title: str
    unit: str
    step: float
    needs: tuple[str, ...]
    measure: Callable[[Trajectory, RunArrays], Pair]
    meaning: str = ""
    regional_title: str = ""
    observed: tuple[str, ...] = ()

    def available(self, run: Trajectory) -> bool:
        """Return whether the run recorded what this quantity needs."""
        return all(name in run.series for name in self.needs)


CURVES = (
    Curve("active", "On the street", "people", 1.0, ACTIVE_STATES, _persons(*ACTIVE_STATES),
             "people protesting, fighting or looting at the end of each hour",
             observed=("protest_size",)),
    Curve("killed", "Killed so far", "people", 1.0, ("dead", "officers_killed"), _killed,
             "citizens and officers killed since the start",
             regional_title="Citizens killed so far",
             observed=("cumulative_killed",)),
    Curve("arrested", "Arrested so far", "people", 1.0, ("arrests",),
             _persons("arrests", cumulative=True), "arrests since the start",
             observed=("cumulative_detained",)),
    Curve("connectivity", "Connectivity", "share", 0.001, ("internet_cut",),
             _mean("internet_cut", complement=True),
             "share of usual internet access that is left, by residents",
             observed=("internet_connectivity_share", "internet_connectivity_share_hourly")),
    Curve("troops", "Foreign troops", "people", 1.0, ("foreign_troops",),
             _nation("foreign_troops"), "troops of the alliance in the country",
             observed=("foreign_troops_present",)),
    Curve("obeying", "Security units obeying", "share", 0.001, (*UNITS, *OFFICERS), _units,
             "units that carry out orders, of all units",
             regional_title="Officers obeying"),
    Curve("legitimacy", "Legitimacy", "share", 0.001, ("legitimacy",), _mean("legitimacy"),
             "belief that the regime has a right to rule, 0 to 1, mean over residents"),
)  # fmt: skip
"""What fan charts show, in the order of the report."""

LAYERS = (
    Curve("active", "On the street", "people", 1.0, ACTIVE_STATES, _persons(*ACTIVE_STATES)),
    Curve("violent", "Violent and looting", "people", 1.0, ("violent", "looting"),
             _persons("violent", "looting")),
    Curve("connectivity", "Connectivity", "share", 0.001, ("internet_cut",),
             _mean("internet_cut", complement=True)),
    Curve("obeying", "Officers obeying", "share", 0.001, OFFICERS, _officers),
    Curve("grievance", "Grievance", "share", 0.001, ("grievance",), _mean("grievance")),
    Curve("killed", "Citizens killed", "people", 1.0, ("dead",), _persons("dead")),
    Curve("arrested", "Arrested so far", "people", 1.0, ("arrests",),
             _persons("arrests", cumulative=True)),
    Curve("force", "Force level", "level", 0.01, ("force_level",), _mean("force_level")),
)  # fmt: skip
"""What the map and the region card show hour by hour, as medians over seeds."""


def curves_by_key() -> dict[str, Curve]:
    """Return what fan charts show, by key."""
    return {curve.key: curve for curve in CURVES}
