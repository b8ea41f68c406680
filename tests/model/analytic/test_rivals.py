"""Rival rules of one role: where they must agree, where they must differ, their limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET, mobilisation
from steppe.model.mechanisms.information import DAMPENED, INFORMATION, UNAFFECTED
from steppe.model.mechanisms.loyalty import OBEYS, STANDS_BY
from steppe.model.mechanisms.loyalty_cascade import CASCADE
from steppe.model.mechanisms.participation import PARTICIPATION
from steppe.model.mechanisms.participation_contagion import CONTAGION
from steppe.model.mechanisms.participation_epstein import EPSTEIN
from steppe.model.mechanisms.participation_kuran import KURAN
from steppe.model.mechanisms.participation_threshold import THRESHOLD
from steppe.model.mechanisms.risk import FEARLESS, RISK, RISK_FLOOR
from steppe.testing.citizens import parameter_tuple

from .citizens import citizen, here
from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
unit = st.floats(0.0, 1.0)


# ---- risk


def risk(m: Mechanism, level: float, officers: float, crowd: float, **more: Any) -> dict[str, Any]:
    return tried(m, place_force_level=level, place_officers=officers, place_peaceful=crowd, **more)


@given(st.integers(0, 4), st.floats(0, 1e4), st.floats(0, 1e4))
@repeatable
def test_the_rounded_ratio_knows_no_risk_in_a_crowd_larger_than_the_force(
    level: int, officers: float, crowd: float
) -> None:
    rounded = only(risk(RISK_FLOOR, level, officers, crowd), "place_risk")
    smooth = only(risk(RISK, level, officers, crowd), "place_risk")
    assert rounded <= smooth
    if officers < max(crowd, 1.0):
        assert rounded == 0.0
    elif level > 0:
        assert rounded > 0.0


@pytest.mark.parametrize("ratio", [1, 2, 5])
def test_at_whole_ratios_both_forms_agree(ratio: int) -> None:
    rounded, smooth = (risk(m, 3, 100.0 * ratio, 100.0) for m in (RISK_FLOOR, RISK))
    assert only(rounded, "place_risk") == only(smooth, "place_risk")
    assert only(risk(RISK_FLOOR, 2, 100, 100), "place_risk") == pytest.approx(0.8997, abs=5e-5)


@pytest.mark.parametrize("level", range(5))
def test_under_backlash_only_nothing_deters_but_the_hour_still_costs(level: int) -> None:
    more = {"place_curfew": 1.0, "hour_of_day": 4}
    plain = risk(RISK, level, 1e5, 10.0, **more)
    alone = tried(FEARLESS, place_force_level=float(level), **more)
    assert only(alone, "place_risk") == 0.0
    assert only(alone, "place_severity") == only(plain, "place_severity")
    assert only(alone, "place_cost") == only(plain, "place_cost")


@pytest.mark.parametrize("m", [RISK, RISK_FLOOR], ids=["smooth", "rounded"])
def test_who_heard_that_officers_left_counts_fewer(m: Mechanism) -> None:
    # F' = F (1 - 0.2 heard)
    heard = only(risk(m, 2, 1000.0, 100.0, place_rumour_heard=0.5), "place_risk")
    assert heard == only(risk(m, 2, 900.0, 100.0), "place_risk")


# ---- blackout


@st.composite
def scenes(draw: Any) -> tuple[Any, Any, float, float, bool]:
    around = here(city_pull=draw(unit), cell_pull=draw(unit), national_pull=draw(unit))
    who = citizen(ties=draw(unit), online=draw(st.sampled_from([0, 1])))
    return around, who, draw(unit), draw(unit), draw(st.booleans())


def perceived(m: Mechanism, scene: tuple[Any, Any, float, float, bool], share: float) -> float:
    """Mobilisation perceived when ``share`` of the scene's cuts is made."""
    around, who, internet, phone, looked = scene
    cuts = {"place_internet_cut": share * internet}
    if "place_phone_cut" in m.arguments:
        cuts["place_phone_cut"] = share * phone
    out = tried(m, **{n: v for n, v in cuts.items() if n in m.arguments})
    weights = {f"weight_{n}": only(out, f"place_weight_{n}") for n in ("online", "ties", "lost")}
    weights["ties_lost"] = only(out, "place_ties_lost")
    p = parameter_tuple(PARTICIPATION)
    return float(mobilisation(p, around._replace(**weights), who, looked))


