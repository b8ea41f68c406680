"""Decision rules: exact at their edges, monotone in the margin, blind to the order of seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.study.causation import wilson
from steppe.study.claims.decision_rules import (
    Decision,
    Finding,
    Verdict,
    all_of,
    any_of,
    by_equivalence,
    by_mean,
    by_range,
    by_share,
    mean_interval,
)

RANK = {"contradicted": 0, "undecided": 1, "supported": 2}
counts = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda p: (min(p), max(p)))
gaps = st.lists(
    st.one_of(st.sampled_from([-1.0, 0.0, 1.0]), st.floats(-100, 100, allow_nan=False)),
    min_size=2, max_size=15,
).map(np.array)  # fmt: skip


@pytest.mark.parametrize(
    ("agree", "runs", "verdict"),
    [(20, 20, "supported"), (19, 20, "undecided"), (10, 20, "undecided"), (1, 20, "undecided"),
     (0, 20, "contradicted"), (4, 4, "undecided"), (0, 4, "undecided"), (39, 40, "supported")],
)  # fmt: skip
def test_known_shares(agree: int, runs: int, verdict: str) -> None:
    assert by_share(agree, runs, 0.8).verdict == verdict


@given(counts, st.floats(0.51, 0.99), st.floats(0.51, 0.99))
def test_a_higher_minimum_never_raises_a_share_to_supported(
    k: tuple[int, int], one: float, other: float
) -> None:
    low, high = min(one, other), max(one, other)
    first, second = (by_share(*k, minimum) for minimum in (low, high))
    if second.verdict == "supported":
        assert first.verdict == "supported"
    if second.verdict == "contradicted":
        assert first.verdict == "contradicted"


@given(counts, st.floats(0.51, 0.99))
def test_shares_are_decided_alike_from_both_sides(k: tuple[int, int], minimum: float) -> None:
    for_it, against = by_share(*k, minimum), by_share(k[1] - k[0], k[1], minimum)
    opposite = {"supported": "contradicted", "contradicted": "supported"}
    edge = min(abs(for_it.low - minimum), abs(for_it.high - 1 + minimum)) < 1e-9
    assert edge or against.verdict == opposite.get(for_it.verdict, "undecided")


@settings(max_examples=40)
@given(gaps, st.floats(0, 50), st.floats(0, 50))
def test_a_wider_margin_asks_more_of_an_effect_and_less_of_none(
    g: np.ndarray, one: float, other: float
) -> None:
    low, high = min(one, other), max(one, other)
    assert RANK[by_mean(g, low).verdict] >= RANK[by_mean(g, high).verdict]
    assert RANK[by_equivalence(g, low).verdict] <= RANK[by_equivalence(g, high).verdict]


@settings(max_examples=40)
@given(gaps)
def test_an_interval_holds_its_mean(g: np.ndarray) -> None:
    mean, low, high = mean_interval(g)
    assert low - 1e-9 <= mean <= high + 1e-9


def test_equal_pairs_of_what_happens_or_not_leave_doubt() -> None:
    mean, low, high = mean_interval(np.ones(20), binary=True)
    assert mean == 1.0
    assert low == pytest.approx(1.0 - np.hypot(1 - wilson(20, 20)[1], wilson(0, 20)[2]))
    assert high == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("agree", "verdict"), [(20, "supported"), (0, "contradicted"), (40, "contradicted")]
)
def test_a_share_between_two(agree: int, verdict: str) -> None:
    made: Decision = by_range(agree, 40, 0.3, 0.7)
    assert made.verdict == verdict


def finding(verdict: Verdict) -> Finding:
    return Finding(verdict, "", verdict)


@pytest.mark.parametrize(
    ("parts", "together", "either"),
    [
        (("supported", "supported"), "supported", "supported"),
        (("supported", "undecided"), "undecided", "supported"),
        (("supported", "contradicted"), "contradicted", "supported"),
        (("undecided", "contradicted"), "contradicted", "undecided"),
        (("contradicted", "contradicted"), "contradicted", "contradicted"),
        (("supported", "not testable"), "not testable", "supported"),
    ],
)  # fmt: skip
def test_tests_weighed_together(parts: tuple[Verdict, ...], together: str, either: str) -> None:
    found = [finding(verdict) for verdict in parts]
    assert (all_of(found).verdict, any_of(found).verdict) == (together, either)
