"""Going first: somebody takes to the street where nobody is yet.

A proportional hazard, the form in which the diffusion of protest is estimated (Strang & Tuma,
American Journal of Sociology 99, 1993; Myers, American Journal of Sociology 106, 2000). What
counts is the mean loss of the region, not the loss of one person. A hazard that adds up personal
losses starts where most people live; one that is convex in the share of people hit starts where
that share is largest. Whoever goes first brings a group along (``engine.street_first``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, log_uniform, param, uniform, values_of, values_type
from steppe.core.response import Floats, Number, exp
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class FirstMoveParameters(Parameters):
    """The hazard of going first in a quiet country, and what multiplies it."""

    rate: float = param(
        3.1e-9,
        "per person-hour",
        (0.0, 1.0),
        symbol="phi0",
        meaning="hazard of going first by day, without loss and without news",
        source="none; bounded by how quiet a country is before its trigger",
        status="assumed",
        prior=log_uniform(1e-10, 1e-6),
    )
    group: float = param(
        30.0,
        "persons",
        (1.0, 1e5),
        symbol="g",
        meaning="mean size of the group that goes first together, geometric",
        source="Oliver, Marwell & Teixeira, American Journal of Sociology 91 (1985): mechanism",
        status="assumed",
    )
    loss: float = param(
        212.0,
        "per budget share",
        (0.0, 1000.0),
        symbol="b_l",
        meaning="log-hazard per unit of the mean loss of all people of the region",
        source="Snow, Cress, Downey & Jones, Mobilization 3 (1998): suddenly imposed, shared "
        "grievance; McCulloch et al., World Development 157 (2022): direction",
        status="assumed",
        prior=uniform(0.0, 300.0),
    )
    legitimacy: float = param(
        20.0,
        "1",
        (0.0, 200.0),
        symbol="b_L",
        meaning="log-hazard per unit of legitimacy lost since the start",
        source="none",
        status="assumed",
    )
    outrage: float = param(
        10.0,
        "1",
        (0.0, 200.0),
        symbol="b_o",
        meaning="log-hazard per unit of outrage at harm done",
        source="none",
        status="assumed",
    )
    memory: float = param(
        1.3,
        "1",
        (0.0, 20.0),
        symbol="b_m",
        meaning="log-hazard added where a past massacre or strike is remembered",
        source="none",
        status="assumed",
        prior=uniform(0.0, 5.0),
    )
    news: float = param(
        9.0,
        "1",
        (0.0, 50.0),
        symbol="b_n",
        meaning="log-hazard at full news of crowds elsewhere",
        source="Myers (2000); Andrews & Biggs, American Sociological Review 71 (2006): sign",
        status="assumed",
        prior=uniform(2.0, 14.0),
    )
    deterrence: float = param(
        1.43,
        "1",
        (0.0, 50.0),
        symbol="b_X",
        meaning="log-hazard that complete deterrence takes away",
        source="none",
        status="assumed",
        prior=uniform(0.0, 6.0),
    )


FirstMoveValues = values_type(FirstMoveParameters, "FirstMoveValues")
"""The parameters as compiled code takes them."""


def shared_score(p: FirstMoveParameters, loss: Number, lost: Number) -> Number:
    """Return b_l lbar_r + b_L (L0 - L)_r: what a region's people have in common."""
    return p.loss * loss + p.legitimacy * lost


def own_score(p: FirstMoveParameters, outrage: Number, memory: Number, news: Number) -> Number:
    """Return b_o o_c + b_m mem_c + b_n n_c: what a place has for itself."""
    return p.outrage * outrage + p.memory * memory + p.news * news


def hazard_of(p: FirstMoveParameters, awake: float, growth: Number) -> Number:
    """Return phi0 circ ``growth``, where growth is e to the sum of all scores."""
    return p.rate * awake * growth


def fill_hazard(
    p: FirstMoveParameters,
    region: Any,
    regions: tuple[Floats, ...],
    places: tuple[Floats, ...],
    nation: tuple[float, float],
    hazard: Floats,
) -> None:
    """Write the hazard of each place, from columns by region and by place and two numbers."""
    loss, usual, legitimacy = regions
    outrage, memory, news, trigger = places
    deterrence, awake = nation
    for c in range(len(hazard)):
        r = region[c]
        shared = shared_score(p, loss[r], max(usual[r] - legitimacy[r], 0.0))
        own = own_score(p, outrage[c], memory[c], news[c]) + trigger[c]
        hazard[c] = hazard_of(p, awake, exp(shared + own - p.deterrence * deterrence))


def first_hazard(
    p: FirstMoveParameters,
    *,
    place_first_integral: Floats,
    region_shared_loss: Floats,
    region_legitimacy: Floats,
    region_legitimacy_before: Floats,
    place_region: Any,
    place_memory: Floats,
    place_news: Floats,
    place_outrage: Floats,
    place_trigger: Floats,
    nation_deterrence: Floats,
    nation_awake: Floats,
) -> dict[str, Any]:
    """Set the hazard at which a quiet member of the pool goes first, and its sum since hour 0.

    f_c = phi0 circ exp(b_l lbar_r + b_L (L0 - L)_r + b_o o_c + b_m mem_c + b_n n_c - b_X X + tr_c)
    tr_c is the score of triggers; what they do to L and o is in it, and not in L0 - L and o.
    Phi_c(t) = Phi_c(t-1) + f_c
    A citizen goes first once Phi has grown by an exponential number that is his own (construction
    of Sellke, Journal of Applied Probability 20, 1983). The lowest number of a place decides
    whether anybody there goes first.
    """
    regions = (region_shared_loss, region_legitimacy_before, region_legitimacy)
    places = (place_outrage, place_memory, place_news, place_trigger)
    nation = (float(nation_deterrence[0]), float(nation_awake[0]))
    hazard = np.empty(len(place_region))
    values = values_of(FirstMoveValues, p)
    compiled(fill_hazard)(values, place_region, regions, places, nation, hazard)
    return {"place_first_hazard": hazard, "place_first_integral": place_first_integral + hazard}


FIRST_MOVE = Mechanism(
    name="shared-loss",
    role="first_move",
    street="hazards",
    phase=Phase.RISK,
    title="Going first, where nobody is on the street yet",
    equation="f = phi0 circ exp(b_l lbar + b_L (L0 - L) + b_o o + b_m mem + b_n n - b_X X + tr)",
    parameters=FirstMoveParameters,
    rule=first_hazard,
    writes=("place_first_hazard", "place_first_integral"),
    sources=(
        "Oliver, Marwell & Teixeira, American Journal of Sociology 91 (1985)",
        "Snow, Cress, Downey & Jones, Mobilization 3 (1998)",
        "Myers, American Journal of Sociology 106 (2000)",
        "Andrews & Biggs, American Sociological Review 71 (2006)",
    ),
    evidence="conjecture",
)
