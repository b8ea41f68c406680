"""Small random worlds for tests: a plausible value for every column of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.model.columns import COLUMNS, Column
from steppe.model.mechanism import Mechanism

SIZES = {"nation": 1, "region": 4, "place": 9, "cell": 21, "building": 6, "unit": 17}
TARGETS = {
    "place_region": "region", "cell_place": "place", "building_place": "place",
    "unit_place": "place",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Columns by name, and what the engine supplies besides."""

    columns: Mapping[str, np.ndarray]
    persons: float
    hour_of_day: int


def _value(column: Column, rng: np.random.Generator) -> np.ndarray:
    n = SIZES[column.scale]
    if column.name in TARGETS:
        return rng.integers(0, SIZES[TARGETS[column.name]], n)
    if column.name.endswith("price_ratio"):
        return rng.uniform(0.5, 3.0, n)
    if column.name == "unit_loyalty":
        return rng.normal(1.0, 0.3, n)
    if column.name == "unit_noise":
        return rng.normal(0.0, 0.5, n)
    draw = {
        "1": lambda: rng.uniform(0.0, 1.0, n),
        "0/1": lambda: rng.integers(0, 2, n),
        "code": lambda: rng.integers(0, 3, n),
        "level": lambda: rng.integers(0, 5, n),
        "persons": lambda: rng.integers(0, 400, n) * rng.integers(0, 2, n),
        "persons per hour": lambda: rng.integers(0, 30, n) * rng.integers(0, 2, n),
        "days": lambda: rng.integers(0, 72, n) / 24.0,
        "hours": lambda: rng.integers(0, 80, n),
        "currency per unit": lambda: rng.uniform(50.0, 120.0, n),
    }
    return draw[column.unit]()


def world(seed: int) -> World:
    """A random world; its populations add up over places, and so do regions and the nation."""
    rng = np.random.default_rng(seed)
    columns = {c.name: _value(c, rng).astype(c.dtype) for c in COLUMNS}
    # every region has a place, so that its population is not zero
    columns["place_region"][: SIZES["region"]] = rng.permutation(SIZES["region"])
    people = rng.integers(1_500, 60_000, SIZES["place"]).astype(float)
    columns["place_population"] = people
    columns["region_population"] = np.bincount(columns["place_region"], weights=people)
    # in half of the places the cut began in this very hour
    begins = rng.integers(0, 2, SIZES["place"]) > 0
    first = columns["place_internet_cut"] / 24.0
    columns["place_cut_days"] = np.where(begins, first, columns["place_cut_days"])
    columns["unit_officers"] = rng.integers(50, 150, SIZES["unit"]).astype(float)
    return World(columns, float(people.sum()), int(rng.integers(0, 24)))


def empty_world(seed: int) -> World:
    """A world as built, with every state and lever at zero."""
    base = world(seed)
    kinds = {c.name: c.kind for c in COLUMNS}
    columns = {
        name: value if kinds[name] == "fixed" else np.zeros_like(value)
        for name, value in base.columns.items()
    }
    return World(columns, base.persons, 3)


def arguments(mechanism: Mechanism, there: World, seed: int) -> dict[str, Any]:
    """The keyword arguments of a field rule in ``there``; arrays are read-only."""
    rng = np.random.default_rng([seed, 1])
    out: dict[str, Any] = {}
    for name in mechanism.arguments:
        if name == "hour_of_day":
            out[name] = there.hour_of_day
        elif name == "persons":
            out[name] = there.persons
        elif name.startswith("u_"):
            out[name] = rng.uniform(1e-6, 1 - 1e-6, SIZES[mechanism.draws[name].scale])
        else:
            out[name] = there.columns[name].copy()
        if isinstance(out[name], np.ndarray):
            out[name].setflags(write=False)
    return out
