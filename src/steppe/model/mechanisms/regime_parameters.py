"""What the regime weighs: the cost and the believed relief of each option, how it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, uniform
from steppe.core.response import Floats

_LADDER = "order: Moore, Journal of Conflict Resolution 44 (2000); size: none"


def _cost(default: float, symbol: str, option: str) -> Any:
    meaning = f"cost of {option}"
    return param(
        default, "1", (0.0, 5.0), symbol=f"C_{symbol}", meaning=meaning, source=_LADDER,
        status="assumed",
    )  # fmt: skip


def _relief(default: float, symbol: str, option: str) -> Any:
    meaning = f"share of the threat that {option} is believed to remove"
    return param(
        default, "1", (0.0, 1.0), symbol=f"r_{symbol}", meaning=meaning, source=_LADDER,
        status="assumed",
    )  # fmt: skip


@dataclass(frozen=True)
class RegimeParameters(Parameters):
    """How often and how sharply the regime decides, and when it relents."""

    noise: float = param(
        0.05,
        "1",
        (1e-4, 10.0),
        symbol="s_reg",
        meaning="scale of the logit over responses",
        source="none",
        status="assumed",
    )
    interval: float = param(
        3.0,
        "h",
        (1.0, 1000.0),
        symbol="t_reg",
        meaning="hours between decisions",
        source="none",
        status="assumed",
    )
    act_threat: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="Theta_act",
        meaning="threat below which the regime leaves things as they are",
        source="none",
        status="assumed",
    )
    gap: float = param(
        12.0,
        "h",
        (0.0, 10_000.0),
        symbol="t_gap",
        meaning="hours before the same response can be chosen again",
        source="none",
        status="assumed",
    )
    substitution: float = param(
        0.05,
        "1",
        (0.0, 10.0),
        symbol="g_x",
        meaning="utility added to responses of another kind after one that failed",
        source="Moore, Journal of Conflict Resolution 44 (2000): direction",
        status="assumed",
    )
    restraint: float = param(
        0.0,
        "1",
        (-5.0, 5.0),
        symbol="C_R",
        meaning="cost added to live fire of either kind: how much a regime shrinks from it",
        source="varies by crisis: learnt in population.json",
        status="assumed",
        prior=uniform(-0.2, 0.6),
    )
    provocation: float = param(
        0.0,
        "1",
        (0.0, 5.0),
        symbol="g_V",
        meaning="utility of live fire added where everybody on the street is violent",
        source="direction: Mass Mobilization, lethal response to violent and to peaceful protest",
        status="assumed",
        prior=uniform(0.0, 0.8),
    )
    reluctance: float = param(
        0.0,
        "1",
        (-5.0, 5.0),
        symbol="C_C",
        meaning="cost added to every concession: how much a regime shrinks from giving in",
        source="varies by crisis: learnt in population.json",
        status="assumed",
        prior=uniform(-0.1, 0.3),
    )
    relief_hours: float = param(
        48.0,
        "h",
        (1.0, 10_000.0),
        symbol="t_low",
        meaning="hours of little threat after which they are lifted",
        source="none",
        status="assumed",
    )
    cost_local_price: float = _cost(0.02, "lp", "a local price cut")
    cost_national_price: float = _cost(0.05, "np", "a national price cut")
    cost_dismiss_government: float = _cost(0.10, "gov", "dismissing the government")
    cost_dismiss_old_ruler: float = _cost(0.12, "old", "dismissing the old ruler")
    cost_regional_blackout: float = _cost(0.04, "rb", "a regional blackout")
    cost_national_blackout: float = _cost(0.10, "nb", "a national blackout")
    cost_regional_emergency: float = _cost(0.05, "re", "a regional state of emergency")
    cost_national_emergency: float = _cost(0.10, "ne", "a national state of emergency")
    cost_reframe: float = _cost(0.03, "fr", "calling opponents terrorists")
    cost_appeal: float = _cost(0.20, "app", "the appeal for foreign help")
    cost_force_2: float = _cost(0.05, "f2", "arrests and gas")
    cost_force_3: float = _cost(0.20, "f3", "selective live fire")
    cost_force_4: float = _cost(0.30, "f4", "shooting on sight")
    relief_local_price: float = _relief(0.05, "lp", "a local price cut")
    relief_national_price: float = _relief(0.10, "np", "a national price cut")
    relief_dismiss_government: float = _relief(0.15, "gov", "dismissing the government")
    relief_dismiss_old_ruler: float = _relief(0.20, "old", "dismissing the old ruler")
    relief_regional_blackout: float = _relief(0.10, "rb", "a regional blackout")
    relief_national_blackout: float = _relief(0.20, "nb", "a national blackout")
    relief_regional_emergency: float = _relief(0.10, "re", "a regional state of emergency")
    relief_national_emergency: float = _relief(0.20, "ne", "a national state of emergency")
    relief_reframe: float = _relief(0.05, "fr", "calling opponents terrorists")
    relief_appeal: float = _relief(0.40, "app", "the appeal for foreign help")
    relief_force_2: float = _relief(0.15, "f2", "arrests and gas")
    relief_force_3: float = _relief(0.35, "f3", "selective live fire")
    relief_force_4: float = _relief(0.45, "f4", "shooting on sight")


def costs(p: RegimeParameters) -> Floats:
    """Return C_x of every option in the order of ``model.options``; 0 for none."""
    return np.array(
        [
            0.0,
            p.cost_local_price,
            p.cost_national_price,
            p.cost_dismiss_government,
            p.cost_dismiss_old_ruler,
            p.cost_regional_blackout,
            p.cost_national_blackout,
            p.cost_regional_emergency,
            p.cost_national_emergency,
            p.cost_reframe,
            p.cost_appeal,
            p.cost_force_2,
            p.cost_force_3,
            p.cost_force_4,
        ]
    )


def reliefs(p: RegimeParameters) -> Floats:
    """Return r_x of every option in the order of ``model.options``; 0 for none."""
    return np.array(
        [
            0.0,
            p.relief_local_price,
            p.relief_national_price,
            p.relief_dismiss_government,
            p.relief_dismiss_old_ruler,
            p.relief_regional_blackout,
            p.relief_national_blackout,
            p.relief_regional_emergency,
            p.relief_national_emergency,
            p.relief_reframe,
            p.relief_appeal,
            p.relief_force_2,
            p.relief_force_3,
            p.relief_force_4,
        ]
    )
