"""Bins of the pool: members of a place whom the rules can hardly tell apart, counted, not named.

A bin is a class of exposure to the good's price times an interval of latent hardship. Income
enters through regional figures: looting through the mean rank, hardship through the deprivation
at which the share of people above any threshold is what it is among all incomes.
"""

from __future__ import annotations

import functools
import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.case.tables import Place, Region
from steppe.core.compile import compiled
from steppe.core.quantiles import binomial_quantile
from steppe.core.random import Purpose, addresses_of, unit, words_at
from steppe.core.response import exp_array, log_array, normal_array
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.grievance import exposure_share
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.population.cohorts import cohort_table
from steppe.population.geography import availability
from steppe.population.income import income_table, spread_of_gini
from steppe.population.pool import shares_of_seed, usual_shares

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EASE_EDGES = (0.0, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 1.0)
"""Edges of the intervals of 1 - U: close together where the willing are told from the unwilling."""

EXPOSURE_EDGES = (0.0, 0.6, 1.0)
"""Edges of the quantiles of exposure among exposed households, the last class above the cap."""

_INCOME_NODES = 64
_EXPOSURE_NODES = 16
_POOL = int(Purpose.COHORT_POOL) << 16


class Bins(NamedTuple):
    """The bins of a place: latent hardship U and exposure s of each, and its share by region."""

    latent: Floats
    exposure: Floats
    share: Floats


class Census(NamedTuple):
    """Who lives where: what bins are made from, whatever the parameters of the rules.

    ``weight`` (places,) is the mean weight of a place's people in the pool; ``deprivation`` and
    ``rank`` (regions, nodes) are those of incomes at quantile midpoints, each of ``mass``;
    ``region_deprivation`` is the mean by which regional grievance is computed.
    """

    region: Ints
    people: Ints
    address: Ints
    town: Floats
    weight: Floats
    deprivation: Floats
    rank: Floats
    mass: Floats
    region_deprivation: Floats


@functools.lru_cache(maxsize=8)
def census(
    regions: tuple[Region, ...],
    places: tuple[Place, ...],
    gini: float,
    jobless_income: float,
    young_men_weight: float,
) -> Census:
    """Return the census of a country; it is the same for all seeds and most parameters."""
    index = {region.id: i for i, region in enumerate(regions)}
    region = np.array([index[place.region] for place in places], dtype=np.int64)
    people = np.array([place.population for place in places], dtype=np.int64)
    table = cohort_table(regions, region, np.maximum(people, 1))
    ready = table.counts * availability(table, young_men_weight)
    weight = ready.sum(axis=1) / table.counts.sum(axis=1)
    address = addresses_of(place.id for place in places)
    town = np.array([float(place.kind != "rural") for place in places])
    return Census(region, people, address, town, weight, *_incomes(regions, gini, jobless_income))


def _incomes(
    regions: tuple[Region, ...], gini: float, jobless_income: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return deprivation, rank and mass (regions, nodes), and mean deprivation by region."""
    wage = np.array([r.wage for r in regions])
    spread = np.array([spread_of_gini(r.gini) for r in regions])
    population = np.array([float(r.population) for r in regions])
    table = income_table(wage, spread, population, gini)
    z = normal_array((np.arange(_INCOME_NODES) + 0.5) / _INCOME_NODES)
    s = table.spreads[:, None]
    earned = wage[:, None] * exp_array(s * z[None, :] - 0.5 * s * s)
    incomes = np.concatenate([earned, earned * jobless_income], axis=1)
    jobless = np.array([r.unemployment_pct / 100.0 for r in regions])[:, None]
    mass = np.repeat(np.concatenate([1.0 - jobless, jobless], axis=1), _INCOME_NODES, axis=1)
    after = np.clip(np.searchsorted(table.incomes, incomes, "right"), 1, len(table.incomes) - 1)
    low, high = table.incomes[after - 1], table.incomes[after]
    one = np.ones_like(low)  # two rows of the table with one income
    part = np.clip(np.divide(incomes - low, high - low, out=one, where=high > low), 0.0, 1.0)
    deprivation, rank = (
        column[after - 1] + part * (column[after] - column[after - 1])
        for column in (table.deprivation, table.ranks)
    )
    return deprivation, rank, mass / _INCOME_NODES, table.region_deprivation


def deprivation_of(c: Census, sensitivity: float) -> Floats:
    """Return by region the RD with exp(k_d RD) = E[exp(k_d RD_i)]; the mean where k_d is 0.

    The share of people with (1 - U) exp(-k_d RD) below v is v E[exp(k_d RD)].
    """
    if sensitivity == 0.0:
        return np.asarray((c.mass * c.deprivation).sum(axis=1))
    mean = (c.mass * exp_array(sensitivity * c.deprivation)).sum(axis=1)
    return np.asarray(log_array(mean) / sensitivity)


def bins_of(exposed: Floats, g: GrievanceParameters) -> Bins:
    """Return the bins; ``exposed`` (regions,) is the share of people exposed to the good."""
    nodes, weights = _exposures(g.exposure_median, g.exposure_spread, g.exposure_cap)
    edges = np.array(EASE_EDGES)
    latent = 1.0 - 0.5 * (edges[1:] + edges[:-1])
    width = np.diff(edges)
    classes = np.concatenate([(1.0 - exposed)[:, None], exposed[:, None] * weights], axis=1)
    return Bins(
        latent=np.tile(latent, len(nodes) + 1),
        exposure=np.repeat(np.append(0.0, nodes), len(width)),
        share=(classes[:, :, None] * width).reshape(len(exposed), -1),
    )


@functools.lru_cache(maxsize=128)
def _exposures(median: float, spread: float, cap: float) -> tuple[Floats, Floats]:
    """Return the mean exposure of each class of exposed households, and its weight."""
    edges = np.array(EXPOSURE_EDGES)
    nodes = []
    for low, high in itertools.pairwise(edges):
        at = low + (high - low) * (np.arange(_EXPOSURE_NODES) + 0.5) / _EXPOSURE_NODES
        nodes.append(np.mean([exposure_share(float(u), 1.0, median, spread, cap) for u in at]))
    return np.array(nodes), np.diff(edges)


def pool_chances(c: Census, p: AvailabilityParameters, key: tuple[int, int]) -> Floats:
    """Return by place the chance that a citizen is in the pool, mean over his place's people.

    The readiness of places is drawn at the same address as where citizens are enumerated.
    """
    usual = usual_shares(c.people.astype(np.float64), c.town, p)
    return shares_of_seed(usual, p.readiness_spread, p.most, key, c.address) * c.weight


def fill_bins(
    c: Census, share: Floats, chances: Floats, key: tuple[int, int], members: Ints
) -> None:
    """Draw the members of every bin, ``members`` (places, bins), by address."""
    for place in range(members.shape[0]):
        people = max(c.people[place], 1)
        for i in range(members.shape[1]):
            p = chances[place] * share[c.region[place], i]
            word = words_at(c.address[place] + i, 0, _POOL, key[0], key[1])[0]
            members[place, i] = binomial_quantile(unit(word), people, p)


def draw_bins(c: Census, share: Floats, chances: Floats, key: tuple[int, int]) -> Ints:
    """Return the members of every bin, int64 (places, bins)."""
    members = np.zeros((len(c.people), share.shape[1]), dtype=np.int64)
    compiled(fill_bins)(c, share, chances, key, members)
    return members
