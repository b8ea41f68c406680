"""Framing as Bayes' rule, and how far anybody can be persuaded."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.framing_parameters import (
    FramingParameters,
    cue_likelihoods,
    prior_belief,
)
from steppe.model.theory.framing import (
    FRAMES,
    exposed,
    forget,
    hear,
    message_likelihood,
    update,
)

HOME_PRIOR, CUES = prior_belief(FramingParameters()), cue_likelihoods(FramingParameters())
repeatable = settings(derandomize=True, deadline=None, max_examples=100)
distributions = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
    lambda w: tuple(x / sum(w) for x in w)
)


@given(distributions, distributions, st.integers(0, 3))
@repeatable
def test_a_source_nobody_believes_changes_nothing(
    prior: Sequence[float], habit: Sequence[float], frame: int
) -> None:
    # 11(a): kap = 0
    posterior = update(prior, message_likelihood(frame, 0.0, habit))
    assert posterior == pytest.approx(prior, abs=1e-15)


@given(distributions, distributions, st.integers(0, 3))
@repeatable
def test_an_oracle_settles_the_matter(
    prior: Sequence[float], habit: Sequence[float], frame: int
) -> None:
    # 11(b): kap = 1
    posterior = update(prior, message_likelihood(frame, 1.0, habit))
    assert posterior == tuple(float(f == frame) for f in range(4))


@given(
    distributions,
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 0.95), distributions), max_size=4),
)
@repeatable
def test_the_order_of_messages_does_not_matter(
    prior: Sequence[float], said: list[tuple[int, float, Sequence[float]]]
) -> None:
    # 11(d), with events among the messages
    rows = [message_likelihood(*one) for one in said] + [CUES["looting"], CUES["chants"]]
    first = hear(prior, rows)
    for order in itertools.islice(itertools.permutations(rows), 0, 720, 31):
        assert hear(prior, order) == pytest.approx(first, abs=1e-13)


@given(distributions, distributions, st.integers(0, 3), st.floats(0, 0.99))
@repeatable
def test_a_message_never_hurts_its_own_frame(
    prior: Sequence[float], habit: Sequence[float], frame: int, credibility: float
) -> None:
    posterior = update(prior, message_likelihood(frame, credibility, habit))
    assert posterior[frame] >= prior[frame] - 1e-14
    assert sum(posterior) == pytest.approx(1.0)


@given(distributions, distributions, st.floats(0, 1))
@repeatable
def test_beliefs_are_martingales(
    prior: Sequence[float], habit: Sequence[float], credibility: float
) -> None:
    assume(min(prior) > 1e-3)
    mean = [0.0] * 4
    for frame in range(4):
        row = message_likelihood(frame, credibility, habit)
        chance = sum(p * x for p, x in zip(prior, row, strict=True))
        for truth, p in enumerate(update(prior, row)):
            mean[truth] += chance * p
    assert mean == pytest.approx(list(prior), abs=1e-12)


def test_cues_point_where_they_should() -> None:
    assert set(map(len, CUES.values())) == {len(FRAMES)}
    assert all(0.0 < p < 1.0 for row in CUES.values() for p in row)
    assert update(HOME_PRIOR, CUES["dead-officers"])[1] > HOME_PRIOR[1]
    assert update(HOME_PRIOR, CUES["chants"])[0] > HOME_PRIOR[0]


def test_exposure_and_forgetting() -> None:
    sure = (0.0, 1.0, 0.0, 0.0)
    assert exposed(HOME_PRIOR, sure, 0.0) == HOME_PRIOR
    assert exposed(HOME_PRIOR, sure, 1.0) == pytest.approx(sure)
    belief: tuple[float, ...] = sure
    for _ in range(100):
        belief = forget(belief, HOME_PRIOR)
    assert belief[1] - 0.1 == pytest.approx(0.9 * 0.99**100)


@pytest.mark.parametrize("belief", [(), (0.5, 0.6), (-0.1, 1.1)])
def test_what_is_no_belief_is_refused(belief: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        update(belief, (1.0,) * len(belief))


def test_the_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="no probability"):
        update((1.0, 0.0), (0.0, 1.0))
