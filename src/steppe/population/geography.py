"""Geography of agents: which numbers live in which place, cell and group."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.core.geodesy import distances
from steppe.core.random import addresses_of
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.cohorts import OF_GROUP, CohortTable, cohort_table
from steppe.population.places import cell_counts, gravity

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.case.tables import Place, Region

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Geography:
    """Where agents live. Agents are numbered 0..n-1 by place, then cohort.

    ``address`` (places,) is that of each place's random numbers; its agent k adds k.
    ``cell_start`` (places + 1) numbers the first cell of each place; agent k of a place lives in
    cell k mod (cells of the place), so that every cell mirrors its place.
    ``group_start`` (places, groups + 1) numbers the first agent of each group.
    ``weight`` is agents per citizen (the scale).
    """

    region_ids: tuple[str, ...]
    place_ids: tuple[str, ...]
    region_of_place: Ints
    address: Ints
    cohorts: CohortTable
    cell_start: Ints
    group_start: Ints
    tie_threshold: Ints
    weight: float

    @property
    def agents(self) -> int:
        """Number of agents."""
        return self.cohorts.agents

    @property
    def place_start(self) -> Ints:
        """Number of the first agent of each place, and behind the last; int64 (places + 1)."""
        return np.append(self.cohorts.starts[:, 0], self.agents)


def geography(scenario: Scenario, p: PopulationParameters, scale: float) -> Geography:
    """Number the agents of ``scenario`` at ``scale`` agents per citizen.

    A place keeps at least one agent. Raises ``ValueError`` for a scale outside (0, 100].
    """
    if not 0.0 < scale <= 100.0:
        raise ValueError(f"scale must be in (0, 100], got {scale}")
    return _numbered(scenario.regions, scenario.places, p, scale)


@functools.lru_cache(maxsize=8)
def _numbered(
    regions: tuple[Region, ...], places: tuple[Place, ...], p: PopulationParameters, scale: float
) -> Geography:
    """Return the geography, which the runs of a case share: nobody can write to it."""
    region_ids = tuple(r.id for r in regions)
    index = {name: i for i, name in enumerate(region_ids)}
    region = np.array([index[place.region] for place in places], dtype=np.int64)
    people = np.array([place.population for place in places], dtype=np.int64)
    sizes = np.maximum(1, np.floor(people * scale + 0.5)).astype(np.int64)
    cohorts = cohort_table(regions, region, sizes)
    cells = np.minimum(cell_counts(people, p.cell_size), sizes)
    lat = np.array([place.lat for place in places])
    lon = np.array([place.lon for place in places])
    where = Geography(
        region_ids=region_ids,
        place_ids=tuple(place.id for place in places),
        region_of_place=region,
        address=addresses_of(place.id for place in places),
        cohorts=cohorts,
        cell_start=np.append(0, np.cumsum(cells)).astype(np.int64),
        group_start=cohorts.starts[:, :: len(OF_GROUP)],
        tie_threshold=gravity(distances(lat, lon), sizes.astype(np.float64), p.tie_distance),
        weight=scale,
    )
    for values in (where.region_of_place, where.address, where.cell_start, where.tie_threshold):
        values.setflags(write=False)
    return where


def availability(cohorts: CohortTable, young_men_weight: float) -> Floats:
    """Return the weight of each cohort in the mobilisable pool, mean 1 over all agents.

    Men aged 16-45 weigh ``young_men_weight``, children nothing, everybody else what keeps the
    mean. Raises ``ValueError`` when that would be negative.
    """
    people = cohorts.counts.sum(axis=0).astype(np.float64)
    of_place = OF_GROUP * cohorts.groups
    young = np.array([age == "16-45" and sex == "men" for age, sex in of_place])
    child = np.array([age == "0-15" for age, _ in of_place])
    rest = float(people[~young & ~child].sum())
    left = float(people.sum()) - young_men_weight * float(people[young].sum())
    if left < 0.0 or rest == 0.0:
        raise ValueError(
            f"participation.young_men_weight {young_men_weight:g} leaves nobody else available"
        )
    return np.where(young, young_men_weight, np.where(child, 0.0, left / rest))


def group_of_cohort(cohorts: CohortTable) -> Ints:
    """Return the group index of each cohort."""
    return np.repeat(np.arange(cohorts.groups), len(OF_GROUP))
