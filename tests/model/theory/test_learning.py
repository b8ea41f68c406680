"""Learning from the neighbors' outcome: conjugacy, hazards, waiting times."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.learning import (
    Belief,
    Outcome,
    learn,
    precedent,
    revolt_hazard,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
PRIOR = Belief()
outcomes: st.SearchStrategy[list[Outcome]] = st.lists(
    st.sampled_from(["success", "failure", "rescue"]), max_size=12
)


@given(st.integers(0, 30), st.integers(0, 30))
@repeatable
def test_beliefs_are_conjugate(successes: int, failures: int) -> None:
    # 10(a): mean (1 + s)/(5 + s + f)
    belief = PRIOR
    for _ in range(successes):
        belief = learn(belief, "success", 1.0)
    for _ in range(failures):
        belief = learn(belief, "failure", 1.0)
    assert belief.mean == pytest.approx((1 + successes) / (5 + successes + failures), abs=1e-15)


@given(outcomes, st.sampled_from([(0.0, 1.0), (1.0, 0.0)]))
@repeatable
def test_nothing_is_learned_from_strangers(seen: list[Outcome], dead: tuple[float, float]) -> None:
    # 10(b): sim = 0 or g = 0
    belief = PRIOR
    for outcome in seen:
        belief = learn(belief, outcome, *dead)
    assert belief == PRIOR
    assert revolt_hazard(0.001, belief.mean - PRIOR.mean, 9.0, 0.0, 0.01) == 0.001
    assert precedent(0.0, 0.9) == 0.0


@given(outcomes, st.floats(1e-4, 0.5), st.floats(0, 1))
@repeatable
def test_without_sensitivity_the_hazard_is_constant(
    seen: list[Outcome], base: float, similarity: float
) -> None:
    # 10(c): gamma = 0 (and quiet streets, which would draw attention)
    belief = PRIOR
    for outcome in seen:
        belief = learn(belief, outcome, similarity)
        assert revolt_hazard(base, belief.mean - PRIOR.mean, 0.0, similarity, 0.0) == base


def test_a_rescue_weighs_as_two_failures() -> None:
    rescued = learn(PRIOR, "rescue", 0.5)
    assert rescued == learn(learn(PRIOR, "failure", 0.5), "failure", 0.5)


def test_known_hazard() -> None:
    belief = learn(PRIOR, "success", 1.0)
    expected = 0.001 * math.exp(4.0 * (1 / 3 - 1 / 5) + 0.5 * 0.8 * 0.5)
    assert revolt_hazard(0.001, belief.mean - PRIOR.mean, 4.0, 0.8, 0.0025) == pytest.approx(
        expected
    )
    assert revolt_hazard(0.9, belief.mean - PRIOR.mean, 50.0, 1.0, 0.0025) == 1.0


def test_known_precedent() -> None:
    assert precedent(1.0, 0.15) == 1.0
    assert precedent(0.5, 1.0) == pytest.approx(2 * 0.5 / 0.65)


def test_what_is_no_belief_is_refused() -> None:
    with pytest.raises(ValueError, match="Beta"):
        Belief(0.0, 4.0)
    with pytest.raises(ValueError, match="similarity"):
        learn(PRIOR, "failure", 1.1)
