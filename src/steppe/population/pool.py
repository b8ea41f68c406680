"""The mobilisable pool: the few citizens who can decide, found by addressed random numbers.

Every citizen is addressable and has attributes that are functions of seed and number; only the
pool's are computed for a run. ``attributes`` is the one definition for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.case.tables import Region
from steppe.core.compile import compiled
from steppe.core.random import Purpose, uniforms, unit, words_at
from steppe.core.response import exp_array, log_array, normal_array
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.grievance import exposure_share
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.geography import Geography, availability, group_of_cohort
from steppe.population.income import at, income, income_table, position, spread_of_gini
from steppe.population.members import members

prange = range
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HARDSHIP = int(Purpose.HARDSHIP) << 16
_INCOME = int(Purpose.INCOME) << 16


class Society(NamedTuple):
    """What attributes depend on: columns by region, the national income table, parameters."""

    wage: Floats
    spread: Floats
    unemployment: Floats
    exposed: Floats
    online: Floats
    incomes: Floats
    ranks: Floats
    deprivation: Floats
    jobless_income: float
    exposure_median: float
    exposure_spread: float
    exposure_cap: float


class Attributes(NamedTuple):
    """A citizen's own numbers: U, rho, s, RD, income rank in [0, 1], online 0/1."""

    hardship: float
    risk_aversion: float
    exposure: float
    deprivation: float
    rank: float
    online: int


class AttributeColumns(NamedTuple):
    """The attributes of many citizens, a row each."""

    hardship: Floats
    risk_aversion: Floats
    exposure: Floats
    deprivation: Floats
    rank: Floats
    online: NDArray[np.uint8]


def attributes(society: Society, who: int, region: int, key0: int, key1: int) -> Attributes:
    """Return the attributes of the citizen with address ``who`` who lives in ``region``.

    Two Philox blocks: (U, rho, online, employed) and (income, exposure).
    """
    w_hardship, w_risk, w_online, w_job = words_at(who, 0, _HARDSHIP, key0, key1)
    w_income, w_exposure, _, _ = words_at(who, 0, _INCOME, key0, key1)
    earned = income(unit(w_income), society.wage[region], society.spread[region])
    if unit(w_job) < society.unemployment[region]:
        earned = earned * society.jobless_income
    i, f = position(society.incomes, earned)
    exposure = exposure_share(
        unit(w_exposure),
        society.exposed[region],
        society.exposure_median,
        society.exposure_spread,
        society.exposure_cap,
    )
    return Attributes(
        unit(w_hardship),
        unit(w_risk),
        exposure,
        at(society.deprivation, i, f),
        at(society.ranks, i, f),
        1 if unit(w_online) < society.online[region] else 0,
    )


def fill_attributes_of(
    society: Society, columns: AttributeColumns, i: int, who: int, region: int, key0: int, key1: int
) -> None:
    """Write the attributes of one citizen into row ``i`` of ``columns``."""
    a = attributes(society, who, region, key0, key1)
    columns.hardship[i] = a.hardship
    columns.risk_aversion[i] = a.risk_aversion
    columns.exposure[i] = a.exposure
    columns.deprivation[i] = a.deprivation
    columns.rank[i] = a.rank
    columns.online[i] = a.online


def fill_attributes(
    society: Society,
    first: Ints,
    region_of_place: Ints,
    who: Ints,
    key0: int,
    key1: int,
    columns: AttributeColumns,
) -> None:
    """Write the attributes of every pool member into ``columns`` ."""
    for place in prange(len(first) - 1):
        region = region_of_place[place]
        for i in range(first[place], first[place + 1]):
            fill_attributes_of(society, columns, i, who[i], region, key0, key1)


@dataclass(frozen=True, slots=True)
class Pool:
    """The citizens who can decide, ordered by number; ``first`` (places + 1) bounds each place.

    ``address`` is that of a citizen's random numbers: his place by name, his number in it.
    """

    number: Ints
    address: Ints
    cohort: NDArray[np.uint8]
    group: NDArray[np.uint8]
    first: Ints
    attributes: AttributeColumns

    def __len__(self) -> int:
        return len(self.number)


