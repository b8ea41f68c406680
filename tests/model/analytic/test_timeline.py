"""Timeline: levers arrive as scripted, and whoever decides can only pull them further."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.timeline import TIMELINE, TimelineParameters, is_night
from steppe.model.options import OPTIONS

from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
TWO = {"place": 2, "region": 2}


def pulled(*options: str, **changes: Any) -> dict[str, Any]:
    """Levers of two regions of one place each, of which the first is hot, with options in force."""
    on = np.array([float(name in options) for name in OPTIONS])
    given_ = {"option_on": on, "place_hot": [1.0, 0.0], "hour": 100} | changes
    return tried(TIMELINE, rows=TWO, **given_)


def test_days_without_internet_add_up_by_the_hour() -> None:
    days = np.zeros(2)
    for _ in range(36):
        days = pulled(script_internet_cut=[1.0, 0.5], place_cut_days=days)["place_cut_days"]
    assert days == pytest.approx([1.5, 0.75], rel=1e-12)


def test_the_count_starts_again_with_each_cut() -> None:
    out = pulled(script_internet_cut=[0.0, 0.5], place_cut_days=[2.0, 2.0])
    assert out["place_cut_days"] == pytest.approx([0.0, 2.0 + 0.5 / 24], rel=1e-15)


def test_levers_arrive_as_scripted() -> None:
    out = pulled(
        hour_of_day=2, script_internet_cut=[0.2, 1.0], script_phone_cut=[0.0, 0.9],
        script_force_level=[1.0, 4.0], script_success=[1.0, 0.0], script_first_demand=[1.0],
        script_curfew=[0.0, 1.0], script_emergency=[0.0, 1.0], script_request=[1.0],
        script_concession=[0.3, 0.0],
        script_reframed=[1.0], script_old_ruler_out=[1.0],
    )  # fmt: skip
    assert out["place_internet_cut"].tolist() == [0.2, 1.0]
    assert out["place_phone_cut"].tolist() == [0.0, 0.9]
    assert out["place_force_level"].tolist() == [1.0, 4.0]
    assert out["place_success"].tolist() == [0.05, 0.0]
    assert out["place_curfew"].tolist() == [0.0, 1.0]
    assert out["region_concession"].tolist() == [0.3, 0.0]
    for name in ("first_demand", "request", "reframed", "old_ruler_out"):
        assert out[f"nation_{name}"].tolist() == [1.0]


def test_without_script_and_decisions_nothing_is_pulled() -> None:
    for name, value in pulled().items():
        assert not value.any(), name


# ---- what each option does

EFFECTS: dict[str, dict[str, list[float]]] = {
    "none": {},
    "local-price": {"region_concession": [0.5, 0.5]},
    "national-price": {"region_concession": [1.0, 1.0], "nation_first_demand": [1.0]},
    "dismiss-government": {"nation_first_demand": [1.0]},
    "dismiss-old-ruler": {"nation_first_demand": [1.0], "nation_old_ruler_out": [1.0]},
    "regional-blackout": {"place_internet_cut": [0.95, 0.0], "place_cut_days": [0.95 / 24, 0.0]},
    "national-blackout": {"place_internet_cut": [0.95] * 2, "place_cut_days": [0.95 / 24] * 2},
    "regional-emergency": {"place_curfew": [1.0, 0.0], "place_emergency": [1.0, 0.0]},
    "national-emergency": {"place_curfew": [1.0, 1.0], "place_emergency": [1.0, 1.0]},
    "reframe": {"nation_reframed": [1.0]},
    "appeal": {"nation_request": [1.0]},
    "force-2": {"place_force_level": [2.0, 2.0]},
    "force-3": {"place_force_level": [3.0, 3.0]},
    "force-4": {"place_force_level": [4.0, 4.0]},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_pulls_its_levers_and_no_other(option: str) -> None:
    out = pulled(option, hour_of_day=2)
    for name, value in out.items():
        expected = EFFECTS[option].get(name, [0.0] * len(value))
        assert value == pytest.approx(expected), name


def test_the_highest_force_in_force_counts() -> None:
    assert pulled("force-2", "force-3")["place_force_level"].tolist() == [3.0, 3.0]


@pytest.mark.parametrize("hour", range(24))
def test_an_emergency_is_a_curfew_by_night(hour: int) -> None:
    out = pulled("national-emergency", hour_of_day=hour)
    assert out["place_curfew"].tolist() == [float(hour >= 23 or hour <= 6)] * 2
    assert out["place_emergency"].tolist() == [1.0, 1.0]
    assert is_night(TimelineParameters(), hour) == (hour >= 23 or hour <= 6)


@pytest.mark.parametrize(
    ("option", "where"),
    [
        ("local-price", [1, 0]), ("national-price", [1, 1]), ("dismiss-government", [1, 1]),
        ("dismiss-old-ruler", [1, 1]), ("force-2", [0, 0]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("ago", "lasts"), [(0, True), (23, True), (24, False), (-1, False)])
def test_a_concession_raises_hopes_for_a_day(
    option: str, where: list[int], ago: int, lasts: bool
) -> None:
    since = np.full(len(OPTIONS), -1e6)
    since[OPTIONS.index(option)] = 100.0 - ago
    out = pulled(option, option_since=since)
    assert out["place_success"].tolist() == [0.05 * w * lasts for w in where]


def test_a_purge_takes_the_old_ruler_from_his_post() -> None:
    assert only(pulled(nation_purged=[1.0]), "nation_old_ruler_out") == 1.0


# ---- the stronger of script and decision

LEVERS = {
    "place_internet_cut": "script_internet_cut", "place_force_level": "script_force_level",
    "place_curfew": "script_curfew", "region_concession": "script_concession",
    "nation_first_demand": "script_first_demand", "nation_request": "script_request",
    "nation_reframed": "script_reframed", "nation_old_ruler_out": "script_old_ruler_out",
}  # fmt: skip


@given(st.lists(st.sampled_from(OPTIONS), max_size=6), st.floats(0, 1), st.integers(0, 23))
@repeatable
def test_each_lever_is_the_stronger_of_script_and_decision(
    options: list[str], level: float, hour: int
) -> None:
    script = dict.fromkeys(LEVERS.values(), level)
    alone = pulled(**script, hour_of_day=hour)
    decided = pulled(*options, hour_of_day=hour)
    both = pulled(*options, **script, hour_of_day=hour)
    for name in LEVERS:
        assert np.array_equal(both[name], np.maximum(alone[name], decided[name])), name
        assert np.array_equal(alone[name], np.full_like(alone[name], level)), name
