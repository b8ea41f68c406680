"""Participation: the logit is the logit, and each term pulls the way it is stated to."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.crowd import (
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    hardship,
    mobilisation,
)
from steppe.model.mechanisms.participation import decide

from .citizens import citizen, cut, here, values

repeatable = settings(derandomize=True, deadline=None, max_examples=60)
PROTEST_ONLY = {"violence_cost": 3.0, "looting_cost": 3.0, "threshold": 0.41}


def chances(p: Any, around: Any, who: Any, looked: bool = False) -> list[float]:
    """Exact chances of the four actions: the lengths of their intervals of u."""
    ends = [cut(lambda u, a=action: decide(p, around, who, u, looked) <= a) for action in range(3)]
    ends = [0.0, *ends, 1.0]
    return [b - a for a, b in itertools.pairwise(ends)]


def utilities(p: Any, around: Any, who: Any, looked: bool) -> list[float]:
    """The stated utilities, written again term by term."""
    x = around.price_sensitivity * (who.exposure * around.loss + around.hardship_cut)
    x += around.deprivation_sensitivity * who.deprivation
    grievance = (1 - around.legitimacy) * (1 - (1 - who.hardship) * math.exp(-x))
    near = around.city_pull if looked else (around.cell_pull + around.city_pull) / 2
    w = around.weight_online * (1 if who.online else around.offline_reach)
    tie = who.ties / (who.ties + 0.10)
    m = (near + around.weight_ties * tie + w * around.national_pull) / (1 + around.weight_ties + w)
    m += around.success
    fear = p.risk_weight * who.risk_aversion * around.risk
    out = p.threshold + around.cost
    peaceful = grievance + around.outrage + p.social_utility * m - fear - out
    violent = peaceful + around.outrage - p.violence_cost
    violent += p.violence_pull * around.violence_pull - 0.5 * fear
    looting = around.cover * (p.looting_gain * (1 - who.rank) + p.social_utility)
    looting -= fear + out + p.looting_cost
    return [0.0, peaceful, violent, looting]


def softmax(u: list[float], scale: float) -> list[float]:
    weights = [math.exp((v - max(u)) / scale) for v in u]
    return [w / sum(weights) for w in weights]


unit = st.floats(0.0, 1.0)
surroundings = st.builds(
    here, legitimacy=unit, loss=unit, hardship_cut=st.floats(0, 0.05), outrage=st.floats(0, 0.3),
    risk=st.floats(0, 2.5), cost=st.floats(0, 0.25), city_pull=unit, cell_pull=unit,
    national_pull=unit, weight_online=st.floats(0, 8), weight_ties=st.floats(0.5, 1),
    success=st.sampled_from([0.0, 0.05]), violence_pull=unit, cover=unit,
)  # fmt: skip
people = st.builds(
    citizen, hardship=unit, risk_aversion=unit, exposure=st.floats(0, 0.35),
    deprivation=st.floats(0, 1), rank=unit, online=st.sampled_from([0, 1]), ties=unit,
)  # fmt: skip


def test_codes_of_the_actions() -> None:
    assert (QUIET, PEACEFUL, VIOLENT, LOOTING) == (0, 1, 2, 3)


@pytest.mark.parametrize("grievance", [0.30, 0.40, 0.41, 0.42, 0.47])
def test_without_interaction_and_risk_the_share_active_is_logistic(grievance: float) -> None:
    # 2.8: beta = 0, rhobar = 0
    p = values(social_utility=0.0, risk_weight=0.0, **PROTEST_ONLY)
    around = here(legitimacy=0.0, price_sensitivity=0.0, city_pull=0.9, national_pull=0.9, risk=2.0)
    who = citizen(hardship=grievance, ties=0.4)
    n = 4_000
    active = sum(decide(p, around, who, (i + 0.5) / n, False) != QUIET for i in range(n)) / n
    expected = 1.0 / (1.0 + math.exp(-(grievance - 0.41) / 0.017))
    assert active == pytest.approx(expected, abs=1.01 / n)
    assert 1.0 - chances(p, around, who)[0] == pytest.approx(expected, abs=1e-12)


@given(surroundings, people, st.floats(0.01, 0.3), st.booleans())
@repeatable
def test_chances_are_the_softmax_of_the_stated_utilities(
    around: Any, who: Any, noise: float, looked: bool
) -> None:
    p = values(noise=noise)
    found = chances(p, around, who, looked)
    expected = softmax(utilities(p, around, who, looked), noise)
    assert sum(found) == pytest.approx(1.0, abs=1e-12)
    assert found == pytest.approx(expected, abs=1e-10)


@given(surroundings, people)
@repeatable
def test_choice_never_steps_back_as_u_rises(around: Any, who: Any) -> None:
    p = values(noise=0.2)
    chosen = [decide(p, around, who, (i + 0.5) / 200, False) for i in range(200)]
    assert chosen == sorted(chosen)


@pytest.mark.parametrize("u", [2.0**-33, 0.5, 1 - 2.0**-33])
@pytest.mark.parametrize("best", [QUIET, PEACEFUL, VIOLENT, LOOTING])
def test_without_noise_everybody_takes_the_best(best: int, u: float) -> None:
    around, p = {
        QUIET: (here(), values(noise=1e-4)),
        PEACEFUL: (here(legitimacy=0.0, outrage=0.0), values(noise=1e-4, threshold=0.1)),
        VIOLENT: (here(legitimacy=0.0, outrage=0.3), values(noise=1e-4, threshold=0.1)),
        LOOTING: (here(cover=1.0), values(noise=1e-4, threshold=0.1)),
    }[best]
    assert decide(p, around, citizen(), u, False) == best


def test_extreme_utilities_do_not_overflow() -> None:
    around = here(outrage=0.3, cover=1.0, city_pull=1.0, cell_pull=1.0, legitimacy=0.0)
    p = values(noise=1e-4, social_utility=5.0, looting_gain=5.0, threshold=-1.0)
    assert decide(p, around, citizen(hardship=1.0), 0.5, False) in (PEACEFUL, VIOLENT, LOOTING)


RISES = ["outrage", "city_pull", "cell_pull", "national_pull", "success", "loss", "hardship_cut"]
FALLS = ["risk", "cost", "legitimacy"]


@pytest.mark.parametrize("name", RISES + FALLS)
@given(surroundings, people)
@settings(derandomize=True, deadline=None, max_examples=25)
def test_each_surrounding_pulls_one_way(name: str, around: Any, who: Any) -> None:
    p = values(noise=0.05)
    more = around._replace(**{name: min(getattr(around, name) + 0.1, 1.0)})
    if name == "risk":
        more = around._replace(risk=around.risk + 0.5)
    quiet, other = (decide(p, a, who, 0.5, False) == QUIET for a in (around, more))
    if name in RISES:
        assert other <= quiet
    else:
        assert other >= quiet


@given(surroundings, people)
@repeatable
def test_who_fears_nothing_is_not_deterred(around: Any, who: Any) -> None:
    p = values(noise=0.05)
    brave = who._replace(risk_aversion=0.0)
    for u in (0.1, 0.5, 0.9):
        assert decide(p, around._replace(risk=0.0), brave, u, False) == decide(
            p, around._replace(risk=2.5), brave, u, False
        )


def test_looting_is_opportunity_and_knows_no_grievance() -> None:
    p = values(noise=0.1)

    def odds(**changes: float) -> float:
        c = chances(p, here(cover=0.6, **changes), citizen())
        return c[LOOTING] / c[QUIET]

    base = odds()
    assert odds(legitimacy=0.1) == pytest.approx(base, rel=1e-9)
    assert odds(outrage=0.2) == pytest.approx(base, rel=1e-9)
    assert (
        chances(p, here(cover=0.6), citizen(rank=0.1))[LOOTING]
        > (chances(p, here(cover=0.6), citizen(rank=0.9))[LOOTING])
    )


def test_independent_choices_are_binomial() -> None:
    # 2.8 again, over citizens with draws of their own
    from steppe.core.random import Purpose, key_of, uniforms

    p = values(social_utility=0.0, risk_weight=0.0, **PROTEST_ONLY)
    around = here(legitimacy=0.0, price_sensitivity=0.0)
    who = citizen(hardship=0.40)
    us = uniforms(key_of(3), Purpose.DECISION, 5, 20_000)
    active = np.array([decide(p, around, who, u, False) != QUIET for u in us])
    share = 1.0 / (1.0 + math.exp(0.01 / 0.017))
    groups = active.reshape(200, 100).sum(axis=1)
    z_mean = (groups.mean() - 100 * share) / math.sqrt(100 * share * (1 - share) / 200)
    z_variance = (groups.var(ddof=1) / (100 * share * (1 - share)) - 1) / math.sqrt(2 / 199)
    assert abs(z_mean) < 4
    assert abs(z_variance) < 4


# ---- fixed points of Brock and Durlauf, with the rule as the best reply


def best_reply(share: float) -> float:
    """Share active when every citizen perceives mobilisation ``share``: beta 1, T 0.5, sigma .1."""
    p = values(social_utility=1.0, threshold=0.5, noise=0.1, violence_cost=3.0, looting_cost=3.0)
    around = here(legitimacy=1.0, city_pull=share, cell_pull=share, weight_online=0.0,
                  weight_ties=0.0)  # fmt: skip
    return 1.0 - cut(lambda u: decide(p, around, citizen(), u, False) == QUIET)


@pytest.mark.parametrize(
    ("start", "fixed_point"), [(0.0, 0.00719), (0.49, 0.00719), (0.51, 0.99281), (1.0, 0.99281)]
)
def test_fixed_points_of_social_interaction(start: float, fixed_point: float) -> None:
    share = start
    for _ in range(40):
        share = best_reply(share)
    assert share == pytest.approx(fixed_point, abs=5e-6)


def test_the_middle_fixed_point_is_a_half() -> None:
    assert best_reply(0.5) == pytest.approx(0.5, abs=1e-9)


# ---- perceived mobilisation


@given(st.floats(0, 1), st.floats(0, 8), st.floats(0, 1), st.booleans(), st.sampled_from([0, 1]))
@repeatable
def test_equal_layers_are_not_moved_by_any_cut(
    share: float, weight: float, cut_share: float, looked: bool, online: int
) -> None:
    # 3(c): every layer pulls by the same amount
    p = values()
    pull = share / (share + 0.10)
    who = citizen(ties=share, online=online)
    layers = {"city_pull": pull, "cell_pull": pull, "national_pull": pull}
    open_ = here(weight_online=weight, weight_ties=1.0, **layers)
    closed = here(weight_online=weight * (1 - cut_share), weight_ties=1 - cut_share / 2, **layers)
    assert mobilisation(p, open_, who, looked) == pytest.approx(pull, abs=1e-15)
    assert mobilisation(p, closed, who, looked) == pytest.approx(pull, abs=1e-15)


@given(surroundings, people)
@repeatable
def test_a_cut_raises_mobilisation_just_where_the_near_pulls_more_than_the_news(
    around: Any, who: Any
) -> None:
    p = values()
    before = mobilisation(p, around, who, False)
    after = mobilisation(p, around._replace(weight_online=0.0), who, False)
    alone = (0.5 * around.cell_pull + 0.5 * around.city_pull
             + around.weight_ties * who.ties / (who.ties + p.ties_half))  # fmt: skip
    near = alone / (1.0 + around.weight_ties)
    if around.weight_online > 1e-3 and abs(near - around.national_pull) > 1e-6:
        assert (after > before) == (near > around.national_pull)


@given(surroundings, people, st.booleans())
@repeatable
def test_mobilisation_is_a_share_but_for_expected_success(
    around: Any, who: Any, looked: bool
) -> None:
    m = mobilisation(values(), around._replace(success=0.0), who, looked)
    assert 0.0 <= m <= 1.0 + 1e-15
    assert mobilisation(values(), around._replace(success=0.05), who, looked) == (
        pytest.approx(m + 0.05, abs=1e-15)
    )


def test_who_goes_to_look_sees_the_whole_city() -> None:
    around = here(city_pull=0.8, cell_pull=0.0, weight_online=0.0, weight_ties=0.0)
    assert mobilisation(values(), around, citizen(), False) == 0.4
    assert mobilisation(values(), around, citizen(), True) == 0.8


def test_the_offline_hear_a_quarter() -> None:
    around = here(national_pull=0.5, weight_online=2.0, weight_ties=1.0)
    assert mobilisation(values(), around, citizen(online=1), False) == 0.25
    assert mobilisation(values(), around, citizen(online=0), False) == 0.1


@given(surroundings, people)
@repeatable
def test_hardship_stays_between_the_latent_draw_and_one(around: Any, who: Any) -> None:
    assert who.hardship - 1e-15 <= hardship(around, who) <= 1.0
