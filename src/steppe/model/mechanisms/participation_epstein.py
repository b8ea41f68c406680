"""Participation by net grievance: each for himself, against the risk of arrest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import param, uniform, values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET, READS, CrowdParameters, hardship
from steppe.model.phases import Phase


@dataclass(frozen=True)
class EpsteinParameters(CrowdParameters):
    """Threshold of net grievance and weight of risk."""

    threshold: float = param(
        0.1,
        "1",
        (-1.0, 3.0),
        symbol="T",
        meaning="net grievance above which a citizen goes out",
        source="Epstein, PNAS 99 suppl. 3 (2002)",
        status="literature",
        prior=uniform(0.0, 0.7),
    )
    risk_weight: float = param(
        1.0,
        "1",
        (0.0, 5.0),
        symbol="J^alpha",
        meaning="weight of the perceived risk for the most risk-averse citizen",
        source="Epstein, PNAS 99 suppl. 3 (2002): jail terms do not count (alpha = 0)",
        status="literature",
    )


EpsteinValues = values_type(EpsteinParameters, "EpsteinValues")


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return peaceful iff G_i - rho_i R J^alpha - cost > T; others do not matter."""
    grievance = (1.0 - here.legitimacy) * hardship(here, citizen)
    net = grievance - p.risk_weight * citizen.risk_aversion * here.risk - here.cost
    return PEACEFUL if net > p.threshold else QUIET


EPSTEIN = Mechanism(
    name="epstein",
    role="participation",
    street="choices",
    phase=Phase.STREET,
    title="Participation by net grievance",
    equation="out iff G_i - rho_i R J^alpha - cost > T",
    parameters=EpsteinParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    values=EpsteinValues,
    citizen_reads=READS,
    sources=("Epstein, PNAS 99 suppl. 3 (2002)",),
    evidence="supported",
)
