"""The probability of a count, against the distributions of scipy and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from steppe.evidence.probability import MET, NEAR, count_probability, poisson_means
from steppe.evidence.scoring import judge_probability


def test_one_run_has_a_poisson_distribution():
    """Mean 3: P(N <= 1) = 4 exp(-3), P(N >= 1) is larger."""
    assert count_probability(np.array([3.0]), 1, 1) == pytest.approx(2 * 4 * math.exp(-3))
    assert count_probability(np.array([3.0]), 3, 3) == 1.0
    assert count_probability(np.array([3.0]), 0, 5) == 1.0


def test_runs_that_vary_more_than_their_mean_have_a_negative_binomial_distribution():
    """Mean 2, variance 4: size 2, P(N = 0) = (1/2)^2, P(N = 1) = 2 (1/2)^3, P(N = 2) = 3/16."""
    counts = np.array([0.0, 2.0, 4.0])
    assert (counts.mean(), counts.var(ddof=1)) == (2, 4)
    assert count_probability(counts, 0, 0) == pytest.approx(0.5)
    assert count_probability(counts, 4, 4) == pytest.approx(2 * (1 - 0.25 - 0.25 - 3 / 16 - 1 / 8))


@given(st.floats(0.1, 300.0), st.floats(1.01, 50.0), st.integers(0, 400))
def test_it_is_the_distribution_of_scipy(mean, excess, count):
    spread = math.sqrt(mean * excess / 2.0)  # of two values: variance 2 spread^2 = mean * excess
    counts = np.array([mean - spread, mean + spread])
    size = mean / (excess - 1.0)
    exact = stats.nbinom(size, size / (size + mean))
    below, above = exact.cdf(count), exact.sf(count - 1)
    found = count_probability(counts, count, count)
    assert found == pytest.approx(min(1.0, 2 * min(below, above)), rel=1e-6, abs=1e-9)


def test_runs_without_any_allow_for_half_an_event_among_them():
    assert count_probability(np.zeros(100), 0, 0) == 1.0
    assert count_probability(np.zeros(100), 1, 1) == pytest.approx(2 * (1 - math.exp(-0.005)))
    with pytest.raises(ValueError, match="at least one run"):
        count_probability(np.array([]), 1, 1)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=9), st.integers(0, 60), st.integers(0, 9))
def test_a_wider_report_is_never_less_probable(counts, low, more):
    values = np.array(counts, dtype=float)
    one = count_probability(values, low, low)
    assert 0.0 <= one <= count_probability(values, max(0, low - more), low + more) + 1e-12


@given(st.integers(0, 400), st.integers(0, 50))
def test_the_means_that_agree_are_those_under_which_the_count_is_no_surprise(low, more):
    """At its ends each tail holds half of ``NEAR``: the exact interval of a Poisson mean."""
    high = low + more
    least, most = poisson_means(low, high)
    assert least < low or least == low == 0
    assert most > high
    assert stats.poisson.cdf(high, most) == pytest.approx(NEAR / 2)
    if low:
        assert stats.poisson.sf(low - 1, least) == pytest.approx(NEAR / 2)


def test_known_intervals():
    """Garwood's, as in tables: 0 (0 to 2.996), 1 (0.0513 to 4.744), 26 (18.22 to 36.08)."""
    assert poisson_means(0, 0) == pytest.approx((0, 2.9957), abs=1e-4)
    assert poisson_means(1, 1) == pytest.approx((0.0513, 4.7439), abs=1e-4)
    assert poisson_means(26, 26) == pytest.approx((18.22, 36.08), abs=0.02)


def test_the_limits_of_verdicts():
    assert [judge_probability(p) for p in (1.0, MET, 0.33, NEAR, 0.099, 0.0)] == [
        "met", "met", "near", "near", "missed", "missed",
    ]  # fmt: skip
