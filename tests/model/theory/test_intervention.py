"""The utility of members, and the three cases of one alliance."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.intervention import Scores, Weights, utility

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
score = st.integers(0, 2).map(float)
requests = st.builds(Scores, *[score] * 7)

KYRGYZSTAN_2010 = Scores(1, 1, 0, 2, 1, 1, 1)
ARMENIA_2021 = Scores(0, 1, 0, 2, 2, 1, 0)
KAZAKHSTAN_2022 = Scores(2, 2, 2, 0, 0, 1, 1)


@given(requests, st.floats(-3, 3))
@repeatable
def test_without_weights_all_requests_are_alike(case: Scores, b0: float) -> None:
    # 8(a)
    flat = Weights(b0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert utility(case, flat) == b0


def test_the_three_cases_of_one_alliance() -> None:
    # 8(d): classified correctly at 0, ordered Kazakhstan > Kyrgyzstan > Armenia
    kaz, kgz, arm = (
        utility(case, Weights()) for case in (KAZAKHSTAN_2022, KYRGYZSTAN_2010, ARMENIA_2021)
    )
    assert kaz > 0.0 > kgz > arm


def test_known_utilities() -> None:
    assert utility(KAZAKHSTAN_2022, Weights()) == pytest.approx(0.75 + 0.51 + 0.70 + 0.97 * 1.5)
    assert utility(ARMENIA_2021, Weights()) == pytest.approx(0.75 - 0.51 - 0.35 - 0.97 * 2.5 - 0.65)
    assert utility(KYRGYZSTAN_2010, Weights(), dependence=1.0) == pytest.approx(
        0.75 - 0.35 - 0.97 * 1.5 + 0.5
    )


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


def test_scores_outside_their_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="threat"):
        Scores(2.5, 1, 1, 1, 1, 1, 1)