@given(scenes(), unit, unit)
@repeatable
def test_where_a_blackout_dampens_it_lowers_what_is_perceived_everywhere(
    scene: tuple[Any, Any, float, float, bool], a: float, b: float
) -> None:
    less, more = sorted((a, b))
    open_, partly, fully = (perceived(DAMPENED, scene, s) for s in (0.0, less, more))
    assert fully <= partly + 1e-15
    assert partly <= open_ + 1e-15
    assert open_ == perceived(INFORMATION, scene, 0.0)


@given(scenes(), unit)
@repeatable
def test_where_a_blackout_dampens_nothing_takes_the_place_of_what_is_cut(
    scene: tuple[Any, Any, float, float, bool], share: float
) -> None:
    # (m_loc + a m_tie + w m_on)/(1 + 1 + w_on), with each citizen's own reach in both w
    around, who, internet, phone, looked = scene
    reach = 2.0 * (1.0 if who.online else 0.25)
    near = around.city_pull if looked else (around.cell_pull + around.city_pull) / 2
    heard = (1 - 0.5 * share * phone) * who.ties / (who.ties + 0.10)
    news = reach * (1 - share * internet) * around.national_pull
    expected = (near + heard + news) / (1 + 1 + reach)
    assert perceived(DAMPENED, scene, share) == pytest.approx(expected, abs=1e-14)


@given(scenes())
@repeatable
def test_where_a_blackout_has_no_effect_it_is_as_if_nothing_were_cut(
    scene: tuple[Any, Any, float, float, bool],
) -> None:
    assert perceived(UNAFFECTED, scene, 1.0) == perceived(INFORMATION, scene, 0.0)


def test_without_effect_payments_still_fail() -> None:
    out = tried(UNAFFECTED, place_cut_days=3.0, place_peaceful=500.0)
    open_ = tried(INFORMATION, place_cut_days=3.0, place_peaceful=500.0)
    assert set(out) == set(open_)
    for name in out:
        assert np.array_equal(out[name], open_[name]), name
    assert only(out, "place_hardship_cut") == pytest.approx(0.015)


def test_without_a_cut_the_three_rules_agree() -> None:
    a, b, c = (tried(m, place_peaceful=500.0) for m in (INFORMATION, DAMPENED, UNAFFECTED))
    assert all(np.array_equal(a[n], b[n]) and np.array_equal(a[n], c[n]) for n in a)


def test_nobody_goes_to_look_where_a_blackout_dampens() -> None:
    assert only(tried(DAMPENED, place_internet_cut=1.0), "place_curious") == 0.0


# ---- participation

surroundings = st.builds(
    here, legitimacy=unit, outrage=st.floats(0, 0.3), risk=st.floats(0, 2.5),
    cost=st.floats(0, 0.25), city_pull=unit, cell_pull=unit, national_pull=unit,
    violence_pull=unit, cover=unit,
)  # fmt: skip
people = st.builds(
    citizen, hardship=unit, risk_aversion=unit, exposure=st.floats(0, 0.35),
    rank=unit, online=st.sampled_from([0, 1]), ties=unit,
)  # fmt: skip
WITHOUT_NOISE = [THRESHOLD, EPSTEIN, KURAN, CONTAGION]


def acts(m: Mechanism, around: Any, who: Any, u: float = 0.5, **p: float) -> int:
    chosen = parameter_tuple(m, m.parameters.build(p))
    return int(m.rule(chosen, around, who, u, False))


