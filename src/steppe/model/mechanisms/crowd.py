"""Crowd: what every rule of choice shares: what is seen, what is felt."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from steppe.core.params import param
from steppe.core.response import Floats, exp, exp_array, saturation, saturation_array
from steppe.model.mechanisms.availability import AvailabilityParameters

QUIET, PEACEFUL, VIOLENT, LOOTING, DETAINED, WOUNDED, DEAD, RESTING, WITHDRAWN = range(9)
"""States of a citizen; only rules of hazards lead to the last two: home for a while, for good."""

READS = (
    "region_legitimacy",
    "region_trigger_loss",
    "region_loss",
    "place_hardship_cut",
    "place_outrage",
    "place_trigger_harm",
    "place_risk",
    "place_cost",
    "place_weight_online",
    "place_weight_ties",
    "place_weight_lost",
    "place_ties_lost",
    "place_curious",
    "place_officers",
    "place_population",
    "place_peaceful",
    "place_violent",
    "place_looting",
    "cell_population",
    "cell_active",
    "cell_violent",
    "cell_looting",
    "nation_reported_share",
    "place_success",
)
"""Columns behind ``Here``, which every rule of choice is given."""


@dataclass(frozen=True)
class CrowdParameters(AvailabilityParameters):
    """How often those who can act think again, and at what share sight pulls."""

    reconsider: float = param(
        0.15,
        "per hour",
        (0.0, 1.0),
        symbol="lambda",
        meaning="chance in an hour that a citizen thinks again",
        source="none",
        status="assumed",
    )
    local_half: float = param(
        0.01,
        "1",
        (1e-6, 1.0),
        symbol="h_loc",
        meaning="share of people on the street in sight at which sight pulls by half",
        source="none",
        status="assumed",
    )
    ties_half: float = param(
        0.10,
        "1",
        (1e-6, 1.0),
        symbol="h_tie",
        meaning="share of personal ties on the street at which ties pull by half",
        source="none",
        status="assumed",
    )
    national_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_on",
        meaning="reported national share at which broadcast pulls by half",
        source="none",
        status="assumed",
    )
    violence_half: float = param(
        0.001,
        "1",
        (1e-6, 1.0),
        symbol="h_V",
        meaning="share of violent people in sight at which violence pulls by half",
        source="none",
        status="assumed",
    )
    policing: float = param(
        0.5,
        "1",
        (0.0, 10.0),
        symbol="k_O",
        meaning="how fast officers per citizen on the street take away cover for looting",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )
    disorder_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_O",
        meaning="share of violent people and looters in sight at which cover is half",
        source="Davies, Fry, Wilson & Bishop, Scientific Reports 3 (2013): mechanism",
        status="assumed",
    )


Citizen: Any = namedtuple(
    "Citizen",
    ["state", "hardship", "risk_aversion", "exposure", "deprivation", "rank", "online", "ties"],
)
"""One citizen: state code; U, rho, s, RD, income rank; online 0/1; share of ties on the street."""

Here: Any = namedtuple(
    "Here",
    [
        "legitimacy",
        "loss",
        "hardship_cut",
        "price_sensitivity",
        "deprivation_sensitivity",
        "offline_reach",
        "outrage",
        "risk",
        "cost",
        "city_pull",
        "cell_pull",
        "national_pull",
        "weight_online",
        "weight_ties",
        "weight_lost",
        "ties_lost",
        "success",
        "violence_pull",
        "cover",
    ],
)
"""What surrounds a citizen: fields of region, place and cell at the last hour."""


class Sight(NamedTuple):
    """What the street shows, each in [0, 1]: by place, by cell, and of the whole country."""

    city_pull: Floats
    cell_pull: Floats
    violence_pull: Floats
    cover: Floats
    national_pull: float


def sight(p: CrowdParameters, columns: Mapping[str, Any]) -> Sight:
    """Return what citizens see this hour, from the columns as the last hour left them.

    city_pull = psi(A_c/N_c; h_loc), cell_pull = psi(A_z/N_z; h_loc),
    cover chi_z = psi((V_z + O_z)/N_z; h_O) exp(-k_O F_c/A_c)
    """
    c = columns
    active = c["place_peaceful"] + c["place_violent"] + c["place_looting"]
    disorder = (c["cell_violent"] + c["cell_looting"]) / c["cell_population"]
    policed = exp_array(-p.policing * (c["place_officers"] / np.maximum(active, 1.0)))
    reported = float(c["nation_reported_share"][0])
    return Sight(
        city_pull=saturation_array(active / c["place_population"], p.local_half),
        cell_pull=saturation_array(c["cell_active"] / c["cell_population"], p.local_half),
        violence_pull=saturation_array(c["cell_violent"] / c["cell_population"], p.violence_half),
        cover=saturation_array(disorder, p.disorder_half) * policed[c["cell_place"]],
        national_pull=reported / (reported + p.national_half),
    )


def hardship(here: Any, citizen: Any) -> float:
    """Return H_i = 1 - (1 - U_i) exp(-(k_e l_i + k_d RD_i))."""
    loss = citizen.exposure * here.loss + here.hardship_cut
    exponent = here.price_sensitivity * loss + here.deprivation_sensitivity * citizen.deprivation
    return float(1.0 - (1.0 - citizen.hardship) * exp(-exponent))


def mobilisation(p: Any, here: Any, citizen: Any, looked: bool) -> float:
    """Return perceived mobilisation m_i = (m_loc + a m_tie + w m_on)/(1 + a + w + lost) + success.

    Weights lost count as far as the citizen is online, like the weight of broadcast itself.

    m_loc is half the cell, half the city; a citizen who went to look sees the city's crowd alone.
    """
    local = here.city_pull if looked else 0.5 * here.cell_pull + 0.5 * here.city_pull
    own = 1.0 if citizen.online == 1 else here.offline_reach
    reach = here.weight_online * own
    tie = saturation(citizen.ties, p.ties_half)
    total = local + here.weight_ties * tie + reach * here.national_pull
    weight = 1.0 + here.weight_ties + reach + here.weight_lost * own + here.ties_lost
    return float(total / weight + here.success)
