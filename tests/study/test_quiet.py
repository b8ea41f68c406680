"""The law of all crises given quiet days: which draws are kept, over which days, in which files."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from steppe.case.cases import case_file
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.core.errors import SteppeError
from steppe.engine.cohort_run import run_cohorts
from steppe.study.parameters import law_rows, resolve_source, rows_of, with_parameters
from steppe.study.placebo import CRISIS
from steppe.study.population import covariates_of, law_without
from steppe.study.posterior import posterior_of
from steppe.study.quiet import days_before, first_trigger, quiet_sample

SINCE = date(2030, 2, 20)
"""Nine days before the price of two-valleys doubles."""


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    return load("two-valleys")


def test_where_nobody_goes_first_every_draw_is_kept(valleys: Scenario) -> None:
    still = valleys.change("parameters.first_move.rate", 0.0)
    sample = quiet_sample(still, SINCE, draws=7)
    assert sample.seeds == tuple(range(1, 8))
    assert sample.acceptance == 1.0


def test_a_country_that_rises_by_itself_keeps_no_draw(valleys: Scenario) -> None:
    restless = valleys.change("parameters.first_move.rate", 0.01)
    restless = restless.change("parameters.willingness.threshold", -0.2)
    restless = restless.change("parameters.participation.mobilisable", 0.2)
    with pytest.raises(SteppeError, match="0 of 50 draws of the law stay quiet"):
        quiet_sample(restless, SINCE, draws=1)


def test_kept_are_the_draws_whose_days_are_quiet_and_no_others(valleys: Scenario) -> None:
    uneasy = valleys.change("parameters.first_move.rate", 1e-6)
    sample = quiet_sample(uneasy, SINCE, draws=6)
    assert 0.0 < sample.acceptance < 1.0
    calm_days = days_before(uneasy, datetime(2030, 2, 20), first_trigger(uneasy))
    rows = law_rows(uneasy, law_without(uneasy))
    quiet = [
        seed
        for seed in range(1, sample.attempts + 1)
        if run_cohorts(with_parameters(calm_days, rows(seed)), [seed])[0].outcome["peak_active"]
        < CRISIS * uneasy.country.citizens
    ]
    assert list(sample.seeds) == quiet


def test_the_days_end_where_the_trigger_begins_and_nothing_of_it_is_in_them(
    valleys: Scenario,
) -> None:
    until = first_trigger(valleys)
    since = until - timedelta(days=30)
    calm_days = days_before(valleys, since, until)
    assert calm_days.clock.start == since
    assert calm_days.clock.hours == 30 * 24
    assert calm_days.prices.shock == 0.0


def test_what_is_in_force_at_the_start_is_so_from_the_first_day(valleys: Scenario) -> None:
    out = valleys.change("timeline.police-out.at", "2030-03-01T00:00")
    calm_days = days_before(out, datetime(2030, 2, 1), first_trigger(out))
    assert calm_days.timeline[0].at == datetime(2030, 2, 1)
    assert calm_days.timeline[1:] == out.timeline[1:]


@pytest.mark.parametrize("since", [date(2029, 1, 1), date(2030, 3, 20)])
def test_days_that_are_not_before_the_trigger_are_refused(valleys: Scenario, since: date) -> None:
    with pytest.raises(ValueError, match="is not within 366 days before"):
        quiet_sample(valleys, since, draws=1)


def test_a_case_that_nothing_begins_has_no_days_before(valleys: Scenario) -> None:
    with pytest.raises(ValueError, match="nothing begins this crisis"):
        quiet_sample(valleys.counterfactual("no-trigger"))


def test_rules_of_those_who_decide_are_drawn_and_not_asked(valleys: Scenario) -> None:
    free = valleys.change("mode", "endogenous").change("parameters.first_move.rate", 0.0)
    sample = quiet_sample(free, SINCE, draws=2)
    assert "regime.noise" in sample.posterior.paths


def test_a_price_as_a_trigger_is_economic_in_every_arm() -> None:
    case = load("ecuador-2019")
    assert covariates_of(case)[0] == covariates_of(case.counterfactual("no-trigger"))[0] == 1.0
    assert covariates_of(load("kenya-2024"))[0] == -1.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "valleys"
    shutil.copytree(case_file("two-valleys").parent, home)
    return home


def test_the_command_makes_the_sample_the_default_of_every_arm(folder: Path) -> None:
    words = ["condition", str(folder), "--quiet-since", "2030-02-20", "--draws", "5", "--json"]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.output)
    assert (answer["draws"], answer["attempts"]) == (5, round(5 / answer["acceptance"]))
    case = load(folder)
    sample = posterior_of(case)
    assert sample is not None
    assert not sample.fitted
    assert resolve_source(None, case, case.counterfactual("no-trigger")) == "posterior"
    drawn = law_rows(case, law_without(case))(sample.account["quiet"]["seeds"][0])
    assert rows_of(case, "posterior")(1) == pytest.approx(drawn, rel=1e-5)
    assert CliRunner().invoke(cli, words).exit_code == 0  # its own sample is replaced


def test_a_sample_that_was_fitted_is_left_alone(folder: Path) -> None:
    (folder / "posterior.csv").write_text("willingness.threshold\n0.2\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["condition", str(folder)])
    assert result.exit_code == 2
    assert "has a sample that was fitted" in result.output
