"""Casualties: officers are hurt by violent crowds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, log_uniform, param, values_type
from steppe.core.random import Purpose
from steppe.core.response import Floats, Number, exact_sum, poisson_search
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase


@dataclass(frozen=True)
class CasualtiesParameters(Parameters):
    """Hazards of officers."""

    wound: float = param(
        0.041,
        "per hour",
        (0.0, 1.0),
        symbol="p_off",
        meaning="wound hazard of an officer facing a violent crowd much larger than his side",
        source="none",
        status="assumed",
        prior=log_uniform(0.001, 0.5),
    )
    death_share: float = param(
        0.0056,
        "1",
        (0.0, 1.0),
        symbol="x_off",
        meaning="deaths per wounded officer",
        source="Kazakhstan 2022: 19 dead, 3,393 wounded (Prosecutor General, 15 January 2022)",
        status="transferred",
    )


CasualtiesValues = values_type(CasualtiesParameters, "CasualtiesValues")
"""The parameters as compiled code takes them."""


def exposed_officers(officers: Number, violent: Number) -> Number:
    """Return F psi(V/F; 1): officers by how much the violent outnumber them."""
    both = np.maximum(violent + officers, 1.0)
    return officers * violent / both  # type: ignore[no-any-return]


def hurt(p: CasualtiesParameters, exposed: float, u_wounded: float, u_killed: float) -> Any:
    """Return (wounded, killed) of an hour: Poisson(p_off exposed), Poisson(x_off of that)."""
    mean = p.wound * exposed
    wounded = poisson_search(u_wounded, min(mean, 600.0))
    return wounded, poisson_search(u_killed, min(mean * p.death_share, 600.0))


def hurt_officers(
    p: CasualtiesParameters,
    *,
    place_violent: Floats,
    place_officers: Floats,
    nation_officers_wounded: Floats,
    nation_officers_killed: Floats,
    u_wounded: Floats,
    u_killed: Floats,
) -> dict[str, Any]:
    """Draw the officers hurt this hour, Poisson around the sum of their hazards.

    mean = sum_c F_c p_off psi(V_c/F_c; 1);  killed ~ Poisson(mean x_off)
    """
    if not place_violent.any():
        return {
            "nation_officers_wounded": nation_officers_wounded,
            "nation_officers_killed": nation_officers_killed,
        }
    exposed = exact_sum(exposed_officers(place_officers, place_violent))
    wounded, killed = hurt(p, exposed, float(u_wounded[0]), float(u_killed[0]))
    return {
        "nation_officers_wounded": nation_officers_wounded + wounded,
        "nation_officers_killed": nation_officers_killed + killed,
    }


CASUALTIES = Mechanism(
    name="poisson",
    role="casualties",
    phase=Phase.FORCES,
    title="Officers wounded and killed",
    equation="wounded ~ Poisson(sum F p_off psi(V/F; 1))",
    parameters=CasualtiesParameters,
    rule=hurt_officers,
    writes=("nation_officers_wounded", "nation_officers_killed"),
    random_numbers={
        "u_wounded": RandomNumber(Purpose.OFFICER_HARM, "nation", 0),
        "u_killed": RandomNumber(Purpose.OFFICER_HARM, "nation", 1),
    },
    sources=("Prosecutor General of Kazakhstan, 15 January 2022",),
    evidence="conjecture",
)
