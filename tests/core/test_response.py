"""Response functions: their stated accuracy, their limits, and one set of bits for all forms."""

from __future__ import annotations

import decimal
import math
import random
from collections.abc import Callable
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core import response
from steppe.core.compile import compiled
from steppe.core.response import (
    exact_sum,
    exp,
    exp_array,
    log,
    log_array,
    logistic,
    logistic_array,
    normal_array,
    normal_quantile,
    poisson_quantile,
    saturation,
    saturation_array,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=200)
decimal_context = decimal.Context(prec=45)


def grid(low: float, high: float, n: int, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    return [float(v) for v in rng.uniform(low, high, n)]


EXPONENTS = [0.0, -0.0, 1.0, -1.0, 0.5, 700.0, -700.0, 1e-300, 1e-9, *grid(-700, 700, 800, 1)]
EXPONENTS += grid(-1, 1, 800, 2) + [k * math.log(2) / 2 for k in range(-40, 41)]
POSITIVE = [1.0, 2.0, 0.5, 1e-300, 1e300, 5e-324, 1.7976931348623157e308, math.e]
POSITIVE += [1 + 1e-9, 1 - 1e-9, math.sqrt(0.5), math.nextafter(1.0, 2.0)]
POSITIVE += grid(0.3, 3.0, 800, 3) + [math.exp(v) for v in grid(-600, 600, 600, 4)]
SHARES = [2.0**-33, 1 - 2.0**-33, 0.5, 0.075, 0.925, 1e-12, 1 - 1e-12, *grid(0, 1, 600, 5)]
SHARES += [math.exp(-v) for v in grid(1, 30, 200, 6)] + [10.0**-n for n in range(15, 301, 15)]


def ulps(value: float, truth: Decimal) -> float:
    unit = Decimal(math.ulp(float(truth)))
    return float(abs(Decimal(value) - truth) / unit)


def test_exp_is_within_one_ulp_of_the_truth() -> None:
    assert max(ulps(exp(x), decimal_context.exp(Decimal(x))) for x in EXPONENTS) <= 1.0


def test_log_is_within_one_ulp_of_the_truth() -> None:
    assert max(ulps(log(x), decimal_context.ln(Decimal(x))) for x in POSITIVE if x != 1) <= 1.0


def test_exp_and_log_against_the_library() -> None:
    assert all(abs(exp(x) - math.exp(x)) <= 2 * math.ulp(math.exp(x)) for x in EXPONENTS)
    assert all(abs(log(x) - math.log(x)) <= 2 * math.ulp(math.log(x)) for x in POSITIVE)


def test_normal_quantile_against_the_library() -> None:
    exact = NormalDist().inv_cdf
    worst = max(abs(normal_quantile(u) - exact(u)) / max(abs(exact(u)), 1e-3) for u in SHARES)
    assert worst <= 1e-15


def test_normal_quantile_inverts_the_distribution_function() -> None:
    for u in SHARES:
        back = 0.5 * math.erfc(-normal_quantile(u) / math.sqrt(2.0))
        assert back == pytest.approx(u, rel=2e-14, abs=1e-16)


def test_exact_values() -> None:
    assert exp(0.0) == 1.0
    assert log(1.0) == 0.0
    assert logistic(0.0) == 0.5
    assert normal_quantile(0.5) == 0.0
    assert saturation(0.0, 0.3) == 0.0
    assert saturation(0.3, 0.3) == 0.5


def test_exp_is_clipped_beyond_700() -> None:
    assert exp(1e6) == exp(700.0) < math.inf
    assert exp(-1e6) == exp(-700.0) > 0.0
    assert exp(math.inf) == exp(700.0)


def test_limits_of_the_logistic() -> None:
    assert logistic(800.0) == 1.0
    assert 0.0 < logistic(-800.0) < 1e-300


BITS: list[tuple[str, Callable[[float], float], Callable[[np.ndarray], np.ndarray], list[float]]]
BITS = [
    ("exp", exp, exp_array, EXPONENTS),
    ("log", log, log_array, POSITIVE),
    ("logistic", logistic, logistic_array, [*EXPONENTS, 1e4, -1e4]),
    ("normal", normal_quantile, normal_array, SHARES),
    ("saturation", lambda v: saturation(v, 0.3), lambda v: saturation_array(v, 0.3), POSITIVE),
]


@pytest.mark.parametrize(
    ("scalar", "array", "values"), [b[1:] for b in BITS], ids=[b[0] for b in BITS]
)
def test_arrays_have_the_bits_of_scalars(
    scalar: Callable[[float], float],
    array: Callable[[np.ndarray], np.ndarray],
    values: list[float],
) -> None:
    one_by_one = np.array([scalar(v) for v in values])
    assert array(np.array(values)).tobytes() == one_by_one.tobytes()


@pytest.mark.parametrize(
    ("plain", "values"),
    [
        (exp, [*EXPONENTS, 1e6, -1e6]),
        (log, POSITIVE),
        (logistic, EXPONENTS),
        (normal_quantile, SHARES),
    ],
    ids=["exp", "log", "logistic", "normal"],
)
def test_compiled_code_has_the_bits_of_plain_code(
    plain: Callable[[float], float], values: list[float]
) -> None:
    function = compiled(plain)
    by_machine = np.array([function(v) for v in values])
    assert by_machine.tobytes() == np.array([plain(v) for v in values]).tobytes()


def test_arrays_keep_their_shape_and_arguments() -> None:
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    x.setflags(write=False)
    assert exp_array(x).shape == logistic_array(x).shape == (3, 4)
    assert exp_array(np.array(1.5)).shape == ()


floats = st.floats(-690, 690, allow_subnormal=False)


@given(floats, floats)
@repeatable
def test_exp_and_logistic_never_decrease(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert exp(low) <= exp(high)
    assert logistic(low) <= logistic(high)


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300))
@repeatable
def test_log_never_decreases(a: float, b: float) -> None:
    assert log(min(a, b)) <= log(max(a, b))


