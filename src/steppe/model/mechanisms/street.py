"""The street by hazards: what all its rules read, and what they share.

A rule of hazards is a scalar function ``rule(p, here, x)`` that returns a hazard per hour (for
willingness, a probability).
"""

from __future__ import annotations

from typing import NamedTuple

from steppe.core.response import exp

HERE = (
    "region_legitimacy",
    "region_trigger_loss",
    "region_loss",
    "place_hardship_cut",
    "place_outrage",
    "place_trigger_harm",
    "place_risk",
    "place_cost",
    "place_severity",
    "place_force_level",
    "place_officers",
    "place_memory",
    "place_command",
    "place_peaceful",
    "place_violent",
    "place_looting",
    "place_pool",
    "place_population",
    "nation_deterrence",
    "nation_awake",
)
"""Columns from which ``Here`` is made, the second argument of every rule of hazards."""


class Here(NamedTuple):
    """What surrounds the citizens of a place, as the last hour ended.

    ``crowd`` (peaceful and violent), ``violent``, ``pool`` and ``officers`` are persons; ``awake``
    is the share of people up and about; ``cover`` is cover for looting in [0, 1].
    """

    crowd: float
    violent: float
    pool: float
    officers: float
    force_level: float
    severity: float
    risk: float
    cost: float
    legitimacy: float
    loss: float
    hardship_cut: float
    outrage: float
    memory: float
    deterrence: float
    awake: float
    cover: float
    command: float
    price_sensitivity: float
    deprivation_sensitivity: float


def hardship(here: Here, latent: float, exposure: float, deprivation: float) -> float:
    """Return H_i = 1 - (1 - U_i) exp(-(k_e l_i + k_d RD_i)), l_i = s_i loss + loss by the cut."""
    loss = exposure * here.loss + here.hardship_cut
    exponent = here.price_sensitivity * loss + here.deprivation_sensitivity * deprivation
    return float(1.0 - (1.0 - latent) * exp(-exponent))


def chance(hazard: float) -> float:
    """Return the chance that something of ``hazard`` per hour happens within the hour: 1 - e^-h."""
    return 1.0 - exp(-hazard)
