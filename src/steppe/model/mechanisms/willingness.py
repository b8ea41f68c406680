"""Willingness: would this citizen stand in a crowd in his own place, here and now?"""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.response import logistic
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class WillingnessParameters(Parameters):
    """What standing in a crowd costs, and how random willingness is."""

    threshold: float = param(
        0.15,
        "1",
        (-1.0, 3.0),
        symbol="T",
        meaning="cost of standing in a crowd when nothing else counts",
        source="none",
        status="assumed",
        prior=uniform(0.1, 0.4),
    )
    noise: float = param(
        0.04,
        "1",
        (1e-4, 1.0),
        symbol="sigma",
        meaning="scale of the logit: how random willingness is",
        source="none",
        status="assumed",
    )
    risk_weight: float = param(
        0.13,
        "1",
        (0.0, 5.0),
        symbol="rho",
        meaning="twice the weight of perceived risk, which is the same for every citizen",
        source="none",
        status="assumed",
        prior=log_uniform(0.02, 1.0),
    )
    memory: float = param(
        0.13,
        "1",
        (0.0, 1.0),
        symbol="m_w",
        meaning="added where a past massacre or strike is remembered",
        source="none",
        status="assumed",
        prior=uniform(0.0, 0.3),
    )
    deterrence: float = param(
        0.07,
        "1",
        (0.0, 1.0),
        symbol="b_x",
        meaning="cost of complete deterrence by deaths",
        source="none",
        status="assumed",
        prior=uniform(0.0, 0.3),
    )


WillingnessValues = values_type(WillingnessParameters, "WillingnessValues")
"""The parameters as the compiled rule takes them."""


def willing(p: WillingnessParameters, here: Here, hardship: float) -> float:
    """Return the probability that a citizen of ``hardship`` H would stand in the crowd.

    w = Lambda(((1-L) H + m_w mem + o - T - rho R/2 - cost - b_x X)/sigma)
    """
    pull = (1.0 - here.legitimacy) * hardship + p.memory * here.memory + here.outrage
    push = p.threshold + 0.5 * p.risk_weight * here.risk + here.cost
    return logistic((pull - push - p.deterrence * here.deterrence) / p.noise)


WILLINGNESS = Mechanism(
    name="logit",
    role="willingness",
    street="hazards",
    phase=Phase.STREET,
    title="Willingness to stand in a crowd",
    equation="w = Lambda(((1-L) H + m_w mem + o - T - rho R/2 - cost - b_x X)/sigma)",
    parameters=WillingnessParameters,
    rule=willing,
    writes=(),
    citizen=True,
    values=WillingnessValues,
    citizen_reads=HERE,
    sources=(
        "Kuran, World Politics 44 (1991)",
        "Epstein, PNAS 99 suppl. 3 (2002)",
        "Brock & Durlauf, Review of Economic Studies 68 (2001)",
    ),
    evidence="supported",
)
