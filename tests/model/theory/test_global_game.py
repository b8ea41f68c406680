"""Regime change as a global game: thresholds with private and with public signals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from steppe.model.theory.global_game import (
    is_unique,
    private_cutoff,
    private_threshold,
    public_cutoff,
    public_thresholds,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
costs = st.floats(0.05, 0.95)


def test_known_private_equilibrium() -> None:
    # 5(a): c = 0.2, s = 0.1
    assert private_threshold(0.2) == 0.8
    assert private_cutoff(0.2, 0.1) == pytest.approx(0.88416, abs=5e-6)


@given(costs, st.floats(1e-3, 10.0))
@repeatable
def test_the_threshold_is_free_of_the_noise(cost: float, noise: float) -> None:
    # 5(a): for every s; those who see less than x* are exactly as many as needed at theta*
    theta, cutoff = private_threshold(cost), private_cutoff(cost, noise)
    assert norm.cdf((cutoff - theta) / noise) == pytest.approx(theta, abs=1e-12)
    assert norm.cdf((theta - cutoff) / noise) == pytest.approx(cost, abs=1e-12)


@pytest.mark.parametrize(
    ("signal", "threshold"),
    [(0.2, 0.6868), (0.4, 0.5659), (0.5, 0.5), (0.6, 0.4341), (0.8, 0.3132)],
)
def test_known_public_equilibria(signal: float, threshold: float) -> None:
    # 5(b): a = b = 1, c = 0.5
    assert public_thresholds(signal, 1.0, 1.0, 0.5) == pytest.approx((threshold,), abs=5e-5)


def test_uniqueness_ends_at_its_bound() -> None:
    # 5(b): unique iff a/sqrt(b) <= sqrt(2 pi)
    bound = math.sqrt(2.0 * math.pi)
    assert is_unique(bound * (1 - 1e-12), 1.0)
    assert not is_unique(bound * (1 + 1e-12), 1.0)
    assert len(public_thresholds(0.5, 0.999 * bound, 1.0, 0.5)) == 1
    assert len(public_thresholds(0.5, 1.01 * bound, 1.0, 0.5)) == 3


@given(st.floats(-0.5, 1.5), st.floats(0.0, 12.0), st.floats(0.2, 5.0), costs)
@repeatable
def test_each_threshold_is_an_equilibrium(z: float, a: float, b: float, cost: float) -> None:
    found = public_thresholds(z, a, b, cost)
    assert len(found) in ((1,) if is_unique(a, b) else (1, 2, 3))
    assert list(found) == sorted(found)
    for theta in found:
        cutoff = public_cutoff(theta, z, a, b, cost)
        defect = norm.cdf(math.sqrt(b) * (cutoff - theta))
        assert defect == pytest.approx(theta, abs=1e-9)
        mean = (a * z + b * cutoff) / (a + b)
        believed = norm.cdf(math.sqrt(a + b) * (theta - mean))
        assert believed == pytest.approx(cost, abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 1), costs)
@repeatable
def test_backing_strengthens_the_regime(z: float, more: float, cost: float) -> None:
    (weak,), (strong,) = (public_thresholds(s, 1.0, 1.0, cost) for s in (z, z + more))
    assert strong <= weak


@given(costs, st.floats(0.1, 5.0))
@repeatable
def test_without_public_news_only_private_signals_count(cost: float, b: float) -> None:
    assert public_thresholds(0.3, 0.0, b, cost) == pytest.approx((1.0 - cost,), abs=1e-12)


@pytest.mark.parametrize("cost", [0.0, 1.0, -0.1, math.nan])
def test_a_cost_outside_its_range_is_refused(cost: float) -> None:
    with pytest.raises(ValueError, match="cost"):
        private_threshold(cost)
