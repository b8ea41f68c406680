"""Threat: what the regime believes of its own danger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp, logistic, normal_array, saturation
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
    active = exact_sum(place_peaceful) + exact_sum(place_violent) + exact_sum(place_looting)
    noise = float(normal_array(u_intelligence)[0])
    report = active * exp(p.report_bias + p.report_noise * noise)
    odds = (
        p.base
        + p.crowd * saturation(report / persons, p.crowd_half)
        + p.seized * float(nation_seized[0])
        + p.defected * float(nation_defected[0])
        + p.split * float(nation_elite_split[0])
    )
    threat = logistic(odds)
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
