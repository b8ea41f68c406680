"""Seizure: symbolic buildings fall to a violent crowd that outnumbers the officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class SeizureParameters(Parameters):
    """When a building changes hands."""

    capture_ratio: float = param(
        1.0,
        "1",
        (0.01, 100.0),
        symbol="r_cap",
        meaning="violent people and looters per officer at which a building is lost",
        source="none",
        status="assumed",
    )


def seize(
    p: SeizureParameters,
    *,
    building_place: Any,
    building_weight: Floats,
    building_lost: Any,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_officers: Floats,
) -> dict[str, Any]:
    """Let buildings change hands.

    lost if V_c + O_c > r_cap F_c;  retaken if A_c < F_c;  otherwise as before
    """
    violent = (place_violent + place_looting)[building_place]
    active = violent + place_peaceful[building_place]
    force = place_officers[building_place]
    lost = np.where(violent > p.capture_ratio * force, 1, building_lost)
    lost = np.where(active < force, 0, lost)
    weight = exact_sum(building_weight)
    seized = exact_sum(building_weight * lost) / weight if weight > 0.0 else 0.0
    return {"building_lost": lost.astype(np.int64), "nation_seized": np.array([seized])}


SEIZURE = Mechanism(
    name="outnumbered",
    role="seizure",
    phase=Phase.FORCES,
    title="Symbolic buildings lost and retaken",
    equation="lost if V + O > r_cap F;  retaken if A < F",
    parameters=SeizureParameters,
    rule=seize,
    writes=("building_lost", "nation_seized"),
    sources=("conjecture of this model",),
    evidence="conjecture",
)
