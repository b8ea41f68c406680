"""Fear, round-up, deaths and conservation; and one person who decides over a riot."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from tests.docking.country import History, country, policed

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    RESTING,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
)
from steppe.model.mechanisms.risk import weigh_risk
from steppe.model.mechanisms.risk_parameters import RiskParameters

RARE = 1e-4
"""Chance that a test of a true law fails for the seed it has."""


@pytest.mark.parametrize(("level", "mass"), [(2, 3.3182), (3, 7.9949)])
def test_the_critical_mass_of_fear(level: int, mass: float) -> None:
    """Source: R = sev (1 - e^(-2.3 F/A)) is .5 at A = 2.3 F/(-ln(1 - .5/sev)).

    Tolerance: half of the last digit; severity 1 under gas, 2 under fire. Nothing is drawn.
    """
    officers, zero = np.array([1e4]), np.zeros(1)
    risk = [
        weigh_risk(
            RiskParameters(), place_force_level=np.array([float(level)]), place_officers=officers,
            place_rumour_heard=zero, place_peaceful=(mass + off) * officers, place_violent=zero,
            place_looting=zero, place_curfew=zero, hour_of_day=12,
        )["place_risk"][0]
        for off in (-5e-5, 5e-5)
    ]  # fmt: skip
    assert risk[0] > 0.5 > risk[1]


@pytest.mark.parametrize(("level", "mass"), [(2, 3.3182), (3, 7.9949)])
def test_a_crowd_below_the_critical_mass_goes_home(level: int, mass: float) -> None:
    """Source: the same: where nobody is willing beyond R* = .5, one citizen fewer decides.

    Expectation: of crowds a hundredth below and above, one is gone in three hours (unwilling they
    leave at 10 per hour), the other everybody. Tolerance: none, both are certain to e^-20.
    """
    scenario = country(
        2, 2_000, 10, willingness__threshold=-0.25, willingness__risk_weight=1.0,
        leaving__unwilling=10.0, participation__rate=20.0, participation__half=1e-6,
        mechanism__legitimacy="slow-return", legitimacy__initial=1.0,
    )  # fmt: skip
    # under a regime that all accept hardship counts for nothing
    history = History(policed(scenario, 100, level))
    critical = mass * history.column("place_officers")[0]
    assert 100 < critical < 1_900
    history.put(PEACEFUL, np.array([math.floor(0.99 * critical), math.ceil(1.01 * critical)]))
    assert history.live(3).out.tolist() == [0, 2_000]


def binomial(found: NDArray[np.int64], size: int, chance: float) -> None:
    """Assert that ``found`` are draws of a binomial law: their mean, and their spread."""
    mean, variance = size * chance, size * chance * (1.0 - chance)
    assert abs(found.mean() - mean) < 4.0 * math.sqrt(variance / len(found))
    spread = float(((found - mean) ** 2).sum() / variance)
    law = stats.chi2(len(found))
    assert law.ppf(RARE) < spread < law.ppf(1.0 - RARE)


@pytest.mark.parametrize("state", [WITHDRAWN, RESTING, PEACEFUL])
def test_those_who_took_part_are_rounded_up_at_one_rate(state: int) -> None:
    """Source: arrests among E at large in t hours are Binomial(E, 1 - e^(-q t)), q .01, t 24.

    At home, at rest or on the street alike; whoever never came is left alone. 200 places with
    E = 400; mean within four standard errors, spread by chi square. Seed 4.
    """
    scenario = country(200, 500, 30, mechanism__round_up="emergency", round_up__rate=0.01)
    history = History(policed(scenario, 50, 2, emergency=True), seed=4)
    history.put(state, 400)
    history.live(24)
    binomial(history.detained, 400, 1.0 - math.exp(-0.01 * 24))
    assert history.world.citizens.took_part.sum() == 400 * 200 - history.detained.sum()


def test_nobody_is_rounded_up_without_an_emergency() -> None:
    """Source: rule 8. Tolerance: none."""
    scenario = country(5, 500, 30, mechanism__round_up="emergency", round_up__rate=1.0)
    history = History(policed(scenario, 50, 2))
    history.put(WITHDRAWN, 400)
    assert history.live(24).detained.sum() == 0


def test_deaths_under_constant_fire_are_binomial() -> None:
    """Source: V who stay under fire for t hours lose Binomial(V, 1 - e^(-q_x t)), q_x .005, t 30.

    While nearly all are alive that is Binomial(V t, q_x). 200 places with V = 300; the peaceful
    beside them lose a twentieth. Mean within four standard errors, spread by chi square. Seed 5.
    """
    scenario = country(200, 600, 40, contact__death=0.005, contact__bystander=0.05)
    history = History(policed(scenario, 50, 3), seed=5)
    history.put(VIOLENT, 300)
    history.live(30)
    binomial(history.count(DEAD), 300, 1.0 - math.exp(-0.005 * 30))
    history = History(policed(scenario, 50, 3), seed=6)
    history.put(PEACEFUL, 300)
    binomial(history.live(30).count(DEAD), 300, 1.0 - math.exp(-0.00025 * 30))


STATES = (QUIET, PEACEFUL, VIOLENT, LOOTING, DETAINED, WOUNDED, DEAD, RESTING, WITHDRAWN)


def troubled() -> Scenario:
    """Return Two Valleys with so much going on that every state occurs."""
    scenario = load("two-valleys")
    for path, value in {
        "clock.hours": 120,
        "first_move.rate": 1e-5,
        "contact.death": 0.05,
        "contact.wound": 0.1,
        "contact.arrest": 0.02,
        "contact.detention": 12.0,
        "leaving.rate": 0.2,
        "leaving.last": 0.2,
        "looting.rate": 1.0,
        "violence.rate": 0.5,
    }.items():
        path = path if path.startswith("clock") else f"parameters.{path}"
        scenario = scenario.change(path, value)
    return scenario.change("timeline.police-out.value", 3.0)


def test_nobody_is_made_and_nobody_lost() -> None:
    """Source: conservation. In every hour and place the states add up to the pool, the dead grow by
    the hour's deaths, and what is counted is what citizens are. Tolerance: none. Seed 1.
    """
    history = History(troubled())
    pool = history.column("place_pool").astype(np.int64)
    dead = np.zeros_like(pool)
    seen: set[int] = set()
    names = ("peaceful", "violent", "looting", "detained", "wounded", "dead")
    for _ in range(120):
        counts = history.live(1).world.counts
        by_state = np.array([history.count(state) for state in STATES])
        seen |= set(np.flatnonzero(by_state.sum(axis=1)))
        assert (by_state.sum(axis=0) == pool).all()
        for name, state in zip(names, STATES[1:7], strict=True):
            assert (getattr(counts, name) == by_state[state]).all(), name
        dead += counts.deaths
        assert (by_state[DEAD] == dead).all()
    assert seen == set(STATES)
