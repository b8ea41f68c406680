"""Outrage: harm done to others travels and lasts, unlike the risk that deters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, values_of, values_type
from steppe.core.response import Floats, Number, exact_sum, exp
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.model.sources import SEARCH

_LN2 = 0.6931471805599453


@dataclass(frozen=True)
class OutrageParameters(Parameters):
    """How harm turns into outrage and how long it lasts."""

    per_harm: float = param(
        0.005,
        "per harm per 1,000 residents",
        (0.0, 10.0),
        symbol="a_o",
        meaning="outrage per unit of harm",
        source=SEARCH,
        status="assumed",
    )
    half_life: float = param(
        36.0,
        "h",
        (1.0, 1e5),
        symbol="h_o",
        meaning="time in which outrage halves",
        source="none",
        status="assumed",
    )
    cap: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="o_max",
        meaning="largest outrage",
        source="none",
        status="assumed",
    )
    distant: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="w_nat",
        meaning="weight of harm elsewhere in the country, as far as it can be heard of",
        source="none",
        status="assumed",
    )
    death_weight: float = param(
        10.0,
        "1",
        (0.0, 1000.0),
        symbol="w_x",
        meaning="harm of a death relative to a wound",
        source="none",
        status="assumed",
    )
    arrest_weight: float = param(
        0.3,
        "1",
        (0.0, 100.0),
        symbol="w_a",
        meaning="harm of an arrest relative to a wound",
        source="none",
        status="assumed",
    )


OutrageValues = values_type(OutrageParameters, "OutrageValues")
"""The parameters as compiled code takes them."""


def harm(p: OutrageParameters, deaths: Number, woundings: Number, arrests: Number) -> Number:
    """Return the harm of an hour in units of a wound: w_x deaths + wounds + w_a arrests."""
    return p.death_weight * deaths + woundings + p.arrest_weight * arrests


def remaining(p: OutrageParameters) -> float:
    """Return the share of outrage that is left after an hour: 2^(-1/h_o)."""
    return exp(-_LN2 / p.half_life)


def new_outrage(
    p: OutrageParameters, here: Number, everywhere: float, cut: Number, frame: Number
) -> Number:
    """Return a_o (harm_c + w_nat (1 - b_on) harm_nat) (1 - frame_T); harm per 1,000 residents."""
    return p.per_harm * (here + p.distant * (1.0 - cut) * everywhere) * (1.0 - frame)


def fill_outrage(
    p: OutrageParameters, places: tuple[Floats, ...], everywhere: float, level: Floats
) -> None:
    """Write the outrage of each place; ``places`` are outrage, harm, people, cut and frame."""
    before, raw, people, cut, frame = places
    remainder = remaining(p)
    for c in range(len(level)):
        here = 1000.0 * raw[c] / max(people[c], 1.0)
        added = new_outrage(p, here, everywhere, cut[c], frame[c])
        level[c] = min(max(before[c] * remainder + added, 0.0), p.cap)


def outrage(
    p: OutrageParameters,
    *,
    place_outrage: Floats,
    place_deaths: Floats,
    place_woundings: Floats,
    place_arrests: Floats,
    place_population: Floats,
    place_internet_cut: Floats,
    place_frame: Floats,
    persons: float,
) -> dict[str, Any]:
    """Let outrage fade and add the harm of the last hour.

    harm = (10 deaths + wounds + 0.3 arrests) per 1,000 residents
    o(t+1) = o 2^(-1/36) + a_o (harm_c + 0.3 (1 - b_on) harm_nat) (1 - frame_T),  0 <= o <= 0.3
    """
    raw = harm(p, place_deaths, place_woundings, place_arrests)
    everywhere = 1000.0 * exact_sum(raw) / persons
    level = np.empty(len(raw))
    places = (place_outrage, raw, place_population, place_internet_cut, place_frame)
    compiled(fill_outrage)(values_of(OutrageValues, p), places, everywhere, level)
    return {"place_outrage": level}


OUTRAGE = Mechanism(
    name="backlash",
    role="outrage",
    phase=Phase.GRIEVANCE,
    title="Outrage at harm",
    equation="o(t+1) = o 2^(-1/h_o) + a_o (harm_c + w_nat (1 - b_on) harm_nat) (1 - frame_T)",
    parameters=OutrageParameters,
    rule=outrage,
    writes=("place_outrage",),
    sources=(
        "Rasler, American Sociological Review 61 (1996)",
        "Aytac, Schiumerini & Stokes, Journal of Conflict Resolution 62 (2018)",
    ),
    evidence="supported",
)
