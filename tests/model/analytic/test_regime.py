"""Regime: it does what it believes to pay, in the order and at the hours it can."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.regime import (
    KIND_CODES,
    REGIME,
)
from steppe.model.mechanisms.regime_parameters import RegimeParameters, costs, reliefs
from steppe.model.options import CATALOGUE, KINDS, OPTIONS, REVERSIBLE

from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
SHARP = {"noise": 1e-4}
"""The small-noise limit."""
CODE = {kind: KINDS.index(kind) for kind in KINDS}
ROW = {name: row for row, name in enumerate(OPTIONS)}


STATED = {
    "none": (0, 0), "local-price": (0.02, 0.05), "national-price": (0.05, 0.10),
    "dismiss-government": (0.10, 0.15), "dismiss-old-ruler": (0.12, 0.20),
    "regional-blackout": (0.04, 0.10), "national-blackout": (0.10, 0.20),
    "regional-emergency": (0.05, 0.10), "national-emergency": (0.10, 0.20),
    "reframe": (0.03, 0.05), "appeal": (0.20, 0.40), "force-2": (0.05, 0.15),
    "force-3": (0.20, 0.35), "force-4": (0.30, 0.45),
}  # fmt: skip


def decided(p: dict[str, float] | None = None, **changes: Any) -> dict[str, Any]:
    """One decision at noon of a regime free to decide, every option open to it but the appeal.

    It weighs its options whatever the threat unless ``act_threat`` is given.
    """
    open_ = {"script_free": 1.0, "hour": 300, "nation_reframed": 1.0, "nation_purge_gain": 0.1,
             "nation_request": 1.0, "place_population": 1e6}  # fmt: skip
    return tried(REGIME, {"act_threat": 0.0, **(p or {})}, **{**open_, **changes})


def chances(p: dict[str, float] | None = None, **changes: Any) -> dict[str, float]:
    out = decided(p, **changes)["option_probability"]
    return dict(zip(OPTIONS, (float(v) for v in out), strict=True))


def chosen(p: dict[str, float] | None = None, **changes: Any) -> str:
    return OPTIONS[int(decided(p, **changes)["nation_last_choice"][0])]


def only_open(*names: str) -> np.ndarray:
    """Hours since which options were chosen such that only ``names`` can be chosen again."""
    return np.array([-1e6 if name in names else 299.0 for name in OPTIONS])


# ---- 6(a), 6(c)


@pytest.mark.parametrize("u", [2.0**-33, 0.5, 1 - 2.0**-33])
def test_without_threat_and_noise_the_regime_does_nothing(u: float) -> None:
    # 6(a): all costs are positive
    assert (costs(RegimeParameters())[1:] > 0.0).all()
    assert chosen(SHARP, nation_threat=0.0, u_choice=u) == "none"
    assert chances(SHARP, nation_threat=0.0)["none"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("threat", "acts"), [(0.05, False), (0.0999, False), (0.1, True)])
def test_a_regime_that_sees_little_threat_leaves_things_as_they_are(
    threat: float, acts: bool
) -> None:
    out = decided({"act_threat": 0.1}, nation_threat=threat)
    assert (only(out, "nation_last_choice") >= 0) == acts


@pytest.mark.parametrize("name", [n for n in OPTIONS if n not in ("none", "appeal")])
def test_one_option_is_chosen_just_when_the_threat_exceeds_cost_over_relief(name: str) -> None:
    # 6(c): iff Theta > C/r
    row = ROW[name]
    p = RegimeParameters()
    at = costs(p)[row] / reliefs(p)[row]
    for shift in (-0.02, 0.02):
        out = chosen(SHARP, nation_threat=at + shift, option_since=only_open("none", name))
        assert out == (name if shift > 0 else "none")


@pytest.mark.parametrize("grant", [0.6, 0.7, 1.0])
def test_the_appeal_pays_by_the_chance_of_help(grant: float) -> None:
    alone = {"option_since": only_open("none", "appeal"), "nation_request": 0.0}
    for shift in (-0.02, 0.02):
        threat = 0.20 / (0.40 * grant) + shift
        out = chosen(SHARP, nation_threat=threat, nation_grant=grant, **alone)
        assert out == ("appeal" if shift > 0 else "none")


@given(st.floats(0, 1), st.floats(0.005, 0.5))
@repeatable
def test_chances_are_the_softmax_of_the_stated_utilities(threat: float, noise: float) -> None:
    found = chances({"noise": noise}, nation_threat=threat)
    worth = {n: threat * r - c for n, (c, r) in STATED.items() if n != "appeal"}
    weights = {name: math.exp((v - max(worth.values())) / noise) for name, v in worth.items()}
    total = sum(weights.values())
    assert found.pop("appeal") == 0.0
    assert found == pytest.approx({name: w / total for name, w in weights.items()}, abs=1e-12)


def test_the_choice_follows_the_chances() -> None:
    n = 2_000
    found = [chosen(nation_threat=0.6, u_choice=(i + 0.5) / n) for i in range(n)]
    for name, chance in chances(nation_threat=0.6).items():
        assert found.count(name) / n == pytest.approx(chance, abs=1.01 / n)


# ---- 6(d) substitution


@pytest.mark.parametrize("kind", ["concession", "information", "emergency", "force"])
def test_after_a_failed_response_others_become_likelier(kind: str) -> None:
    # 6(d)
    same = [o.name for o in CATALOGUE if o.kind == kind]
    state = {"nation_threat": 0.5, "nation_last_kind": CODE[kind]}
    worked = chances(**state, nation_last_threat=0.6)
    failed = chances(**state, nation_last_threat=0.5)
    assert worked == pytest.approx(chances(nation_threat=0.5), abs=1e-15)
    other = [n for n in OPTIONS if n not in (*same, "none", "appeal")]
    assert sum(failed[n] for n in other) > sum(worked[n] for n in other)
    assert all(failed[n] > worked[n] for n in other)
    assert all(failed[n] < worked[n] for n in (*same, "none") if n != "appeal")
    # by e^(g/scale) in the odds
    odds = (failed[other[0]] / failed["none"]) / (worked[other[0]] / worked["none"])
    assert odds == pytest.approx(math.exp(0.05 / 0.05), rel=1e-12)


def test_what_was_tried_and_how_it_stood_is_remembered() -> None:
    out = decided(SHARP, nation_threat=0.9, option_since=only_open("none", "force-2"))
    assert only(out, "nation_last_kind") == CODE["force"]
    assert only(out, "nation_last_threat") == 0.9
    assert (out["option_on"][ROW["force-2"]], out["option_since"][ROW["force-2"]]) == (1.0, 300.0)
    idle = decided(SHARP, nation_threat=0.0, nation_last_kind=2, nation_last_threat=0.7)
    assert (only(idle, "nation_last_kind"), only(idle, "nation_last_threat")) == (2, 0.7)


# ---- what can be chosen


def test_the_best_of_what_can_be_chosen_is_taken() -> None:
    # far better responses are barred; of the two that are left the better must be certain
    for threat, best in ((0.99, "local-price"), (0.1, "none")):
        left = only_open("none", "local-price")
        found = chances(SHARP, nation_threat=threat, option_since=left)
        assert found[best] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("ago", "free"), [(11, False), (12, True), (13, True)])
def test_the_same_response_needs_twelve_hours(ago: int, free: bool) -> None:
    since = np.full(len(OPTIONS), -1e6)
    since[ROW["force-2"]] = 300.0 - ago
    assert (chances(nation_threat=0.5, option_since=since)["force-2"] > 0.0) == free


def test_doing_nothing_is_always_possible() -> None:
    assert chances(nation_threat=1.0, option_since=299.0)["none"] == 1.0


@pytest.mark.parametrize("name", ["appeal", "force-4"])
def test_the_appeal_and_the_order_to_shoot_need_the_story_first(name: str) -> None:
    state = {"nation_threat": 0.8, "nation_grant": 1.0, "nation_request": 0.0}
    assert chances(**state, nation_reframed=0.0)[name] == 0.0
    assert chances(**state, nation_reframed=1.0)[name] > 0.0


def test_nobody_asks_twice() -> None:
    state = {"nation_threat": 0.8, "nation_grant": 1.0}
    assert chances(**state, nation_request=1.0)["appeal"] == 0.0


@pytest.mark.parametrize(("gain", "free"), [(-0.1, False), (0.0, False), (0.01, True)])
def test_the_old_ruler_goes_only_when_that_pays(gain: float, free: bool) -> None:
    found = chances(nation_threat=0.5, nation_purge_gain=gain)
    assert (found["dismiss-old-ruler"] > 0.0) == free


# ---- when it decides, and for how long


@pytest.mark.parametrize("hour", [299, 301, 302])
def test_between_its_hours_the_regime_does_not_decide(hour: int) -> None:
    out = decided(nation_threat=1.0, hour=hour, u_choice=1 - 2.0**-33)
    assert only(out, "nation_last_choice") == -1
    assert not out["option_on"].any()


def test_a_regime_bound_to_history_does_not_decide() -> None:
    out = decided(nation_threat=1.0, script_free=0.0, u_choice=1 - 2.0**-33)
    assert only(out, "nation_last_choice") == -1
    assert not out["option_on"].any()


@pytest.mark.parametrize(("hours", "lifted"), [(47, False), (48, True), (60, True)])
def test_measures_are_lifted_after_two_days_of_little_threat(hours: int, lifted: bool) -> None:
    out = decided(option_on=1.0, nation_relief_hours=hours, hour=301)
    stays = [not lifted or row not in REVERSIBLE for row in range(len(OPTIONS))]
    assert out["option_on"].tolist() == [float(s) for s in stays]


def test_a_regime_that_has_fallen_orders_nothing_and_its_measures_end() -> None:
    out = decided(option_on=1.0, nation_threat=1.0, nation_fallen=1, hour=301)
    assert only(out, "nation_last_choice") == -1
    stays = [row not in REVERSIBLE for row in range(len(OPTIONS))]
    assert out["option_on"].tolist() == [float(s) for s in stays]
    stands = decided(option_on=1.0, nation_threat=1.0, hour=300)
    assert only(stands, "nation_last_choice") >= 0
    assert stands["option_on"].all()


def test_concessions_and_the_appeal_cannot_be_taken_back() -> None:
    kept = {o.name for row, o in enumerate(CATALOGUE) if row not in REVERSIBLE}
    assert kept == {"none", "appeal", *(o.name for o in CATALOGUE if o.kind == "concession")}


def test_regional_orders_go_where_the_crowds_are() -> None:
    people = {"place_population": [1000.0, 1000.0, 8000.0], "place_peaceful": [50.0, 20.0, 80.0]}
    crowd = {"rows": {"place": 3}, **people, "nation_threat": 0.9,
             "option_since": only_open("none", "regional-blackout")}  # fmt: skip
    # the national share is 1.5 %
    assert decided(SHARP, **crowd)["place_hot"].tolist() == [1.0, 1.0, 0.0]
    quiet = decided(SHARP, **{**crowd, "nation_threat": 0.0}, place_hot=[0.0, 0.0, 1.0])
    assert quiet["place_hot"].tolist() == [0.0, 0.0, 1.0]


# ---- the catalogue is the stated one


def test_costs_and_reliefs_are_the_stated_ones() -> None:
    p = RegimeParameters()
    weighed = dict(zip(OPTIONS, zip(costs(p), reliefs(p), strict=True), strict=True))
    assert weighed == STATED
    assert [KINDS[code] for code in KIND_CODES] == [o.kind for o in CATALOGUE]
    assert RegimeParameters().noise == 0.05