@given(surroundings, people)
@repeatable
def test_only_the_logit_leaves_anything_to_chance(around: Any, who: Any) -> None:
    for m in WITHOUT_NOISE:
        assert len({acts(m, around, who, u) for u in (1e-9, 0.5, 1 - 1e-9)}) == 1


@given(surroundings, people)
@repeatable
def test_thresholds_are_the_logit_without_noise(around: Any, who: Any) -> None:
    found = {acts(PARTICIPATION, around, who, u, noise=1e-4) for u in (0.01, 0.5, 0.99)}
    if len(found) == 1:  # nobody within a few noise scales of indifference
        assert found == {acts(THRESHOLD, around, who)}


@pytest.mark.parametrize("threshold", [0.2, 0.45, 0.7])
def test_a_citizen_joins_at_his_threshold(threshold: float) -> None:
    # theta = (T - G)/beta with beta 1, no risk: out iff what is seen exceeds it
    p = {"social_utility": 1.0, "threshold": 0.9, "violence_cost": 3.0, "looting_cost": 3.0}
    around = here(legitimacy=0.0, price_sensitivity=0.0, weight_online=0.0, weight_ties=0.0)
    who = citizen(hardship=0.9 - threshold)
    for shift, action in ((1e-9, PEACEFUL), (-1e-9, QUIET)):
        seen = threshold + shift
        assert acts(THRESHOLD, around._replace(city_pull=seen, cell_pull=seen), who, **p) == action


@given(surroundings, people, unit, unit)
@repeatable
def test_under_epsteins_rule_others_do_not_matter(
    around: Any, who: Any, crowd: float, ties: float
) -> None:
    other = around._replace(city_pull=crowd, cell_pull=crowd, national_pull=crowd, cover=crowd)
    assert acts(EPSTEIN, around, who) == acts(EPSTEIN, other, who._replace(ties=ties))


@pytest.mark.parametrize("caution", [0.0, 0.3, 1.0])
def test_epsteins_citizen_is_out_iff_net_grievance_exceeds_the_threshold(caution: float) -> None:
    # G - rho R > T with L = 0.82 and G = H (1 - L)
    around = here(legitimacy=0.82, price_sensitivity=0.0, risk=0.2)
    edge = (0.1 + caution * 0.2) / 0.18
    for shift in (-1e-9, 1e-9):
        who = citizen(hardship=edge + shift, risk_aversion=caution)
        assert acts(EPSTEIN, around, who) == (PEACEFUL if shift > 0 else QUIET)


@given(surroundings, people)
@repeatable
def test_the_content_never_show_themselves_under_kurans_rule(around: Any, who: Any) -> None:
    content = around._replace(legitimacy=1.0, outrage=0.3)
    assert acts(KURAN, content, who) == QUIET


@pytest.mark.parametrize("caution", [0.2, 0.6, 1.0])
def test_the_opposed_come_out_once_enough_others_have(caution: float) -> None:
    # m >= q_max rho (R + cost): 0.5 rho 0.8
    around = here(legitimacy=0.0, price_sensitivity=0.0, weight_online=0.0, weight_ties=0.0,
                  risk=0.7, cost=0.1)  # fmt: skip
    who = citizen(hardship=0.9, risk_aversion=caution)
    for shift in (-1e-9, 1e-9):
        seen = 0.4 * caution + shift
        action = acts(KURAN, around._replace(city_pull=seen, cell_pull=seen), who)
        assert action == (PEACEFUL if shift > 0 else QUIET)


@pytest.mark.parametrize("needed", [1, 2, 3])
@pytest.mark.parametrize("friends", range(5))
def test_the_opposed_follow_enough_friends(needed: int, friends: int) -> None:
    around = here(legitimacy=0.0, price_sensitivity=0.0)
    who = citizen(hardship=0.365, ties=friends / 12)
    assert acts(CONTAGION, around, who, friends=float(needed)) == (
        PEACEFUL if friends >= needed else QUIET
    )


