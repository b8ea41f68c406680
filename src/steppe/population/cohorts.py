"""Cohorts: citizens of one place who share group, age band and sex, from margins by IPF.

Iterative proportional fitting: Deming & Stephan, Annals of Mathematical Statistics 11 (1940).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.tables import Region

AGES = ("0-15", "16-45", "46-retirement", "older")
SEXES = ("women", "men")
OF_GROUP = tuple((age, sex) for age in AGES for sex in SEXES)
"""Cohorts of a group; those of a place are numbered group by group, in this order."""

MEN = 0.5
"""Share of men in every cohort [assumed; the case's tables hold no sex margin]."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def ipf(
    seed: Floats, margins: Sequence[Floats], *, tolerance: float = 1e-10, rounds: int = 1000
) -> Floats:
    """Scale ``seed`` until its one-dimensional margins equal ``margins``.

    ``margins[k]`` has the length of axis k; all must have the same sum. Zero cells stay zero.
    Raises ``ValueError`` when margins disagree or the fit does not converge.
    """
    table = np.array(seed, dtype=np.float64)
    totals = [float(m.sum()) for m in margins]
    if max(totals) - min(totals) > 1e-6 * max(max(totals), 1.0):
        raise ValueError(f"margins have different sums: {totals}")
    for _ in range(rounds):
        worst = 0.0
        for axis, margin in enumerate(margins):
            others = tuple(k for k in range(table.ndim) if k != axis)
            now = table.sum(axis=others)
            if np.any((now == 0.0) & (margin > 0.0)):
                raise ValueError("a margin is positive where every seed cell is zero")
            factor = np.divide(margin, now, out=np.ones_like(now), where=now > 0.0)
            shape = [-1 if k == axis else 1 for k in range(table.ndim)]
            table *= factor.reshape(shape)
            worst = max(worst, float(np.max(np.abs(factor - 1.0), initial=0.0)))
        if worst < tolerance:
            return table
    raise ValueError(f"IPF did not converge in {rounds} rounds")


def largest_remainders(shares: Floats, total: int) -> Ints:
    """Return whole numbers that sum to ``total``, nearest to ``shares`` scaled to it.

    Ties go to the earlier cell, so the result does not depend on the machine.
    """
    amount = float(shares.sum())
    if total == 0 or amount == 0.0:
        return np.zeros(shares.shape, dtype=np.int64)
    exact = shares / amount * total  # in this order: total / amount overflows for tiny shares
    whole = np.floor(exact).astype(np.int64)
    rest = exact - whole
    missing = total - int(whole.sum())
    order = np.argsort(-rest, kind="stable")
    whole[order[:missing]] += 1
    return whole


@dataclass(frozen=True, slots=True)
class CohortTable:
    """Agents by place and cohort; ``counts`` is int64 (places, cohorts).

    ``starts`` is int64 (places, cohorts + 1): numbers of the first agent of each cohort, and
    behind the last.
    """

    counts: Ints
    starts: Ints

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.counts.shape[1]) // len(OF_GROUP)

    @property
    def agents(self) -> int:
        """Number of agents in the country."""
        return int(self.counts.sum())


def _region_counts(region: Region, sizes: Ints) -> Ints:
    groups = np.array(region.group_shares)
    ages = np.array(
        [
            region.share_age_0_15,
            region.share_age_16_45,
            region.share_age_46_retirement,
            region.share_age_older,
        ]
    )
    sexes = np.array([1.0 - MEN, MEN])
    people = float(sizes.sum())
    margins = [
        sizes.astype(np.float64),
        people * groups / groups.sum(),
        people * ages / ages.sum(),
        people * sexes,
    ]
    keep = [margin > 0.0 for margin in margins]
    seed = np.ones([len(m) for m in margins])
    for axis, mask in enumerate(keep):
        shape = [-1 if k == axis else 1 for k in range(4)]
        seed = seed * mask.reshape(shape)
    table = ipf(seed, margins).reshape(len(sizes), -1)
    rows = [largest_remainders(row, int(size)) for row, size in zip(table, sizes, strict=True)]
    return np.array(rows, dtype=np.int64)


def cohort_table(regions: Sequence[Region], region_of_place: Ints, sizes: Ints) -> CohortTable:
    """Fill every place with cohorts so that each region's margins hold.

    ``sizes`` is the number of agents of each place; place totals are exact, margins are met to
    the rounding of cells.
    """
    groups = len(regions[0].group_shares) if regions else 0
    counts = np.zeros((len(sizes), groups * len(OF_GROUP)), dtype=np.int64)
    for index, region in enumerate(regions):
        rows = np.flatnonzero(region_of_place == index)
        if len(rows):
            counts[rows] = _region_counts(region, sizes[rows])
    ends = np.cumsum(counts.ravel()).reshape(counts.shape)
    starts = np.concatenate([(ends - counts), ends[:, -1:]], axis=1)
    return CohortTable(counts, starts)
