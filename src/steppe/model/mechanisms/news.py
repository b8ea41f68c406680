"""News: what is known here of crowds elsewhere. It is slow, fades, and weakens with distance.

News lowers the cost of going first (``first_move``) and does nothing else: it puts nobody into a
crowd that is not there.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.geodesy import distances
from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.response import Floats, Number, exact_sum, exp, exp_array, saturation_array
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class NewsParameters(Parameters):
    """How fast and how far news of a crowd travels, and what a cut-off keeps of it."""

    delay: float = param(
        28.0,
        "h",
        (0.1, 1e4),
        symbol="tau_n",
        meaning="time constant of news: how long until people act on it, and how long it lasts",
        source="none",
        status="assumed",
        prior=log_uniform(8.0, 72.0),
    )
    half: float = param(
        1.8e-5,
        "1",
        (1e-9, 1.0),
        symbol="h_n",
        meaning="weighted crowd elsewhere, as a share of the country's people, at which news is "
        "half of what it can be",
        source="none",
        status="assumed",
        prior=log_uniform(5e-6, 5e-4),
    )
    national: float = param(
        0.19,
        "1",
        (0.0, 1.0),
        symbol="u",
        meaning="part of the news that does not depend on distance",
        source="Bonnasse-Gahot et al., Scientific Reports 8 (2018): nearness counts beside the "
        "media; size open",
        status="assumed",
        prior=uniform(0.0, 1.0),
    )
    reach: float = param(
        500.0,
        "km",
        (1.0, 1e5),
        symbol="ell",
        meaning="distance at which the rest of the news has fallen to 1/e",
        source="Bonnasse-Gahot et al., Scientific Reports 8 (2018): form; size open",
        status="assumed",
        prior=log_uniform(100.0, 1500.0),
    )
    inside: float = param(
        100.0,
        "km",
        (0.0, 1e4),
        symbol="d_in",
        meaning="distance assumed between two places of one region",
        source="none",
        status="assumed",
    )
    least: float = param(
        50.0,
        "persons",
        (0.0, 1e6),
        symbol="A_min",
        meaning="crowd in one place below which nobody elsewhere hears of it",
        source="none",
        status="assumed",
    )
    cut_reach: float = param(
        0.9,
        "1",
        (0.0, 1.0),
        symbol="k_cut",
        meaning="share of the news that a complete internet cut keeps out",
        source="none",
        status="assumed",
    )
    cut_cost: float = param(
        0.005,
        "budget share per day",
        (0.0, 0.1),
        symbol="l_cut",
        meaning="budget share lost for each day that an internet cut lasts, since payments fail",
        source="none",
        status="assumed",
    )


NewsValues = values_type(NewsParameters, "NewsValues")
"""The parameters as compiled code takes them."""


def remaining(p: NewsParameters) -> float:
    """Return the share of what is remembered that is left after an hour: e^(-1/tau_n)."""
    return exp(-1.0 / p.delay)


def memory_after(p: NewsParameters, remainder: float, memory: Number, crowd: Number) -> Number:
    """Return M(t) = M(t-1) m + (1 - m) A [A >= A_min], m the remainder of an hour."""
    return memory * remainder + (1.0 - remainder) * (crowd * (crowd >= p.least))


def weighted_crowd(p: NewsParameters, others: Number, nearby: Number) -> Number:
    """Return u (M_nat - M_c) + (1-u) sum_k M_k e^(-d_ck/ell), k not c."""
    return p.national * others + (1.0 - p.national) * nearby


def let_through(p: NewsParameters, crowd: Number, cut: Number) -> Number:
    """Return what an internet cut leaves of a weighted crowd."""
    return crowd * (1.0 - p.cut_reach * cut)


@dataclass(frozen=True)
class DispersionParameters(NewsParameters):
    """News, and curiosity once it stops."""

    curiosity: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="c_look",
        meaning="how much a complete cut itself counts as news, where there is news to cut",
        source="Hassanpour, Political Communication 31 (2014): mechanism only",
        status="assumed",
    )


def spread_news(
    p: NewsParameters,
    *,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_internet_cut: Floats,
    place_cut_days: Floats,
    place_region: Any,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set what is known in each place of the crowds of all others.

    M_c(t) = M_c(t-1) e^(-1/tau_n) + (1 - e^(-1/tau_n)) A_c [A_c >= A_min],  A = P + V
    x_c = (1 - k_cut b_c) (u (M_nat - M_c) + (1-u) sum_k M_k e^(-d_ck/ell)),  k not c
    n_c = x_c/(x_c + h_n N);  d between regions, d_in inside one
    """
    memory = memory_after(p, remaining(p), place_news_memory, place_peaceful + place_violent)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    heard = let_through(p, elsewhere, place_internet_cut)
    return _written(p, memory, heard / persons, place_cut_days)


