"""Joining and leaving: Bass, epidemics, extinction by the size of the group, standing crowds.

An hour is a step. Where a law is one of continuous time, the exact answer of the hourly rule is
computed beside it; what chance and step leave between them is the tolerance.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from tests.docking.country import History, country

from steppe.model.mechanisms.crowd import PEACEFUL

FAR = 250.0
"""Half-saturation of sight so far away that joining is linear in the crowd."""


def bass(t: float, p: float, q: float) -> float:
    """Return the share that has come by ``t``: Bass 1969."""
    return (1.0 - math.exp(-(p + q) * t)) / (1.0 + q / p * math.exp(-(p + q) * t))


@pytest.mark.parametrize(("t", "share"), [(10, 0.031154), (24, 0.380513), (48, 0.987190)])
def test_bass(t: int, share: float) -> None:
    """Source: Bass 1969, p .001 and q .2: F(10), F(24), F(48) as printed; checked to 6 digits."""
    assert bass(t, 0.001, 0.2) == pytest.approx(share, abs=5e-7)


def test_going_first_and_joining_are_the_diffusion_of_bass() -> None:
    """Source: Bass 1969. Time runs ten times slower (p 1e-4, q .02): an hour is a small step.

    Expectation: F(10), F(24), F(48) after 100, 240, 480 h. Tolerance: four standard errors over 30
    places of 2,000, and what the hourly recursion itself differs from the curve (under .02).
    Seed 1.
    """
    p, q = 1e-4, 0.02
    scenario = country(
        30, 2_000, 480, first_move__rate=p, participation__rate=20.0 * q * FAR / 5.0,
        participation__half=20.0 * FAR / 5.0,
    )  # fmt: skip
    history = History(scenario)
    recursion, found = [0.0], {}
    for hour in range(1, 481):
        history.live(1)
        sight = recursion[-1] / (recursion[-1] + 20.0 * FAR / 5.0)
        left = (1.0 - recursion[-1]) * math.exp(-p - q * 20.0 * FAR / 5.0 * sight)
        recursion.append(1.0 - left)
        if hour in (100, 240, 480):
            found[hour] = history.came / 2_000
    for hour, shares in found.items():
        exact = bass(hour / 10.0, 0.001, 0.2)
        step = abs(recursion[hour] - exact)
        assert step < 0.02
        error = shares.std() / math.sqrt(30.0)
        assert abs(shares.mean() - exact) < 4.0 * error + step


@pytest.mark.parametrize(("r0", "share"), [(1.5, 0.582812), (2.0, 0.796812), (3.0, 0.940480)])
def test_who_ever_came_is_the_final_size(r0: float, share: float) -> None:
    """Source: Kermack and McKendrick: x = 1 - s0 e^(-R0 x), exact for hourly steps as well.

    As few stand there at first as keeps the root for s0 = 1, as printed, within .006. Tolerance:
    four standard errors over 20 places of 5,000, and .002 for sight that is barely not linear.
    Seed 1.
    """
    begin, pool, stay = 20, 5_000, 0.2 / r0
    root = brentq(lambda x: x - 1.0 + math.exp(-r0 * x), 0.1, 1.0)
    assert root == pytest.approx(share, abs=5e-7)
    exact = brentq(lambda x: x - 1.0 + (1.0 - begin / pool) * math.exp(-r0 * x), 0.1, 1.0)
    assert abs(exact - share) < 0.006
    scenario = country(
        20, pool, 500, participation__rate=0.2 * FAR / 2.5, participation__half=FAR / 2.5,
        leaving__rate=-math.log(1.0 - stay), leaving__last=1.0,
    )  # fmt: skip
    history = History(scenario)
    history.put(PEACEFUL, begin)
    history.live(400)
    assert history.out.sum() <= 2
    shares = history.came / pool
    assert abs(shares.mean() - exact) < 4.0 * shares.std() / math.sqrt(20.0) + 0.002


def extinct(size: int, hours: int, joins: float, leaves: float) -> float:
    """Return the chance that a group of ``size`` is gone after ``hours``: a branching process."""
    s = 0.0
    for _ in range(hours):
        s = math.exp(joins * (s - 1.0)) * (math.exp(-leaves) * s + 1.0 - math.exp(-leaves))
    return s**size


def test_a_group_dies_out_by_its_size() -> None:
    """Source: birth and death at R0 2: a group of g dies out with chance 2^-g.

    Steps of an hour at rates .08 and .04 move the chance of one by less than a twentieth.
    Expectation: the branching process of the hourly rule after 120 h. Tolerance: four binomial
    standard errors (and one in 300 where none is expected); 300 places each. Seed 1.
    """
    joins, leaves, hours = 0.08, 0.04, 120
    scenario = country(
        900, 500, hours, participation__rate=joins * FAR, participation__half=FAR,
        leaving__rate=leaves, leaving__last=1.0,
    )  # fmt: skip
    history = History(scenario)
    history.put(PEACEFUL, np.repeat([1, 5, 10], 300))
    gone = (history.live(hours).out == 0).reshape(3, 300).sum(axis=1)
    for size, count in zip((1, 5, 10), gone, strict=True):
        exact = extinct(size, hours, joins, leaves)
        assert exact ** (1.0 / size) == pytest.approx(0.5, rel=0.05)
        assert abs(count - 300 * exact) < 4.0 * math.sqrt(300 * exact * (1.0 - exact)) + 1.0


def test_a_crowd_stands_where_joining_and_leaving_balance() -> None:
    """Source: A*/S0 = (beta - mu h)/(beta + mu) = .814286 at beta .6, h .3, mu .1 (here a tenth).

    Expectation: the balance of the hourly rule, with its hour of rest, within .01 of it. Tolerance:
    four standard errors over 20 places of 1,000 after 250 h, from one half. Seed 1.
    """
    beta, half, mu = 0.06, 0.3, 0.01
    leaves = 1.0 - math.exp(-mu)

    def gap(a: float) -> float:
        quiet = 1.0 - a - a * leaves
        return quiet * (1.0 - math.exp(-beta * a / (a + half))) - a * leaves

    exact = brentq(gap, 0.1, 0.95)
    assert exact == pytest.approx((beta - mu * half) / (beta + mu), abs=0.01)
    scenario = country(
        20, 1_000, 250, participation__rate=beta, participation__half=half, leaving__rate=mu
    )
    history = History(scenario)
    history.put(PEACEFUL, 500)
    shares = history.live(250).out / 1_000
    assert abs(shares.mean() - exact) < 4.0 * shares.std() / math.sqrt(20.0)


def test_no_crowd_stands_where_leaving_outweighs() -> None:
    """Source: the same: with beta < mu h the only balance is an empty street, after a while."""
    scenario = country(
        20, 500, 200, participation__rate=0.2, participation__half=10.0, leaving__rate=0.1
    )
    history = History(scenario)
    history.put(PEACEFUL, 250)
    assert history.live(200).out.sum() == 0


def test_without_a_crowd_nobody_joins_whatever_the_news() -> None:
    """Source: rule 4: joining needs a crowd in one's own place. Tolerance: none."""
    scenario = country(3, 1_000, 50, participation__rate=20.0, participation__half=0.01)
    history = History(scenario)
    history.put(PEACEFUL, np.array([400, 0, 0]))
    assert history.live(50).out.tolist() == [1_000, 0, 0]
    assert history.column("place_news")[1:].min() > 0.0
