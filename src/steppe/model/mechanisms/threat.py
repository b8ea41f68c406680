"""Threat: what the regime believes of its own danger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, values_of, values_type
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp, logistic, normal_quantile, saturation
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase


@dataclass(frozen=True)
class ThreatParameters(Parameters):
    """How the regime reads crowds, lost buildings and defections."""

    base: float = param(
        -3.0,
        "1",
        (-20.0, 20.0),
        symbol="q0",
        meaning="log-odds of danger when all is quiet",
        source="none",
        status="assumed",
    )
    crowd: float = param(
        3.0,
        "1",
        (0.0, 20.0),
        symbol="q_A",
        meaning="weight of crowds",
        source="none",
        status="assumed",
    )
    crowd_half: float = param(
        0.002,
        "1",
        (1e-6, 1.0),
        symbol="h_A",
        meaning="share of citizens on the street at which crowds weigh half",
        source="none",
        status="assumed",
    )
    seized: float = param(
        2.0,
        "1",
        (0.0, 20.0),
        symbol="q_S",
        meaning="weight of lost buildings",
        source="none",
        status="assumed",
    )
    defected: float = param(
        2.0,
        "1",
        (0.0, 20.0),
        symbol="q_D",
        meaning="weight of units that changed sides",
        source="none",
        status="assumed",
    )
    split: float = param(
        1.5,
        "1",
        (0.0, 20.0),
        symbol="q_E",
        meaning="weight of a split elite",
        source="none",
        status="assumed",
    )
    low: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="Theta_low",
        meaning="threat below which an hour counts towards relief",
        source="none",
        status="assumed",
    )
    report_bias: float = param(
        -0.2,
        "1",
        (-5.0, 5.0),
        symbol="b_int",
        meaning="mean of the logarithm of the reported over the true crowd: bad news is "
        "under-reported upward",
        source="none",
        status="assumed",
    )
    report_noise: float = param(
        0.4,
        "1",
        (0.0, 5.0),
        symbol="s_int",
        meaning="standard deviation of that logarithm",
        source="none",
        status="assumed",
    )


ThreatValues = values_type(ThreatParameters, "ThreatValues")
"""The parameters as compiled code takes them."""


def threat_of(
    p: ThreatParameters, crowd: tuple[float, float], signs: tuple[float, float, float], u: float
) -> float:
    """Return Theta of ``crowd``, persons out of how many; ``signs`` are seized, D and split."""
    active, persons = crowd
    seized, defected, split = signs
    report = active * exp(p.report_bias + p.report_noise * normal_quantile(u))
    odds = p.base + p.crowd * saturation(report / persons, p.crowd_half)
    return logistic(odds + p.seized * seized + p.defected * defected + p.split * split)


def perceive(
    p: ThreatParameters,
    *,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    nation_seized: Floats,
    nation_defected: Floats,
    nation_elite_split: Floats,
    nation_relief_hours: Any,
    persons: float,
    u_intelligence: Floats,
) -> dict[str, Any]:
    """Set the perceived threat.

    Theta = Λ(q0 + q_A psi(Ahat/N; h_A) + q_S seized + q_D D + q_E split)
    Ahat = A_nat exp(b_int + s_int z);  hours with Theta < Theta_low in a row are counted
    """
    active = exact_sum(place_peaceful + place_violent + place_looting)
    signs = (float(nation_seized[0]), float(nation_defected[0]), float(nation_elite_split[0]))
    values = values_of(ThreatValues, p)
    threat = compiled(threat_of)(values, (active, persons), signs, float(u_intelligence[0]))
    little = int(nation_relief_hours[0]) + 1 if threat < p.low else 0
    return {"nation_threat": np.array([threat]), "nation_relief_hours": np.array([little])}


THREAT = Mechanism(
    name="intelligence",
    role="threat",
    phase=Phase.POWER,
    title="Threat as the regime perceives it",
    equation="Theta = Λ(q0 + q_A psi(Ahat/N; h_A) + q_S seized + q_D D + q_E split)",
    parameters=ThreatParameters,
    rule=perceive,
    writes=("nation_threat", "nation_relief_hours"),
    random_numbers={"u_intelligence": RandomNumber(Purpose.INTELLIGENCE, "nation")},
    sources=(
        "Moore, Journal of Conflict Resolution 44 (2000)",
        "Davenport, Annual Review of Political Science 10 (2007)",
    ),
    evidence="conjecture",
)
