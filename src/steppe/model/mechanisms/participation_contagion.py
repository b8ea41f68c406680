"""Participation by complex contagion: who is opposed goes out once enough friends have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import param, values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET, READS, CrowdParameters, hardship
from steppe.model.phases import Phase


@dataclass(frozen=True)
class ContagionParameters(CrowdParameters):
    """How many friends it takes, and what else counts."""

    friends: float = param(
        1.0,
        "persons",
        (0.0, 64.0),
        symbol="a",
        meaning="personal ties on the street that make an opposed citizen join",
        source="Centola & Macy, American Journal of Sociology 113 (2007)",
        status="literature",
    )
    slots: float = param(
        12.0,
        "1",
        (1.0, 64.0),
        symbol="n_tie",
        meaning="personal ties of a citizen, as in population.ties",
        source="size of sympathy groups in surveys; order of magnitude",
        status="literature",
    )
    opposition_level: float = param(
        0.35,
        "1",
        (0.0, 1.0),
        symbol="tau_x",
        meaning="grievance plus outrage above which friends can move a citizen",
        source="none",
        status="assumed",
    )
    spark_level: float = param(
        0.38,
        "1",
        (0.0, 2.0),
        symbol="tau_0",
        meaning="grievance plus outrage above which a citizen goes out alone",
        source="none",
        status="assumed",
    )
    risk_weight: float = param(
        0.155,
        "1",
        (0.0, 5.0),
        symbol="rhobar",
        meaning="weight of perceived risk for the most risk-averse citizen",
        source="as in the logit rule",
        status="assumed",
    )


ContagionValues = values_type(ContagionParameters, "ContagionValues")


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return peaceful iff G + o - rhobar rho R - cost > tau_0, or > tau_x with a ties out."""
    drive = (1.0 - here.legitimacy) * hardship(here, citizen) + here.outrage
    drive = drive - p.risk_weight * citizen.risk_aversion * here.risk - here.cost
    company = citizen.ties * p.slots >= p.friends
    return PEACEFUL if drive > (p.opposition_level if company else p.spark_level) else QUIET


CONTAGION = Mechanism(
    name="complex-contagion",
    role="participation",
    street="choices",
    phase=Phase.STREET,
    title="Participation by complex contagion",
    equation="out iff G + o - rhobar rho R - cost > tau_0, or > tau_x with at least a ties out",
    parameters=ContagionParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    values=ContagionValues,
    citizen_reads=READS,
    sources=(
        "Centola & Macy, American Journal of Sociology 113 (2007)",
        "Watts, PNAS 99 (2002)",
    ),
    evidence="supported",
)