def spread_news_unaffected(
    p: NewsParameters,
    *,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_cut_days: Floats,
    place_region: Any,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set news as ``spread_news`` with k_cut = 0: it travels by other ways; payments still fail."""
    memory = memory_after(p, remaining(p), place_news_memory, place_peaceful + place_violent)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    return _written(p, memory, elsewhere / persons, place_cut_days)


def spread_news_by_silence(
    p: DispersionParameters,
    *,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_internet_cut: Floats,
    place_cut_days: Floats,
    place_region: Any,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set news as ``spread_news`` does, and count silence itself as news: a cut sends people out.

    n_c = max(n_c, c_look b_c n0_c),  n0_c the news without the cut
    """
    memory = memory_after(p, remaining(p), place_news_memory, place_peaceful + place_violent)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    heard = let_through(p, elsewhere, place_internet_cut)
    written = _written(p, memory, heard / persons, place_cut_days)
    silence = p.curiosity * place_internet_cut * saturation_array(elsewhere / persons, p.half)
    return written | {"place_news": np.maximum(written["place_news"], silence)}


@functools.lru_cache(maxsize=64)
def kernel(lat: bytes, lon: bytes, inside: float, reach: float) -> Floats:
    """Return e^(-d/ell) between regions, (n, n)."""
    distance = distances(np.frombuffer(lat), np.frombuffer(lon))
    np.fill_diagonal(distance, inside)
    weights = exp_array(-distance / reach)
    weights.setflags(write=False)
    return weights


def add_by_distance(weights: Floats, crowds: Floats, near: Floats) -> None:
    """Add sum_k A_k e^(-d_rk/ell) to each region r of ``near``, in the order of k."""
    for r in range(len(near)):
        for k in range(len(crowds)):
            near[r] += weights[r, k] * crowds[k]


def _elsewhere(p: NewsParameters, memory: Floats, region: Any, lat: Floats, lon: Floats) -> Floats:
    """Return the weighted crowd elsewhere that each place would know of without any cut."""
    if not memory.any():
        return np.zeros_like(memory)
    weights = kernel(lat.tobytes(), lon.tobytes(), p.inside, p.reach)
    by_region = np.bincount(region, weights=memory, minlength=len(lat))
    near = np.zeros(len(lat))
    compiled(add_by_distance)(weights, by_region, near)
    nearby = near[region] - memory * weights.diagonal()[region]
    known = weighted_crowd(p, exact_sum(memory) - memory, nearby)
    return np.asarray(np.maximum(known, 0.0), dtype=np.float64)


def _written(p: NewsParameters, memory: Floats, heard: Floats, cut_days: Floats) -> dict[str, Any]:
    return {
        "place_news_memory": memory,
        "place_news": saturation_array(heard, p.half),
        "place_hardship_cut": p.cut_cost * cut_days,
    }


_WRITES = ("place_news_memory", "place_news", "place_hardship_cut")
_SOURCES = (
    "Myers, American Journal of Sociology 106 (2000)",
    "Andrews & Biggs, American Sociological Review 71 (2006)",
    "Bonnasse-Gahot et al., Scientific Reports 8 (2018)",
)

NEWS = Mechanism(
    name="travels",
    role="news",
    street="hazards",
    phase=Phase.INFORMATION,
    title="News of crowds elsewhere; a blackout blocks it",
    equation="M' = M e^(-1/tau_n) + (1 - e^(-1/tau_n)) A [A >= A_min];  "
    "x = (1 - k_cut b)(u M_nat + (1-u) sum M e^(-d/ell));  n = x/(x + h_n N)",
    parameters=NewsParameters,
    rule=spread_news,
    writes=_WRITES,
    sources=_SOURCES,
    evidence="supported",
)

NEWS_UNAFFECTED = Mechanism(
    name="finds-a-way",
    role="news",
    street="hazards",
    phase=Phase.INFORMATION,
    title="News of crowds elsewhere; a blackout changes nothing",
    equation="as travels, k_cut = 0",
    parameters=NewsParameters,
    rule=spread_news_unaffected,
    writes=_WRITES,
    sources=("Rydzak, Karanja & Opiyo, International Journal of Communication 14 (2020)",),
    evidence="supported",
)

NEWS_BY_SILENCE = Mechanism(
    name="silence-speaks",
    role="news",
    street="hazards",
    phase=Phase.INFORMATION,
    title="News of crowds elsewhere; a blackout sends people out to look",
    equation="n = max(n, c_look b n0),  n0 the news without the cut",
    parameters=DispersionParameters,
    rule=spread_news_by_silence,
    writes=_WRITES,
    sources=("Hassanpour, Political Communication 31 (2014)",),
    evidence="supported",
)
