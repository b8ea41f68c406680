"""Participation by preference falsification: the opposed show themselves once enough others do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import param, uniform, values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import (
    PEACEFUL,
    QUIET,
    READS,
    CrowdParameters,
    hardship,
    mobilisation,
)
from steppe.model.phases import Phase


@dataclass(frozen=True)
class KuranParameters(CrowdParameters):
    """Who is opposed in private, and how much company each wants."""

    opposition_level: float = param(
        0.35,
        "1",
        (0.0, 1.0),
        symbol="tau_x",
        meaning="grievance plus outrage above which a citizen is opposed in private",
        source="none",
        status="assumed",
        prior=uniform(0.2, 0.5),
    )
    company: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="m_max",
        meaning="perceived mobilisation the most cautious opposed citizen asks for",
        source="none",
        status="assumed",
        prior=uniform(0.1, 1.0),
    )


KuranValues = values_type(KuranParameters, "KuranValues")


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return peaceful iff opposed in private and m_i >= m_max rho_i (R + cost).

    x_i = G_i + o - tau_x > 0 is private opposition; the threshold grows with caution and danger.
    """
    grievance = (1.0 - here.legitimacy) * hardship(here, citizen)
    opposed = grievance + here.outrage > p.opposition_level
    wanted = p.company * citizen.risk_aversion * (here.risk + here.cost)
    return PEACEFUL if opposed and mobilisation(p, here, citizen, looked) >= wanted else QUIET


KURAN = Mechanism(
    name="kuran",
    role="participation",
    street="choices",
    phase=Phase.STREET,
    title="Participation of the privately opposed",
    equation="out iff G_i + o > tau_x and m_i >= m_max rho_i (R + cost)",
    parameters=KuranParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    values=KuranValues,
    citizen_reads=READS,
    sources=("Kuran, Public Choice 61 (1989)", "Kuran, World Politics 44 (1991)"),
    evidence="supported",
)
