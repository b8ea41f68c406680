"""Elite: who stays, when a purge pays, and what it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.elite import ELITE, EliteParameters, purge_utility

from .citizens import cut
from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
SHARES = [0.25, 0.35, 0.20, 0.10, 0.10]
"""Incumbent, founder, security, technocrats, regional bosses, as the model is stated."""


def held(p: dict[str, float] | None = None, **changes: Any) -> dict[str, Any]:
    """An hour of the stated coalition, all of whom fare better under the incumbent."""
    base = {"faction_share_before": SHARES, "faction_rent": 1.0, "faction_challenger_rent": 1.0,
            "nation_belief": 0.9, "script_free": 1.0}  # fmt: skip
    return tried(ELITE, p, rows={"faction": 5}, **{**base, **changes})


# ---- 7(d), 7(c): the purge


def test_known_gains_from_removing_the_founder() -> None:
    # 7(d): p_win = .25/.60; and (.25 + .15 + .15)/.90
    p = EliteParameters()
    assert purge_utility(p, 0.25, 0.35, 0.0, 0.0) == pytest.approx((-0.1166667, 0.4166667))
    assert purge_utility(p, 0.25, 0.35, 0.3, 0.5) == pytest.approx((0.0388889, 0.6111111))
    assert only(held(), "nation_purge_gain") == pytest.approx(-0.117, abs=5e-4)


def test_backing_and_anger_make_the_purge_pay() -> None:
    # 7(d): a crowd of a quarter of a percent names the target half as loudly as it can
    named = {"faction_anger": [0.0, 1.0, 0.0, 0.0, 0.0], "place_peaceful": 2500.0}
    out = held(**named, nation_signal=0.3)
    assert only(out, "nation_purge_gain") == pytest.approx(0.039, abs=5e-4)
    assert only(held(**named), "nation_purge_gain") < 0.0
    assert only(held(nation_signal=0.3), "nation_purge_gain") < 0.0


@given(st.floats(0.01, 1.0))
@repeatable
def test_equals_win_half_of_the_time(share: float) -> None:
    # 7(c): B = 0, no anger, equal shares
    assert purge_utility(EliteParameters(), share, share, 0.0, 0.0)[1] == pytest.approx(0.5)


@given(st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1))
@repeatable
def test_backing_and_anger_never_make_a_purge_worse(
    own: float, other: float, backing: float, blame: float
) -> None:
    p = EliteParameters()
    gain, chance = purge_utility(p, own, other, backing, blame)
    assert 0.0 < chance <= 1.0
    assert purge_utility(p, own, other, backing + 0.1, blame)[0] >= gain
    assert purge_utility(p, own, other, backing, blame + 0.1)[0] >= gain


PAYS: dict[str, Any] = {
    "faction_anger": [0.0, 1.0, 0.0, 0.0, 0.0], "place_peaceful": 2500.0, "nation_signal": 0.3,
    "nation_threat": 0.5,
}  # fmt: skip


def test_a_purge_that_pays_succeeds_within_a_day_on_average() -> None:
    chance = cut(lambda u: only(held(**PAYS, u_purge=u), "nation_purged") == 1.0)
    assert chance == pytest.approx(0.6111111 / 24, rel=1e-6)


def test_a_purge_takes_over_the_share_of_the_removed() -> None:
    out = held(**PAYS, u_purge=1e-6)
    assert out["faction_share"] == pytest.approx([0.60, 0.0, 0.20, 0.10, 0.10])
    assert only(out, "nation_purge_gain") == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"nation_threat": 0.3}, {"script_free": 0.0}, {"nation_signal": 0.0},
        {"faction_anger": 0.0}, {"nation_purged": 1.0},
    ],
)  # fmt: skip
def test_each_condition_of_a_purge_is_needed(changes: dict[str, Any]) -> None:
    out = held(**{**PAYS, **changes}, u_purge=1e-6)
    assert out["faction_share"] == pytest.approx(SHARES)


def test_a_dismissed_ruler_loses_his_share_whoever_decided_it() -> None:
    out = held(nation_old_ruler_out=1.0, script_free=0.0, u_purge=0.9)
    assert out["faction_share"] == pytest.approx([0.60, 0.0, 0.20, 0.10, 0.10])
    assert only(out, "nation_purged") == 1.0
    later = held(faction_share=out["faction_share"], nation_old_ruler_out=1.0, nation_purged=1.0)
    assert later["faction_share"].tolist() == out["faction_share"].tolist()


# ---- 7(b): who stays


def test_all_stay_where_a_challenger_needs_nobody() -> None:
    # 7(b): W/S -> 0 with k_coup > 0, however dim the future and however rich the promise
    out = held({"coalition": 0.0}, nation_belief=1e-9, faction_challenger_rent=5.0)
    assert out["faction_stays"].tolist() == [1] * 5
    assert only(out, "nation_elite_split") == 0.0


def test_at_even_odds_and_without_cost_the_better_promise_wins() -> None:
    # 7(b): W/S = 1, p = 1/2, k_coup = 0: leaves iff y' > y
    out = held({"coalition": 1.0, "coup_cost": 0.0}, nation_belief=0.5,
               faction_rent=[0.1, 0.5, 0.5, 0.5, 0.5],
               faction_challenger_rent=[0.9, 0.5, 0.51, 0.49, 0.9])  # fmt: skip
    assert out["faction_stays"].tolist() == [1, 1, 0, 1, 0]
    assert only(out, "nation_elite_split") == pytest.approx(0.20 + 0.10)


@pytest.mark.parametrize("rent", [0.2, 1.0])
def test_a_faction_leaves_just_below_its_point_of_indifference(rent: float) -> None:
    # y p = W y' (1 - p) - k  at  p = (W y' - k)/(y + W y')
    worth = 0.5 * 1.0
    p = (worth - 0.1) / (rent + worth)
    for shift, stays in ((1e-9, 1), (-1e-9, 0)):
        out = held({"coalition": 0.5}, faction_rent=rent, nation_belief=p + shift)
        assert out["faction_stays"].tolist() == [1, *[stays] * 4]


def test_the_split_is_counted_in_shares_as_they_stand() -> None:
    out = held({"coalition": 1.0, "coup_cost": 0.0}, nation_belief=0.1,
               faction_share=[0.60, 0.0, 0.20, 0.10, 0.10])  # fmt: skip
    assert only(out, "nation_elite_split") == pytest.approx(0.40)


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.floats(0, 1))
@repeatable
def test_belief_in_survival_never_splits_the_elite(p: float, coalition: float, cost: float) -> None:
    def split(belief: float) -> float:
        chosen = {"coalition": coalition, "coup_cost": cost}
        rents = [0.1, 0.3, 0.5, 0.7, 0.9]
        return only(held(chosen, nation_belief=belief, faction_rent=rents), "nation_elite_split")

    assert split(min(p + 0.1, 1.0)) <= split(p)


def test_a_country_without_factions_has_no_split() -> None:
    out = tried(ELITE, rows={"faction": 0}, nation_purged=0.0)
    assert len(out["faction_share"]) == len(out["faction_stays"]) == 0
    assert only(out, "nation_elite_split") == only(out, "nation_purge_gain") == 0.0
