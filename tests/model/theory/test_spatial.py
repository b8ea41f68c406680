"""Positions on a line, against the emission data of ten states of the European Community.

Source of data and figures: Scholz, Calbert & Smith, Journal of Theoretical Politics 23 (2011),
after Bueno de Mesquita & Stokman, European Community Decision Making (1994). Position: years of
delay of an emission standard. Tolerance: the six decimals published.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.spatial import (
    Actor,
    Choice,
    rounds,
    weighted_median,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=60)


def weighted_mean(actors: Sequence[Actor]) -> float:
    """The compromise that the article prints: positions weighted by capability times salience."""
    total = sum(actor.weight for actor in actors)
    return sum(actor.weight * actor.position for actor in actors) / total


EMISSIONS = (
    Actor("Netherlands", 4, 0.08, 0.8),
    Actor("Belgium", 7, 0.08, 0.4),
    Actor("Luxembourg", 4, 0.03, 0.2),
    Actor("Germany", 4, 0.16, 0.8),
    Actor("France", 10, 0.16, 0.6),
    Actor("Italy", 10, 0.16, 0.6),
    Actor("United Kingdom", 10, 0.16, 0.9),
    Actor("Ireland", 7, 0.05, 0.1),
    Actor("Denmark", 4, 0.05, 1.0),
    Actor("Greece", 7, 0.08, 0.7),
)
PUBLISHED = (7.389956, 7.461314, 7.552501, 7.590145, 7.358131)
"""Weighted means before the first and after each of four rounds."""

actors = st.lists(
    st.builds(Actor, st.just("any"), st.floats(0, 100), st.floats(0.01, 1.0), st.floats(0.05, 1.0)),
    min_size=1,
    max_size=6,
).map(tuple)
choices: st.SearchStrategy[Choice] = st.sampled_from(["published-code", "least-move"])


def test_compromise_and_median_of_the_emission_data() -> None:
    # 9(d)
    assert weighted_mean(EMISSIONS) == pytest.approx(7.389956, abs=5e-7)
    assert weighted_median(EMISSIONS) == 7


def test_four_rounds_of_the_emission_data() -> None:
    # 9(d)
    found = [weighted_mean(state) for state in rounds(EMISSIONS, 4)]
    assert found == pytest.approx(PUBLISHED, abs=5e-7)


def test_the_fourth_round_hangs_on_how_compromises_are_chosen() -> None:
    # by the rule of the articles Belgium keeps to France, and the fall of round 4 is gone
    found = [weighted_mean(state) for state in rounds(EMISSIONS, 4, "least-move")]
    assert found[:4] == pytest.approx(PUBLISHED[:4], abs=5e-7)
    assert found[4] > found[3]


def test_who_moves_in_the_first_round() -> None:
    before, after = rounds(EMISSIONS, 1)
    moved = {a.name for a, b in zip(before, after, strict=True) if a.position != b.position}
    assert moved == {"Belgium", "Luxembourg", "Ireland"}


@given(actors, st.integers(0, 5))
@repeatable
def test_all_power_in_one_hand(others: tuple[Actor, ...], place: int) -> None:
    # 9(e)
    weak = [Actor(a.name, a.position, 0.0, a.salience) for a in others]
    weak.insert(min(place, len(weak)), Actor("sole", 42.0, 0.3, 0.7))
    assert weighted_median(weak) == 42.0
    assert weighted_mean(weak) == pytest.approx(42.0, abs=1e-12)


def test_one_actor_alone_stays() -> None:
    # 9(e)
    alone = (Actor("sole", 42.0, 1.0, 1.0),)
    assert rounds(alone, 3) == (alone,) * 4


@given(actors)
@repeatable
def test_no_weighted_majority_leaves_the_median(group: tuple[Actor, ...]) -> None:
    median = weighted_median(group)
    half = 0.5 * sum(a.weight for a in group)
    assert sum(a.weight for a in group if a.position < median) <= half * (1 + 1e-12)
    assert sum(a.weight for a in group if a.position > median) <= half * (1 + 1e-12)


@given(actors, choices)
@repeatable
def test_nobody_leaves_the_range(group: tuple[Actor, ...], choice: Choice) -> None:
    positions = [a.position for a in group]
    for state in rounds(group, 3, choice):
        for actor in state:
            assert min(positions) - 1e-9 <= actor.position <= max(positions) + 1e-9


@pytest.mark.parametrize("choice", ["published-code", "least-move"])
def test_the_line_may_be_measured_in_other_units(choice: Choice) -> None:
    plain = rounds(EMISSIONS, 4, choice)
    scaled = rounds(
        [Actor(a.name, 8 * a.position + 16, a.capability, a.salience) for a in EMISSIONS], 4, choice
    )
    for one, other in zip(plain, scaled, strict=True):
        expected = [8 * a.position + 16 for a in one]
        assert [a.position for a in other] == pytest.approx(expected, abs=1e-6)


def test_without_weight_there_is_no_forecast() -> None:
    with pytest.raises(ValueError, match="weight"):
        weighted_median([Actor("idle", 1.0, 1.0, 0.0)])
    with pytest.raises(ValueError, match="salience"):
        Actor("loud", 1.0, 1.0, 1.2)
