"""Timeline: levers known from history take effect at their hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class TimelineParameters(Parameters):
    """What a lever pulled by the regime tells everyone."""

    success: float = param(
        0.05, "1", (0.0, 1.0), symbol="m_c",
        meaning="rise of perceived mobilisation where a concession was made: it can be done",
        source="Leuschner & Hellmeier, Comparative Political Studies 57 (2024): direction",
        status="assumed",
    )
    success_hours: float = param(
        24.0, "h", (0.0, 8784.0), symbol="t_c",
        meaning="how long that lasts", source="none", status="assumed",
    )


def apply_timeline(
    p: TimelineParameters,
    *,
    script_price: Floats,
    script_internet_cut: Floats,
    script_phone_cut: Floats,
    script_force_level: Floats,
    script_success: Floats,
    script_first_demand: Floats,
    place_cut_days: Floats,
) -> dict[str, Any]:
    """Copy the hour's levers into the state and count the days of a running internet cut.

    cut_days(t+1) = cut_days(t) + b_on(t)/24 while b_on > 0;  0 once the connection is back
    """
    return {
        "region_price": script_price,
        "place_internet_cut": script_internet_cut,
        "place_phone_cut": script_phone_cut,
        "place_force_level": script_force_level,
        "place_cut_days": np.where(
            script_internet_cut > 0.0, place_cut_days + script_internet_cut / 24.0, 0.0
        ),
        "place_success": p.success * script_success,
        "nation_first_demand": np.maximum(script_first_demand, 0.0),
    }


TIMELINE = Mechanism(
    name="timeline",
    role="timeline",
    phase=Phase.SCRIPT,
    title="Levers known from history",
    equation="lever(t) = script(t);  cut_days(t+1) = (cut_days(t) + b_on(t)/24) [b_on > 0]",
    parameters=TimelineParameters,
    rule=apply_timeline,
    writes=(
        "region_price",
        "place_internet_cut",
        "place_phone_cut",
        "place_force_level",
        "place_cut_days",
        "place_success",
        "nation_first_demand",
    ),
    sources=("the case's timeline",),
    evidence="established",
)
