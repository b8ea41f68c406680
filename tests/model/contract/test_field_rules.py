"""What field rules write has the meaning its column is declared with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steppe.model.columns import BY_NAME
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL
from steppe.model.options import KINDS, OPTIONS
from steppe.testing import ContractWorld, arguments, quiet_world, world

FIELD = [m for m in ALL if not m.citizen]
EACH = pytest.mark.parametrize("m", FIELD, ids=lambda m: f"{m.role}-{m.name}")
SEEDS = range(40)
ANY = (-np.inf, np.inf)

# What a unit allows; shares and chances lie in [0, 1] unless named below.
BY_UNIT = {
    "1": (0.0, 1.0), "0/1": (0.0, 1.0), "code": (0, 3), "level": (0, 4), "per day": (0.0, 1.0),
    "1 % of survival": ANY,
}  # fmt: skip
LIMITS = {
    "region_price_ratio": (0.0, np.inf),
    "place_severity": (0.0, 2.5), "place_risk": (0.0, 2.5), "place_cost": (0.0, 0.25),
    "place_trigger": (0.0, np.inf), "place_outrage": (0.0, 0.3), "place_weight_online": (0.0, 2.0),
    "place_weight_lost": (0.0, 2.5), "place_success": (0.0, 0.05),
    "region_loss": (0.0, np.inf), "unit_noise": ANY,
    "nation_reported_share": (0.0, np.inf), "nation_frame_change": (-1.0, 1.0),
    "nation_request_hour": (-1.0, np.inf), "nation_granted": (-1.0, 1.0),
    "nation_last_choice": (-1, len(OPTIONS) - 1), "nation_last_kind": (0, len(KINDS) - 1),
    "option_since": (-1e6, 240.0), "option_utility": (-0.3, 0.5), "nation_purge_gain": (-0.8, 1.0),
    "neighbour_precedent": (0.0, 2.0), "unit_state": (0, 2),
    "place_command": (0.0, np.inf), "place_first_integral": (0.0, np.inf),
}  # fmt: skip


def result(m: Mechanism, there: ContractWorld, seed: int) -> dict[str, Any]:
    return dict(m.rule(m.parameters(), **arguments(m, there, seed)))


def check(out: dict[str, Any]) -> None:
    for name, value in out.items():
        low, high = LIMITS.get(name, BY_UNIT.get(BY_NAME[name].unit, (0.0, np.inf)))
        assert np.isfinite(value).all(), name
        assert (value >= low).all(), name
        assert (value <= high).all(), name


@EACH
def test_a_rule_stays_within_what_its_columns_mean(m: Mechanism) -> None:
    for seed in SEEDS:
        check(result(m, world(seed), seed))


@EACH
def test_a_rule_holds_in_a_world_at_rest(m: Mechanism) -> None:
    for seed in range(5):
        check(result(m, quiet_world(seed), seed))


def test_beliefs_powers_and_chances_add_up_to_one() -> None:
    sums = {
        "framing": ("audience_economic", "audience_terrorism", "audience_revolution",
                    "audience_plot"),
        "elite": ("faction_share",),
        "regime": ("option_probability",),
    }  # fmt: skip
    rules = {m.role: m for m in FIELD}
    for role, names in sums.items():
        for seed in SEEDS:
            out = result(rules[role], world(seed), seed)
            total = sum(out[name] for name in names) if role == "framing" else out[names[0]].sum()
            np.testing.assert_allclose(total, 1.0, atol=1e-12, err_msg=role)
