"""Loyalty as a cascade: a unit stops obeying once enough others have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import param, values_of, values_type
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, logistic
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.loyalty import (
    LOYALTY,
    OBEYS,
    Decisions,
    Faced,
    Heard,
    Stations,
    Units,
    common_odds,
    forces_after,
    obedience_cost,
    private_signal,
    unit_state,
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


CascadeValues = values_type(CascadeParameters, "CascadeValues")
"""The parameters as compiled code takes them."""


def follow_units(
    p: CascadeParameters,
    units: Units,
    faced: Faced,
    heard: Heard,
    around: tuple[float, float],
    to: Decisions,
) -> None:
    """Write what each unit hears, believes and does, by how many others no longer obey.

    ``around`` are the share of those others and foreign backing.
    """
    others, backing = around
    for i in range(len(units.place)):
        c = units.place[i]
        crowd = faced.crowd[c]
        to.noise[i] = private_signal(p, units.noise[i], units.u[i])
        to.belief[i] = logistic(heard.odds + to.noise[i])
        cost = obedience_cost(p, faced.severity[c], units.closeness[i], crowd, faced.force[c])
        loyalty = units.loyalty[i] + p.level + p.conviction * heard.frame
        margin = p.threshold * loyalty * (1.0 + p.belief_signal * backing) - cost
        obeys = not (crowd > 0.0 and others >= margin)
        to.state[i] = unit_state(p, obeys, to.belief[i], faced, c, units.state[i])


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
    share = exact_sum(active) / persons
    common = (nation_signal[0], nation_defected[0], share, nation_seized[0])
    heard = Heard(common_odds(p, *map(float, common)), float(nation_frame_security[0]))
    units = Units(unit_place, unit_loyalty, unit_closeness, unit_noise, unit_state, u_signal)
    faced = Faced(place_severity, active, place_violent, place_officers)
    to = Decisions.room(len(unit_state))
    others = float(np.sum(unit_state != OBEYS)) / max(len(unit_state), 1)
    backing = float(nation_signal[0])
    values = values_of(CascadeValues, p)
    compiled(follow_units)(values, units, faced, heard, (others, backing), to)
    outside = (script_reinforcement, place_population, float(nation_freed_officers[0]), persons)
    return forces_after(p, to, Stations(unit_place, unit_officers, place_phone_cut, *outside))


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
