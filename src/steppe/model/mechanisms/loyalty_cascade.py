"""Loyalty as a cascade: a unit stops obeying once enough others have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.loyalty import (
    LOYALTY,
    OBEYS,
    believed,
    field_officers,
    obedience_cost,
    private_signal,
    unit_states,
)
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.phases import Phase


@dataclass(frozen=True)
class CascadeParameters(LoyaltyParameters):
    """How many others it takes."""

    threshold: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="q_u",
        meaning="share of units no longer obeying at which a unit of loyalty 1 stops as well",
        source="Dragu & Lupu, Comparative Political Studies 51 (2018): defection as coordination",
        status="assumed",
    )


def follow_others(
    p: CascadeParameters,
    *,
    unit_place: Any,
    unit_officers: Floats,
    unit_loyalty: Floats,
    unit_closeness: Floats,
    unit_noise: Floats,
    unit_state: Any,
    place_severity: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_officers: Floats,
    place_phone_cut: Floats,
    place_population: Floats,
    script_reinforcement: Floats,
    nation_frame_security: Floats,
    nation_defected: Floats,
    nation_seized: Floats,
    nation_signal: Floats,
    nation_freed_officers: Floats,
    persons: float,
    u_signal: Floats,
) -> dict[str, Any]:
    """Decide the state of every unit by how many others no longer obey.

    stop obeying if share not obeying >= q_u (loy_u + loy_fr frame_T) (1 + th_F B) - c_u where
    a crowd is faced; c_u is the cost of obeying as in the payoff rule, and sides are changed as
    there. Foreign backing raises every threshold.
    """
    active = place_peaceful + place_violent + place_looting
    crowd, force = active[unit_place], place_officers[unit_place]
    noise = private_signal(p, unit_noise, u_signal)
    share = np.array([exact_sum(active) / persons])
    belief = believed(p, nation_signal, nation_defected, share, nation_seized, noise)
    cost = obedience_cost(p, place_severity[unit_place], unit_closeness, crowd, force)
    loyalty = unit_loyalty + p.level + p.conviction * nation_frame_security
    margin = p.threshold * loyalty * (1.0 + p.belief_signal * nation_signal) - cost
    others = float(np.sum(unit_state != OBEYS)) / max(len(unit_state), 1)
    payoff = np.where((crowd > 0.0) & (others >= margin), -1.0, 1.0)
    violent = place_violent[unit_place]
    state = unit_states(p, payoff, np.zeros_like(payoff), belief, violent, crowd, force, unit_state)
    extra = script_reinforcement + nation_freed_officers * place_population / persons
    return {
        "unit_noise": noise,
        "unit_belief": belief,
        "nation_belief": np.array([exact_sum(belief) / len(state) if len(state) else 1.0]),
        **field_officers(p, state, unit_place, unit_officers, place_phone_cut, extra),
    }


CASCADE = Mechanism(
    name="cascade",
    role="loyalty",
    phase=Phase.FORCES,
    title="Loyalty as a cascade among units",
    equation="stop obeying if share not obeying >= q_u loy (1 + th_F B) - c_u",
    parameters=CascadeParameters,
    rule=follow_others,
    writes=LOYALTY.writes,
    random_numbers={"u_signal": RandomNumber(Purpose.UNIT_SIGNAL, "unit")},
    neutral=LOYALTY.neutral,
    sources=(
        "Granovetter, American Journal of Sociology 83 (1978)",
        "Dragu & Lupu, Comparative Political Studies 51 (2018)",
    ),
    evidence="conjecture",
)
