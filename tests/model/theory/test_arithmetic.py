"""Powers, the normal distribution and roots against independent values."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.response import normal_quantile
from steppe.model.theory.arithmetic import normal_cdf, normal_density, power, root

repeatable = settings(derandomize=True, deadline=None, max_examples=200)


@given(st.floats(-8, 8))
@repeatable
def test_the_normal_distribution(x: float) -> None:
    assert normal_cdf(x) == pytest.approx(NormalDist().cdf(x), abs=2e-15)
    assert normal_cdf(x) + normal_cdf(-x) == pytest.approx(1.0, abs=4e-16)
    assert normal_density(x) == pytest.approx(NormalDist().pdf(x), rel=1e-13)


@pytest.mark.parametrize("x", [-37.0, -20.0, -10.0, -5.0, -3.0])
def test_the_tail_keeps_its_digits(x: float) -> None:
    assert normal_cdf(x) == pytest.approx(0.5 * math.erfc(-x / math.sqrt(2.0)), rel=1e-12)


@given(st.floats(1e-9, 1 - 1e-9))
@repeatable
def test_it_undoes_the_quantile(u: float) -> None:
    assert normal_cdf(normal_quantile(u)) == pytest.approx(u, rel=1e-11, abs=1e-15)


def test_infinity() -> None:
    assert normal_cdf(math.inf) == 1.0
    assert normal_cdf(-math.inf) == 0.0


@given(st.floats(1e-6, 1e3), st.floats(0.1, 3.0))
@repeatable
def test_powers(base: float, exponent: float) -> None:
    assert power(base, exponent) == pytest.approx(base**exponent, rel=1e-13)
    assert power(base, 1.0) == base
    assert power(0.0, exponent) == 0.0


def test_a_root_to_the_last_bit() -> None:
    assert root(lambda x: x * x - 2.0, 0.0, 2.0) == pytest.approx(math.sqrt(2.0), abs=4e-16)
    assert root(lambda x: x, 0.0, 1.0) == 0.0
    with pytest.raises(ValueError, match="no change of sign"):
        root(lambda x: x * x + 1.0, -1.0, 1.0)
