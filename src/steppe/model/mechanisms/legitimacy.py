"""Legitimacy: slow to return, quick to be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import Parameters, param, values_of, values_type
from steppe.core.response import Floats, Number, log
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


def sum_by_region(region: Any, places: tuple[Floats, ...], sums: Floats) -> None:
    """Add up deaths, and people whose cut begins, by region; ``sums`` is (2, regions)."""
    deaths, cut_days, cut, people = places
    for c in range(len(region)):
        sums[0, region[c]] += deaths[c]
        if cut_begins(cut_days[c], cut[c]):
            sums[1, region[c]] += people[c]


def fill_legitimacy(
    p: LegitimacyParameters, regions: tuple[Floats, Floats], sums: Floats, framed: float, to: Floats
) -> None:
    """Write the legitimacy of each region after the hour; ``regions`` are its level and people."""
    level, people = regions
    for r in range(len(to)):
        struck = sums[1, r] / people[r]
        after = legitimacy_after(p, level[r], struck, log(1.0 + sums[0, r]), framed)
        to[r] = min(max(after, 0.0), 1.0)


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
    sums, level = np.zeros((2, len(region_legitimacy))), np.empty(len(region_legitimacy))
    places = (place_deaths, place_cut_days, place_internet_cut, place_population)
    compiled(sum_by_region)(place_region, places, sums)
    regions = (region_legitimacy, region_population)
    framed = float(nation_frame_change[0])
    compiled(fill_legitimacy)(values_of(LegitimacyValues, p), regions, sums, framed, level)
    return {"region_legitimacy": level}


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
