"""Participation by thresholds: who goes out once enough others have, and never by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import LOOTING, PEACEFUL, QUIET, READS, VIOLENT
from steppe.model.mechanisms.participation import UtilityParameters, utilities
from steppe.model.phases import Phase


@dataclass(frozen=True)
class ThresholdParameters(UtilityParameters):
    """The same costs and benefits as the logit rule, without its random part."""


ThresholdValues = values_type(ThresholdParameters, "ThresholdValues")


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return the best action: out iff what is seen exceeds the personal threshold.

    theta_i = (T + cost + rhobar rho_i R - G_i - o) / beta;  out iff m_i > theta_i, the point where
    benefits exceed costs. Among ways of being out the one with the largest utility.
    """
    peaceful, violent, looting = utilities(p, here, citizen, looked)
    if max(peaceful, max(violent, looting)) <= 0.0:
        return QUIET
    if peaceful >= violent and peaceful >= looting:
        return PEACEFUL
    if violent >= looting:
        return VIOLENT
    return LOOTING


THRESHOLD = Mechanism(
    name="threshold",
    role="participation",
    street="choices",
    phase=Phase.STREET,
    title="Participation by personal thresholds",
    equation="out iff m_i > theta_i = (T + cost + rhobar rho_i R - G_i - o)/beta",
    parameters=ThresholdParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    values=ThresholdValues,
    citizen_reads=READS,
    sources=("Granovetter, American Journal of Sociology 83 (1978)",),
    evidence="established",
)
