"""Looting: opportunists use disorder. They are no part of the crowd that others join."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param, values_type
from steppe.core.response import Number
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class LootingParameters(Parameters):
    """How fast people begin to loot, and how much disorder and officers matter."""

    rate: float = param(
        0.02,
        "per hour",
        (0.0, 10.0),
        symbol="q_O",
        meaning="hazard of beginning to loot under full cover, for the poorest",
        source="none",
        status="assumed",
    )
    disorder_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_O",
        meaning="share of a place's people violent or looting at which cover is half",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )
    policing: float = param(
        0.5,
        "1",
        (0.0, 10.0),
        symbol="k_O",
        meaning="how fast officers per citizen on the street take away cover",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )


LootingValues = values_type(LootingParameters, "LootingValues")
"""The parameters as the compiled rule takes them."""


def cover_of(p: LootingParameters, disorder: Number, ease: Number) -> Number:
    """Return chi = psi(disorder; h_O) ease, where disorder is (V + O)/N and ease is
    exp(-k_O F/(A + O)).
    """
    return disorder / (disorder + p.disorder_half) * ease


def loot_hazard(p: LootingParameters, here: Here, rank: float) -> float:
    """Return the hazard of beginning to loot, for income rank ``rank``: q_O circ chi (1 - rank).

    chi = psi((V + O)/N; h_O) exp(-k_O F/(A + O)) is ``here.cover``. Looters go home by the same
    hazard as others, with cover in the place of willingness.
    """
    return float(p.rate * here.awake * here.cover * (1.0 - rank))


LOOTERS = Mechanism(
    name="opportunists",
    role="looting",
    street="hazards",
    phase=Phase.STREET,
    title="Looting under the cover of disorder",
    equation="hazard = q_O circ chi (1 - rank);  chi = psi((V+O)/N; h_O) exp(-k_O F/(A+O))",
    parameters=LootingParameters,
    rule=loot_hazard,
    writes=("citizen_state",),
    citizen=True,
    values=LootingValues,
    citizen_reads=HERE,
    sources=("Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013)",),
    evidence="conjecture",
)
