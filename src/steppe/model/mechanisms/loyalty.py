"""Loyalty: units obey, stand by or change sides, by what they believe of the regime's future."""

from __future__ import annotations

from typing import Any

import numpy as np

from steppe.core.random import Purpose
from steppe.core.response import (
    Floats,
    exact_sum,
    logistic_array,
    normal_array,
    saturation_array,
)
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.phases import Phase

OBEYS, STANDS_BY, CHANGED_SIDES = range(3)


def believed(
    p: LoyaltyParameters,
    signal: Floats,
    defected: Floats,
    share: Floats,
    seized: Floats,
    noise: Floats,
) -> Floats:
    """Return each unit's believed chance of survival, p_u; ``share`` is A_nat/N."""
    odds = (
        p.belief_base
        + p.belief_signal * signal
        - p.belief_defection * defected
        - p.belief_crowd * saturation_array(share, p.crowd_half)
        - p.belief_seized * seized
        + noise
    )
    return logistic_array(odds)


def private_signal(p: LoyaltyParameters, before: Floats, u: Floats) -> Floats:
    """Return noise(t+1) = ar noise(t) + sqrt(1 - ar^2) s_u z: what a unit alone has heard."""
    fresh = np.sqrt(1.0 - p.signal_memory * p.signal_memory) * p.signal_noise
    return np.asarray(p.signal_memory * before + fresh * normal_array(u), dtype=np.float64)


def obedience_cost(
    p: LoyaltyParameters, severity: Floats, closeness: Floats, crowd: Floats, force: Floats
) -> Floats:
    """Return c_u = mu_f sev prox_u [A_c > 0] + phi psi(A_c/F_c; 1)."""
    cost = p.fraternisation * severity * closeness * (crowd > 0.0)
    return np.asarray(cost + p.crowd_fear * crowd / np.maximum(crowd + force, 1.0))


def unit_states(
    p: LoyaltyParameters,
    payoff: Floats,
    cost: Floats,
    belief: Floats,
    violent: Floats,
    crowd: Floats,
    force: Floats,
    before: Any,
) -> Any:
    """Return each unit's state; ``violent``, ``crowd`` and ``force`` are those of its place."""
    obeys = payoff > cost
    joinable = (violent < p.join_violence * crowd) | (crowd > p.join_outnumbered * force)
    changes = ~obeys & (belief < p.desertion_belief) & joinable & (crowd > 0.0)
    state = np.where(obeys, OBEYS, np.where(changes, CHANGED_SIDES, STANDS_BY))
    return np.where(before == CHANGED_SIDES, CHANGED_SIDES, state).astype(np.int64)


def field_officers(
    p: LoyaltyParameters,
    state: Any,
    unit_place: Any,
    unit_officers: Floats,
    phone_cut: Floats,
    extra: Floats,
) -> dict[str, Any]:
    """Return the columns that follow from the units' states; ``extra`` officers come from outside.

    Units that changed sides take as many officers out of action; without telephones the rest are
    worth less.
    """
    changed = state == CHANGED_SIDES
    places, units = len(phone_cut), max(len(state), 1)
    obeying = np.bincount(unit_place, weights=unit_officers * (state == OBEYS), minlength=places)
    gone = np.bincount(unit_place, weights=unit_officers * changed, minlength=places)
    steady = np.where(phone_cut > 0.5, 1.0 - p.coordination_loss, 1.0)
    return {
        "unit_state": state,
        "place_officers": steady * (np.maximum(obeying - gone, 0.0) + extra),
        "place_defected_officers": np.asarray(gone, dtype=np.float64),
        "nation_defected": np.array([float(np.sum(changed)) / units]),
    }


def stay_loyal(
    p: LoyaltyParameters,
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
    """Decide the state of every unit; those who changed sides stay there.

    p_u = Λ(th0 + th_F B - th_D D - th_A psi(A_nat/N; .0025) - th_S seized + noise_u)
    c_u = mu_f sev prox_u [A_c > 0] + phi psi(A_c/F_c; 1)
    obey if p_u (loy_u + loy_0 + loy_fr frame_T) - (1-p_u) pun > c_u
    change sides if not obeying, p_u < p_dd and (V_c < 0.2 A_c or A_c > 3 F_c); else stand by
    Reinforcements and officers freed by foreign guards obey; the freed are spread by population.
    """
    active = place_peaceful + place_violent + place_looting
    crowd, force = active[unit_place], place_officers[unit_place]
    noise = private_signal(p, unit_noise, u_signal)
    share = np.array([exact_sum(active) / persons])
    belief = believed(p, nation_signal, nation_defected, share, nation_seized, noise)
    cost = obedience_cost(p, place_severity[unit_place], unit_closeness, crowd, force)
    loyalty = unit_loyalty + p.level + p.conviction * nation_frame_security
    payoff = belief * loyalty - (1.0 - belief) * p.punishment
    state = unit_states(
        p, payoff, cost, belief, place_violent[unit_place], crowd, force, unit_state
    )
    extra = script_reinforcement + nation_freed_officers * place_population / persons
    return {
        "unit_noise": noise,
        "unit_belief": belief,
        "nation_belief": np.array([exact_sum(belief) / len(state) if len(state) else 1.0]),
        **field_officers(p, state, unit_place, unit_officers, place_phone_cut, extra),
    }


LOYALTY = Mechanism(
    name="payoff",
    role="loyalty",
    phase=Phase.FORCES,
    title="Loyalty of security units",
    equation="obey if p loy - (1-p) pun > mu_f sev prox + phi psi(A/F; 1);  "
    "p = Λ(th0 + th_F B - th_D D - th_A psi(A_nat/N) - th_S seized + noise)",
    parameters=LoyaltyParameters,
    rule=stay_loyal,
    writes=(
        "unit_noise",
        "unit_belief",
        "unit_state",
        "place_officers",
        "place_defected_officers",
        "nation_defected",
        "nation_belief",
    ),
    random_numbers={"u_signal": RandomNumber(Purpose.UNIT_SIGNAL, "unit")},
    neutral={"unit_belief": 1.0, "nation_belief": 1.0},
    sources=(
        "Dragu & Lupu, Comparative Political Studies 51 (2018)",
        "Albrecht & Ohl, Perspectives on Politics 14 (2016)",
        "Edmond, Review of Economic Studies 80 (2013)",
    ),
    evidence="conjecture",
)
