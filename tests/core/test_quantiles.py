"""Quantiles of counts: exact where they say so, near elsewhere, and never out of order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from steppe.core.quantiles import INVERTED, binomial_quantile, geometric_quantile, happen

U = (np.arange(2001) + 0.5) / 2001
SMALL_MEANS = [
    (5, 0.3), (10, 0.5), (40, 0.2), (30, 0.9), (1000, 0.001), (3, 1.0), (0, 0.4), (9, 0.0),
]  # fmt: skip
LARGE_MEANS = [
    (100, 0.13), (26, 0.5), (60, 0.25), (2000, 0.02), (5000, 0.3), (100, 0.7), (10**6, 0.5),
]  # fmt: skip


def quantiles(n: int, p: float) -> NDArray[np.int64]:
    return np.array([binomial_quantile(float(u), n, p) for u in U])


@pytest.mark.parametrize(("n", "p"), SMALL_MEANS)
def test_small_means_are_exact(n: int, p: float) -> None:
    assert n * min(p, 1.0 - p) < INVERTED
    np.testing.assert_array_equal(quantiles(n, p), stats.binom.ppf(U, n, p))


@pytest.mark.parametrize(("n", "p"), LARGE_MEANS)
def test_large_means_are_off_by_one_at_most_and_seldom(n: int, p: float) -> None:
    off = quantiles(n, p) - stats.binom.ppf(U, n, p)
    assert np.abs(off).max() <= 1
    assert np.mean(off != 0) <= 0.02
    assert abs(np.mean(off)) <= 0.01


@pytest.mark.parametrize("hazard", [1e-9, 1e-3, 0.1, 0.6, 0.8, 3.0, 50.0])
@pytest.mark.parametrize("n", [0, 1, 7, 300])
def test_what_happens_within_an_hour_is_binomial(n: int, hazard: float) -> None:
    counts = [happen(float(u), n, hazard) for u in U]
    expected = [binomial_quantile(float(u), n, -np.expm1(-hazard)) for u in U]
    np.testing.assert_array_equal(counts, expected)


@pytest.mark.parametrize(("n", "p"), SMALL_MEANS + LARGE_MEANS)
def test_a_larger_number_never_gives_a_smaller_count(n: int, p: float) -> None:
    counts = quantiles(n, p)
    assert np.all(np.diff(counts) >= 0)
    assert counts.min() >= 0
    assert counts.max() <= n


def test_a_larger_hazard_never_gives_a_smaller_count() -> None:
    hazards = np.linspace(0.0, 0.4, 200)
    for u in U[::97]:
        assert np.all(np.diff([happen(float(u), 25, float(h)) for h in hazards]) >= 0)


@pytest.mark.parametrize("mean", [1.0, 1.5, 30.0])
def test_groups_are_geometric(mean: float) -> None:
    sizes = np.array([geometric_quantile(float(u), mean) for u in U])
    assert sizes.min() == 1
    expected = stats.geom.ppf(1.0 - U, 1.0 / mean) if mean > 1.0 else np.ones_like(U)
    np.testing.assert_array_equal(sizes, expected)
