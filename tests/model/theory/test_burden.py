"""Burden sharing: Olson and Zeckhauser's free riding and what softens it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.burden import (
    joint_product_contributions,
    public_good_contributions,
    shares,
    troop_contributions,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
WEIGHTS = [w / 3000 for w in (3000, 500, 200, 150, 70)]
weight_lists = st.lists(st.floats(0.01, 10.0), min_size=2, max_size=6)


def test_only_the_greatest_pays_for_a_pure_public_good() -> None:
    # 8(b)
    assert public_good_contributions([0.7, 2.5, 1.1]) == (0.0, 2.5, 0.0)


@given(weight_lists, st.floats(0.0, 5.0))
@repeatable
def test_nobody_would_pay_otherwise(weights: list[float], other: float) -> None:
    given_ = public_good_contributions(weights)
    total = math.fsum(given_)
    assert total == pytest.approx(max(weights))
    for weight, own in zip(weights, given_, strict=True):
        rest = total - own
        if rest + other > 0.0:
            changed = weight * math.log(rest + other) - other
            assert changed <= weight * math.log(total) - own + 1e-9


@pytest.mark.parametrize(
    ("private", "expected"),
    [
        (0.5, (0.851, 0.083, 0.032, 0.024, 0.011)),
        (1.0, (0.765, 0.128, 0.051, 0.038, 0.018)),
    ],
)
def test_known_shares_of_a_joint_product(private: float, expected: tuple[float, ...]) -> None:
    # 8(c); at a = 1 proportional
    found = shares(joint_product_contributions(WEIGHTS, private))
    assert found == pytest.approx(expected, abs=5e-4)


def test_a_wholly_private_good_is_paid_for_in_proportion() -> None:
    assert shares(joint_product_contributions(WEIGHTS, 1.0)) == shares(WEIGHTS)


@given(weight_lists, st.floats(0.02, 0.98))
@repeatable
def test_first_order_conditions(weights: list[float], a: float) -> None:
    given_ = joint_product_contributions(weights, a)
    total = math.fsum(given_)
    for weight, own in zip(weights, given_, strict=True):
        assert weight * (a / own + (1.0 - a) / total) == pytest.approx(1.0, rel=1e-7)


def test_it_tends_to_the_public_good() -> None:
    found = joint_product_contributions(WEIGHTS, 1e-6)
    assert found == pytest.approx((1.0, 0.0, 0.0, 0.0, 0.0), abs=1e-5)


def test_troops_by_strength_and_will() -> None:
    # shape of the reported force: the lead 65 to 95 %, the others in the order of their forces
    forces = [900.0, 47.0, 45.0, 11.0, 9.0]
    found = troop_contributions(2500.0, forces, [3.0] * 5)
    assert sorted(found, reverse=True) == list(found)
    assert 0.65 <= shares(found)[0] <= 0.95


def test_the_unwilling_send_nobody_and_the_rest_a_token_at_least() -> None:
    found = troop_contributions(1000.0, [900.0, 1.0, 50.0, 0.0], [1.0, 0.5, 0.0, 2.0])
    assert found[1:] == (50.0, 0.0, 0.0)
    assert found[0] > 950.0
    assert troop_contributions(1000.0, [5.0, 5.0], [-1.0, 0.0]) == (0.0, 0.0)


@given(st.lists(st.tuples(st.floats(1, 1e3), st.floats(0.1, 5)), min_size=1, max_size=6))
@repeatable
def test_without_tokens_the_total_is_kept(members: list[tuple[float, float]]) -> None:
    forces, wills = zip(*members, strict=True)
    found = troop_contributions(2500.0, forces, wills, minimum=0.0)
    assert math.fsum(found) == pytest.approx(2500.0)
    assert found[0] == pytest.approx(
        2500 * forces[0] ** 0.7 * math.exp(wills[0] / 2)
        / sum(f**0.7 * math.exp(w / 2) for f, w in members)
    )  # fmt: skip
