"""The distance of runs from figures: known answers, and what it must never do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.case import load
from steppe.case.scenario import Scenario, Target
from steppe.core.errors import CaseError
from steppe.evidence import OBSERVABLES, ResolvedTarget
from steppe.evidence.observables import QUIET_TIMES
from steppe.evidence.probability import poisson_means
from steppe.study.calibration.distance import (
    MOST,
    PLACEBO,
    UNQUIET,
    placebo_of,
    run_distances,
    steps_outside,
)
from steppe.study.calibration.inference import ByDistance
from steppe.study.calibration.targets import figures


def figure(observable: str = "peak_on_day", **changes: Any) -> ResolvedTarget:
    one = OBSERVABLES[observable]
    fields = {"id": "f", "title": "F", "observable": observable, "date": "2022-01-05",
              "unit": one.unit, "source": "s"}  # fmt: skip
    return ResolvedTarget(Target(**(fields | changes)), one)


CROWD = figure(low=99.0, high=999.0)


@pytest.mark.parametrize(
    ("value", "steps"),
    [(99.0, 0), (500.0, 0), (999.0, 0), (9_999.0, 4), (9.0, 4), (0.0, 8), (3_161.278, 2)],
)
def test_persons_are_a_quarter_of_a_power_of_ten_apart(value: float, steps: float) -> None:
    assert steps_outside(CROWD, np.array([value]))[0] == pytest.approx(steps, abs=1e-5)


@pytest.mark.parametrize(
    ("one", "value", "steps"),
    [
        (figure("regions_with_protest", low=9.0, high=9.0), 0.0, 1 / 0.12),
        (figure("cities_with_protest_by", low=9.0), 99.0, 0.0),
        (figure("cities_with_protest_by", low=9.0), 0.0, 1 / 0.12),
        (figure("onset_day", low=2.0, high=3.0), 4.4, 2.0),
        (figure("onset_rank", low=1.0, high=1.0), 3.5, 2.5),
        (figure("units_obeying_on", low=0.5, high=1.0), 0.3, 2.0),
    ],
)
def test_other_units_have_steps_of_their_own(
    one: ResolvedTarget, value: float, steps: float
) -> None:
    assert steps_outside(one, np.array([value]))[0] == pytest.approx(steps)


def test_a_count_is_as_far_as_from_the_means_that_make_it_no_surprise() -> None:
    one = figure("killed_by", test="probability", value=26.0)
    low, high = poisson_means(26, 26)
    shown = np.array([low, 26.0, high, 10 * (1 + high) - 1])
    np.testing.assert_allclose(steps_outside(one, shown), [0, 0, 0, 4], atol=1e-9)


def test_a_vector_counts_with_the_mean_of_its_runs() -> None:
    """One lucky run (0 and 4 steps, 2 on average) does not beat two fair ones (1.5 each)."""
    lucky, fair = 0.2, 0.8
    outputs = np.array([[0.0], [4.0], [1.5], [1.5]])
    quantities = np.array([[lucky], [lucky], [fair], [fair]])
    kept = ByDistance(np.zeros(1))(outputs, quantities, np.zeros(1))
    assert kept.values.ravel().tolist() == [fair, fair]


def test_a_price_has_no_step() -> None:
    with pytest.raises(ValueError, match="nothing says what a step in price is"):
        steps_outside(figure("price_on", unit="KZT_per_litre", low=1.0), np.array([0.0]))


def test_a_run_adds_up_steps_that_are_capped() -> None:
    """Two steps, then far beyond four: 2 + 4."""
    targets = (CROWD, figure(low=99.0, high=999.0))
    assert run_distances(targets, np.array([[3_161.278, 1e6]])) == pytest.approx([2 + MOST])
    with pytest.raises(ValueError, match="3 figures of 2 targets"):
        run_distances(targets, np.zeros((1, 3)))


def test_a_hopeless_figure_does_not_pull_the_others_out_of_their_ranges() -> None:
    """Three crowds grow by one factor; the third is too small by 40 times, whatever the factor.

    Added up, steps are fewest where both others are met; their squares would be fewest beyond.
    """
    targets = (figure(low=100.0, high=1_000.0), figure(low=100.0, high=1_000.0),
               figure(low=40_000.0, high=99_999.0))  # fmt: skip
    factors = 10.0 ** np.linspace(-1.0, 2.0, 301)
    runs = np.column_stack([factors * 500.0, factors * 900.0, factors * 900.0])
    best = factors[np.argmin(run_distances(targets, runs))]
    assert 900.0 * best <= 1_000.0
    outside = np.column_stack([steps_outside(t, c) for t, c in zip(targets, runs.T, strict=True)])
    assert 900.0 * factors[np.argmin((outside**2).sum(axis=1))] > 2_000.0


def test_what_a_run_does_not_show_adds_nothing() -> None:
    targets = (CROWD, figure("turnout_on_day", low=1e5))
    found = run_distances(targets, np.array([[math.nan, 1e5], [99.0, math.nan]]))
    np.testing.assert_array_equal(found, [0.0, 0.0])


def test_penalties_begin_at_their_limit_and_end_after_four_steps() -> None:
    """A step is a fifth of a power of ten: 2 steps cost 3 * 4 and 4 * 4, more than 4 no more."""
    two, ten = 10**0.4, 10**1.0
    unquiet = UNQUIET(np.array([0.0, 500.0, two * 501 - 1, ten * 501, 1e7]))
    placebo = PLACEBO(np.array([0.0, 2_000.0, two * 2_001 - 1, ten * 2_001, 1e7]))
    np.testing.assert_allclose(unquiet, [0, 0, 12, 48, 48])
    np.testing.assert_allclose(placebo, [0, 0, 16, 64, 64])


@pytest.mark.parametrize("time", QUIET_TIMES)
def test_a_quiet_time_is_a_penalty_with_the_limit_of_the_case(time: str) -> None:
    quiet = figure(time, low=0.0, high=99.0)
    shown = np.array([[99.0], [10**0.4 * 100 - 1], [1e9]])
    np.testing.assert_allclose(run_distances((quiet,), shown), [0, 12, 48])


crowds = st.lists(st.floats(0.0, 1e7), min_size=1, max_size=6)


@given(crowds)
def test_it_is_never_negative(values: list[float]) -> None:
    assert np.all(run_distances((CROWD,), np.array(values)[:, None]) >= 0.0)


@given(st.floats(999.0, 1e7), st.floats(0.0, 1e7))
def test_further_from_the_range_is_never_nearer(value: float, more: float) -> None:
    one, two = run_distances((CROWD,), np.array([[value], [value + more]]))
    assert one <= two + 1e-9


def test_the_figures_of_the_reference_case_all_have_a_distance(kazakhstan: Scenario) -> None:
    """A run that shows every reported figure is at no distance, one of zeros far away."""
    targets = figures(kazakhstan)
    middle = [
        next(x for x in (one.target.value, one.bounds[0], one.bounds[1]) if x is not None)
        for one in targets
    ]
    assert run_distances(targets, np.array([middle]))[0] == 0.0
    assert run_distances(targets, np.zeros((1, len(targets))))[0] > 20 * MOST


@pytest.mark.parametrize("case", ["kazakhstan-2022", "two-valleys"])
def test_a_case_names_what_takes_its_trigger_away(case: str) -> None:
    assert placebo_of(load(case)).prices.shock == 0.0


def test_a_case_without_a_placebo_says_so(kazakhstan: Scenario) -> None:
    bare = kazakhstan.model_copy(update={"calibration": kazakhstan.calibration.model_copy(
        update={"placebo": None})})  # fmt: skip
    with pytest.raises(CaseError, match=r"calibration\.placebo.*no-price-shock"):
        placebo_of(bare)
