"""Joining: the willing join a crowd in their own place. Without a crowd nobody joins."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import log_uniform, param, values_type
from steppe.core.response import saturation
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class JoiningParameters(AvailabilityParameters):
    """How fast the willing join a crowd in their place."""

    rate: float = param(
        1.1,
        "per hour",
        (0.0, 20.0),
        symbol="beta",
        meaning="hazard of joining a very large crowd by day, for a citizen who is surely willing",
        source="Burbeck, Raine & Stark, Journal of Mathematical Sociology 6 (1978): form",
        status="assumed",
        prior=log_uniform(0.05, 2.0),
    )
    half: float = param(
        1.2,
        "1",
        (1e-6, 1e6),
        symbol="h_s",
        meaning="crowd, as a multiple of the place's pool, at which the hazard is half of that",
        source="none",
        status="assumed",
        prior=log_uniform(0.02, 2.0),
    )


JoiningValues = values_type(JoiningParameters, "JoiningValues")
"""The parameters as the compiled rule takes them."""


def join_hazard(p: JoiningParameters, here: Here, willing: float) -> float:
    """Return the hazard of joining: beta circ w psi(A; h_s S0), 0 without a crowd."""
    if here.crowd <= 0.0:
        return 0.0
    sight = saturation(here.crowd, p.half * here.pool)
    return float(p.rate * here.awake * willing * sight)


JOINING = Mechanism(
    name="crowd-in-place",
    role="participation",
    street="hazards",
    phase=Phase.STREET,
    title="Joining a crowd in one's own place",
    equation="hazard = beta circ w A/(A + h_s S0)",
    parameters=JoiningParameters,
    rule=join_hazard,
    writes=("citizen_state",),
    citizen=True,
    values=JoiningValues,
    citizen_reads=HERE,
    sources=(
        "Burbeck, Raine & Stark, Journal of Mathematical Sociology 6 (1978)",
        "Bonnasse-Gahot et al., Scientific Reports 8 (2018)",
        "Bass, Management Science 15 (1969)",
    ),
    evidence="supported",
)
