"""News: what is known here of crowds elsewhere. It is slow, fades, and weakens with distance.

News lowers the cost of going first (``first_move``) and does nothing else: it puts nobody into a
crowd that is not there.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.geodesy import distances
from steppe.core.params import values_of
from steppe.core.response import (
    Floats,
    Number,
    exact_sum,
    exp_array,
    remaining,
    saturation_array,
)
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.news_parameters import (
    DispersionParameters,
    NewsParameters,
    NewsValues,
)
from steppe.model.phases import Phase

Ints = NDArray[np.int64]


def remainders(p: NewsParameters) -> tuple[float, float]:
    """Return k and m: what an hour leaves of the stages with s_n tau_n and (1 - s_n) tau_n."""
    return remaining(p.hearing * p.delay), remaining((1.0 - p.hearing) * p.delay)


def heard_after(p: NewsParameters, k: float, heard: Number, crowd: Number) -> Number:
    """Return K(t) = K(t-1) k + (1 - k) A [A >= A_min]."""
    return heard * k + (1.0 - k) * (crowd * (crowd >= p.least))


def memory_after(m: float, memory: Number, heard: Number) -> Number:
    """Return M(t) = M(t-1) m + (1 - m) K(t)."""
    return memory * m + (1.0 - m) * heard


def weighted_crowd(p: NewsParameters, others: Number, nearby: Number) -> Number:
    """Return u (M_nat - M_c) + (1-u) sum_k M_k e^(-d_ck/ell), k not c."""
    return p.national * others + (1.0 - p.national) * nearby


def let_through(p: NewsParameters, crowd: Number, cut: Number) -> Number:
    """Return what an internet cut leaves of a weighted crowd."""
    return crowd * (1.0 - p.cut_reach * cut)


def spread_news(
    p: NewsParameters,
    *,
    place_news_heard: Floats,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_internet_cut: Floats,
    place_cut_days: Floats,
    place_region: Ints,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set what is known in each place of the crowds of all others.

    K_c(t) = K_c(t-1) k + (1 - k) A_c [A_c >= A_min],  k = e^(-1/(s_n tau_n)),  A = P + V
    M_c(t) = M_c(t-1) m + (1 - m) K_c(t),  m = e^(-1/((1 - s_n) tau_n))
    x_c = (1 - k_cut b_c) (u (M_nat - M_c) + (1-u) sum_k M_k e^(-d_ck/ell)),  k not c
    n_c = x_c/(x_c + h_n N);  d between regions, d_in inside one
    """
    k, m = remainders(p)
    heard = heard_after(p, k, place_news_heard, place_peaceful + place_violent)
    memory = memory_after(m, place_news_memory, heard)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    crowds = let_through(p, elsewhere, place_internet_cut)
    return _written(p, (heard, memory), crowds / persons, place_cut_days)


def spread_news_unaffected(
    p: NewsParameters,
    *,
    place_news_heard: Floats,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_cut_days: Floats,
    place_region: Ints,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set news as ``spread_news`` with k_cut = 0: it travels by other ways; payments still fail."""
    k, m = remainders(p)
    heard = heard_after(p, k, place_news_heard, place_peaceful + place_violent)
    memory = memory_after(m, place_news_memory, heard)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    return _written(p, (heard, memory), elsewhere / persons, place_cut_days)


def spread_news_by_silence(
    p: DispersionParameters,
    *,
    place_news_heard: Floats,
    place_news_memory: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_internet_cut: Floats,
    place_cut_days: Floats,
    place_region: Ints,
    region_lat: Floats,
    region_lon: Floats,
    persons: float,
) -> dict[str, Any]:
    """Set news as ``spread_news`` does, and count silence itself as news: a cut sends people out.

    n_c = max(n_c, c_look b_c n0_c),  n0_c the news without the cut
    """
    k, m = remainders(p)
    heard = heard_after(p, k, place_news_heard, place_peaceful + place_violent)
    memory = memory_after(m, place_news_memory, heard)
    elsewhere = _elsewhere(p, memory, place_region, region_lat, region_lon)
    crowds = let_through(p, elsewhere, place_internet_cut)
    written = _written(p, (heard, memory), crowds / persons, place_cut_days)
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


def fill_elsewhere(
    p: NewsParameters, weights: Floats, places: tuple[Floats, Ints], national: float, to: Floats
) -> None:
    """Write the weighted crowd elsewhere for each place.

    ``places`` are the crowds that others act on, with their regions, ``national`` their sum.
    """
    memory, region = places
    by_region, near = np.zeros(len(weights)), np.zeros(len(weights))
    for c in range(len(memory)):
        by_region[region[c]] += memory[c]
    for r in range(len(near)):
        for k in range(len(near)):
            near[r] += weights[r, k] * by_region[k]
    for c in range(len(memory)):
        r = region[c]
        nearby = near[r] - memory[c] * weights[r, r]
        to[c] = max(weighted_crowd(p, national - memory[c], nearby), 0.0)


def _elsewhere(p: NewsParameters, memory: Floats, region: Ints, lat: Floats, lon: Floats) -> Floats:
    """Return the weighted crowd elsewhere that each place would know of without any cut."""
    crowds = np.zeros_like(memory)
    if memory.any():
        weights = kernel(lat.tobytes(), lon.tobytes(), p.inside, p.reach)
        values = values_of(NewsValues, p)
        compiled(fill_elsewhere)(values, weights, (memory, region), exact_sum(memory), crowds)
    return crowds


def _written(
    p: NewsParameters, stages: tuple[Floats, Floats], crowds: Floats, cut_days: Floats
) -> dict[str, Any]:
    heard, memory = stages
    return {
        "place_news_heard": heard,
        "place_news_memory": memory,
        "place_news": saturation_array(crowds, p.half),
        "place_hardship_cut": p.cut_cost * cut_days,
    }


_WRITES = ("place_news_heard", "place_news_memory", "place_news", "place_hardship_cut")
_SOURCES = (
    "Myers, American Journal of Sociology 106 (2000)",
    "Andrews & Biggs, American Sociological Review 71 (2006)",
    "Bonnasse-Gahot et al., Scientific Reports 8 (2018)",
    "Hurtado & Kirosingh, Journal of Mathematical Biology 79 (2019)",
)

NEWS = Mechanism(
    name="travels",
    role="news",
    street="hazards",
    phase=Phase.INFORMATION,
    title="News of crowds elsewhere; a blackout blocks it",
    equation="K' = K k + (1 - k) A [A >= A_min];  M' = M m + (1 - m) K';  "
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
