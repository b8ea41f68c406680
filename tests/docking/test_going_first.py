"""Going first and leaving alone: exponential waiting times, counting, immigration and death.

Every place of a made country is a repetition. Seeds are fixed; tolerances are those of the exact
distribution.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from tests.docking.country import History, country

from steppe.case.load import load
from steppe.engine.run import run
from steppe.model.mechanisms.first_move import FirstMoveParameters, first_hazard
from steppe.results.trajectory import STATES

RARE = 1e-4
"""Chance that a test of a true law fails for the seed it has."""


def test_without_a_hazard_of_going_first_nothing_ever_happens() -> None:
    """Source: the equations; nobody out is absorbing, whatever the price, news, force or memory.

    Expectation: every count of every hour is zero, bit for bit. Tolerance: none. Seed 1.
    """
    for name, scale in (("two-valleys", 1.0), ("kazakhstan-2022", 0.002)):
        quiet = load(name).change("parameters.first_move.rate", 0.0).change("clock.hours", 120)
        quiet = quiet.change("parameters.grievance.price_sensitivity", 100.0)
        made = run(quiet, 1, scale=scale)
        for series in (*STATES[1:7], "joined", "arrests", "woundings", "deaths", "transitions"):
            assert not made[series].any(), series


def test_the_first_group_comes_after_an_exponential_time() -> None:
    """Source: 1,000 independent hazards of 1e-5 per hour add up to one of 0.01.

    Expectation: the first hour with anybody out is geometric with 1 - e^-0.01, in 500 places that
    hear nothing of one another; ten classes of about equal chance. Tolerance: chi square at 1e-4;
    seed 1.
    """
    history = History(country(500, 1_000, 1_000, first_move__rate=1e-5))
    hours = np.full(500, math.inf)
    for hour in range(1, 301):
        history.live(1)
        hours = np.where((history.out > 0) & np.isinf(hours), hour, hours)
    cuts = np.array([0, 10, 22, 35, 51, 69, 92, 120, 161, 230, math.inf])
    counts = np.array([((hours > a) & (hours <= b)).sum() for a, b in pairwise(cuts)])
    expected = 500.0 * -np.diff(np.exp(-0.01 * cuts))
    assert stats.chisquare(counts, expected).pvalue > RARE


def test_the_number_of_first_groups_is_poisson() -> None:
    """Source: superposition of rare events: in 100 h at 1e-5 in a pool of 1,000, mean 1.

    Expectation: 500 places, classes 0 to 4 and more; variance over mean 1. Tolerance: chi square
    at 1e-4 and four standard errors of the dispersion index, sqrt(2/500). Seed 2.
    """
    history = History(country(500, 1_000, 100, first_move__rate=1e-5), seed=2).live(100)
    groups = history.came
    counts = np.array([*(np.sum(groups == k) for k in range(4)), np.sum(groups >= 4)])
    chances = [*(stats.poisson.pmf(k, 1.0) for k in range(4)), stats.poisson.sf(3, 1.0)]
    assert stats.chisquare(counts, 500 * np.array(chances)).pvalue > RARE
    assert abs(groups.var() / groups.mean() - 1.0) < 4.0 * math.sqrt(2.0 / 500.0)


def test_places_that_hear_nothing_of_one_another_are_independent() -> None:
    """Source: addressed random numbers. A crowd in one place moves nobody elsewhere, bit for bit;
    with news it does.
    """
    for news, alone in ((0.0, True), (40.0, False)):
        scenario = country(
            6, 2_000, 60, first_move__rate=1e-6, first_move__news=news, news__delay=0.1
        )
        plain, crowded = History(scenario), History(scenario)
        crowded.put(1, np.array([1_000, 0, 0, 0, 0, 0]))
        same = np.array_equal(plain.live(60).out[1:], crowded.live(60).out[1:])
        assert same is alone


def test_the_price_multiplies_the_hazard() -> None:
    """Source: proportional hazards: b_l 50 and a mean loss of 0.05 give e^2.5 = 12.18249.

    Tolerance: half of the last digit. Nothing is drawn.
    """
    one, zero = np.ones(1), np.zeros(1)
    hazards = [
        first_hazard(
            FirstMoveParameters(loss=50.0), place_first_integral=zero, region_shared_loss=loss,
            region_legitimacy=one, region_legitimacy_before=one, place_trigger=zero,
            place_region=np.zeros(1, np.int64), place_memory=zero, place_news=zero,
            place_outrage=zero, nation_deterrence=zero, nation_awake=one,
        )["place_first_hazard"][0]
        for loss in (zero, 0.05 * one)
    ]  # fmt: skip
    assert hazards[1] / hazards[0] == pytest.approx(12.18249, abs=5e-6)


def test_the_price_of_a_country_acts_as_its_shared_loss() -> None:
    """Source: the same law inside a run: ln(hazard/phi0) is b_l times the mean loss of the place.

    Tolerance: rounding. Two Valleys in its second hour, before anybody is out.
    """
    scenario = load("two-valleys").change("parameters.first_move.rate", 1e-12)
    history = History(scenario.change("parameters.risk.night_awake", 1.0)).live(2)
    loss = history.column("region_shared_loss")[history.column("place_region")]
    assert loss.min() > 0.01
    found = np.log(history.column("place_first_hazard") / 1e-12)
    np.testing.assert_allclose(found, FirstMoveParameters().loss * loss, rtol=1e-12)


def test_immigration_and_death_leave_a_poisson_number_standing() -> None:
    """Source: the queue M/M/infinity: immigration 0.2 and stays of 50 h leave 10 on average.

    Hour by hour a stay is 1/(1 - e^-0.02) = 50.5 h, then an hour of rest, then 10,000.5 h at home:
    10.05 of 2,000, of which .3 % are still missing after 300 h. Expectation: Poisson with mean 10
    in 400 places; eight classes. Tolerance: chi square at 1e-4, mean within 4 sqrt(10/400) and the
    0.05. Seed 3.
    """
    scenario = country(400, 2_000, 300, first_move__rate=1e-4, leaving__rate=0.02)
    standing = History(scenario, seed=3).live(300).out
    assert abs(standing.mean() - 10.0) < 4.0 * math.sqrt(10.0 / 400.0) + 0.05
    law = stats.poisson(10.0)
    cuts = sorted({int(law.ppf(q / 8.0)) for q in range(1, 8)})
    bounds = [-1, *cuts, 10_000]
    counts = np.array([((standing > a) & (standing <= b)).sum() for a, b in pairwise(bounds)])
    expected = 400.0 * np.diff(law.cdf(bounds))
    assert stats.chisquare(counts, expected).pvalue > RARE