def society_of(
    regions: tuple[Region, ...], gini: float, p: PopulationParameters, g: GrievanceParameters
) -> tuple[Society, Floats]:
    """Return the society of ``regions`` and the mean relative deprivation of each."""
    wage = np.array([r.wage for r in regions])
    spread = np.array([spread_of_gini(r.gini) for r in regions])
    people = np.array([float(r.population) for r in regions])
    table = income_table(wage, spread, people, gini)
    society = Society(
        wage,
        table.spreads,
        np.array([r.unemployment_pct / 100.0 for r in regions]),
        np.array([r.exposed_share for r in regions]),
        np.array([r.online_share for r in regions]),
        table.incomes,
        table.ranks,
        table.deprivation,
        p.jobless_income,
        g.exposure_median,
        g.exposure_spread,
        g.exposure_cap,
    )
    return society, table.region_deprivation


@dataclass(frozen=True, slots=True)
class Readiness:
    """The share of citizens in the pool before chance: by place and by cohort.

    ``place`` (places,) is the share of a place's people of average readiness, ``cohort`` the
    weight of each cohort, mean 1; ``spread`` is the log-sd of readiness between places, and
    ``most`` the largest share of a place.
    """

    place: Floats
    cohort: Floats
    spread: float
    most: float


def readiness(
    geography: Geography, people: Floats, urban: Floats, p: AvailabilityParameters
) -> Readiness:
    """Return who is in the pool on average: eps (N_c/200,000)^p in towns, eps w_rural elsewhere.

    ``people`` are the persons of each place, ``urban`` is 1 for a city or town.
    """
    cohort = availability(geography.cohorts, p.young_men_weight)
    return Readiness(usual_shares(people, urban, p), cohort, p.readiness_spread, p.most)


def usual_shares(people: Floats, urban: Floats, p: AvailabilityParameters) -> Floats:
    """Return by place the share of people in the pool where readiness is average."""
    size = exp_array(p.size_exponent * log_array(np.maximum(people, 1.0) / 200_000.0))
    return np.asarray(p.mobilisable * np.where(urban > 0.0, size, p.rural_readiness))


def shares_of_seed(
    usual: Floats, spread: float, most: float, key: tuple[int, int], places: Ints
) -> Floats:
    """Return by place the share in the pool: usual xi_c, xi_c = exp(s_xi z - s_xi^2/2).

    ``places`` are the addresses of the places.
    """
    z = normal_array(uniforms(key, Purpose.READINESS, 0, places))
    xi = exp_array(spread * z - 0.5 * spread * spread)
    return np.asarray(np.minimum(usual * xi, most))


def pool_limits(ready: Readiness, places: Ints, key: tuple[int, int]) -> Ints:
    """Return the 32-bit limits (places, cohorts) under which a citizen's word is in the pool.

    The share of each place is that of ``ready`` times xi_c, drawn once a run at the
    addresses of the ``places``.
    """
    place = shares_of_seed(ready.place, ready.spread, ready.most, key, places)
    share = place[:, None] * ready.cohort[None, :]
    return np.floor(np.minimum(share, 1.0) * 4294967296.0).astype(np.int64)


def build_pool(geography: Geography, society: Society, limits: Ints, key: tuple[int, int]) -> Pool:
    """Find the pool among all agents and compute its attributes."""
    starts = geography.cohorts.starts
    ahead = geography.address - starts[:, 0]
    who = starts + ahead[:, None]
    sizes, address, cohort = members(who, limits, key)
    first = np.append(0, np.cumsum(sizes)).astype(np.int64)
    size = int(first[-1])
    columns = AttributeColumns(
        hardship=np.empty(size),
        risk_aversion=np.empty(size),
        exposure=np.empty(size),
        deprivation=np.empty(size),
        rank=np.empty(size),
        online=np.empty(size, dtype=np.uint8),
    )
    compiled(fill_attributes, parallel=True)(
        society, first, geography.region_of_place, address, *key, columns
    )
    group = group_of_cohort(geography.cohorts).astype(np.uint8)[cohort]
    number = address - np.repeat(ahead, sizes)
    return Pool(number, address, cohort, group, first, columns)
