"""Participation: private grievance becomes public action of three kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import log_uniform, param, uniform, values_type
from steppe.core.response import exp
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import (
    LOOTING,
    PEACEFUL,
    QUIET,
    READS,
    VIOLENT,
    CrowdParameters,
    hardship,
    mobilisation,
)
from steppe.model.phases import Phase
from steppe.model.sources import SEARCH


@dataclass(frozen=True)
class UtilityParameters(CrowdParameters):
    """What pulls to the street and what holds back."""

    social_utility: float = param(
        1.15,
        "1",
        (-5.0, 5.0),
        symbol="beta",
        meaning="pull of perceived mobilisation; the sign is open",
        source="Cantoni et al., QJE 134 (2019) (negative); Bursztyn et al., AER: Insights (2021) "
        "(positive)",
        status="assumed",
        prior=uniform(0.05, 1.5),
    )
    risk_weight: float = param(
        0.155,
        "1",
        (0.0, 5.0),
        symbol="rhobar",
        meaning="weight of perceived risk for the most risk-averse citizen",
        source=SEARCH,
        status="assumed",
        prior=uniform(0.1, 0.9),
    )
    threshold: float = param(
        0.41,
        "1",
        (-1.0, 3.0),
        symbol="T",
        meaning="cost of public action when nothing else counts",
        source=SEARCH,
        status="assumed",
        prior=uniform(0.15, 0.7),
    )
    violence_cost: float = param(
        0.067,
        "1",
        (0.0, 3.0),
        symbol="c_V",
        meaning="further cost of violence",
        source=SEARCH,
        status="assumed",
        prior=uniform(0.0, 0.25),
    )
    violence_pull: float = param(
        0.05,
        "1",
        (0.0, 3.0),
        symbol="nu",
        meaning="pull of violence in sight",
        source="none",
        status="assumed",
    )
    violence_fear: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="f_V",
        meaning="further fear of the violent, relative to that of the peaceful",
        source="none",
        status="assumed",
    )
    looting_cost: float = param(
        0.20,
        "1",
        (0.0, 3.0),
        symbol="c_O",
        meaning="further cost of looting",
        source=SEARCH,
        status="assumed",
        prior=uniform(0.0, 0.4),
    )
    looting_gain: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="b_O",
        meaning="gain from looting for the poorest citizen",
        source="none",
        status="assumed",
    )


@dataclass(frozen=True)
class ParticipationParameters(UtilityParameters):
    """Utility with a random part."""

    noise: float = param(
        0.017,
        "1",
        (1e-4, 1.0),
        symbol="sigma",
        meaning="scale of the logit: how random a decision is",
        source=SEARCH,
        status="assumed",
        prior=log_uniform(0.004, 0.05),
    )


ParticipationValues = values_type(ParticipationParameters, "ParticipationValues")
"""The parameters as the compiled rule takes them."""


def utilities(p: Any, here: Any, citizen: Any, looked: bool) -> tuple[float, float, float]:
    """Return the utilities of peaceful protest, violence and looting over staying quiet.

    u_P = G + o + beta m - rhobar rho R - T - cost
    u_V = u_P + o - c_V + nu psi(V_z/N_z) - f_V rhobar rho R
    u_O = chi (b_O (1 - rank) + beta) - rhobar rho R - T - cost - c_O
    """
    grievance = (1.0 - here.legitimacy) * hardship(here, citizen)
    m = mobilisation(p, here, citizen, looked)
    fear = p.risk_weight * citizen.risk_aversion * here.risk
    peaceful = grievance + here.outrage + p.social_utility * m - fear - p.threshold - here.cost
    violent = peaceful + here.outrage - p.violence_cost
    violent = violent + p.violence_pull * here.violence_pull - p.violence_fear * fear
    looting = here.cover * (p.looting_gain * (1.0 - citizen.rank) + p.social_utility)
    looting = looting - fear - p.threshold - here.cost - p.looting_cost
    return peaceful, violent, looting


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return the action a citizen who thinks again now chooses.

    Multinomial logit of scale sigma over quiet (0), peaceful, violent, looting.
    """
    peaceful, violent, looting = utilities(p, here, citizen, looked)
    highest = max(0.0, max(peaceful, max(violent, looting)))
    e_quiet = exp((0.0 - highest) / p.noise)
    e_peaceful = exp((peaceful - highest) / p.noise)
    e_violent = exp((violent - highest) / p.noise)
    e_looting = exp((looting - highest) / p.noise)
    mark = u * (e_quiet + e_peaceful + e_violent + e_looting)
    if mark < e_quiet:
        return QUIET
    if mark < e_quiet + e_peaceful:
        return PEACEFUL
    if mark < e_quiet + e_peaceful + e_violent:
        return VIOLENT
    return LOOTING


PARTICIPATION = Mechanism(
    name="logit",
    role="participation",
    street="choices",
    phase=Phase.STREET,
    title="Participation by social utility and logit choice",
    equation="u_P = G + o + beta m - rhobar rho R - T - cost; logit over quiet, peaceful, "
    "violent, looting",
    parameters=ParticipationParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    values=ParticipationValues,
    citizen_reads=READS,
    sources=(
        "Kuran, World Politics 44 (1991)",
        "Brock & Durlauf, Review of Economic Studies 68 (2001)",
        "Siegel, American Journal of Political Science 53 (2009)",
        "Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013)",
    ),
    evidence="supported",
)
