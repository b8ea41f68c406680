"""Two runs of one seed side by side: which citizens differ, from when, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.engine.plan import plan
from steppe.engine.step import CompiledLoops, run_hour
from steppe.engine.world import World, build


@dataclass(frozen=True, slots=True)
class IndividualDivergence:
    """How far two runs of one seed part.

    ``first_hour`` is the first hour in which any citizen is in another state, -1 if none ever is;
    ``citizens`` counts those whose history differs at all, ``by_region`` the same by region (both
    in persons).
    """

    seed: int
    first_hour: int
    citizens: int
    by_region: dict[str, int]


def _rows(world: World, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of each number in the world's pool; -1 for who is not in it."""
    rows = np.searchsorted(world.pool.number, numbers)
    rows = np.minimum(rows, len(world.pool.number) - 1)
    return np.where(world.pool.number[rows] == numbers, rows, -1)


def _states(world: World, rows: NDArray[np.int64]) -> Any:
    """Return states by row; whoever is not in the pool is quiet."""
    return np.where(rows >= 0, world.citizens.state[np.maximum(rows, 0)], 0)


def compare_citizens(
    one: Scenario, other: Scenario, seed: int, *, scale: float = 1.0, hours: int | None = None
) -> IndividualDivergence:
    """Simulate both scenarios with the same seed, hour by hour, and compare citizen by citizen.

    Raises ``ValueError`` when the two do not have the same people in the same places.
    """
    a, b = (build(s, plan(s), seed, scale) for s in (one, other))
    if not np.array_equal(a.geography.place_start, b.geography.place_start):
        raise ValueError("citizens can only be compared where the same people live")
    numbers = np.union1d(a.pool.number, b.pool.number)
    rows = [_rows(world, numbers) for world in (a, b)]
    loops = CompiledLoops()
    differs = np.zeros(len(numbers), dtype=bool)
    first = -1
    for hour in range(hours or min(a.clock.hours, b.clock.hours)):
        run_hour(a, hour, loops)
        run_hour(b, hour, loops)
        now = _states(a, rows[0]) != _states(b, rows[1])
        if first < 0 and now.any():
            first = hour
        differs |= now
    place = np.searchsorted(a.geography.place_start, numbers[differs], side="right") - 1
    region = a.geography.region_of_place[place]
    weight = a.geography.weight
    ids = a.geography.region_ids
    counts = np.bincount(region, minlength=len(ids))
    by_region = {name: round(int(n) / weight) for name, n in zip(ids, counts, strict=True)}
    return IndividualDivergence(seed, first, round(int(differs.sum()) / weight), by_region)
