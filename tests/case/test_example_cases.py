"""The example cases: right, sourced, quiet without their trigger, and the same until it acts."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.case.claims import claims_of
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_cohorts
from steppe.study.claims.check import check_quantities
from steppe.study.parameters import resolve_source, scenario_of_seed
from steppe.study.placebo import placebo
from steppe.study.posterior import posterior_of
from steppe.study.preflight import doubts
from steppe.study.quiet import first_trigger

EXAMPLES = ("ecuador-2019", "kenya-2024", "serbia-2000")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Scenario:
    return load(request.param)


def test_nothing_of_it_is_doubtful(example: Scenario) -> None:
    assert [str(doubt) for doubt in doubts(example)] == []
    claims = claims_of(example.id, example)
    assert claims is not None
    check_quantities(claims, example)


def test_every_figure_names_its_source(example: Scenario) -> None:
    tables = (example.regions, example.places, example.forces, example.buildings)
    rows = [row for table in tables for row in table]
    rows += [*example.observations, *example.timeline, *example.triggers]
    rows += example.evidence.targets
    assert [row.id for row in rows if not row.source] == []


def test_it_is_quiet_without_its_trigger_and_a_crisis_with_it(example: Scenario) -> None:
    made = placebo(example, 4)
    assert made.quiet
    assert made.with_trigger.crises >= 0.9
    assert not [one for one in made.warnings if "before any crowd" in one]


def test_its_sample_was_given_quiet_days_and_no_figure(example: Scenario) -> None:
    sample = posterior_of(example)
    assert sample is not None
    assert not sample.fitted
    assert len(sample) == len(sample.account["quiet"]["seeds"]) == 100
    assert resolve_source(None, example) == "posterior"


def test_both_histories_are_one_until_the_trigger_acts(example: Scenario) -> None:
    drawn = scenario_of_seed(example, 1, "posterior")
    drawn = drawn.change("parameters.first_move.rate", 1e-6)  # so that somebody is out before
    with_it, without = (
        run_cohorts(one, [1])[0] for one in (drawn, drawn.counterfactual("no-trigger"))
    )
    hour = example.clock.clock().hour_of(first_trigger(example))
    series = with_it["peaceful"], without["peaceful"]
    assert series[0][:hour].any()
    assert np.array_equal(series[0][:hour], series[1][:hour])
    assert not np.array_equal(series[0], series[1])
