"""Indices: what the crisis cost the country, each change by its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats, exact_sum, log_array
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase

_LN10 = 2.302585092994046


@dataclass(frozen=True)
class IndicesParameters(Parameters):
    """Weights of the indices; only ranks between scenarios should be read."""

    troops: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="s_tr",
        meaning="sovereignty lost while foreign troops stay",
        source="none",
        status="assumed",
    )
    concessions: float = param(
        0.4,
        "1",
        (0.0, 1.0),
        symbol="s_con",
        meaning="sovereignty lost when all demands of the patron are delivered",
        source="none",
        status="assumed",
    )
    dependence: float = param(
        0.0,
        "1",
        (0.0, 1.0),
        symbol="s_dep",
        meaning="sovereignty lost to dependence on one patron",
        source="none",
        status="assumed",
    )
    harm_half: float = param(
        1e-5,
        "1",
        (1e-9, 1.0),
        symbol="h_harm",
        meaning="deaths per citizen at which the harm part of repression is half",
        source="none",
        status="assumed",
    )
    deaths_reputation: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="r_x",
        meaning="reputation lost per thousandfold deaths",
        source="none",
        status="assumed",
    )


def reckon(
    p: IndicesParameters,
    *,
    nation_troops: Floats,
    issue_delivered: Floats,
    issue_cost: Floats,
    nation_deaths: Floats,
    place_deaths: Floats,
    place_force_level: Floats,
    place_population: Floats,
    nation_force_days: Floats,
    audience_economic: Floats,
    audience_abroad: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set the indices of the hour, each in [0, 1].

    sovereignty = 1 - (s_tr [troops] + s_con sum(c x)/sum(c) + s_dep)
    repression = (psi(deaths/N; h_harm) + share of person-days under arrests or fire)/2
    reputation = 1 - P(abroad believes it was hardship) - r_x log10(1 + deaths)/3
    """
    deaths = float(nation_deaths[0]) + exact_sum(place_deaths)
    weight = exact_sum(issue_cost)
    kept = exact_sum(issue_cost * issue_delivered) / weight if weight > 0.0 else 0.0
    present = 1.0 if nation_troops[0] > 0.0 else 0.0
    sovereignty = 1.0 - (p.troops * present + p.concessions * kept + p.dependence)
    under = exact_sum(place_population * (place_force_level >= 2.0)) / persons
    days = float(nation_force_days[0]) + under / 24.0
    share = deaths / persons
    repression = 0.5 * share / (share + p.harm_half) + 0.5 * days / (days + 10.0)
    abroad = audience_abroad > 0.0
    seen = exact_sum(audience_economic[abroad]) / max(float(abroad.sum()), 1.0)
    toll = p.deaths_reputation * float(log_array(np.array([1.0 + deaths]))[0]) / (3.0 * _LN10)
    return {
        "nation_deaths": np.array([deaths]),
        "nation_force_days": np.array([days]),
        "nation_sovereignty": np.array([max(0.0, sovereignty)]),
        "nation_repression": np.array([repression]),
        "nation_reputation": np.array([max(0.0, 1.0 - seen - toll)]),
    }


INDICES = Mechanism(
    name="weights",
    role="indices",
    phase=Phase.OUTCOME,
    title="Sovereignty, repression, reputation",
    equation="sovereignty = 1 - (s_tr [troops] + s_con sum(c x)/sum(c) + s_dep)",
    parameters=IndicesParameters,
    rule=reckon,
    writes=(
        "nation_deaths",
        "nation_force_days",
        "nation_sovereignty",
        "nation_repression",
        "nation_reputation",
    ),
    neutral={"nation_sovereignty": 1.0, "nation_reputation": 1.0},
    sources=("conjecture of this model",),
    evidence="conjecture",
)
