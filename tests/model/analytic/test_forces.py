"""Units, buildings and officers: loyalty by hand, independence, the effect of backing alone."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.random import Purpose, key_of, uniforms
from steppe.model.mechanisms.casualties import CasualtiesParameters, hurt_officers
from steppe.model.mechanisms.loyalty import (
    CHANGED_SIDES,
    OBEYS,
    STANDS_BY,
    stay_loyal,
)
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.seizure import SeizureParameters, seize

repeatable = settings(derandomize=True, deadline=None, max_examples=60)


def units(n: int = 1, p: LoyaltyParameters | None = None, **changes: Any) -> dict[str, Any]:
    """``n`` equal units of 100 in one place of a country of a million, facing a crowd of 200."""
    by_scale = {
        "unit": {"unit_place": 0, "unit_officers": 100.0, "unit_loyalty": 1.0,
                 "unit_closeness": 0.5, "unit_noise": 0.2, "unit_state": 0, "u_signal": 0.5},
        "place": {"place_severity": 1.0, "place_peaceful": 150.0, "place_violent": 30.0,
                  "place_looting": 20.0, "place_officers": 100.0, "place_phone_cut": 0.0,
                  "place_population": 1e5, "script_reinforcement": 0.0},
        "nation": {"nation_defected": 0.0, "nation_seized": 0.0, "nation_signal": 0.3,
                   "nation_freed_officers": 0.0, "nation_frame_security": 0.0},
    }  # fmt: skip
    arrays: dict[str, Any] = {}
    for scale, columns in by_scale.items():
        for name, value in columns.items():
            rows = n if scale == "unit" else 1
            arrays[name] = np.broadcast_to(np.asarray(changes.pop(name, value)), (rows,)).copy()
    assert not changes
    return stay_loyal(p or LoyaltyParameters(), persons=1e6, **arrays)


def only(out: dict[str, Any], name: str) -> float:
    return float(out[name][0])


# By hand: noise 0.9*0.2 = 0.18; psi(2e-4; .0025) = 0.0740741;
# log-odds 2 + 0.3 - 0.0740741 + 0.18; cost 0.4*1*0.5 + 0.3*200/300
ODDS = 2.0 + 0.3 - 2e-4 / 2.7e-3 + 0.18
BELIEF = 1.0 / (1.0 + math.exp(-ODDS))
COST = 0.4


def test_belief_of_one_unit_by_hand() -> None:
    out = units()
    assert pytest.approx(2.4059259, abs=1e-7) == ODDS
    assert only(out, "unit_belief") == pytest.approx(0.917278, abs=1e-6)
    assert only(out, "unit_belief") == pytest.approx(BELIEF, rel=1e-14)
    assert only(out, "nation_belief") == only(out, "unit_belief")
    assert only(out, "unit_noise") == pytest.approx(0.18, rel=1e-14)


def test_the_private_signal_is_autoregressive_with_the_stated_spread() -> None:
    one_up = NormalDist().cdf(1.0)
    out = units(u_signal=one_up)
    assert only(out, "unit_noise") == pytest.approx(0.18 + math.sqrt(0.19) * 0.5, rel=1e-12)


@pytest.mark.parametrize(("shift", "state"), [(1e-9, OBEYS), (-1e-9, STANDS_BY)])
def test_a_unit_obeys_just_while_it_pays(shift: float, state: int) -> None:
    indifferent = (COST + (1 - BELIEF) * 0.5) / BELIEF
    out = units(unit_loyalty=indifferent + shift)
    assert only(out, "unit_state") == state
    assert only(out, "place_officers") == (100.0 if state == OBEYS else 0.0)


# ---- changing sides

DESPAIR = {"unit_noise": -5.0, "unit_loyalty": 0.2}


@pytest.mark.parametrize(
    ("crowd", "state"),
    [
        ({"place_peaceful": 150, "place_violent": 20, "place_looting": 30}, CHANGED_SIDES),
        ({"place_peaceful": 100, "place_violent": 70, "place_looting": 30}, STANDS_BY),
        ({"place_peaceful": 100, "place_violent": 200, "place_looting": 10}, CHANGED_SIDES),
        ({"place_peaceful": 0, "place_violent": 0, "place_looting": 0}, STANDS_BY),
    ],
    ids=["peaceful", "violent", "overwhelming", "nobody"],
)
def test_a_despairing_unit_joins_a_peaceful_or_overwhelming_crowd(
    crowd: dict[str, float], state: int
) -> None:
    assert only(units(**DESPAIR, **crowd), "unit_state") == state


def test_a_confident_unit_that_does_not_obey_stands_by() -> None:
    assert only(units(unit_loyalty=-1.0), "unit_state") == STANDS_BY


def test_who_changed_sides_stays_there_and_takes_his_force_along() -> None:
    out = units(3, unit_state=[CHANGED_SIDES, OBEYS, STANDS_BY])
    assert out["unit_state"].tolist() == [CHANGED_SIDES, OBEYS, OBEYS]
    assert only(out, "place_officers") == 100.0
    assert only(out, "place_defected_officers") == 100.0
    assert only(out, "nation_defected") == pytest.approx(1 / 3)


def test_force_is_never_negative() -> None:
    assert only(units(2, unit_state=CHANGED_SIDES), "place_officers") == 0.0


def test_sent_and_freed_officers_obey() -> None:
    out = units(script_reinforcement=40.0, nation_freed_officers=1600.0)
    assert only(out, "place_officers") == pytest.approx(100 + 40 + 160)


@pytest.mark.parametrize(("cut", "officers"), [(0.0, 100.0), (0.5, 100.0), (0.51, 90.0)])
def test_cut_telephones_cost_a_tenth_of_the_effect(cut: float, officers: float) -> None:
    assert only(units(place_phone_cut=cut), "place_officers") == pytest.approx(officers)


# ---- 5(c) independence


def test_without_th_d_a_unit_does_not_care_for_the_others() -> None:
    p = LoyaltyParameters.build({"belief_defection": 0.0})
    us = uniforms(key_of(8), Purpose.UNIT_SIGNAL, 3, 12)
    together = [units(12, p, u_signal=us, unit_noise=-4.0, nation_defected=d) for d in (0.0, 0.9)]
    assert np.array_equal(together[0]["unit_state"], together[1]["unit_state"])
    alone = [only(units(1, p, u_signal=u, unit_noise=-4.0), "unit_state") for u in us]
    assert together[0]["unit_state"].tolist() == alone


def test_without_th_d_the_number_of_defections_is_binomial() -> None:
    p = LoyaltyParameters.build({"belief_defection": 0.0, "signal_memory": 0.0})
    groups, size = 150, 40
    us = uniforms(key_of(9), Purpose.UNIT_SIGNAL, 0, groups * size)
    # loyalty so low that nobody obeys: a unit changes sides iff its belief is below p_dd
    out = units(groups * size, p, u_signal=us, unit_loyalty=-1.0, place_violent=0.0,
                place_looting=50.0, nation_signal=0.0, nation_seized=1.0)  # fmt: skip
    gap = math.log(0.35 / 0.65) - (2.0 - 1.0 - 2e-4 / 2.7e-3)
    chance = NormalDist().cdf(gap / 0.5)
    assert 0.0005 < chance < 0.5
    counts = (out["unit_state"] == CHANGED_SIDES).reshape(groups, size).sum(axis=1)
    variance = size * chance * (1 - chance)
    assert abs(counts.mean() - size * chance) / math.sqrt(variance / groups) < 4
    assert abs(counts.var(ddof=1) / variance - 1) / math.sqrt(2 / (groups - 1)) < 5


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-2, 2))
@repeatable
def test_news_of_defections_never_strengthens_belief(a: float, b: float, noise: float) -> None:
    low, high = sorted((a, b))
    beliefs = [only(units(nation_defected=d, unit_noise=noise), "unit_belief") for d in (low, high)]
    assert beliefs[0] >= beliefs[1]


# ---- 5(d) backing on and off with the force unchanged


def test_backing_moves_the_log_odds_by_th_f_and_nothing_else() -> None:
    off, on = units(nation_signal=0.0), units(nation_signal=1.0)

    def odds(out: dict[str, Any]) -> float:
        return math.log(only(out, "unit_belief") / (1 - only(out, "unit_belief")))

    assert odds(on) - odds(off) == pytest.approx(1.0, abs=1e-12)
    assert only(on, "unit_noise") == only(off, "unit_noise")
    assert only(on, "place_officers") == only(off, "place_officers") == 100.0


def test_backing_alone_can_hold_a_unit() -> None:
    states = [
        only(units(nation_signal=b, unit_noise=-2.6, unit_loyalty=0.95), "unit_state")
        for b in (0.0, 1.0)
    ]
    assert states == [STANDS_BY, OBEYS]


def test_without_th_f_backing_is_hands_only() -> None:
    p = LoyaltyParameters.build({"belief_signal": 0.0})
    assert only(units(1, p, nation_signal=0.0), "unit_belief") == (
        only(units(1, p, nation_signal=1.0), "unit_belief")
    )
    assert only(units(1, p, nation_freed_officers=1600.0), "place_officers") == pytest.approx(260)


@given(st.floats(0, 2.5), st.floats(0, 1), st.floats(0, 5000), st.floats(-1, 2))
@repeatable
def test_what_makes_a_unit_waver(
    severity: float, closeness: float, crowd: float, loyalty: float
) -> None:
    base = {"place_severity": severity, "unit_closeness": closeness, "place_peaceful": crowd,
            "unit_loyalty": loyalty}  # fmt: skip
    state = only(units(**base), "unit_state")
    for worse in ({"place_severity": severity + 0.5}, {"place_peaceful": crowd * 2 + 10},
                  {"unit_loyalty": loyalty - 0.3}, {"nation_seized": 1.0}):  # fmt: skip
        assert (only(units(**{**base, **worse}), "unit_state") == OBEYS) <= (state == OBEYS)


# ---- buildings


def seized(lost: list[int], weights: list[float] | None = None, **crowd: float) -> dict[str, Any]:
    """Buildings of one place with 100 officers."""
    n = len(lost)
    place = {"place_peaceful": 0.0, "place_violent": 0.0, "place_looting": 0.0,
             "place_officers": 100.0} | crowd  # fmt: skip
    return seize(
        SeizureParameters(),
        building_place=np.zeros(n, dtype=np.int64), building_lost=np.array(lost),
        building_weight=np.array(weights or [1.0] * n),
        **{name: np.array([value]) for name, value in place.items()},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("crowd", "before", "after"),
    [
        ({"place_violent": 80, "place_looting": 21}, 0, 1),
        ({"place_violent": 80, "place_looting": 20}, 0, 0),
        ({"place_violent": 80, "place_looting": 20}, 1, 1),
        ({"place_peaceful": 900}, 0, 0),
        ({"place_peaceful": 900}, 1, 1),
        ({"place_peaceful": 99}, 1, 0),
        ({"place_peaceful": 100}, 1, 1),
        ({"place_officers": 0}, 0, 0),
        ({"place_officers": 0}, 1, 1),
        ({"place_officers": 0, "place_violent": 1}, 0, 1),
    ],
)
def test_buildings_are_lost_kept_and_retaken(
    crowd: dict[str, float], before: int, after: int
) -> None:
    out = seized([before], **crowd)
    assert out["building_lost"].tolist() == [after]
    assert only(out, "nation_seized") == float(after)


def test_seized_share_is_weighted() -> None:
    out = seized([1, 0, 0], weights=[0.5, 0.3, 0.2], place_peaceful=500.0)
    assert only(out, "nation_seized") == pytest.approx(0.5)


def test_a_country_without_symbols_loses_none() -> None:
    assert only(seized([]), "nation_seized") == 0.0
    assert only(seized([1], weights=[0.0], place_peaceful=500.0), "nation_seized") == 0.0


# ---- officers hurt


def hurt(violent: list[float], officers: list[float], u: float, **p: float) -> tuple[float, float]:
    out = hurt_officers(
        CasualtiesParameters.build(p),
        place_violent=np.array(violent), place_officers=np.array(officers),
        nation_officers_wounded=np.array([7.0]), nation_officers_killed=np.array([3.0]),
        u_wounded=np.array([u]), u_killed=np.array([u]),
    )  # fmt: skip
    return only(out, "nation_officers_wounded") - 7.0, only(out, "nation_officers_killed") - 3.0


@pytest.mark.parametrize(("violent", "officers"), [([0, 0], [900, 10]), ([500, 3], [0, 0])])
def test_nobody_is_hurt_without_both_sides(violent: list[float], officers: list[float]) -> None:
    assert hurt(violent, officers, 1 - 2.0**-33) == (0.0, 0.0)


def test_officers_hurt_are_poisson_about_the_sum_of_hazards() -> None:
    # 0.002 (1000 * 1000/2000 + 200 * 600/800) = 1.3 wounded; a tenth of it killed
    n = 4_000
    p = {"wound": 0.002, "death_share": 0.1}
    rows = np.array([hurt([1000, 600], [1000, 200], (i + 0.5) / n, **p) for i in range(n)])
    assert rows.mean(axis=0) == pytest.approx([1.3, 0.13], abs=2e-3)
    assert rows.var(axis=0) == pytest.approx([1.3, 0.13], rel=0.02)
    share_none = (rows == 0).mean(axis=0)
    assert share_none == pytest.approx([math.exp(-1.3), math.exp(-0.13)], abs=1e-3)


def test_the_reference_ratio_of_killed_to_wounded() -> None:
    assert CasualtiesParameters().death_share == pytest.approx(19 / 3393, rel=1e-3)
