"""Legitimacy: slow to return, quick to be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, values_type
from steppe.core.response import Floats, Number, log_array
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.model.sources import SEARCH

_LN10 = 2.302585092994046


@dataclass(frozen=True)
class LegitimacyParameters(Parameters):
    """Level and movements of the regime's legitimacy."""

    initial: float = param(
        0.6,
        "1",
        (0.0, 1.0),
        symbol="L0",
        meaning="legitimacy before the crisis, to which it returns",
        source=SEARCH + "; surveys overstate it: Frye et al., Post-Soviet Affairs 33 (2017)",
        status="assumed",
    )
    return_hours: float = param(
        720.0,
        "h",
        (1.0, 1e6),
        symbol="tau_L",
        meaning="time constant of the return to the initial level",
        source="none",
        status="assumed",
    )
    blackout_loss: float = param(
        0.01,
        "1",
        (0.0, 1.0),
        symbol="d_blk",
        meaning="legitimacy lost when a region's internet is cut",
        source="none",
        status="assumed",
    )
    framing_gain: float = param(
        0.05,
        "1",
        (0.0, 1.0),
        symbol="d_frame",
        meaning="legitimacy gained per unit of acceptance of the government's story",
        source="none",
        status="assumed",
    )
    killing_loss: float = param(
        0.001,
        "per tenfold deaths",
        (0.0, 1.0),
        symbol="d_kill",
        meaning="legitimacy lost per tenfold increase of deaths in the hour",
        source="none",
        status="assumed",
    )


LegitimacyValues = values_type(LegitimacyParameters, "LegitimacyValues")
"""The parameters as compiled code takes them."""


def cut_begins(cut_days: Number, cut: Number) -> Any:
    """Return whether this is the first hour of a cut, of numbers or of arrays."""
    return (cut_days > 0.0) & (cut_days * 24.0 - cut < 1e-9)


def legitimacy_after(
    p: LegitimacyParameters, level: Number, struck: Number, log_deaths: Number, framed: float
) -> Number:
    """Return the level an hour later, before it is clipped.

    ``struck`` is the share of people whose cut begins, ``log_deaths`` ln(1 + deaths), ``framed``
    the change of acceptance of the government's story.
    """
    return (
        level
        + (p.initial - level) / p.return_hours
        - p.blackout_loss * struck
        - p.killing_loss * log_deaths / _LN10
        + p.framing_gain * framed
    )


def legitimate(
    p: LegitimacyParameters,
    *,
    region_legitimacy: Floats,
    place_deaths: Floats,
    place_cut_days: Floats,
    place_internet_cut: Floats,
    place_region: Any,
    place_population: Floats,
    region_population: Floats,
    nation_frame_change: Floats,
) -> dict[str, Any]:
    """Move legitimacy one hour.

    L(t+1) = L + (L0 - L)/tau_L - d_blk [cut begins] - d_kill log10(1 + deaths)
             + d_frame (change of acceptance),  clipped to [0, 1]
    A cut begins in a place in the hour its first cut is counted; the region loses in proportion
    to the people of the places concerned.
    """
    regions = len(region_legitimacy)
    deaths: Floats = np.asarray(
        np.bincount(place_region, weights=place_deaths, minlength=regions), dtype=np.float64
    )
    first_hour = cut_begins(place_cut_days, place_internet_cut)
    people = np.where(first_hour, place_population, 0.0)
    struck: Floats = np.asarray(
        np.bincount(place_region, weights=people, minlength=regions) / region_population,
        dtype=np.float64,
    )
    level = legitimacy_after(
        p, region_legitimacy, struck, log_array(1.0 + deaths), float(nation_frame_change[0])
    )
    return {"region_legitimacy": np.clip(level, 0.0, 1.0)}


LEGITIMACY = Mechanism(
    name="slow-return",
    role="legitimacy",
    phase=Phase.GRIEVANCE,
    title="Legitimacy of the regime",
    equation="L(t+1) = L + (L0-L)/tau_L - d_blk [cut begins] - d_kill log10(1 + deaths)",
    parameters=LegitimacyParameters,
    rule=legitimate,
    writes=("region_legitimacy",),
    sources=("Desai, Olofsgard & Yousef, Economics & Politics 21 (2009)",),
    evidence="conjecture",
)
