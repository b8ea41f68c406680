"""Contests: Tullock's equilibria and the purge."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.contest import (
    contest_efforts,
    faction_strength,
    purge_gain,
    stays_in_coalition,
    symmetric_effort,
    win_probability,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
prizes = st.floats(0.1, 10.0)


def test_equal_prizes_dissipate_half() -> None:
    # 7(a): efforts V/4, p = 1/2
    assert contest_efforts(3.0, 3.0) == (0.75, 0.75)
    assert win_probability(0.75, 0.75) == 0.5
    assert symmetric_effort(3.0, 2) == 0.75


def test_unequal_prizes() -> None:
    # 7(a): V = (2, 1)
    own, rival = contest_efforts(2.0, 1.0)
    assert (own, rival) == pytest.approx((0.4444, 0.2222), abs=5e-5)
    assert (own, rival) == pytest.approx((4 / 9, 2 / 9), abs=1e-15)
    assert win_probability(own, rival) == pytest.approx(2 / 3, abs=1e-15)


@given(prizes, prizes, st.floats(0.2, 1.0), st.floats(0.5, 2.0))
@repeatable
def test_nobody_gains_by_another_effort(
    prize: float, rival_prize: float, decisiveness: float, change: float
) -> None:
    own, rival = contest_efforts(prize, rival_prize, decisiveness)

    def payoff(effort: float) -> float:
        return prize * win_probability(effort, rival, decisiveness) - effort

    assert payoff(own * change) <= payoff(own) + 1e-12 * prize


def test_too_decisive_a_contest_has_no_pure_equilibrium() -> None:
    with pytest.raises(ValueError, match="pure strategies"):
        contest_efforts(1.0, 1.0, 2.01)
    assert contest_efforts(1.0, 1.0, 2.0) == (0.5, 0.5)
    with pytest.raises(ValueError, match="contestants"):
        symmetric_effort(1.0, 3, 1.6)


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0.2, 3))
@repeatable
def test_one_of_two_wins(own: float, rival: float, decisiveness: float) -> None:
    p = win_probability(own, rival, decisiveness)
    assert 0.0 <= p <= 1.0
    assert p + win_probability(rival, own, decisiveness) == pytest.approx(1.0, abs=1e-15)


def test_equals_without_backing_or_blame_have_even_chances() -> None:
    # 7(c)
    s = faction_strength(0.3, 0.0, 0.0)
    assert win_probability(s, faction_strength(0.3, 0.0, 0.0)) == 0.5


def founder_purge(backing: float, blame: float) -> float:
    """What removing the founder (0.35) is worth to the incumbent (0.25)."""
    win = win_probability(faction_strength(0.25, backing, blame), 0.35)
    return purge_gain(0.35, gain=1.0, cost=0.8, win=win)


def test_the_purge_waits_for_blame_and_backing() -> None:
    # 7(d)
    assert founder_purge(0.0, 0.0) == pytest.approx(-0.117, abs=5e-4)
    assert founder_purge(0.3, 0.5) == pytest.approx(+0.039, abs=5e-4)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
@repeatable
def test_backing_and_blame_only_help_the_purge(backing: float, blame: float, more: float) -> None:
    base = founder_purge(backing, blame)
    assert founder_purge(backing + more, blame) >= base
    assert founder_purge(backing, blame + more) >= base


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 1))
@repeatable
def test_without_a_place_elsewhere_everyone_stays(
    rent: float, offer: float, survival: float
) -> None:
    # 7(b): W/S -> 0, k_coup > 0
    assert stays_in_coalition(rent, offer, survival, 0.0, 0.1)


@given(st.floats(0, 10), st.floats(0, 10))
@repeatable
def test_with_even_odds_the_better_offer_is_taken(rent: float, offer: float) -> None:
    # 7(b): W/S = 1, p_inc = 1/2, k_coup = 0
    assert stays_in_coalition(rent, offer, 0.5, 1.0, 0.0) == (not offer > rent)
