"""Seizure: symbolic buildings fall to a violent crowd that outnumbers the officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase

Ints = NDArray[np.int64]


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
    lost, of_crowd = building_lost.copy(), np.empty(len(building_lost))
    streets = (place_peaceful, place_violent, place_looting, place_officers)
    buildings = (building_place, building_weight)
    compiled(fill_lost)(p.capture_ratio, streets, buildings, lost, of_crowd)
    weight = exact_sum(building_weight)
    seized = exact_sum(of_crowd) / weight if weight > 0.0 else 0.0
    return {"building_lost": lost, "nation_seized": np.array([seized])}


def fill_lost(
    ratio: float,
    streets: tuple[Floats, ...],
    buildings: tuple[Ints, Floats],
    lost: Ints,
    of_crowd: Floats,
) -> None:
    """Write which buildings are lost, and the weight that the crowd holds of each."""
    (peaceful, violent, looting, officers), (place, weight) = streets, buildings
    for b in range(len(lost)):
        c = place[b]
        rough = violent[c] + looting[c]
        if rough + peaceful[c] < officers[c]:
            lost[b] = 0
        elif rough > ratio * officers[c]:
            lost[b] = 1
        of_crowd[b] = weight[b] * lost[b]


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
