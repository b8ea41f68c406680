"""Leaving: people tire, become unwilling or are dispersed; they rest, or stay home for good."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.response import log
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class LeavingParameters(Parameters):
    """How long people stay, and what they do afterwards."""

    rate: float = param(
        0.025,
        "per hour",
        (0.0, 10.0),
        symbol="mu",
        meaning="hazard of going home by day",
        source="none",
        status="assumed",
        prior=log_uniform(0.02, 0.3),
    )
    unwilling: float = param(
        0.15,
        "per hour",
        (0.0, 10.0),
        symbol="mu_w",
        meaning="further hazard of citizens who would surely not stand there now",
        source="none",
        status="assumed",
    )
    dispersal: float = param(
        0.05,
        "per hour",
        (0.0, 10.0),
        symbol="d",
        meaning="hazard of being dispersed by arrests and gas where nearly everybody is an officer",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
        prior=log_uniform(0.005, 1.0),
    )
    last: float = param(
        0.04,
        "1",
        (0.0, 1.0),
        symbol="chi",
        meaning="chance that who goes home stays there for good",
        source="none",
        status="assumed",
        prior=uniform(0.0, 0.8),
    )
    rest: float = param(
        16.0,
        "h",
        (0.0, 8784.0),
        symbol="t_rest",
        meaning="mean rest at home, for those who may come again",
        source="none",
        status="assumed",
    )


LeavingValues = values_type(LeavingParameters, "LeavingValues")
"""The parameters as the compiled rule takes them."""


def leave_hazard(p: LeavingParameters, here: Here, willing: float) -> float:
    """Return the hazard of leaving: mu (2 - circ) + mu_w (1 - w) + d sev F/(F + A) [f >= 2]."""
    hazard = p.rate * (2.0 - here.awake) + p.unwilling * (1.0 - willing)
    if here.force_level >= 2.0 and here.officers > 0.0:
        hazard += p.dispersal * here.severity * here.officers / (here.officers + here.crowd)
    return float(hazard)


def hours_of_rest(p: LeavingParameters, u: float) -> int:
    """Return how many hours a citizen who went home rests: geometric with mean t_rest."""
    if p.rest <= 1.0:
        return int(p.rest)
    return 1 + int(log(u) / log(1.0 - 1.0 / p.rest))


def return_chance(p: LeavingParameters) -> float:
    """Return the chance in an hour that who rests comes back, by the law of ``hours_of_rest``."""
    return 1.0 if p.rest <= 1.0 else 1.0 / p.rest


LEAVING = Mechanism(
    name="fatigue-and-dispersal",
    role="leaving",
    street="hazards",
    phase=Phase.STREET,
    title="Leaving, rest and fatigue",
    equation="hazard = mu (2 - circ) + mu_w (1 - w) + d sev F/(F + A) [f >= 2];  "
    "then at home for good with chance chi, else at rest for a geometric time of mean t_rest",
    parameters=LeavingParameters,
    rule=leave_hazard,
    writes=("citizen_state",),
    citizen=True,
    values=LeavingValues,
    citizen_reads=HERE,
    sources=(
        "Burbeck, Raine & Stark, Journal of Mathematical Sociology 6 (1978)",
        "Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013)",
    ),
    evidence="supported",
)
