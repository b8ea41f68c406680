"""The size at which a trigger tips: recovered where it was planted, not made up where it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from steppe.study.effects import Floats
from steppe.study.sweep import SweepError
from steppe.study.tipping import Tipping, crossing, curve, monotone

SIZES = np.linspace(0.0, 1.0, 11)
NAMES = ("prices.shock", "large_protest", "peak_active")


def found(sizes: Floats, happened: NDArray[Any], peak: Floats | None = None) -> Tipping:
    peak = happened * 9.0 + 1.0 if peak is None else peak
    return curve(sizes, happened.astype(float), peak, NAMES)


def planted(rng: np.random.Generator, middle: float, spread: float, seeds: int) -> NDArray[Any]:
    """Each seed has a threshold of its own; at every size it is over it or not."""
    return SIZES[:, None] > rng.normal(middle, spread, seeds)[None, :]


@pytest.mark.parametrize(("middle", "spread", "seeds"), [(0.43, 0.15, 20), (0.6, 0.03, 10)])
def test_a_planted_threshold_is_covered_at_the_stated_rate(
    middle: float, spread: float, seeds: int
) -> None:
    """95 % intervals hold the true point in at least 93 % of 60 repetitions, and are no alibi."""
    rng = np.random.default_rng(7)
    hits, widths, points = 0, [], []
    for _ in range(60):
        one = found(SIZES, planted(rng, middle, spread, seeds))
        assert one.point is not None
        points.append(one.point[0])
        hits += one.point[1] <= middle <= one.point[2]
        widths.append(one.point[2] - one.point[1])
    assert hits / 60 >= 0.93
    assert np.mean(points) == pytest.approx(middle, abs=0.03)
    assert np.mean(widths) < 6 * spread / np.sqrt(seeds) + 2 * 0.1


def test_independent_seeds_at_each_size_are_covered_too() -> None:
    rng = np.random.default_rng(11)
    chance = 1.0 / (1.0 + np.exp(-(SIZES - 0.37) / 0.08))
    hits = 0
    for _ in range(60):
        one = found(SIZES, rng.random((11, 20)) < chance[:, None])
        assert one.point is not None
        hits += one.point[1] <= 0.37 <= one.point[2]
    assert hits / 60 >= 0.93


def test_between_two_sizes_nothing_is_known() -> None:
    """All seeds tip between the same two sizes: the interval is that gap, never a point."""
    one = found(SIZES, np.repeat((SIZES > 0.55)[:, None], 30, axis=1))
    assert one.point == pytest.approx((0.55, 0.5, 0.6))
    assert one.inside == 1.0
    assert one.verdict == "tips at 0.55 (95 %: 0.5 to 0.6)"


def test_no_tipping_point_is_said() -> None:
    never = found(SIZES, np.zeros((11, 8)))
    assert (never.point, never.inside) == (None, 0.0)
    assert never.verdict == "no tipping point between 0 and 1: the chance stays below one half"
    always = found(SIZES, np.ones((11, 8)))
    assert always.point is None
    assert "stays above one half" in always.verdict


def test_an_interval_that_leaves_the_range_says_so() -> None:
    rng = np.random.default_rng(2)
    one = found(SIZES, planted(rng, 0.97, 0.3, 12))
    assert one.point is not None or "below one half" in one.verdict
    many = [found(SIZES, planted(rng, 0.97, 0.3, 12)) for _ in range(20)]
    ends = [m.point[2] for m in many if m.point]
    assert np.inf in ends
    assert any("above 1" in m.verdict for m in many)


def test_a_trigger_that_quells_has_a_point_too() -> None:
    one = found(SIZES, np.repeat((SIZES < 0.35)[:, None], 10, axis=1))
    assert not one.rising
    assert one.point == pytest.approx((0.35, 0.3, 0.4))


def test_the_order_of_points_does_not_matter() -> None:
    happened = planted(np.random.default_rng(3), 0.5, 0.2, 16)
    turned = np.random.default_rng(4).permutation(11)
    assert found(SIZES, happened) == found(SIZES[turned], happened[turned])


def test_elasticity_of_a_power_law_is_its_exponent() -> None:
    sizes = np.linspace(1.0, 2.0, 101)
    peak = np.repeat((7.0 * sizes**3)[:, None], 5, axis=1)
    one = found(sizes, peak > 20.0, peak)
    assert [s.elasticity[0] for s in one.steps] == pytest.approx([3.0] * 100, abs=1e-3)
    assert one.steps[0].elasticity[1] == pytest.approx(one.steps[0].elasticity[2])


def test_elasticity_of_a_jump_is_largest_there_and_of_nothing_unknown() -> None:
    peak = np.repeat(np.where(SIZES > 0.55, 1000.0, 0.0)[:, None], 6, axis=1)
    one = found(SIZES, peak > 1.0, peak)
    assert one.steepest is not None
    assert one.steepest.start == 0.5
    assert one.steepest.end == pytest.approx(0.6)
    assert np.isnan(one.steps[0].elasticity[0])
    assert one.steps[-1].elasticity[0] == 0.0


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=1, max_size=5),
    st.booleans(),
)
def test_the_monotone_fit_is_that_of_scipy(rows: list[list[int]], rising: bool) -> None:
    from scipy.optimize import isotonic_regression

    values = np.array(rows, dtype=float)
    fitted = monotone(values, rising)
    for row, fit in zip(values, fitted, strict=True):
        assert fit == pytest.approx(isotonic_regression(row, increasing=rising).x)


@given(st.lists(st.integers(0, 10), min_size=4, max_size=4))
def test_a_crossing_lies_between_its_neighbours(counts: list[int]) -> None:
    sizes = np.array([1.0, 2.0, 4.0, 8.0])
    fitted = np.sort(np.array(counts, dtype=float))[None] / 10.0
    at, low, high = (float(x[0]) for x in crossing(sizes, fitted, True))
    if np.isfinite(at):
        assert low <= at <= high
        assert np.interp(at, sizes, fitted[0]) == pytest.approx(0.5)
    else:
        assert at == low == high
        assert (fitted > 0.5).all() if at < 0 else (fitted < 0.5).all()


def test_a_curve_needs_two_sizes() -> None:
    with pytest.raises(SweepError, match="at least two"):
        found(np.array([1.0, 1.0]), np.zeros((2, 3)))
