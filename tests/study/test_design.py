"""Designs: every combination of a grid, balanced samples of priors, and mistakes that are named."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.core.params import log_uniform, uniform
from steppe.study.axis import Axis, axes, levels, prior_axes
from steppe.study.design import Design, grid, latin_hypercube, sobol
from steppe.study.effects import Floats


def unit(design: Design) -> Floats:
    """Return the points back in the unit cube."""
    columns = []
    for axis in design.axes:
        assert axis.span is not None
        low, high = axis.span.low, axis.span.high
        values = np.array(design.column(axis.path), dtype=float)
        if axis.span.kind == "log-uniform":
            low, high, values = np.log(low), np.log(high), np.log(values)
        columns.append((values - low) / (high - low))
    return np.array(columns).T


def test_a_grid_has_every_combination_once(kazakhstan: Scenario) -> None:
    found = grid(kazakhstan, axes(kazakhstan, ["prices.shock=0:1:11", "mode=scripted,endogenous"]))
    shocks = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert found.values == tuple(itertools.product(shocks, ["scripted", "endogenous"]))
    assert found.label(3) == "prices.shock=0.1, mode=endogenous"


def test_a_point_is_the_scenario_that_set_makes(kazakhstan: Scenario) -> None:
    """So that a run of a sweep is the run of `steppe run --set` and is made once."""
    texts = ["willingness.threshold=0.3,0.4", "prices.shock=0:1:3"]
    made = list(grid(kazakhstan, axes(kazakhstan, texts)).scenarios(kazakhstan))
    by_hand = kazakhstan.change("parameters.willingness.threshold", 0.3).change("prices.shock", 0.5)
    assert scenario_hash(made[1]) == scenario_hash(by_hand)
    assert len({scenario_hash(one) for one in made}) == 6


def test_whole_numbers_stay_whole_and_tenths_are_as_written() -> None:
    assert levels(24, 96, 4) == (24, 48, 72, 96)
    assert all(isinstance(value, int) for value in levels(24, 96, 4))
    assert levels(0, 1, 11)[3] == 0.3


def test_a_latin_hypercube_has_one_point_in_each_stratum(kazakhstan: Scenario) -> None:
    found = latin_hypercube(kazakhstan, prior_axes(kazakhstan), 20, seed=3)
    strata = np.floor(unit(found) * 20).astype(int)
    assert all(sorted(column) == list(range(20)) for column in strata.T)
    assert found.values == latin_hypercube(kazakhstan, prior_axes(kazakhstan), 20, seed=3).values
    assert found.values != latin_hypercube(kazakhstan, prior_axes(kazakhstan), 20, seed=4).values


def test_a_sobol_design_is_balanced_in_each_axis_and_more_even_than_chance(
    kazakhstan: Scenario,
) -> None:
    from scipy.stats import qmc

    found = sobol(kazakhstan, prior_axes(kazakhstan), 256, seed=1)
    points = unit(found)
    strata = np.floor(points * 256).astype(int)
    assert all(sorted(column) == list(range(256)) for column in strata.T)
    chance = np.random.default_rng(1).random(points.shape)
    assert qmc.discrepancy(points) < qmc.discrepancy(chance)


def test_a_log_uniform_prior_is_even_in_its_logarithm(kazakhstan: Scenario) -> None:
    (axis,) = axes(kazakhstan, ["willingness.risk_weight"])
    assert axis.span == log_uniform(0.02, 1.0)
    values = np.array(sobol(kazakhstan, [axis], 256, seed=1).column(axis.path), dtype=float)
    assert np.median(values) == pytest.approx(np.sqrt(0.02 * 1.0), rel=0.05)


def test_ranges_can_be_given(kazakhstan: Scenario) -> None:
    one, two = axes(kazakhstan, ["prices.shock=0:2", "willingness.noise=0.01:0.04:log"])
    assert (one.path, one.span) == ("prices.shock", uniform(0.0, 2.0))
    assert two.span == log_uniform(0.01, 0.04)
    assert two.name == "willingness.noise"
    assert two.unit
    assert two.meaning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices.shok=0:1:3", "prices.shock"),
        ("price.shock=0:1:3", "prices"),
        ("willingness.treshold=0:1:3", "willingness.threshold"),
        ("prices.shock=0:20:3", "allowed: 0 to 10"),
        ("willingness.threshold=0.2:7:3", "out of range"),
        ("mode=scripted,wild", "allowed: scripted, endogenous"),
        ("prices.shock=1:0:3", "allowed: path=low:high:n"),
        ("prices.shock=0:1:many", "no list of values"),
        ("prices.shock=0:1:1", "no list of values"),
        ("prices.shock=0,0", "twice"),
        ("prices.shock", "has no prior"),
        ("willingness.noise=0:1:log", "low > 0"),
        ("willingness.threshold", "a grid needs its levels"),
    ],
)
def test_a_mistake_in_a_design_is_named(kazakhstan: Scenario, text: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        grid(kazakhstan, axes(kazakhstan, [text]))


def test_one_thing_varies_once(kazakhstan: Scenario) -> None:
    with pytest.raises(CaseError, match="given twice"):
        axes(kazakhstan, ["willingness.threshold", "parameters.willingness.threshold=0.1:0.2"])


@pytest.mark.parametrize("n", [0, 1, 3, 50])
def test_sobol_points_are_a_power_of_two(kazakhstan: Scenario, n: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        sobol(kazakhstan, prior_axes(kazakhstan), n, seed=1)


def test_random_designs_need_ranges(kazakhstan: Scenario) -> None:
    with pytest.raises(CaseError, match="needs a range"):
        latin_hypercube(kazakhstan, axes(kazakhstan, ["prices.shock=0:1:3"]), 4, seed=1)
    with pytest.raises(CaseError, match="out of range"):
        latin_hypercube(kazakhstan, axes(kazakhstan, ["prices.shock=0:30"]), 4, seed=1)


def test_a_design_is_checked() -> None:
    axis = Axis("x", span=uniform(0.0, 1.0))
    with pytest.raises(ValueError, match="at least one thing"):
        Design("grid", (), ((),))
    with pytest.raises(ValueError, match="a value for every axis"):
        Design("grid", (axis,), ((1.0, 2.0),))
    with pytest.raises(ValueError, match="either levels or a range"):
        Axis("x")
