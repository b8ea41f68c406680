"""Citizens and cohorts are one law: the same histories, told apart only by their numbers.

Both engines run the same seeds of Two Valleys, with so few who go first that a crisis is a matter
of luck. Readiness and commanders are the same numbers in both; everything else is independent.
The tolerances are three standard errors of a difference of independent runs, set before these
runs were compared; readiness being shared makes them wider than they need be. The gate compares
120 seeds, ``pytest -m slow`` 400.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_many
from steppe.engine.run import run
from steppe.results.trajectory import Trajectory

CRISIS = 200
"""Persons at once that make a crisis of a country of 400,000."""
Floats = NDArray[np.float64]


def rare_crisis() -> Scenario:
    """Four days in which somebody goes first in about every second run; units do not change."""
    return (
        load("two-valleys")
        .change("clock.hours", 96)
        .change("mechanisms.loyalty", "none")
        .change("parameters.first_move.rate", RATE)
    )


RATE = 6e-11


def measure(one: Trajectory) -> tuple[float, ...]:
    active = one.active().sum(axis=1)
    crisis = float(active.max() >= CRISIS)
    onset = float(np.argmax(active >= CRISIS)) / 24.0 if crisis else np.nan
    flows = (float(one[name].sum()) for name in ("woundings", "arrests"))
    return crisis, float(active.max()), onset, float(one["looting"].max()), *flows


@pytest.fixture(scope="module", params=[120, pytest.param(400, marks=pytest.mark.slow)])
def both(request: pytest.FixtureRequest) -> tuple[Floats, Floats]:
    scenario, seeds = rare_crisis(), range(1, request.param + 1)
    citizens = np.array([measure(run(scenario, seed)) for seed in seeds])
    cohorts = np.array([measure(one) for one in run_many(scenario, seeds)])
    return citizens, cohorts


def differs_by(one: Floats, other: Floats) -> float:
    """Return the difference of two means in standard errors of independent samples."""
    error = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return abs(float(one.mean() - other.mean())) / float(error)


def test_a_crisis_is_as_likely(both: tuple[Floats, Floats]) -> None:
    citizens, cohorts = (one[:, 0] for one in both)
    assert 0.3 < citizens.mean() < 0.8  # else the test would compare certainties
    assert differs_by(citizens, cohorts) < 3.0


def test_its_size_has_the_same_mean_and_spread(both: tuple[Floats, Floats]) -> None:
    citizens, cohorts = (np.log10(one[one[:, 0] > 0.0, 1]) for one in both)
    assert differs_by(citizens, cohorts) < 3.0
    error = np.sqrt(0.5 / len(citizens) + 0.5 / len(cohorts))
    assert abs(np.log(citizens.std(ddof=1) / cohorts.std(ddof=1))) < 3.0 * error


def test_it_begins_on_the_same_day(both: tuple[Floats, Floats]) -> None:
    citizens, cohorts = (one[one[:, 0] > 0.0, 2] for one in both)
    assert differs_by(citizens, cohorts) < 3.0


@pytest.mark.parametrize(("column", "what"), [(3, "looters"), (4, "wounded"), (5, "arrests")])
def test_what_it_brings_is_the_same(both: tuple[Floats, Floats], column: int, what: str) -> None:
    citizens, cohorts = (one[:, column] for one in both)
    assert citizens.sum() > 0.0, what
    assert differs_by(citizens, cohorts) < 3.0
