"""Triggers: what each kind adds to the hazard of going first, by exact numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from steppe.model.mechanisms.first_move import FirstMoveParameters, first_hazard
from steppe.model.mechanisms.trigger import TriggerParameters, pull_triggers

WEIGHTS = TriggerParameters(legitimacy=20.0, call=6.0, harm=30.0)
ONE, ZERO = np.ones(1), np.zeros(1)


KINDS = ("legitimacy_loss", "call", "call_online", "call_members", "call_reach", "harm")


def pull(online: float = 1.0, cut: float = 0.0, **levels: float) -> dict[str, Any]:
    """What triggers add in a country of one place, of whose people a share is online."""
    script = {f"script_{name}": np.array([levels.get(name, 0.0)]) for name in KINDS}
    return pull_triggers(
        WEIGHTS, place_region=np.zeros(1, np.int64), place_online=np.array([online]),
        place_internet_cut=np.array([cut]), **script,
    )  # fmt: skip


def hazard(trigger: np.ndarray, **levels: np.ndarray) -> float:
    columns = {
        "region_shared_loss": ZERO, "region_legitimacy": ONE, "region_legitimacy_before": ONE,
        "place_memory": ZERO, "place_news": ZERO, "place_outrage": ZERO, "nation_deterrence": ZERO,
        "nation_awake": ONE, "place_first_integral": ZERO,
    } | levels  # fmt: skip
    out = first_hazard(
        FirstMoveParameters(rate=1e-9), place_region=np.zeros(1, np.int64), place_trigger=trigger,
        **columns,
    )  # fmt: skip
    return float(out["place_first_hazard"][0])


@pytest.mark.parametrize(
    ("levels", "weight"),
    [
        ({"legitimacy_loss": 0.15}, 20.0 * 0.15),
        ({"call": 0.5}, 6.0 * 0.5),
        ({"call_online": 0.5}, 6.0 * 0.5),
        ({"harm": 0.1}, 30.0 * 0.1),
        ({"legitimacy_loss": 0.15, "call": 0.5, "harm": 0.1}, 9.0),
    ],
)
def test_each_kind_multiplies_the_hazard_by_e_to_its_weight_times_its_size(
    levels: dict[str, float], weight: float
) -> None:
    ratio = hazard(pull(**levels)["place_trigger"]) / hazard(ZERO)
    assert ratio == pytest.approx(math.exp(weight), rel=1e-12)


@pytest.mark.parametrize(("online", "cut"), [(0.3, 0.0), (0.8, 0.5), (1.0, 1.0), (0.0, 0.0)])
def test_a_call_online_moves_those_it_reaches(online: float, cut: float) -> None:
    ratio = hazard(pull(online, cut, call_online=1.0)["place_trigger"]) / hazard(ZERO)
    reach = online * (1.0 - cut)
    assert ratio == pytest.approx(1.0 - reach + reach * math.exp(6.0), rel=1e-12)


@pytest.mark.parametrize("reach", [0.0, 0.05, 0.6])
def test_a_call_of_an_organisation_reaches_its_members(reach: float) -> None:
    out = pull(call_members=1.0, call_reach=reach)["place_trigger"]
    ratio = hazard(out) / hazard(ZERO)
    assert ratio == pytest.approx(1.0 + reach * (math.exp(6.0) - 1.0), rel=1e-12)


def test_a_call_to_members_who_are_everybody_is_a_call_to_all() -> None:
    members = pull(call_members=0.7, call_reach=1.0)["place_trigger"]
    assert members[0] == pull(call=0.7)["place_trigger"][0]


def test_what_triggers_take_and_add_is_counted_once() -> None:
    out = pull(legitimacy_loss=0.15, harm=0.1)
    assert out["region_trigger_loss"][0] == 0.15
    assert out["place_trigger_harm"][0] == 0.1
    lost = {"region_legitimacy": 0.9 * ONE, "place_outrage": 0.05 * ONE}
    p = FirstMoveParameters()
    ratio = hazard(out["place_trigger"], **lost) / hazard(ZERO)
    expected = p.legitimacy * 0.1 + p.outrage * 0.05 + 20.0 * 0.15 + 30.0 * 0.1
    assert ratio == pytest.approx(math.exp(expected), rel=1e-12)


def test_nothing_is_added_without_triggers() -> None:
    assert all(not np.any(values) for values in pull().values())
