"""How fast news carries a crowd along a line of places: the slowest front that can stand.

Source: fronts pulled by their tip, c* = min_k (growth of e^(-k x))/k; the kernel e^(-|x|/ell)/2ell
as in Bonnasse-Gahot et al. 2018, with news so faint that it is linear. Nothing is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from steppe.model.mechanisms.news import spread_news
from steppe.model.mechanisms.news_parameters import NewsParameters

BETA, MU = 2.0, 1.0
PLACES, SPACING, STEP = 601, 0.25, 0.05
"""A line of places, in units of the reach of news; hours in a step."""

KM = 10.0
"""The reach of news: so short that the line stays a small part of a meridian."""

CEILING, FAINT = 1e3, 1e9
"""The largest crowd of a place, and the crowd at which news would be half of what it can be."""

SHARE = SPACING / 2.0

Floats = NDArray[np.float64]


def slowest(growth: Callable[[float], float]) -> tuple[float, float]:
    """Return k* and c* = growth(k*)/k*, the least speed of a front e^(-k x)."""
    found: Any = minimize_scalar(
        lambda k: growth(k) / k, bounds=(0.01, 0.99), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x), float(found.fun)


def line_growth(k: float) -> float:
    """Return how fast e^(-k x) grows on the line, step by step."""
    a, b = math.exp(-SPACING * (1.0 - k)), math.exp(-SPACING * (1.0 + k))
    kernel = SHARE * (1.0 + a / (1.0 - a) + b / (1.0 - b))
    return math.log(1.0 + STEP * (BETA * kernel - MU)) / STEP


def places_of_front(crowd: Floats, steps: tuple[int, ...]) -> list[float]:
    """Return where the front stands after so many steps, by the rule of news."""
    p = NewsParameters(delay=0.1, half=1.0, national=0.0, reach=KM, inside=0.0, least=0.0)
    lat = np.arange(PLACES) * SPACING * KM / 111.1949
    zero, found = np.zeros(PLACES), []
    for n in range(1, steps[-1] + 1):
        heard = spread_news(
            p, place_news_heard=crowd, place_news_memory=crowd, place_peaceful=crowd,
            place_violent=zero,
            place_internet_cut=zero, place_cut_days=zero, place_region=np.arange(PLACES),
            region_lat=lat, region_lon=zero, persons=FAINT,
        )["place_news"] * FAINT  # fmt: skip
        crowd = crowd + STEP * (BETA * SHARE * (heard + crowd) - MU * crowd)
        crowd = np.minimum(crowd, CEILING)
        if n in steps:
            last = np.flatnonzero(crowd > CEILING / 2.0)[-1]
            between = math.log(crowd[last] / (CEILING / 2.0)) / math.log(
                crowd[last] / crowd[last + 1]
            )
            found.append((last + between) * SPACING)
    return found


def test_the_slowest_front_of_the_continuum() -> None:
    """Expectation: beta 2, mu 1, ell 1: k* .485868, c* 3.330191. Tolerance: half a last digit."""
    steepness, speed = slowest(lambda k: BETA / (1.0 - k * k) - MU)
    assert steepness == pytest.approx(0.485868, abs=5e-7)
    assert speed == pytest.approx(3.330191, abs=5e-7)
    assert slowest(line_growth)[1] == pytest.approx(speed, rel=0.06)


@pytest.mark.parametrize("k", [0.2, 0.3])
def test_a_shallow_front_keeps_its_shape(k: float) -> None:
    """Expectation: crowds e^(-k x), k below k*, move at growth(k)/k of the line.

    Tolerance: 0.2 %, for what the ceiling still holds back at first.
    """
    x = np.arange(PLACES) * SPACING
    first, later = places_of_front(CEILING * np.exp(-k * (x - 5.0)).clip(max=1.0), (100, 200))
    assert (later - first) / (100 * STEP) == pytest.approx(line_growth(k) / k, rel=2e-3)


def test_a_crowd_in_one_place_sets_out_at_the_slowest_speed() -> None:
    """Expectation: below c* of the line, and not by more than 3 ln(t2/t1)/(2 k* (t2 - t1)), by
    which such a front lags behind at first (Bramson 1983).
    """
    begin = np.zeros(PLACES)
    begin[0] = CEILING
    first, later = places_of_front(begin, (200, 400))
    steepness, speed = slowest(line_growth)
    lag = 1.5 / steepness * math.log(2.0) / (200 * STEP)
    assert speed - lag < (later - first) / (200 * STEP) < speed
