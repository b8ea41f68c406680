"""Deterrence: recent deaths anywhere in the country keep people at home for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, values_type
from steppe.core.response import Floats, exact_sum, exp
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase

_LN2 = 0.6931471805599453


@dataclass(frozen=True)
class DeterrenceParameters(Parameters):
    """How many deaths deter completely, and how fast deterrence fades."""

    deaths: float = param(
        5.1,
        "per million people",
        (1e-3, 1e6),
        symbol="x_full",
        meaning="recent deaths per million people of the country at which deterrence is complete",
        source="none",
        status="assumed",
    )
    half_life: float = param(
        36.0,
        "h",
        (1.0, 1e5),
        symbol="h_x",
        meaning="time in which deterrence halves",
        source="none",
        status="assumed",
    )


DeterrenceValues = values_type(DeterrenceParameters, "DeterrenceValues")
"""The parameters as compiled code takes them."""


def deterrence_after(p: DeterrenceParameters, level: float, deaths: float, persons: float) -> float:
    """Return X(t+1) = min(1, X 2^(-1/h_x) + deaths per million people/x_full)."""
    return min(level * exp(-_LN2 / p.half_life) + deaths / (p.deaths * persons / 1e6), 1.0)


def deter(
    p: DeterrenceParameters, *, nation_deterrence: Floats, place_deaths: Floats, persons: float
) -> dict[str, Any]:
    """Let deterrence fade and add the deaths of the last hour.

    X(t+1) = min(1, X 2^(-1/h_x) + deaths per million people/x_full)
    """
    level = deterrence_after(p, float(nation_deterrence[0]), exact_sum(place_deaths), persons)
    return {"nation_deterrence": np.array([level])}


DETERRENCE = Mechanism(
    name="recent-deaths",
    role="deterrence",
    street="hazards",
    phase=Phase.GRIEVANCE,
    title="Deterrence by recent deaths",
    equation="X(t+1) = min(1, X 2^(-1/h_x) + deaths/x_full)",
    parameters=DeterrenceParameters,
    rule=deter,
    writes=("nation_deterrence",),
    sources=("Davenport, Annual Review of Political Science 10 (2007)",),
    evidence="conjecture",
)
