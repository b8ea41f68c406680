"""Participation: private grievance becomes public action of three kinds."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.response import exp, saturation
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.model.sources import SEARCH

QUIET, PEACEFUL, VIOLENT, LOOTING, DETAINED, WOUNDED, DEAD = range(7)


@dataclass(frozen=True)
class ParticipationParameters(Parameters):
    """Who can take part, what pulls and what holds back."""

    mobilisable: float = param(
        0.007, "1", (0.0, 1.0), symbol="eps_m",
        meaning="share of citizens whom health, work and family leave free to act within days",
        source="McAdam, American Journal of Sociology 92 (1986): mechanism; size: "
        + SEARCH,
        status="assumed", prior=log_uniform(0.002, 0.15),
    )
    young_men_weight: float = param(
        3.0, "1", (0.0, 4.0), symbol="w_ym",
        meaning="availability of men aged 16-45 relative to the mean citizen",
        source="McAdam, American Journal of Sociology 92 (1986): direction", status="assumed",
    )
    social_utility: float = param(
        1.15, "1", (-5.0, 5.0), symbol="beta",
        meaning="pull of perceived mobilisation; the sign is open",
        source="Cantoni et al., QJE 134 (2019) (negative); Bursztyn et al., AER: Insights (2021) "
        "(positive)",
        status="assumed", prior=uniform(0.05, 1.5),
    )
    risk_weight: float = param(
        0.155, "1", (0.0, 5.0), symbol="rhobar",
        meaning="weight of perceived risk for the most risk-averse citizen",
        source=SEARCH, status="assumed", prior=uniform(0.1, 0.9),
    )
    threshold: float = param(
        0.41, "1", (-1.0, 3.0), symbol="T",
        meaning="cost of public action when nothing else counts",
        source=SEARCH,
        status="assumed", prior=uniform(0.15, 0.7),
    )
    noise: float = param(
        0.017, "1", (1e-4, 1.0), symbol="sigma",
        meaning="scale of the logit: how random a decision is",
        source=SEARCH, status="assumed",
        prior=log_uniform(0.004, 0.05),
    )
    violence_cost: float = param(
        0.067, "1", (0.0, 3.0), symbol="c_V",
        meaning="further cost of violence",
        source=SEARCH, status="assumed", prior=uniform(0.0, 0.25),
    )
    violence_pull: float = param(
        0.05, "1", (0.0, 3.0), symbol="nu",
        meaning="pull of violence in sight",
        source="none", status="assumed",
    )
    violence_fear: float = param(
        0.5, "1", (0.0, 5.0), symbol="f_V",
        meaning="further fear of the violent, relative to that of the peaceful",
        source="none", status="assumed",
    )
    policing: float = param(
        0.5, "1", (0.0, 10.0), symbol="k_O",
        meaning="how fast officers per citizen on the street take away cover for looting",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )
    looting_cost: float = param(
        0.20, "1", (0.0, 3.0), symbol="c_O",
        meaning="further cost of looting",
        source=SEARCH, status="assumed", prior=uniform(0.0, 0.4),
    )
    looting_gain: float = param(
        0.5, "1", (0.0, 5.0), symbol="b_O",
        meaning="gain from looting for the poorest citizen",
        source="none", status="assumed",
    )
    reconsider: float = param(
        0.15, "per hour", (0.0, 1.0), symbol="lambda",
        meaning="chance in an hour that a citizen thinks again",
        source="none", status="assumed",
    )
    local_half: float = param(
        0.01, "1", (1e-6, 1.0), symbol="h_loc",
        meaning="share of people on the street in sight at which sight pulls by half",
        source="none", status="assumed",
    )
    ties_half: float = param(
        0.10, "1", (1e-6, 1.0), symbol="h_tie",
        meaning="share of personal ties on the street at which ties pull by half",
        source="none", status="assumed",
    )
    national_half: float = param(
        0.0025, "1", (1e-6, 1.0), symbol="h_on",
        meaning="reported national share at which broadcast pulls by half",
        source="none", status="assumed",
    )
    violence_half: float = param(
        0.001, "1", (1e-6, 1.0), symbol="h_V",
        meaning="share of violent people in sight at which violence pulls by half",
        source="none", status="assumed",
    )
    disorder_half: float = param(
        0.0025, "1", (1e-6, 1.0), symbol="h_O",
        meaning="share of violent people and looters in sight at which cover is half",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )


ParticipationValues = values_type(ParticipationParameters, "ParticipationValues")
"""The parameters as the compiled rule takes them."""

Citizen: Any = namedtuple(
    "Citizen",
    ["state", "hardship", "risk_aversion", "exposure", "deprivation", "rank", "online", "ties"],
)
"""One citizen: state code; U, rho, s, RD, income rank; online 0/1; share of ties on the street."""

Here: Any = namedtuple(
    "Here",
    [
        "legitimacy", "loss", "hardship_cut", "price_sensitivity", "deprivation_sensitivity",
        "offline_reach", "outrage", "risk", "cost", "city_pull", "cell_pull", "national_pull",
        "weight_online", "weight_ties", "success", "violence_pull", "cover",
    ],
)
"""What surrounds a citizen: fields of region, place and cell at the last hour."""


def hardship(here: Any, citizen: Any) -> float:
    """Return H_i = 1 - (1 - U_i) exp(-(k_e l_i + k_d RD_i))."""
    loss = citizen.exposure * here.loss + here.hardship_cut
    exponent = here.price_sensitivity * loss + here.deprivation_sensitivity * citizen.deprivation
    return float(1.0 - (1.0 - citizen.hardship) * exp(-exponent))


def mobilisation(p: Any, here: Any, citizen: Any, looked: bool) -> float:
    """Return perceived mobilisation m_i = (m_loc + a m_tie + w m_on)/(1 + a + w) + success.

    m_loc is half the cell, half the city; a citizen who went to look sees the city's crowd alone.
    """
    local = here.city_pull if looked else 0.5 * here.cell_pull + 0.5 * here.city_pull
    reach = here.weight_online * (1.0 if citizen.online == 1 else here.offline_reach)
    tie = saturation(citizen.ties, p.ties_half)
    total = local + here.weight_ties * tie + reach * here.national_pull
    return float(total / (1.0 + here.weight_ties + reach) + here.success)


def decide(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return the action a citizen who thinks again now chooses.

    u_P = G + o + beta m - rhobar rho R - T - cost
    u_V = u_P + o - c_V + nu psi(V_z/N_z) - f_V rhobar rho R
    u_O = chi (b_O (1 - rank) + beta) - rhobar rho R - T - cost - c_O
    Multinomial logit of scale sigma over quiet (0), peaceful, violent, looting.
    """
    grievance = (1.0 - here.legitimacy) * hardship(here, citizen)
    m = mobilisation(p, here, citizen, looked)
    fear = p.risk_weight * citizen.risk_aversion * here.risk
    peaceful = grievance + here.outrage + p.social_utility * m - fear - p.threshold - here.cost
    violent = peaceful + here.outrage - p.violence_cost
    violent = violent + p.violence_pull * here.violence_pull - p.violence_fear * fear
    looting = here.cover * (p.looting_gain * (1.0 - citizen.rank) + p.social_utility)
    looting = looting - fear - p.threshold - here.cost - p.looting_cost
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
    phase=Phase.STREET,
    title="Participation by social utility and logit choice",
    equation="u_P = G + o + beta m - rhobar rho R - T - cost; logit over quiet, peaceful, "
    "violent, looting",
    parameters=ParticipationParameters,
    rule=decide,
    writes=("citizen_state",),
    citizen=True,
    citizen_reads=(
        "region_legitimacy", "region_loss", "place_hardship_cut", "place_outrage", "place_risk",
        "place_cost", "place_weight_online", "place_weight_ties", "place_curious",
        "place_officers", "place_population", "place_peaceful", "place_violent", "place_looting",
        "cell_population", "cell_active", "cell_violent", "cell_looting",
        "nation_reported_share", "place_success",
    ),
    sources=(
        "Kuran, World Politics 44 (1991)",
        "Brock & Durlauf, Review of Economic Studies 68 (2001)",
        "Siegel, American Journal of Political Science 53 (2009)",
        "Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013)",
    ),
    evidence="supported",
)
