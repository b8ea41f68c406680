"""Rumour: word that the police have changed sides spreads, is corrected, and dies out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class RumourParameters(Parameters):
    """Spread, correction and spark of the rumour."""

    contact: float = param(
        0.2,
        "per hour",
        (0.0, 1.0),
        symbol="r_q",
        meaning="contacts of a spreader in an hour",
        source="Maki & Thompson (1973): mechanism",
        status="assumed",
    )
    correction: float = param(
        0.1,
        "per hour",
        (0.0, 1.0),
        symbol="c_q",
        meaning="rate at which online news corrects a spreader",
        source="none",
        status="assumed",
    )
    spark: float = param(
        0.001,
        "1",
        (0.0, 1.0),
        symbol="s_q",
        meaning="share who first tell it where a building is lost or a unit changes sides",
        source="none",
        status="assumed",
    )


def spread(ignorant: Floats, spreading: Floats, contact: float) -> tuple[Floats, Floats]:
    """Return the shares who hear the rumour and who fall silent in an hour (Maki-Thompson).

    heard = r S I;  silenced = r S (1 - I): a spreader falls silent who meets one that knows
    """
    return contact * spreading * ignorant, contact * spreading * (1.0 - ignorant)


def whisper(
    p: RumourParameters,
    *,
    place_rumour_spreading: Floats,
    place_rumour_heard: Floats,
    place_internet_cut: Floats,
    place_defected_officers: Floats,
    building_place: Any,
    building_lost: Any,
) -> dict[str, Any]:
    """Spread the rumour within each place by shares of its people.

    dI = -r S I;  dS = r S I - r S (1 - I) - c (1 - b_on) S
    """
    causes = building_lost.any() or place_defected_officers.any()
    if not (causes or place_rumour_spreading.any()):
        return {
            "place_rumour_spreading": place_rumour_spreading,
            "place_rumour_heard": place_rumour_heard,
        }
    lost = np.bincount(building_place, weights=building_lost, minlength=len(place_rumour_heard))
    told = (lost > 0.0) | (place_defected_officers > 0.0)
    fresh = told & (place_rumour_heard == 0.0)
    spreading = np.where(fresh, p.spark, place_rumour_spreading)
    heard = np.where(fresh, p.spark, place_rumour_heard)
    gained, silenced = spread(1.0 - heard, spreading, p.contact)
    corrected = p.correction * (1.0 - place_internet_cut) * spreading
    return {
        "place_rumour_spreading": np.clip(spreading + gained - silenced - corrected, 0.0, 1.0),
        "place_rumour_heard": np.clip(heard + gained, 0.0, 1.0),
    }


RUMOUR = Mechanism(
    name="maki-thompson",
    role="rumour",
    phase=Phase.INFORMATION,
    title="Rumour of defections",
    equation="dI = -r S I;  dS = r S I - r S (1-I) - c (1-b_on) S",
    parameters=RumourParameters,
    rule=whisper,
    writes=("place_rumour_spreading", "place_rumour_heard"),
    sources=(
        "Daley & Kendall, J. Inst. Mathematics and its Applications 1 (1965)",
        "Maki & Thompson, Mathematical Models and Applications (1973)",
    ),
    evidence="supported",
)
