"""Legitimacy, backing, threat and outcome: known numbers and limiting cases."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME
from steppe.model.ledger import ESSENTIAL, MECHANISMS
from steppe.model.mechanisms.alliance import AllianceParameters, follow_history
from steppe.model.mechanisms.legitimacy import LegitimacyParameters, legitimate
from steppe.model.mechanisms.outcome import (
    COUP,
    DEFECTION,
    NEGOTIATED,
    PATHS,
    OutcomeParameters,
    conclude,
)
from steppe.model.mechanisms.threat import THREAT, ThreatParameters, perceive

from .citizens import cut
from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)


# ---- legitimacy


START = LegitimacyParameters.build({"initial": 0.59, "killing_loss": 0.01})


def legitimacy(level: float = 0.59, p: LegitimacyParameters | None = None, **more: Any) -> float:
    """Legitimacy after an hour in a region of two places with 3/4 and 1/4 of its people."""
    columns = {
        "place_deaths": [0.0, 0.0], "place_cut_days": [0.0, 0.0],
        "place_internet_cut": [0.0, 0.0], "nation_frame_change": [0.0],
    } | more  # fmt: skip
    out = legitimate(
        p or START,
        region_legitimacy=np.array([level]), place_region=np.array([0, 0]),
        place_population=np.array([750.0, 250.0]), region_population=np.array([1000.0]),
        **{name: np.asarray(value, dtype=float) for name, value in columns.items()},
    )  # fmt: skip
    return only(out, "region_legitimacy")


def test_legitimacy_rests_where_it_started() -> None:
    assert legitimacy(0.59) == 0.59


def test_legitimacy_returns_exponentially() -> None:
    assert legitimacy(0.50) == pytest.approx(0.50 + 0.09 / 720, abs=1e-15)
    level = 0.30
    for _ in range(720):
        level = legitimacy(level)
    assert (0.59 - level) / 0.29 == pytest.approx((1 - 1 / 720) ** 720, rel=1e-10)


@pytest.mark.parametrize(("deaths", "loss"), [(9, 0.01), (99, 0.02), (0, 0.0), (999, 0.03)])
def test_legitimacy_falls_with_each_tenfold_of_deaths(deaths: int, loss: float) -> None:
    assert legitimacy(place_deaths=[deaths - deaths // 3, deaths // 3]) == (
        pytest.approx(0.59 - loss, abs=1e-14)
    )


def test_a_blackout_costs_legitimacy_in_its_first_hour_only() -> None:
    first = legitimacy(place_internet_cut=[1, 1], place_cut_days=[1 / 24, 1 / 24])
    assert first == pytest.approx(0.58, abs=1e-15)
    later = legitimacy(place_internet_cut=[1, 1], place_cut_days=[2 / 24, 2 / 24])
    assert later == 0.59


def test_a_blackout_costs_in_proportion_to_the_people_cut_off() -> None:
    one = legitimacy(place_internet_cut=[0, 0.8], place_cut_days=[0, 0.8 / 24])
    assert one == pytest.approx(0.59 - 0.01 / 4, abs=1e-15)


@pytest.mark.parametrize("level", [0.01, 0.3, 0.7, 1.0])
def test_every_beginning_of_a_cut_is_found_once(level: float) -> None:
    # the days are counted as the timeline counts them
    days, found = 0.0, []
    for hour in range(300):
        b = level if 5 <= hour < 100 or 150 <= hour < 260 else 0.0
        days = days + b / 24.0 if b > 0.0 else 0.0
        found.append(legitimacy(place_internet_cut=[b, b], place_cut_days=[days, days]) < 0.59)
    assert [hour for hour, lost in enumerate(found) if lost] == [5, 150]


@pytest.mark.parametrize("change", [-0.3, 0.0, 0.4])
def test_legitimacy_follows_the_story_that_is_believed(change: float) -> None:
    assert legitimacy(nation_frame_change=[change]) == pytest.approx(0.59 + 0.05 * change)


def test_legitimacy_stays_a_share() -> None:
    p = LegitimacyParameters.build({"killing_loss": 1.0})
    assert legitimacy(0.1, p, place_deaths=[1e6, 0]) == 0.0


# ---- alliance


@given(st.floats(0, 1), st.floats(0, 1e4), st.floats(0, 1e4))
@repeatable
def test_signal_and_hands_are_separate(signal: float, troops: float, freed: float) -> None:
    out = follow_history(
        AllianceParameters(),
        script_signal=np.array([signal]), script_troops=np.array([troops]),
        script_freed_officers=np.array([freed]),
    )  # fmt: skip
    assert (only(out, "nation_signal"), only(out, "nation_troops")) == (signal, troops)
    assert only(out, "nation_freed_officers") == freed


# ---- threat


def threat(
    crowd: float = 0.0, seized: float = 0.0, defected: float = 0.0, u: float = 0.5,
    split: float = 0.0,
) -> float:  # fmt: skip
    out = perceive(
        ThreatParameters(),
        place_peaceful=np.array([crowd / 2, 0.0]), place_violent=np.array([0.0, crowd / 4]),
        place_looting=np.array([crowd / 4, 0.0]), nation_seized=np.array([seized]),
        nation_defected=np.array([defected]), nation_elite_split=np.array([split]),
        nation_relief_hours=np.array([0]), persons=1e6, u_intelligence=np.array([u]),
    )  # fmt: skip
    return only(out, "nation_threat")


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_threat_of_a_quiet_country() -> None:
    assert threat() == pytest.approx(0.0474259, abs=1e-7)
    assert threat(u=0.999) == threat()


def test_known_threats() -> None:
    # a crowd reported as 2,000 in a million weighs half: psi(.002; .002)
    half = 2000 * math.exp(0.2)
    assert threat(half) == pytest.approx(logistic(-1.5), abs=1e-14)
    assert threat(half, seized=0.5, defected=0.25) == pytest.approx(0.5, abs=1e-14)
    assert threat(0, 1.0, 1.0) == pytest.approx(logistic(1.0), abs=1e-14)


def test_bad_news_is_under_reported() -> None:
    unbiased = logistic(-3 + 3 * 0.003 / 0.005)
    assert threat(3000) < unbiased
    # the draw at which the report is right: z = 0.2/0.4
    right = cut(lambda u: threat(3000, u=min(max(u, 1e-9), 1 - 1e-9)) < unbiased)
    assert right == pytest.approx(NormalDist().cdf(0.5), abs=1e-9)


def test_a_split_elite_weighs_one_and_a_half() -> None:
    assert threat(split=1.0) == pytest.approx(logistic(-1.5), abs=1e-14)
    assert threat(split=0.4, seized=0.2) == pytest.approx(logistic(-2.0), abs=1e-14)


@pytest.mark.parametrize(("crowd", "before", "after"), [(0.0, 5, 6), (1e5, 5, 0), (0.0, 0, 1)])
def test_hours_of_little_threat_are_counted_in_a_row(crowd: float, before: int, after: int) -> None:
    out = tried(THREAT, place_peaceful=crowd, nation_relief_hours=before)
    assert only(out, "nation_relief_hours") == after
    assert (only(out, "nation_threat") < 0.1) == (after > 0)


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1), st.floats(1e-6, 1 - 1e-6))
@repeatable
def test_threat_rises_with_each_of_its_causes(
    crowd: float, seized: float, defected: float, u: float
) -> None:
    base = threat(crowd, seized, defected, u)
    assert 0.0 < base < 1.0
    assert threat(crowd * 1.1 + 1, seized, defected, u) >= base
    assert threat(crowd, min(seized + 0.1, 1.0), defected, u) >= base
    assert threat(crowd, seized, min(defected + 0.1, 1.0), u) >= base


# ---- outcome

STATE = ("nation_fallen", "nation_calm_hours", "nation_survived")


def concluded(p: Parameters | None = None, **changes: Any) -> dict[str, Any]:
    """One hour of a country of a million with a main city and another place."""
    columns: dict[str, Any] = {
        "place_peaceful": [0.0, 0.0], "place_violent": [0.0, 0.0], "place_looting": [0.0, 0.0],
        "place_officers": [500.0, 100.0], "place_main": [1.0, 0.0], "nation_defected": [0.0],
        "nation_belief": [0.88], "nation_fallen": [0], "nation_calm_hours": [0],
        "nation_survived": [0], "nation_elite_split": [0.0], "u_fall": [0.9],
    }  # fmt: skip
    columns |= changes
    return conclude(
        p or OutcomeParameters(), persons=1e6,
        **{name: np.asarray(value) for name, value in columns.items()},
    )  # fmt: skip


def after(hours: int, **changes: Any) -> tuple[int, int, int]:
    """Fallen, calm hours, survived after so many equal hours."""
    state: dict[str, Any] = {}
    for _ in range(hours):
        out = concluded(**{**changes, **state})
        state = {name: out[name] for name in STATE}
    return tuple(int(state[name][0]) for name in STATE)  # type: ignore[return-value]


def test_a_quiet_country_survives_after_72_hours_and_not_before() -> None:
    # 12(a)
    assert after(71) == (0, 71, 0)
    assert after(72) == (0, 72, 1)


def test_one_crowd_starts_the_count_again() -> None:
    out = concluded(nation_calm_hours=[71], place_peaceful=[0.0, 10.0])
    assert (only(out, "nation_calm_hours"), only(out, "nation_survived")) == (0, 0)
    nearly = concluded(nation_calm_hours=[71], place_peaceful=[0.0, 9.0])
    assert only(nearly, "nation_survived") == 1


def test_a_regime_without_officers_and_half_of_its_units_gone_falls() -> None:
    # 12(b): F = 0, A > 0, D >= 0.5
    assert after(1, place_officers=[0, 0], place_peaceful=[1, 0], nation_defected=[0.5])[0] == (
        DEFECTION
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"nation_defected": [0.49]},
        {"place_peaceful": [500.0, 0.0]},
        {"place_peaceful": [0.0, 9000.0]},
        {"place_main": [0.0, 0.0]},
    ],
    ids=["few gone", "city held", "another place lost", "no main city"],
)
def test_each_condition_of_collapse_is_needed(changes: dict[str, Any]) -> None:
    lost = {"place_peaceful": [501.0, 0.0], "nation_defected": [0.5]}
    assert only(concluded(**lost), "nation_fallen") == DEFECTION
    assert only(concluded(**{**lost, **changes}), "nation_fallen") == 0


@pytest.mark.parametrize("belief", [0.0, 0.2, 0.88, 1.0])
def test_flight_has_the_stated_daily_hazard(belief: float) -> None:
    crowd = {"place_peaceful": [100.0, 0.0], "nation_belief": [belief]}
    hourly = cut(lambda u: only(concluded(u_fall=[u], **crowd), "nation_fallen") == NEGOTIATED)
    daily = 0.3 * logistic(8 * (1 - belief) - 6)
    assert 1 - (1 - hourly) ** 24 == pytest.approx(daily, abs=1e-12)


def test_no_leader_flees_from_empty_streets() -> None:
    assert only(concluded(nation_belief=[0.0], u_fall=[1e-12]), "nation_fallen") == 0


def test_a_fall_is_final() -> None:
    assert after(100, nation_fallen=[1])[0] == 1
    assert after(100, nation_fallen=[1])[2] == 0


def test_a_regime_never_both_falls_and_survives() -> None:
    lost = {"place_peaceful": [501.0, 0.0], "nation_defected": [0.5], "nation_survived": [1]}
    out = concluded(**lost)
    assert only(out, "nation_fallen") == DEFECTION
    assert only(out, "nation_survived") == 0


def test_an_elite_that_leaves_makes_a_coup() -> None:
    assert only(concluded(nation_elite_split=[0.5]), "nation_fallen") == COUP
    assert only(concluded(nation_elite_split=[0.49]), "nation_fallen") == 0


def test_the_path_of_a_fall_is_told_in_one_order_and_kept() -> None:
    # defection before coup before flight; the first path stays
    lost = {"place_peaceful": [501.0, 0.0], "nation_defected": [0.5]}
    split = {"nation_elite_split": [0.6]}
    flight = {"place_peaceful": [501.0, 0.0], "nation_belief": [0.0], "u_fall": [1e-9]}
    assert only(concluded(**{**flight, **lost, **split}), "nation_fallen") == DEFECTION
    assert only(concluded(**{**flight, **split}), "nation_fallen") == COUP
    assert only(concluded(**flight), "nation_fallen") == NEGOTIATED
    for code in PATHS:
        assert only(concluded(nation_fallen=[code], **lost, **split), "nation_fallen") == code


# ---- roles switched off


def neutral(role: str, name: str) -> float:
    """What a column holds all through a run in which the role is switched off."""
    mechanism = next(iter(MECHANISMS[role].values()))
    assert name in mechanism.writes
    return float(mechanism.neutral.get(name, BY_NAME[name].start))


def test_forces_that_are_not_modelled_are_no_reason_to_flee() -> None:
    belief = neutral("loyalty", "nation_belief")
    out = concluded(nation_belief=[belief], place_peaceful=[100.0, 0.0], u_fall=[1e-3])
    assert only(out, "nation_fallen") == 0


@pytest.mark.parametrize(
    ("role", "name", "value"),
    [
        ("outrage", "place_outrage", 0.0),
        ("seizure", "nation_seized", 0.0),
        ("loyalty", "nation_defected", 0.0),
        ("loyalty", "place_defected_officers", 0.0),
        ("contact", "place_deaths", 0.0),
        ("alliance", "nation_signal", 0.0),
        ("alliance", "nation_freed_officers", 0.0),
        ("outcome", "nation_fallen", 0.0),
    ],
)
def test_what_a_role_switched_off_leaves_behind(role: str, name: str, value: float) -> None:
    assert role not in ESSENTIAL
    assert neutral(role, name) == value
