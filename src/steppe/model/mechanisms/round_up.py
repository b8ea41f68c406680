"""Round-up: in an emergency, those who took part are arrested, at home or on the street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, log_uniform, param
from steppe.core.response import Floats
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class RoundUpParameters(Parameters):
    """How fast those who took part are arrested."""

    rate: float = param(
        0.0011,
        "per hour",
        (0.0, 1.0),
        symbol="q_s",
        meaning="hazard of being arrested afterwards, at the force level of arrests and gas",
        source="none",
        status="assumed",
        prior=log_uniform(1e-5, 0.005),
    )
    presence: float = param(
        0.3,
        "1",
        (0.0, 10.0),
        symbol="f_s1",
        meaning="the hazard while officers only stand by, relative to arrests and gas",
        source="none",
        status="assumed",
    )
    fire: float = param(
        0.5,
        "1",
        (0.0, 10.0),
        symbol="f_s3",
        meaning="the hazard while officers fire, relative to arrests and gas",
        source="none",
        status="assumed",
    )


def round_up(
    p: RoundUpParameters, *, place_emergency: Floats, place_force_level: Floats
) -> dict[str, Any]:
    """Set the hazard with which everyone who took part and is at large is arrested, at home too.

    q_s (0, f_s1, 1, f_s3, f_s3)[f] while the emergency is in force in the place
    """
    ladder = np.array([0.0, p.presence, 1.0, p.fire, p.fire])
    level = ladder[place_force_level.astype(np.int64)]
    return {"place_round_up": p.rate * level * (place_emergency > 0.0)}


ROUND_UP = Mechanism(
    name="emergency",
    role="round_up",
    street="hazards",
    phase=Phase.RISK,
    title="Arrest of those who took part, in an emergency",
    equation="hazard = q_s (0, f_s1, 1, f_s3, f_s3)[f] [emergency]",
    parameters=RoundUpParameters,
    rule=round_up,
    writes=("place_round_up",),
    sources=("Davenport, Annual Review of Political Science 10 (2007)",),
    evidence="conjecture",
)
