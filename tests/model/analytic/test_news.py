"""News: known answers of the three rules, where one place hears of one crowd."""

from __future__ import annotations

import math

import numpy as np
import pytest

from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.news import NEWS, NEWS_BY_SILENCE, NEWS_UNAFFECTED, spread_news
from steppe.model.mechanisms.news_parameters import DispersionParameters, NewsParameters

PERSONS = 10_000_000.0
CROWD = 4_000.0


def heard(rule: Mechanism, p: NewsParameters, cut: float) -> float:
    """Return the news in a place without a crowd of a steady one in the same region."""
    columns = {
        "place_news_heard": np.array([CROWD, 0.0]),
        "place_news_memory": np.array([CROWD, 0.0]),
        "place_peaceful": np.array([CROWD, 0.0]),
        "place_violent": np.zeros(2),
        "place_internet_cut": np.array([0.0, cut]),
        "place_cut_days": np.zeros(2),
        "place_region": np.zeros(2, dtype=np.int64),
        "region_lat": np.array([48.0]),
        "region_lon": np.array([67.0]),
        "persons": PERSONS,
    }
    written = rule.rule(p, **{name: columns[name] for name in rule.arguments})
    return float(written["place_news"][1])


HALF = {"half": CROWD / PERSONS, "inside": 0.0}
"""The crowd is the share of the people at which news is half; no distance lies between."""


@pytest.mark.parametrize("rule", [NEWS, NEWS_UNAFFECTED])
def test_news_is_half_at_its_share_of_the_people(rule: Mechanism) -> None:
    assert heard(rule, NewsParameters(**HALF), 0.0) == pytest.approx(0.5, rel=1e-12)


def test_a_complete_cut_keeps_out_its_share_of_the_crowd() -> None:
    p = NewsParameters(**HALF, cut_reach=0.9)
    assert heard(NEWS, p, 1.0) == pytest.approx(0.1 / 1.1, rel=1e-12)
    assert heard(NEWS_UNAFFECTED, p, 1.0) == pytest.approx(0.5, rel=1e-12)


def test_silence_is_news_where_curiosity_is_larger_than_what_comes_through() -> None:
    p = DispersionParameters(**HALF, cut_reach=0.9, curiosity=0.5)
    assert heard(NEWS_BY_SILENCE, p, 1.0) == pytest.approx(0.25, rel=1e-12)
    assert heard(NEWS_BY_SILENCE, p, 0.0) == pytest.approx(0.5, rel=1e-12)


def acted_on(p: NewsParameters, hours: int) -> list[float]:
    """Return how much of a crowd that stands from hour 1 on others act on, hour by hour."""
    column = {
        "place_news_heard": np.zeros(1), "place_news_memory": np.zeros(1),
        "place_peaceful": np.array([CROWD]), "place_violent": np.zeros(1),
        "place_internet_cut": np.zeros(1), "place_cut_days": np.zeros(1),
        "place_region": np.zeros(1, dtype=np.int64), "region_lat": np.array([48.0]),
        "region_lon": np.array([67.0]), "persons": PERSONS,
    }  # fmt: skip
    found = []
    for _ in range(hours):
        written = spread_news(p, **column)
        column |= {name: written[name] for name in ("place_news_heard", "place_news_memory")}
        found.append(float(column["place_news_memory"][0]) / CROWD)
    return found


def test_without_a_time_to_hear_news_is_one_exponential_stage() -> None:
    expected = [1.0 - math.exp(-t / 24.0) for t in range(1, 49)]
    assert acted_on(NewsParameters(delay=24.0), 48) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("hearing", [0.2, 0.5, 1.0])
def test_two_stages_have_the_delay_of_one_and_less_spread(hearing: float) -> None:
    """The hours of a stage are geometric: mean 1/(1 - r), variance r/(1 - r)^2, r its remainder."""
    shares = np.array(acted_on(NewsParameters(delay=24.0, hearing=hearing), 4000))
    chance = np.diff(shares, prepend=0.0)
    hours = np.arange(1.0, 4001.0)
    mean = float(np.sum(hours * chance))
    variance = float(np.sum((hours - mean) ** 2 * chance))
    stages = [
        math.exp(-1.0 / d) if d > 0.0 else 0.0 for d in (24.0 * hearing, 24.0 - 24.0 * hearing)
    ]
    assert mean == pytest.approx(sum(1.0 / (1.0 - r) for r in stages) - 1.0, rel=1e-9)
    assert variance == pytest.approx(sum(r / (1.0 - r) ** 2 for r in stages), rel=1e-6)


def test_two_stages_begin_with_next_to_nothing() -> None:
    """Two equal stages of d hours have let through (1 - e^(-1/d))^2 after an hour."""
    share = acted_on(NewsParameters(delay=24.0, hearing=0.5), 1)[0]
    assert share == pytest.approx((1.0 - math.exp(-1.0 / 12.0)) ** 2, rel=1e-12)
