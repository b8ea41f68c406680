"""The alliance's decision: utility, consensus, delay, and the three cases of one alliance."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.intervention import (
    GRANT_DELAY,
    REFUSAL_DELAY,
    Scores,
    Stance,
    Weights,
    answered_within,
    consensus_probability,
    delay_days,
    grant_probability,
    granted,
    perceived,
    stance,
    utility,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
score = st.integers(0, 2).map(float)
requests = st.builds(Scores, *[score] * 7)
units = st.floats(1e-6, 1 - 1e-6)

KYRGYZSTAN_2010 = Scores(1, 1, 0, 2, 1, 1, 1)
ARMENIA_2021 = Scores(0, 1, 0, 2, 2, 1, 0)
KAZAKHSTAN_2022 = Scores(2, 2, 2, 0, 0, 1, 1)


@given(requests, st.floats(-3, 3), units)
@repeatable
def test_without_weights_all_requests_are_alike(case: Scores, b0: float, u: float) -> None:
    # 8(a)
    flat = Weights(b0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert utility(case, flat) == b0
    assert grant_probability(utility(case, flat)) == pytest.approx(1 / (1 + math.exp(-b0)))
    assert delay_days(GRANT_DELAY, utility(case, flat), u) == delay_days(GRANT_DELAY, b0, u)


def test_the_three_cases_of_one_alliance() -> None:
    # 8(d): classified correctly at 0.5, ordered Kazakhstan > Kyrgyzstan > Armenia
    kaz, kgz, arm = (
        grant_probability(utility(case, Weights()))
        for case in (KAZAKHSTAN_2022, KYRGYZSTAN_2010, ARMENIA_2021)
    )
    assert kaz > 0.5 > kgz > arm


def test_known_utilities() -> None:
    assert utility(KAZAKHSTAN_2022, Weights()) == pytest.approx(0.75 + 0.51 + 0.70 + 0.97 * 1.5)
    assert utility(ARMENIA_2021, Weights()) == pytest.approx(0.75 - 0.51 - 0.35 - 0.97 * 2.5 - 0.65)
    assert utility(KYRGYZSTAN_2010, Weights(), dependence=1.0) == pytest.approx(
        0.75 - 0.35 - 0.97 * 1.5 + 0.5
    )


def test_one_member_without_bounds_blocks() -> None:
    # 8(e): U -> -inf
    assert stance(-math.inf) == "no"
    assert not granted("yes", ["yes", "yes", stance(-math.inf)])
    assert not granted("yes", ["yes", stance(perceived(-math.inf, 1e-9))])
    assert consensus_probability(5.0, [3.0, -math.inf]) == pytest.approx(0.0, abs=1e-300)


@pytest.mark.parametrize(
    ("patron", "members", "expected"),
    [
        ("yes", [], True),
        ("yes", ["abstain", "abstain"], True),
        ("abstain", ["yes", "yes"], False),
        ("no", ["yes", "yes"], False),
        ("yes", ["yes", "no"], False),
    ],
)
def test_consensus(patron: Stance, members: list[Stance], expected: bool) -> None:
    assert granted(patron, members) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1e-9, "yes"), (0.0, "abstain"), (-1.0, "abstain"), (-1.0 - 1e-9, "no")],
)
def test_stances_meet_at_their_bounds(value: float, expected: str) -> None:
    assert stance(value) == expected


@given(st.floats(-5, 5), units)
@repeatable
def test_noise_makes_the_quantal_response(value: float, u: float) -> None:
    # yes with probability Λ(U), no with Λ(-1 - U)
    if abs(u - grant_probability(value)) > 1e-9:
        assert (stance(perceived(value, u)) == "yes") == (u < grant_probability(value))
    objection = grant_probability(-1.0 - value)
    if abs(u - (1.0 - objection)) > 1e-9:
        assert (stance(perceived(value, u)) == "no") == (u > 1.0 - objection)


@given(requests, st.floats(0.1, 1.0))
@repeatable
def test_every_score_has_its_sign(case: Scores, step: float) -> None:
    signs = {
        "threat": 1, "stake": 1, "precedent": 1, "alignment": 1,
        "military_cost": -1, "rival": -1, "constraint": -1,
    }  # fmt: skip
    base = utility(case, Weights())
    for name, sign in signs.items():
        values = {field: getattr(case, field) for field in signs}
        if values[name] + step <= 2.0:
            changed = utility(Scores(**{**values, name: values[name] + step}), Weights())
            assert sign * (changed - base) > 0.0


@given(st.floats(-4, 4), units)
@repeatable
def test_delays_follow_their_law(value: float, u: float) -> None:
    days = delay_days(GRANT_DELAY, value, u)
    z = NormalDist().inv_cdf(u)
    expected = math.exp(4.31 - 0.96 * value + 1.41 * z) - 0.5
    assert days == pytest.approx(max(0.0, expected), rel=1e-9, abs=1e-9)
    if days > 0.0:
        assert answered_within(GRANT_DELAY, value, days) == pytest.approx(u, abs=1e-9)


def test_the_keener_the_quicker() -> None:
    assert delay_days(GRANT_DELAY, 3.0, 0.5) < delay_days(GRANT_DELAY, 1.0, 0.5)
    assert delay_days(REFUSAL_DELAY, 3.0, 0.5) == delay_days(REFUSAL_DELAY, -3.0, 0.5)


def test_scores_outside_their_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="threat"):
        Scores(2.5, 1, 1, 1, 1, 1, 1)
