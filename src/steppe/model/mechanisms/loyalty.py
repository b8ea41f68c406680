"""Loyalty: units obey, stand by or change sides, by what they believe of the regime's future."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.params import values_of
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, logistic, normal_quantile, saturation
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters, LoyaltyValues
from steppe.model.phases import Phase

OBEYS, STANDS_BY, CHANGED_SIDES = range(3)
Ints = NDArray[np.int64]


class Units(NamedTuple):
    """What is common of each unit when the hour begins: columns, and its random number ``u``."""

    place: Ints
    loyalty: Floats
    closeness: Floats
    noise: Floats
    state: Ints
    u: Floats


class Faced(NamedTuple):
    """What units see in each place: severity of force, people out, the violent, officers."""

    severity: Floats
    crowd: Floats
    violent: Floats
    force: Floats


class Heard(NamedTuple):
    """What all units hear: the common part of their odds, and how far they believe the story."""

    odds: float
    frame: float


class Decisions(NamedTuple):
    """What units come to: noise, belief and state of each."""

    noise: Floats
    belief: Floats
    state: Ints

    @classmethod
    def room(cls, units: int) -> Decisions:
        """Return room for so many."""
        return cls(np.empty(units), np.empty(units), np.empty(units, dtype=np.int64))


def common_odds(
    p: LoyaltyParameters, signal: float, defected: float, share: float, seized: float
) -> float:
    """Return th0 + th_F B - th_D D - th_A psi(A_nat/N; h_A) - th_S seized; ``share`` is A_nat/N."""
    return (
        p.belief_base
        + p.belief_signal * signal
        - p.belief_defection * defected
        - p.belief_crowd * saturation(share, p.crowd_half)
        - p.belief_seized * seized
    )


def private_signal(p: LoyaltyParameters, before: float, u: float) -> float:
    """Return noise(t+1) = ar noise(t) + sqrt(1 - ar^2) s_u z: what a unit alone has heard."""
    fresh = math.sqrt(1.0 - p.signal_memory * p.signal_memory) * p.signal_noise
    return p.signal_memory * before + fresh * normal_quantile(u)


def obedience_cost(
    p: LoyaltyParameters, severity: float, closeness: float, crowd: float, force: float
) -> float:
    """Return c_u = mu_f sev prox_u [A_c > 0] + phi psi(A_c/F_c; 1)."""
    cost = p.fraternisation * severity * closeness if crowd > 0.0 else 0.0
    return cost + p.crowd_fear * crowd / max(crowd + force, 1.0)


def unit_state(
    p: LoyaltyParameters, obeys: bool, belief: float, faced: Faced, c: int, before: int
) -> int:
    """Return the state of a unit in place ``c``: those who changed sides stay there."""
    if before == CHANGED_SIDES:
        return CHANGED_SIDES
    if obeys:
        return OBEYS
    crowd, force = faced.crowd[c], faced.force[c]
    joinable = faced.violent[c] < p.join_violence * crowd or crowd > p.join_outnumbered * force
    changes = belief < p.desertion_belief and joinable and crowd > 0.0
    return CHANGED_SIDES if changes else STANDS_BY


def decide_units(
    p: LoyaltyParameters, units: Units, faced: Faced, heard: Heard, to: Decisions
) -> None:
    """Write what each unit hears, believes and does, by what it gains and what obeying costs."""
    for i in range(len(units.place)):
        c = units.place[i]
        to.noise[i] = private_signal(p, units.noise[i], units.u[i])
        belief = logistic(heard.odds + to.noise[i])
        cost = obedience_cost(
            p, faced.severity[c], units.closeness[i], faced.crowd[c], faced.force[c]
        )
        loyalty = units.loyalty[i] + p.level + p.conviction * heard.frame
        payoff = belief * loyalty - (1.0 - belief) * p.punishment
        to.belief[i] = belief
        to.state[i] = unit_state(p, payoff > cost, belief, faced, c, units.state[i])


class Stations(NamedTuple):
    """Where officers are: of each unit place and officers; of each place what else counts.

    ``phone_cut``, ``sent`` officers of other places, ``people``; ``reserve`` is spread by people.
    """

    place: Ints
    officers: Floats
    phone_cut: Floats
    sent: Floats
    people: Floats
    reserve: float
    persons: float


def field_units(loss: float, state: Ints, at: Stations, fielded: Floats, gone: Floats) -> int:
    """Add up the officers of each place; return how many units changed sides.

    F_c = (1 - loss [no telephones]) (max(obeying - gone, 0) + sent + reserve N_c/N): units that
    changed sides take as many officers out of action.
    """
    changed = 0
    for i in range(len(state)):
        if state[i] == OBEYS:
            fielded[at.place[i]] += at.officers[i]
        elif state[i] == CHANGED_SIDES:
            gone[at.place[i]] += at.officers[i]
            changed += 1
    for c in range(len(fielded)):
        steady = 1.0 - loss if at.phone_cut[c] > 0.5 else 1.0
        more = at.sent[c] + at.reserve * at.people[c] / at.persons
        fielded[c] = steady * (max(fielded[c] - gone[c], 0.0) + more)
    return changed


def forces_after(p: LoyaltyParameters, to: Decisions, at: Stations) -> dict[str, Any]:
    """Return the columns that follow from what units came to; mean belief is 1 without units."""
    fielded, gone = np.zeros((2, len(at.people)))
    changed = compiled(field_units)(p.coordination_loss, to.state, at, fielded, gone)
    units = len(to.state)
    return {
        "unit_noise": to.noise,
        "unit_belief": to.belief,
        "unit_state": to.state,
        "place_officers": fielded,
        "place_defected_officers": gone,
        "nation_defected": np.array([changed / max(units, 1)]),
        "nation_belief": np.array([exact_sum(to.belief) / units if units else 1.0]),
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
    share = exact_sum(active) / persons
    common = (nation_signal[0], nation_defected[0], share, nation_seized[0])
    heard = Heard(common_odds(p, *map(float, common)), float(nation_frame_security[0]))
    units = Units(unit_place, unit_loyalty, unit_closeness, unit_noise, unit_state, u_signal)
    faced = Faced(place_severity, active, place_violent, place_officers)
    to = Decisions.room(len(unit_state))
    compiled(decide_units)(values_of(LoyaltyValues, p), units, faced, heard, to)
    outside = (script_reinforcement, place_population, float(nation_freed_officers[0]), persons)
    return forces_after(p, to, Stations(unit_place, unit_officers, place_phone_cut, *outside))


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
