"""From the trajectories of all seeds to fans, map layers and crowds: quantiles over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from steppe.case.scenario import Scenario
from steppe.report.payload import LEVELS, MAX_CURVES, CityCrowd, Fan, Floats, Layer, ObservedPoint
from steppe.results.curves import CURVES, LAYERS, Curve, RunArrays
from steppe.results.trajectory import Trajectory

MAX_CITIES = 20


def quantiles(values: Floats, levels: Sequence[float] = LEVELS) -> Floats:
    """Return quantiles over axis 0, linear between order statistics, as float64 (level, ...)."""
    return np.quantile(values, levels, axis=0, method="linear")


def _stack(
    quantity: Curve, runs: Sequence[Trajectory], land: RunArrays
) -> tuple[Floats, Floats | None]:
    """Return the quantity of all runs: (seed, hour) and (seed, region, hour) or None."""
    pairs = [quantity.measure(run, land) for run in runs]
    national = np.stack([pair[0] for pair in pairs])
    regional = [pair[1].T for pair in pairs if pair[1] is not None]
    return national, np.stack(regional) if regional else None


def fans(
    runs: Sequence[Trajectory],
    land: RunArrays,
    observed: Mapping[str, Mapping[str, tuple[ObservedPoint, ...]]],
) -> tuple[Fan, ...]:
    """Return the fans of every quantity that all runs recorded."""
    return tuple(
        _fan(quantity, runs, land, observed.get(quantity.key, {}))
        for quantity in CURVES
        if all(quantity.available(run) for run in runs)
    )


def _fan(
    quantity: Curve,
    runs: Sequence[Trajectory],
    land: RunArrays,
    observed: Mapping[str, tuple[ObservedPoint, ...]],
) -> Fan:
    national, regional = _stack(quantity, runs, land)
    curves = None
    if regional is not None and quantity.key == "active":
        curves = regional[:MAX_CURVES]
    return Fan(
        key=quantity.key,
        title=quantity.title,
        unit=quantity.unit,
        step=quantity.step,
        meaning=quantity.meaning,
        quantiles=quantiles(national),
        curves=national[:MAX_CURVES],
        regional_title=quantity.regional_title or quantity.title,
        regional=None if regional is None else quantiles(regional).transpose(1, 0, 2),
        regional_curves=curves,
        observed=observed,
    )


def layers(runs: Sequence[Trajectory], land: RunArrays) -> tuple[Layer, ...]:
    """Return the hourly medians over seeds for the map and the region card."""
    fans = []
    for quantity in LAYERS:
        if not all(quantity.available(run) for run in runs):
            continue
        national, regional = _stack(quantity, runs, land)
        if regional is None:
            raise ValueError(f"{quantity.key} has no values by region")
        fans.append(
            Layer(
                quantity.key,
                quantity.title,
                quantity.unit,
                quantity.step,
                np.median(regional, axis=0),
                np.median(national, axis=0),
            )
        )
    return tuple(fans)


def crowds(scenario: Scenario, runs: Sequence[Trajectory]) -> tuple[CityCrowd, ...]:
    """Return the main cities with their median crowd: the largest of each region, then by size."""
    place_of = {place.id: place for place in scenario.places}
    labels = runs[0].coords["place"]
    cities = [i for i, label in enumerate(labels) if place_of[label].kind == "city"]
    cities.sort(key=lambda i: (-place_of[labels[i]].population, labels[i]))
    first: dict[str, int] = {}
    for i in cities:
        first.setdefault(place_of[labels[i]].region, i)
    leading = sorted(first.values(), key=cities.index)
    places = (leading + [i for i in cities if i not in leading])[:MAX_CITIES]
    active = np.median(np.stack([run.active()[:, places] for run in runs]), axis=0)
    return tuple(
        CityCrowd(p.id, p.name, p.region, p.lat, p.lon, active[:, column].astype(np.float64))
        for column, p in enumerate(place_of[labels[i]] for i in places)
    )
