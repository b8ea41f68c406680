"""News: known answers of the three rules, where one place hears of one crowd."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.news import (
    NEWS,
    NEWS_BY_SILENCE,
    NEWS_UNAFFECTED,
    DispersionParameters,
    NewsParameters,
)

PERSONS = 10_000_000.0
CROWD = 4_000.0


def heard(rule: Mechanism, p: NewsParameters, cut: float) -> float:
    """Return the news in a place without a crowd of a steady one in the same region."""
    columns = {
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
