"""Risk, contact and outrage: deterrence, hazards, harm, and what each alone does to turnout."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.random import Purpose, key_of, uniforms
from steppe.model.mechanisms.contact import (
    ContactParameters,
    ContactValues,
    hazards,
    hours_out,
    meet,
)
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    WOUNDED,
)
from steppe.model.mechanisms.outrage import OutrageParameters, outrage
from steppe.model.mechanisms.participation import decide
from steppe.model.mechanisms.risk import circadian, weigh_risk
from steppe.model.mechanisms.risk_parameters import RiskParameters

from .citizens import citizen, cut, here, values

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
LEVELS = range(5)


def contact_values(**changes: float) -> Any:
    p = ContactParameters.build(changes)
    return ContactValues(*(getattr(p, name) for name in ContactValues._fields))


def risk(level: float, officers: float, crowd: float, hour: int = 12, **more: float) -> Any:
    """Risk and cost in one place; ``more`` are parameters, or ``curfew`` or ``heard``."""
    curfew, heard = more.pop("curfew", 0.0), more.pop("heard", 0.0)
    out = weigh_risk(
        RiskParameters.build(more),
        place_force_level=np.array([float(level)]), place_officers=np.array([float(officers)]),
        place_peaceful=np.array([0.5 * crowd]), place_violent=np.array([0.3 * crowd]),
        place_looting=np.array([0.2 * crowd]), place_rumour_heard=np.array([heard]),
        place_curfew=np.array([curfew]),
        hour_of_day=hour,
    )  # fmt: skip
    return {name: float(value[0]) for name, value in out.items()}


# ---- perceived risk


def test_as_many_officers_as_citizens_give_epsteins_constant() -> None:
    # 4(b): 1 - exp(-2.3)
    out = risk(2, 400, 400)
    assert out["place_severity"] == 1.0
    assert out["place_risk"] == pytest.approx(0.8997, abs=5e-5)
    assert out["place_risk"] == pytest.approx(1 - math.exp(-2.3), abs=1e-15)


@pytest.mark.parametrize("level", LEVELS)
def test_without_officers_there_is_no_risk(level: int) -> None:
    # 4(a)
    assert risk(level, 0, 1000)["place_risk"] == 0.0


def test_severity_of_the_force_levels() -> None:
    severity = [0.0, 0.5, 1.0, 2.0, 2.5]
    assert [risk(level, 1e6, 1)["place_risk"] for level in LEVELS] == severity


def test_a_crowd_below_one_counts_as_one() -> None:
    assert risk(2, 1, 0)["place_risk"] == risk(2, 1, 1)["place_risk"]


@given(st.integers(0, 3), st.floats(0, 1e4), st.floats(0, 1e5))
@repeatable
def test_risk_rises_with_force_and_officers_and_falls_with_the_crowd(
    level: int, officers: float, crowd: float
) -> None:
    base = risk(level, officers, crowd)["place_risk"]
    assert 0.0 <= base <= 2.5
    assert risk(level + 1, officers, crowd)["place_risk"] >= base
    assert risk(level, officers * 1.5 + 1, crowd)["place_risk"] >= base
    assert risk(level, officers, crowd * 1.5 + 1)["place_risk"] <= base


def test_people_are_about_as_stated_by_the_hour() -> None:
    # 0.1 at 3-5 h, 1 at 11-21 h, linear between
    hours = np.arange(24)
    stated = np.interp(hours, [-3, 3, 5, 11, 21, 27], [1.0, 0.1, 0.1, 1.0, 1.0, 0.1])
    assert [circadian(RiskParameters(), int(h)) for h in hours] == pytest.approx(stated, abs=1e-15)


def test_cost_of_the_hour() -> None:
    assert risk(0, 0, 0, hour=15)["place_cost"] == 0.0
    assert risk(0, 0, 0, hour=4)["place_cost"] == pytest.approx(0.12 * 0.9)
    costs = {"curfew": 1.0, "curfew_cost": 0.08, "shoot_cost": 0.05}
    assert risk(3, 0, 0, hour=15, **costs)["place_cost"] == pytest.approx(0.08)
    assert risk(4, 0, 0, hour=15, **costs)["place_cost"] == pytest.approx(0.13)


# ---- hazards


def test_hazards_of_equal_sides_by_force_level() -> None:
    rows = [hazards(contact_values(), level, 1.0) for level in LEVELS]
    assert rows == [
        (0.0, 0.0, 0.0),
        (0.0, pytest.approx(1e-4), pytest.approx(0.006)),
        (5e-6, 2e-3, 0.02),
        (2e-4, 4e-3, 0.02),
        (4e-4, 4e-3, 0.01),
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_without_officers_nobody_is_hurt(level: int) -> None:
    assert hazards(contact_values(), level, 0.0) == (0.0, 0.0, 0.0)


def test_hazards_saturate() -> None:
    p = contact_values()
    assert hazards(p, 3, 3.0)[:2] == hazards(p, 3, 50.0)[:2] == pytest.approx((6e-4, 0.012))
    assert hazards(p, 2, 2.5)[2] == hazards(p, 2, 50.0)[2] == 0.05


@given(st.integers(0, 4), st.floats(0, 10), st.floats(1, 3))
@repeatable
def test_hazards_are_chances_that_rise_with_the_officers(
    level: int, ratio: float, more: float
) -> None:
    p = contact_values()
    base, other = hazards(p, level, ratio), hazards(p, level, ratio * more)
    assert all(0.0 <= a <= b <= 0.05 for a, b in zip(base, other, strict=True))


@pytest.mark.parametrize("ratio", [0.1, 1.0, 5.0])
def test_wounds_and_deaths_never_fall_with_the_force_level(ratio: float) -> None:
    rows = np.array([hazards(contact_values(), level, ratio)[:2] for level in LEVELS])
    assert (np.diff(rows, axis=0) >= 0.0).all()


# ---- fates


@pytest.mark.parametrize(("state", "exposure"), [(PEACEFUL, 1.0), (VIOLENT, 2.0), (LOOTING, 1.5)])
def test_chances_of_the_fates(state: int, exposure: float) -> None:
    death, wound, arrest = 0.01, 0.03, 0.05

    def fate(u: float) -> int:
        return meet(ContactParameters(), death, wound, arrest, state, u)

    dead = cut(lambda u: fate(u) == DEAD)
    hurt = cut(lambda u: fate(u) in (DEAD, WOUNDED))
    taken = cut(lambda u: fate(u) in (DEAD, WOUNDED, DETAINED))
    assert (dead, hurt - dead, taken - hurt) == pytest.approx(
        (exposure * death, exposure * wound, exposure * arrest), abs=1e-12
    )


@pytest.mark.parametrize("state", [PEACEFUL, VIOLENT, LOOTING])
def test_without_hazards_everybody_stays_as_he_is(state: int) -> None:
    assert meet(ContactParameters(), 0.0, 0.0, 0.0, state, 2.0**-33) == state


def test_deaths_are_binomial() -> None:
    # 4(f): constant crowd, officers and force over T hours
    p = contact_values(death_fire=0.02)
    death, wound, arrest = hazards(p, 3, 1.0)
    crowd, hours = 100, 200
    key = key_of(4)
    deaths = np.array([
        sum(meet(ContactParameters(), death, wound, arrest, PEACEFUL, u) == DEAD
            for u in uniforms(key, Purpose.CONTACT, hour, crowd))
        for hour in range(hours)
    ])  # fmt: skip
    expected, variance = crowd * death, crowd * death * (1 - death)
    assert abs(deaths.mean() - expected) / math.sqrt(variance / hours) < 4
    assert abs(deaths.var(ddof=1) / variance - 1) / math.sqrt(2 / (hours - 1)) < 4


def test_detention_has_a_fixed_length() -> None:
    p = contact_values()
    assert {hours_out(p, DETAINED, u) for u in (1e-9, 0.3, 1 - 1e-9)} == {72}


@pytest.mark.parametrize("mean", [1.0, 2.0, 24.0, 120.0])
def test_recovery_has_the_stated_mean(mean: float) -> None:
    p = contact_values(wound_mean=mean)
    n = 40_000
    hours = np.array([hours_out(p, WOUNDED, (i + 0.5) / n) for i in range(n)])
    assert hours.min() >= 1
    assert hours.mean() == pytest.approx(mean, rel=1e-3)


def test_recovery_forgets_how_long_it_has_lasted() -> None:
    p = contact_values(wound_mean=20.0)
    n = 40_000
    hours = np.array([hours_out(p, WOUNDED, (i + 0.5) / n) for i in range(n)])
    going_on = [(hours > k + 1).sum() / (hours > k).sum() for k in range(0, 60, 10)]
    assert max(going_on) - min(going_on) < 0.01


# ---- outrage


USUAL = OutrageParameters.build({"per_harm": 0.064})


def outraged(p: OutrageParameters | None = None, **changes: Any) -> np.ndarray:
    """Outrage of two places of 100,000 in a country of a million."""
    columns = {
        "place_outrage": [0.0, 0.0], "place_deaths": [0.0, 0.0], "place_woundings": [0.0, 0.0],
        "place_arrests": [0.0, 0.0], "place_population": [1e5, 1e5],
        "place_internet_cut": [0.0, 0.0], "place_frame": [0.0, 0.0],
    } | changes  # fmt: skip
    arrays = {name: np.asarray(value, dtype=float) for name, value in columns.items()}
    return np.asarray(outrage(p or USUAL, persons=1e6, **arrays)["place_outrage"])


HARM = {"place_deaths": [1, 0], "place_woundings": [5, 0], "place_arrests": [10, 0]}


def test_known_harm() -> None:
    # 10 + 5 + 3 = 18: 0.18 per 1,000 here and 0.018 in the country
    out = outraged(**HARM)
    assert out == pytest.approx([0.064 * (0.18 + 0.3 * 0.018), 0.064 * 0.3 * 0.018], rel=1e-12)


def test_a_cut_keeps_the_news_out_but_not_what_is_seen() -> None:
    out = outraged(**HARM, place_internet_cut=[1.0, 1.0])
    assert out == pytest.approx([0.064 * 0.18, 0.0], rel=1e-12)


@pytest.mark.parametrize("half_life", [1.0, 36.0, 100.0])
def test_outrage_halves_in_its_half_life(half_life: float) -> None:
    p = OutrageParameters.build({"half_life": half_life})
    level = np.array([0.2, 0.05])
    for _ in range(int(half_life)):
        level = outraged(p, place_outrage=level)
    assert level == pytest.approx([0.1, 0.025], rel=1e-13)


def test_outrage_is_capped() -> None:
    assert outraged(place_deaths=[10_000, 0]).tolist() == [0.3, 0.3]


def test_a_regime_that_harms_nobody_outrages_nobody() -> None:
    assert outraged().tolist() == [0.0, 0.0]
    assert outraged(OutrageParameters.build({"per_harm": 0.0}), **HARM).tolist() == [0.0, 0.0]


# ---- turnout and force


def turnout(p: Any, level: int, felt: float) -> int:
    """How many of many citizens are active at force ``level`` with outrage ``felt``."""
    there = risk(level, 500, 1000, shoot_cost=0.0)
    around = here(legitimacy=0.3, outrage=felt, risk=there["place_risk"], city_pull=0.3)
    count = 0
    for i in range(400):
        who = citizen(hardship=(i + 0.5) / 400, risk_aversion=(i * 7 % 400) / 400)
        count += decide(p, around, who, (i * 171 % 400 + 0.5) / 400, False) != QUIET
    return count


def expected_outrage(level: int) -> float:
    """Outrage after an hour of force ``level`` against a thousand, by the expected harm."""
    death, wound, arrest = hazards(contact_values(), level, 0.5)
    harm = {"place_deaths": [1000 * death, 0], "place_woundings": [1000 * wound, 0],
            "place_arrests": [1000 * arrest, 0]}  # fmt: skip
    return float(outraged(OutrageParameters.build({"per_harm": 0.3}), **harm)[0])


@pytest.mark.parametrize("aversion", [0.155, 0.5, 0.9])
def test_without_outrage_turnout_never_rises_with_force(aversion: float) -> None:
    # 4(d): a_o = 0
    counts = [turnout(values(risk_weight=aversion, noise=0.05), level, 0.0) for level in LEVELS]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[4]


def test_without_fear_turnout_never_falls_with_force() -> None:
    # 4(e): rhobar = 0. From level 3 to 4 fewer are arrested, so this holds up to level 3.
    p = values(risk_weight=0.0, noise=0.05)
    counts = [turnout(p, level, expected_outrage(level)) for level in range(4)]
    assert counts == sorted(counts)
    assert counts[0] < counts[3]


def test_without_fear_and_outrage_force_does_nothing() -> None:
    p = values(risk_weight=0.0, noise=0.05)
    assert len({turnout(p, level, 0.0) for level in LEVELS}) == 1
