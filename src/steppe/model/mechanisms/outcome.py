"""Outcome: has the regime fallen, or has the protest ended?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, values_of, values_type
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp, log, logistic
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase

DEFECTION, NEGOTIATED, COUP = 1, 2, 3
"""How a regime falls: codes of ``nation_fallen``; 0 while it stands."""
PATHS = {DEFECTION: "defection", NEGOTIATED: "negotiated", COUP: "coup"}


@dataclass(frozen=True)
class OutcomeParameters(Parameters):
    """When a regime falls and when a protest counts as ended."""

    fall_hazard: float = param(
        0.3,
        "per day",
        (0.0, 1.0),
        symbol="h_fall",
        meaning="daily hazard of the leader's flight when he is certain to fall",
        source="none",
        status="assumed",
    )
    fall_slope: float = param(
        8.0,
        "1",
        (0.0, 100.0),
        symbol="k_fall",
        meaning="steepness of that hazard in the believed chance of falling",
        source="none",
        status="assumed",
    )
    fall_offset: float = param(
        6.0,
        "1",
        (0.0, 100.0),
        symbol="q_fall",
        meaning="log-odds against flight when survival is certain",
        source="none",
        status="assumed",
    )
    defected_share: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="D_fall",
        meaning="share of units on the other side at which a lost main city means the fall",
        source="none",
        status="assumed",
    )
    split_share: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="E_fall",
        meaning="share of power that must leave the coalition for a coup",
        source="none",
        status="assumed",
    )
    calm_share: float = param(
        1e-5,
        "1",
        (0.0, 1.0),
        symbol="a_calm",
        meaning="share of citizens on the street below which an hour counts as calm",
        source="none",
        status="assumed",
    )
    calm_hours: float = param(
        72.0,
        "h",
        (1.0, 8784.0),
        symbol="t_calm",
        meaning="calm hours in a row after which the protest has ended",
        source="none",
        status="assumed",
    )


OutcomeValues = values_type(OutcomeParameters, "OutcomeValues")
"""The parameters as compiled code takes them."""


def chance_of_flight(p: OutcomeParameters, belief: float) -> float:
    """Return the chance that the leader gives up within an hour, by the mean ``belief`` of units.

    A day's hazard is h_fall Λ(k_fall (1 - p_lead) - q_fall).
    """
    daily = p.fall_hazard * logistic(p.fall_slope * (1.0 - belief) - p.fall_offset)
    return 1.0 - exp(log(max(1.0 - daily, 1e-12)) / 24.0)


def conclude(
    p: OutcomeParameters,
    *,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_officers: Floats,
    place_main: Floats,
    nation_defected: Floats,
    nation_belief: Floats,
    nation_fallen: Any,
    nation_calm_hours: Any,
    nation_survived: Any,
    nation_elite_split: Floats,
    persons: float,
    u_fall: Floats,
) -> dict[str, Any]:
    """Test for fall and for the end of the protest.

    defection: D >= D_fall and a main city's crowd outnumbers its officers
    negotiated: with daily hazard h_fall Λ(k_fall (1 - p_lead) - q_fall) the leader gives up
    coup: the share of power that has left reaches E_fall
    ended after t_calm hours with A_nat/N < a_calm.  p_lead is the mean belief of the units.
    """
    active = place_peaceful + place_violent + place_looting
    total = exact_sum(active)
    collapse = bool(nation_defected[0] >= p.defected_share) and bool(
        np.any((place_main > 0.0) & (active > place_officers))
    )
    hourly = compiled(chance_of_flight)(values_of(OutcomeValues, p), float(nation_belief[0]))
    flight = total > 0.0 and bool(u_fall[0] < hourly)
    calm = int(nation_calm_hours[0]) + 1 if total / persons < p.calm_share else 0
    coup = bool(nation_elite_split[0] >= p.split_share)
    path = DEFECTION if collapse else (COUP if coup else (NEGOTIATED if flight else 0))
    fallen = int(nation_fallen[0]) or path
    ended = int(not fallen and (bool(nation_survived[0]) or calm >= p.calm_hours))
    return {
        "nation_fallen": np.array([fallen]),
        "nation_calm_hours": np.array([calm]),
        "nation_survived": np.array([ended]),
    }


OUTCOME = Mechanism(
    name="fall-or-calm",
    role="outcome",
    phase=Phase.OUTCOME,
    title="Fall, concession, survival",
    equation="fall if D >= D_fall and a main city is lost, or split >= E_fall, or with hazard "
    "h_fall Λ(k_fall (1-p_lead) - q_fall) a day; ended after t_calm calm hours",
    parameters=OutcomeParameters,
    rule=conclude,
    writes=("nation_fallen", "nation_calm_hours", "nation_survived"),
    random_numbers={"u_fall": RandomNumber(Purpose.FALL, "nation")},
    sources=("conjecture of this model",),
    evidence="conjecture",
)