def test_sparks_need_no_friends_and_the_content_follow_nobody() -> None:
    around = here(legitimacy=0.0, price_sensitivity=0.0)
    assert acts(CONTAGION, around, citizen(hardship=0.39)) == PEACEFUL
    assert acts(CONTAGION, around, citizen(hardship=0.34, ties=1.0)) == QUIET


# ---- loyalty as a cascade

CALM = {"crowd_fear": 0.0, "fraternisation": 0.0}


def dominoes(levels: list[float], hours: int, p: dict[str, float], **changes: Any) -> list[int]:
    """How many units no longer obey, hour by hour, facing a crowd with little to fear."""
    n = len(levels)
    base = {"unit_officers": 100.0, "unit_loyalty": levels, "place_peaceful": 500.0,
            "place_officers": 5000.0, "place_population": 1e6, "unit_noise": 0.0}  # fmt: skip
    state: dict[str, Any] = {"unit_state": 0}
    counts = []
    for _ in range(hours):
        out = tried(CASCADE, {**CALM, **p}, rows={"unit": n}, **{**base, **changes, **state})
        state = {"unit_state": out["unit_state"]}
        counts.append(int((out["unit_state"] != OBEYS).sum()))
    return counts


def test_ten_units_fall_like_granovetters_crowd() -> None:
    # thresholds 0, 0.1, ..., 0.9 of the units: one stops after another
    chain = [i / 10 for i in range(10)]
    assert dominoes(chain, 12, {"threshold": 1.0}) == [*range(1, 11), 10, 10]


def test_one_steadier_unit_stops_the_chain() -> None:
    chain = [0.0, 0.2, *[i / 10 for i in range(2, 10)]]
    assert dominoes(chain, 12, {"threshold": 1.0}) == [1] * 12


def test_backing_raises_every_threshold() -> None:
    # thresholds are multiplied by 1 + th_F B: the second unit now wants a fifth
    chain = [i / 10 for i in range(10)]
    assert dominoes(chain, 12, {"threshold": 1.0}, nation_signal=1.0) == [1] * 12
    unmoved = dominoes(chain, 12, {"threshold": 1.0, "belief_signal": 0.0}, nation_signal=1.0)
    assert unmoved[-1] == 10


def test_belief_in_the_story_raises_every_threshold() -> None:
    chain = [i / 10 for i in range(10)]
    counts = dominoes(chain, 12, {"threshold": 1.0}, nation_frame_security=0.5)
    assert counts == [0] * 12


def test_units_without_loyalty_stop_at_the_first_crowd_and_the_steadfast_never() -> None:
    assert dominoes([1.0] * 6, 3, {"threshold": 0.0}) == [6, 6, 6]
    assert dominoes([1.0] * 6, 30, {"threshold": 5.0}) == [0] * 30


def test_without_a_crowd_everybody_obeys() -> None:
    assert dominoes([0.0] * 6, 3, {"threshold": 0.0}, place_peaceful=0.0) == [0, 0, 0]


def test_the_cost_of_obeying_lowers_the_threshold() -> None:
    # fear 0.3 psi(A/F; 1) = 0.15 at equal sides: thresholds 0.1 and 0.2 become -0.05 and 0.05
    state = dominoes([0.1, 0.2], 1, {"threshold": 1.0, "crowd_fear": 0.3}, place_officers=500.0)
    assert state == [1]


def test_units_that_stop_stand_by_unless_they_despair() -> None:
    out = tried(CASCADE, {**CALM, "threshold": 0.0}, unit_officers=100.0, unit_loyalty=1.0,
                place_peaceful=500.0, place_officers=100.0, place_population=1e6)  # fmt: skip
    assert out["unit_state"].tolist() == [STANDS_BY]
    assert only(out, "place_officers") == 0.0


def test_the_cascade_writes_what_the_payoff_rule_writes() -> None:
    from steppe.model.mechanisms.loyalty import LOYALTY

    assert CASCADE.writes == LOYALTY.writes
    assert set(LOYALTY.parameters.__dataclass_fields__) < set(
        CASCADE.parameters.__dataclass_fields__
    )
