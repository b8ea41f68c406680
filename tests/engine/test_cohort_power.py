"""Those in power by cohorts: the streets are as without them, and both engines agree in law."""

from __future__ import annotations

import math

import numpy as np
import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.cohort_model import cohort_model
from steppe.engine.cohort_power import live_with_powers, with_own_levers
from steppe.engine.cohort_run import live
from steppe.engine.cohort_types import LOSS
from steppe.engine.cohort_world import cohort_history
from steppe.engine.run import run
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.options import OPTIONS
from steppe.results.trajectory import Trajectory

KAPPA_C = GrievanceParameters().concession_weight


@pytest.fixture(scope="module")
def scripted() -> Scenario:
    return load("two-valleys").change("parameters.first_move.rate", 1e-8)


@pytest.fixture(scope="module")
def free(scripted: Scenario) -> Scenario:
    return scripted.change("mode", "endogenous").change("parameters.regime.restraint", -0.3)


def test_powers_that_only_follow_the_script_change_nothing_on_the_streets(
    scripted: Scenario,
) -> None:
    obedient = scripted.change("mechanisms.loyalty", "none")
    model = cohort_model(obedient)
    for seed in (1, 2, 3):
        alone, together = cohort_history(model, seed), cohort_history(model, seed)
        live(model, alone)
        together = with_own_levers(together)
        live_with_powers(model, together)
        assert alone.history.streets.any()
        np.testing.assert_array_equal(alone.history.streets, together.history.streets)
        np.testing.assert_array_equal(alone.history.region, together.history.region)


def test_levers_are_a_history_s_own(free: Scenario) -> None:
    model = cohort_model(free)
    before = model.levers.place.copy()
    runs = [run(free, 1, engine="cohorts") for _ in range(2)]
    np.testing.assert_array_equal(runs[0]["option_on"], runs[1]["option_on"])
    np.testing.assert_array_equal(model.levers.place, before)


def test_a_quiet_country_is_left_alone_and_called_calm(free: Scenario) -> None:
    calm = run(free.change("parameters.first_move.rate", 0.0), 1, engine="cohorts")
    assert calm.outcome["fate"] == "stays"
    assert calm.outcome["fate_hour"] == 71  # three days without anybody on the street
    assert not calm["option_on"].any()
    assert calm["units_obeying"].min() == calm["units_obeying"].max()


def test_officers_are_told_as_citizens_tell_them(free: Scenario) -> None:
    one, other = (run(free, 2, engine=engine) for engine in ("cohorts", "citizens"))
    states = ("obeying", "shirking", "defected")
    for trajectory in (one, other):
        together = sum(trajectory[f"officers_{state}"] for state in states)
        np.testing.assert_allclose(together - other["officers_obeying"][0], 0.0, atol=1e-3)
    every = one["units_obeying"] == one["units_obeying"].max()
    assert not every.all()
    assert (one["officers_obeying"].sum(axis=1)[every] == other["officers_obeying"][0].sum()).all()


def test_private_opposition_is_what_citizens_begin_with(free: Scenario) -> None:
    """At hour 0 both ask the same rule of the same regions."""
    one, other = (run(free, 2, engine=engine) for engine in ("cohorts", "citizens"))
    first = other["private_opposition"][0]
    assert 0.0 < first < 1.0
    assert one["private_opposition"][0] == pytest.approx(first, rel=1e-3)


def test_what_is_ordered_acts_from_the_next_hour(free: Scenario) -> None:
    one = run(free, 2, engine="cohorts")
    orders = [event for event in one.events if event.kind in ("force-2", "force-3", "force-4")]
    assert orders
    for event in orders:
        assert one["option_on"][event.hour, OPTIONS.index(event.kind)] == 1.0
    levels = one["force_level"].max(axis=1)
    first = orders[0]
    assert levels[first.hour] < float(first.kind[-1]) <= levels[first.hour + 1]


def test_a_free_concession_is_felt_with_the_delay_of_the_loss(free: Scenario) -> None:
    """l(t) = (f(t) - k f(t-1))/(1 - k) is whole until it is ordered, then 1 - kappa_c of that."""
    model = cohort_model(free.change("parameters.grievance.delay", 20.0))
    one = with_own_levers(cohort_history(model, 2))
    events = live_with_powers(model, one).events
    felt, k = one.levers.region[LOSS], math.exp(-1.0 / 20.0)
    loss = (felt[1:] - k * felt[:-1]) / (1.0 - k)
    ordered = next(event.hour for event in events if event.kind == "national-price")
    left = loss / loss[0]
    np.testing.assert_allclose(left[:ordered], 1.0, rtol=1e-9)
    np.testing.assert_allclose(left[ordered:], 1.0 - KAPPA_C, rtol=1e-9)


@pytest.mark.slow  # compiles the street of citizens besides
def test_both_engines_agree_in_law_where_the_regime_is_free(free: Scenario) -> None:
    """Means over seeds within four standard errors, a tolerance set before they were looked at."""
    short = free.change("clock.hours", 96)
    seeds = range(1, 13)
    sides = [[_figures(run(short, seed, engine=engine)) for seed in seeds]
             for engine in ("citizens", "cohorts")]  # fmt: skip
    citizens, cohorts = (np.array(side) for side in sides)
    error = np.sqrt((citizens.var(axis=0) + cohorts.var(axis=0)) / len(seeds))
    assert np.all(np.abs(citizens.mean(axis=0) - cohorts.mean(axis=0)) <= 4.0 * error + 1e-9)
    assert error.max() > 0.0


def _figures(one: Trajectory) -> list[float]:
    active = sum(one[name].sum(axis=1) for name in ("peaceful", "violent", "looting"))
    return [
        float(np.log10(1.0 + np.max(active))),
        float(one["option_on"][:, OPTIONS.index("force-2")].mean()),
        float(np.max(one["force_level"])),
        float(np.mean(one["threat"])),
        float(np.log10(1.0 + one.outcome["killed"])),  # type: ignore[operator]
    ]
