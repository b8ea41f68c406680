"""Income: lognormal within a region, and relative deprivation across the nation.

Relative deprivation: Yitzhaki, Quarterly Journal of Economics 93 (1979); its mean over all
incomes is the Gini coefficient.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.response import exp, exp_array, normal_array, normal_quantile

Floats = NDArray[np.float64]
NODES = 256
"""Quantile midpoints that stand for a region's incomes in the national table."""


def spread_of_gini(gini: float) -> float:
    """Return sigma of the lognormal whose Gini coefficient is ``gini``.

    Gini = 2 Phi(sigma/sqrt 2) - 1
    """
    return math.sqrt(2.0) * normal_quantile((gini + 1.0) / 2.0)


def income(u: float, mean: float, spread: float) -> float:
    """Return the income at quantile ``u`` of a lognormal with the given mean and sigma."""
    return mean * exp(spread * normal_quantile(u) - 0.5 * spread * spread)


def relative_deprivation(incomes: Floats, weights: Floats) -> Floats:
    """Return RD of each income: mean shortfall to richer citizens over the mean income.

    RD_i = sum_j w_j max(y_j - y_i, 0) / (sum_j w_j mean(y));  ``incomes`` sorted ascending.
    """
    if np.any(np.diff(incomes) < 0.0):
        raise ValueError("incomes must be sorted")
    mass = np.cumsum(weights[::-1])[::-1]
    money = np.cumsum((weights * incomes)[::-1])[::-1]
    total = mass[0]
    mean = money[0] / total
    return np.asarray((money - incomes * mass) / (total * mean), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class IncomeTable:
    """National incomes at quantile midpoints, with rank and deprivation, sorted by income.

    ``spreads`` are the sigmas of the regions as fitted to the national Gini coefficient.
    """

    spreads: Floats
    incomes: Floats
    ranks: Floats
    deprivation: Floats
    region_deprivation: Floats


def _table(means: Floats, spreads: Floats, people: Floats) -> IncomeTable:
    z = normal_array((np.arange(NODES) + 0.5) / NODES)
    grid = means[:, None] * exp_array(
        spreads[:, None] * z[None, :] - 0.5 * (spreads * spreads)[:, None]
    )
    weights = np.repeat(people / NODES, NODES)
    flat = grid.ravel()
    order = np.argsort(flat, kind="stable")
    incomes, w = flat[order], weights[order]
    ranks = (np.cumsum(w) - 0.5 * w) / w.sum()
    deprivation = relative_deprivation(incomes, w)
    back = np.empty_like(deprivation)
    back[order] = deprivation
    by_region = back.reshape(grid.shape).mean(axis=1)
    return IncomeTable(spreads, incomes, ranks, deprivation, by_region)


def _gini(table: IncomeTable, people: Floats) -> float:
    """Mean relative deprivation is the Gini coefficient (Yitzhaki 1979)."""
    return float((table.region_deprivation * people).sum() / people.sum())


def income_table(means: Floats, spreads: Floats, people: Floats, gini: float) -> IncomeTable:
    """Build the national table from each region's mean wage, spread and population.

    The spreads keep their proportions and are scaled together until the nation has ``gini``.
    Raises ``ValueError`` when the means of the regions alone are more unequal than that.
    """
    columns = (np.asarray(one, dtype=np.float64) for one in (means, spreads, people))
    return _fitted_table(*(one.tobytes() for one in columns), gini)


@functools.lru_cache(maxsize=8)
def _fitted_table(wages: bytes, sigmas: bytes, persons: bytes, gini: float) -> IncomeTable:
    """Return the table, which the runs of a case share, from the bytes of its columns."""
    means, spreads, people = (np.frombuffer(one) for one in (wages, sigmas, persons))
    low, high = 0.0, 4.0
    if _gini(_table(means, spreads * low, people), people) >= gini:
        raise ValueError(f"regional means alone are more unequal than the national Gini {gini}")
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _gini(_table(means, spreads * middle, people), people) < gini:
            low = middle
        else:
            high = middle
    return _table(means, spreads * low, people)


def position(incomes: Floats, value: float) -> tuple[int, float]:
    """Return (i, f) so that ``value`` lies the fraction f between entries i and i+1."""
    low = 0
    high = len(incomes) - 1
    if value <= incomes[0]:
        return 0, 0.0
    if value >= incomes[high]:
        return high - 1, 1.0
    while high - low > 1:
        middle = (low + high) // 2
        if incomes[middle] <= value:
            low = middle
        else:
            high = middle
    return low, (value - incomes[low]) / (incomes[high] - incomes[low])


def at(column: Floats, i: int, f: float) -> float:
    """Return the linear interpolation of ``column`` at the place (i, f)."""
    return column[i] + f * (column[i + 1] - column[i])  # type: ignore[no-any-return]
