"""Granovetter 1978 and Kuran 1991: thresholds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.compile import compiled
from steppe.core.random import key_of
from steppe.toys import thresholds
from steppe.toys.granovetter import jump, ladder, majority, share
from steppe.toys.kuran import opposed


@pytest.mark.parametrize(("second", "active"), [(1, 100), (2, 1)])
def test_one_person_decides_over_a_riot(second: int, active: int) -> None:
    """Source: Granovetter 1978. Thresholds 0..99 bring out 100 of 100; with the threshold 1
    replaced by 2 one is left. Tolerance: none. Nothing is drawn.
    """
    assert ladder(100, second=second) == active


@pytest.mark.parametrize(
    ("sd", "percent", "tolerance"),
    [
        (10.0, 0.770, 0.001),
        (11.0, 1.713, 0.001),
        (12.0, 4.021, 0.001),
        (12.2, 5.479, 0.001),
        (30.0, 99.34, 0.01),
    ],
)
def test_share_of_a_large_crowd(sd: float, percent: float, tolerance: float) -> None:
    """Source: smallest root of r = Phi((r - 0.25)/sd), Granovetter 1978, computed independently.

    Expectation as listed, half a unit of its last digit or one as tolerance; one million persons
    with thresholds at the quantiles. Nothing is drawn.
    """
    assert share(25.0, sd, 1_000_000) == pytest.approx(percent, abs=tolerance)


def test_the_jump() -> None:
    """Source: Granovetter 1978 (about 12.2); tangency of the normal distribution: 12.2221.

    Tolerance: 0.0002 percentage points, for a million persons; just below 6.20 % within 0.1 (the
    share goes like a square root there), just above 100 % within 0.1. Nothing is drawn.
    """
    at, below, above = jump(25.0, 1_000_000, 1.0, 50.0)
    assert at == pytest.approx(12.2221, abs=0.0002)
    assert below == pytest.approx(6.20, abs=0.1)
    assert above == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize(("sd", "chance"), [(12.0, 0.155), (13.0, 0.393), (14.0, 0.618)])
def test_a_small_crowd_smears_the_jump(sd: float, chance: float) -> None:
    """Source: independent simulation of 2,000 crowds of 100 (standard error 0.011).

    Expectation: the same chance that more than half are active, within 0.029: two standard errors
    of theirs (0.022) and of ours (0.007). Seeds 1 to 10 with 2,000 crowds each.
    """
    assert majority(25.0, sd, 100, 2_000, range(1, 11)) == pytest.approx(chance, abs=0.029)


@pytest.mark.parametrize(
    ("society", "percent"),
    [
        ((0, 20, 20, 30, 40, 50, 60, 70, 80, 100), 10),
        ((0, 10, 20, 30, 40, 50, 60, 70, 80, 100), 90),
        ((0, 10, 30, 40, 50, 60, 70, 80, 90, 100), 20),
        ((10, 10, 30, 40, 50, 60, 70, 80, 90, 100), 0),
    ],
)
def test_ten_persons(society: tuple[int, ...], percent: int) -> None:
    """Source: Kuran 1991: 10, 90, 20 and 0 % publicly opposed. Tolerance: none; nothing drawn."""
    assert opposed(society) == percent


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 41), min_size=1, max_size=40))
def test_every_way_of_counting_agrees_with_rounds_of_joining(needs: list[int]) -> None:
    """Source: the rule itself. Sorted, counted and compiled forms equal the plain one, exactly."""
    persons = np.minimum(np.array(needs), len(needs) + 1)
    expected = thresholds.settle(persons.tolist())
    by_need = np.empty(len(persons) + 2, dtype=np.int64)
    assert thresholds.settle_counted(persons, by_need) == expected
    assert compiled(thresholds.settle)(persons) == expected
    assert compiled(thresholds.settle_counted)(persons, by_need) == expected


def test_drawn_crowds_agree_with_plain_python() -> None:
    """Source: the rule itself. Compiled and plain crowds are equal bit for bit; seed 3."""
    plain, fast, key = np.zeros(30, np.int64), np.zeros(30, np.int64), key_of(3)
    normal = thresholds.Normal(0.25, 0.13)
    for draw in range(20):
        thresholds.needs_of_draw(normal, plain, draw, key)
        compiled(thresholds.needs_of_draw)(normal, fast, draw, key)
        assert plain.tolist() == fast.tolist()
    for sd in (0.05, 0.12, 0.2):
        assert compiled(thresholds.crowd)(0.25, sd, 500) == thresholds.crowd(0.25, sd, 500)
