"""Diffusion: neighbors learn from how the crisis ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase
from steppe.model.theory.learning import (
    Belief,
    Outcome,
    learn,
    precedent,
    revolt_hazard,
)


@dataclass(frozen=True)
class DiffusionParameters(Parameters):
    """Base hazard of a revolt next door and how far examples move it."""

    base_hazard: float = param(
        2e-4,
        "per day",
        (0.0, 1.0),
        symbol="h0",
        meaning="daily hazard of a revolt in a neighboring country in quiet times",
        source="order of magnitude: an irregular exit within 180 days in 1.8 % of autocratic "
        "leader-years, 1990-2015",
        status="assumed",
    )
    sensitivity: float = param(
        5.0,
        "1",
        (0.0, 100.0),
        symbol="gamma",
        meaning="change of the log hazard per unit of believed success",
        source="none",
        status="assumed",
    )
    lesson: float = param(
        1.0,
        "1",
        (0.0, 100.0),
        symbol="g_n",
        meaning="weight of one example",
        source="none",
        status="assumed",
    )
    prior_success: float = param(
        1.0,
        "1",
        (0.01, 100.0),
        symbol="a_0",
        meaning="prior count of successful revolts",
        source="none",
        status="assumed",
    )
    prior_failure: float = param(
        4.0,
        "1",
        (0.01, 100.0),
        symbol="b_0",
        meaning="prior count of failed revolts",
        source="none",
        status="assumed",
    )


def watch(
    p: DiffusionParameters,
    *,
    neighbour_similarity: Floats,
    neighbour_revolt: Any,
    nation_rescued: Floats,
    nation_fallen: Any,
    nation_survived: Any,
    nation_troops: Floats,
    nation_belief: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    persons: float,
    hour_of_day: int,
    u_revolt: Floats,
) -> dict[str, Any]:
    """Let neighbors learn at midnight: once from the outcome, daily from the crowds.

    success a += sim g;  failure b += sim g;  rescue b += 2 sim g
    h = h0 exp(gamma (E[belief] - prior mean) + sim psi(A/N; .0025)/2);
    precedent = 2 psi(sim (1 - p_survive); 0.15)
    """
    prior = Belief(p.prior_success, p.prior_failure)
    helped = max(float(nation_rescued[0]), 1.0 if nation_troops[0] > 0.0 else 0.0)
    outcome: Outcome | None = None
    if int(nation_fallen[0]):
        outcome = "success"
    elif int(nation_survived[0]):
        outcome = "rescue" if helped == 1.0 else "failure"
    belief = np.full(len(neighbour_similarity), prior.mean)
    if outcome is not None:
        after = (learn(prior, outcome, s, p.lesson) for s in neighbour_similarity.tolist())
        belief = np.array([one.mean for one in after], dtype=np.float64)
    active = exact_sum(place_peaceful + place_violent + place_looting) / persons
    hazard, fear = np.empty((2, len(belief)))
    rates = (p.base_hazard, p.sensitivity, active, 1.0 - float(nation_belief[0]))
    compiled(fill_hazards)(rates, neighbour_similarity, belief - prior.mean, hazard, fear)
    revolt = neighbour_revolt
    if hour_of_day == 0:
        revolt = np.maximum(neighbour_revolt, u_revolt < hazard)
    return {
        "neighbour_belief": belief,
        "neighbour_hazard": hazard,
        "neighbour_revolt": revolt,
        "neighbour_precedent": fear,
        "nation_rescued": np.array([helped]),
    }


def fill_hazards(
    rates: tuple[float, float, float, float],
    similarity: Floats,
    rise: Floats,
    hazard: Floats,
    fear: Floats,
) -> None:
    """Write the hazard of each neighbor, and its incumbent's fear of a precedent.

    ``rates`` are h0, gamma, the share of citizens on the street and the chance of a fall.
    """
    base, sensitivity, active, fall = rates
    for i in range(len(similarity)):
        hazard[i] = revolt_hazard(base, rise[i], sensitivity, similarity[i], active)
        fear[i] = precedent(similarity[i], fall)


DIFFUSION = Mechanism(
    name="learning",
    role="diffusion",
    phase=Phase.OUTCOME,
    title="Neighbors learn from the outcome",
    equation="Beta(a, b) belief;  h = h0 exp(gamma (E - prior) + sim psi(A/N)/2)",
    parameters=DiffusionParameters,
    rule=watch,
    writes=(
        "neighbour_belief",
        "neighbour_hazard",
        "neighbour_revolt",
        "neighbour_precedent",
        "nation_rescued",
    ),
    random_numbers={"u_revolt": RandomNumber(Purpose.NEIGHBOUR, "neighbour")},
    sources=(
        "Beissinger, Perspectives on Politics 5 (2007)",
        "Chen & Suen, AEJ: Microeconomics 8 (2016)",
        "Houle, Kayser & Xiang, International Organization 70 (2016)",
    ),
    evidence="supported",
)
