"""Loyalty: units obey, stand by or change sides, by what they believe of the regime's future."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, uniform
from steppe.core.random import Purpose
from steppe.core.response import (
    Floats,
    exact_sum,
    logistic_array,
    normal_array,
    saturation_array,
)
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase

OBEYS, STANDS_BY, CHANGED_SIDES = range(3)


@dataclass(frozen=True)
class LoyaltyParameters(Parameters):
    """What officers believe, earn and fear."""

    belief_base: float = param(
        2.0,
        "1",
        (-10.0, 10.0),
        symbol="th0",
        meaning="log-odds of survival when all is quiet",
        source="none",
        status="assumed",
    )
    belief_signal: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_F",
        meaning="log-odds added by full foreign backing: the psychological effect of the troops",
        source="none; prior midpoint",
        status="assumed",
        prior=uniform(0.0, 2.0),
    )
    belief_defection: float = param(
        3.5,
        "1",
        (0.0, 20.0),
        symbol="th_D",
        meaning="log-odds lost when all units have changed sides",
        source="none; prior midpoint",
        status="assumed",
        prior=uniform(1.0, 6.0),
    )
    belief_crowd: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_A",
        meaning="log-odds lost to crowds across the country",
        source="none",
        status="assumed",
    )
    belief_seized: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_S",
        meaning="log-odds lost when all symbolic buildings are lost",
        source="none",
        status="assumed",
    )
    signal_noise: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="s_u",
        meaning="standard deviation of a unit's private signal",
        source="none",
        status="assumed",
    )
    signal_memory: float = param(
        0.9,
        "1",
        (0.0, 0.999),
        symbol="ar",
        meaning="hourly persistence of the private signal",
        source="none",
        status="assumed",
    )
    punishment: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="pun",
        meaning="expected punishment for having obeyed if the regime falls",
        source="none",
        status="assumed",
    )
    fraternisation: float = param(
        0.4,
        "1",
        (0.0, 5.0),
        symbol="mu_f",
        meaning="cost of using force on people like oneself",
        source="none",
        status="assumed",
    )
    crowd_fear: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="phi",
        meaning="fear of a crowd larger than one's own side",
        source="none",
        status="assumed",
    )
    desertion_belief: float = param(
        0.35,
        "1",
        (0.0, 1.0),
        symbol="p_dd",
        meaning="believed chance of survival below which a unit may change sides",
        source="none",
        status="assumed",
    )
    on_duty: float = param(
        0.33,
        "1",
        (0.01, 1.0),
        symbol="duty",
        meaning="share of a service that can be on the street at once: three shifts",
        source="none",
        status="assumed",
    )
    unit_size: float = param(
        100.0,
        "persons",
        (1.0, 10_000.0),
        symbol="n_u",
        meaning="officers of a unit",
        source="none",
        status="assumed",
    )
    home_police: float = param(
        1.0,
        "1",
        (0.0, 1.0),
        symbol="home_p",
        meaning="share of police who serve in their home region",
        source="none",
        status="assumed",
    )
    home_troops: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="home_t",
        meaning="share of guard and army who serve in their home region",
        source="none",
        status="assumed",
    )
    crowd_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_bel",
        meaning="share of citizens on the street at which crowds shake belief by half",
        source="none",
        status="assumed",
    )
    join_violence: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="v_join",
        meaning="share of violent people above which a unit does not join a crowd",
        source="none",
        status="assumed",
    )
    join_outnumbered: float = param(
        3.0,
        "1",
        (0.0, 1000.0),
        symbol="r_join",
        meaning="people per officer above which a unit joins whatever the crowd does",
        source="none",
        status="assumed",
    )
    loyalty_police: float = param(
        1.0,
        "1",
        (-5.0, 5.0),
        symbol="loy_p",
        meaning="mean loyalty of police units",
        source="none",
        status="assumed",
    )
    loyalty_guard: float = param(
        1.1,
        "1",
        (-5.0, 5.0),
        symbol="loy_g",
        meaning="mean loyalty of guard units",
        source="none",
        status="assumed",
    )
    loyalty_army: float = param(
        0.9,
        "1",
        (-5.0, 5.0),
        symbol="loy_a",
        meaning="mean loyalty of army units",
        source="none",
        status="assumed",
    )
    spread_police: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="sd_p",
        meaning="standard deviation among police units",
        source="none",
        status="assumed",
    )
    spread_guard: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="sd_g",
        meaning="standard deviation among guard units",
        source="none",
        status="assumed",
    )
    spread_army: float = param(
        0.4,
        "1",
        (0.0, 5.0),
        symbol="sd_a",
        meaning="standard deviation among army units",
        source="none",
        status="assumed",
    )
    conviction: float = param(
        0.2,
        "1",
        (0.0, 5.0),
        symbol="loy_fr",
        meaning="loyalty added by full belief in the government's story",
        source="none",
        status="assumed",
    )
    coordination_loss: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="c_tel",
        meaning="share of officers' effect lost when telephones are mostly cut",
        source="none",
        status="assumed",
    )


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


def chosen(
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


def standing(
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
    obey if p_u (loy_u + loy_fr frame_T) - (1-p_u) pun > c_u
    change sides if not obeying, p_u < p_dd and (V_c < 0.2 A_c or A_c > 3 F_c); else stand by
    Reinforcements and officers freed by foreign guards obey; the freed are spread by population.
    """
    active = place_peaceful + place_violent + place_looting
    crowd, force = active[unit_place], place_officers[unit_place]
    fresh = np.sqrt(1.0 - p.signal_memory * p.signal_memory) * p.signal_noise
    noise = p.signal_memory * unit_noise + fresh * normal_array(u_signal)
    share = np.array([exact_sum(active) / persons])
    belief = believed(p, nation_signal, nation_defected, share, nation_seized, noise)
    cost = p.fraternisation * place_severity[unit_place] * unit_closeness * (crowd > 0.0)
    cost = cost + p.crowd_fear * crowd / np.maximum(crowd + force, 1.0)
    loyalty = unit_loyalty + p.conviction * nation_frame_security
    payoff = belief * loyalty - (1.0 - belief) * p.punishment
    state = chosen(p, payoff, cost, belief, place_violent[unit_place], crowd, force, unit_state)
    extra = script_reinforcement + nation_freed_officers * place_population / persons
    return {
        "unit_noise": noise,
        "unit_belief": belief,
        "nation_belief": np.array([exact_sum(belief) / len(state) if len(state) else 1.0]),
        **standing(p, state, unit_place, unit_officers, place_phone_cut, extra),
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