@given(st.floats(1e-12, 1 - 1e-12), st.floats(1e-12, 1 - 1e-12))
@repeatable
def test_normal_quantile_never_decreases(a: float, b: float) -> None:
    assert normal_quantile(min(a, b)) <= normal_quantile(max(a, b)) + 1e-15


@pytest.mark.parametrize("joint", [0.075, 0.925, math.exp(-25.0)])
def test_normal_quantile_is_continuous_where_its_pieces_meet(joint: float) -> None:
    steps = [joint * (1 + i * 1e-14) for i in range(-20, 21)]
    values = [normal_quantile(u) for u in steps]
    assert max(values) - min(values) < 1e-11


@given(st.floats(-300, 300))
@repeatable
def test_identities(x: float) -> None:
    assert log(exp(x)) == pytest.approx(x, abs=1e-15 * max(abs(x), 1.0) * 2)
    assert exp(x) * exp(-x) == pytest.approx(1.0, rel=4e-16)
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, abs=3e-16)


@given(st.floats(1e-9, 1 - 1e-9))
@repeatable
def test_normal_quantile_is_odd(u: float) -> None:
    other = 1.0 - u
    mirrored = -normal_quantile(1.0 - other)  # exact complement of ``other``
    assert normal_quantile(other) == pytest.approx(mirrored, rel=1e-9, abs=1e-9)


@given(st.floats(0, 1e6), st.floats(1e-6, 1e3))
@repeatable
def test_saturation_is_a_share_that_rises_with_its_argument(x: float, half: float) -> None:
    assert 0.0 <= saturation(x, half) <= 1.0
    assert saturation(x, half) <= saturation(x * 1.01 + 1e-9, half)


@given(st.lists(st.floats(-1e15, 1e15), max_size=40), st.randoms(use_true_random=False))
@repeatable
def test_exact_sum_ignores_order(values: list[float], shuffler: random.Random) -> None:
    other = values[:]
    shuffler.shuffle(other)
    assert exact_sum(values) == exact_sum(other)


@given(st.lists(st.floats(-1e300, 1e300) | st.integers(-9, 9).map(float), max_size=40))
@repeatable
def test_exact_sum_of_an_array_is_that_of_its_numbers(values: list[float]) -> None:
    try:
        expected = math.fsum(values)
    except OverflowError:
        return
    assert exact_sum(np.array(values)) == expected


def test_exact_sum_keeps_what_plain_addition_loses() -> None:
    values = [1e16, 1.0, -1e16] * 10
    assert exact_sum(values) == 10.0 != sum(values)
    assert exact_sum(np.array(values)) == 10.0
    assert exact_sum([]) == 0.0


def poisson_cdf(mean: float, top: int) -> list[Decimal]:
    with decimal.localcontext(decimal.Context(prec=60, Emin=-(10**6))):
        term = (-Decimal(mean)).exp()
        total = term
        out = [total]
        for n in range(1, top + 1):
            term = term * Decimal(mean) / n
            total += term
            out.append(total)
        return out


@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.0056, 0.3, 1.0, 12.5, 150.0, 600.0])
def test_poisson_quantile_against_the_distribution_function(mean: float) -> None:
    cdf = poisson_cdf(mean, int(mean + 12 * math.sqrt(mean) + 40))
    slack = Decimal("1e-12")
    for u in [2.0**-33, 1e-4, 0.05, 0.3, 0.5, 0.7, 0.95, 0.9999, 1 - 2.0**-33]:
        n = poisson_quantile(u, mean)
        assert cdf[n] >= Decimal(u) - slack
        assert n == 0 or cdf[n - 1] < Decimal(u) + slack


@given(st.floats(0, 600), st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_poisson_quantile_never_decreases_in_u(mean: float, a: float, b: float) -> None:
    assert poisson_quantile(min(a, b), mean) <= poisson_quantile(max(a, b), mean)


@pytest.mark.parametrize("mean", [-1e-9, 600.1, math.nan, math.inf])
def test_poisson_quantile_refuses_a_mean_outside_its_range(mean: float) -> None:
    with pytest.raises(ValueError, match="mean"):
        poisson_quantile(0.5, mean)


def test_poisson_quantile_has_the_mean_it_is_given() -> None:
    n = 2_000
    draws = [poisson_quantile((i + 0.5) / n, 3.7) for i in range(n)]
    assert sum(draws) / n == pytest.approx(3.7, abs=0.01)


def test_tables_hold_eight_terms_each() -> None:
    tables = (response._A, response._B, response._C, response._D, response._E, response._F)
    assert [len(table) for table in tables] == [8] * 6
