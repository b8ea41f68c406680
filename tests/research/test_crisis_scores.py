"""Forecasts are scored by known rules, and references never see the case they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.research.conftest import HOURS, SEEDS

from steppe.research.crises import references
from steppe.research.crises.references import INPUTS, Training
from steppe.research.crises.runs import CrisisOutcomes, Simulations, simulate
from steppe.research.crises.scores import (
    amount_skill,
    binary_skill,
    brier,
    ignorance,
    score_cases,
)
from steppe.research.crises.table import Crisis, known, open_crises
from steppe.research.intervention import logit
from steppe.research.intervention.requests import open_requests
from steppe.research.intervention.rule import PRIOR_SD, design_matrix, outcomes
from steppe.research.validation import validate_requests
from steppe.results.store import Store


def run_of(seed: int, *, falls: bool, peak: float = 0.0, killed: float = 0.0) -> CrisisOutcomes:
    return CrisisOutcomes(seed, peak, 0.0, killed, falls, 0.0, False, 0.0, False, False)


def oracle(rows: Sequence[Crisis], *, right: bool, runs: int = 50) -> tuple[Simulations, ...]:
    """Runs that know the fate, the peak and the deaths of every case, or know them wrongly."""
    found = []
    for row in rows:
        falls = (row.incumbent_out_12m == 1) == right
        assert row.peak_low is not None
        assert row.peak_high is not None
        peak = (row.peak_low * row.peak_high) ** 0.5 * (1.0 if right else 1e-3)
        deaths = (1 + (row.deaths_low or 0)) ** 0.5 * (1 + (row.deaths_high or 0)) ** 0.5 - 1
        killed = deaths if right else deaths * 100.0 + 1e4
        made = tuple(run_of(s, falls=falls, peak=peak, killed=killed) for s in range(runs))
        found.append(Simulations(row.case_id, made))
    return tuple(found)


def test_who_knows_the_outcome_beats_every_reference_and_who_errs_loses() -> None:
    rows = open_crises()
    for right, sign in ((True, -1.0), (False, 1.0)):
        cases = score_cases(rows, oracle(rows, right=right), rows)
        skills = [
            binary_skill(cases, "incumbent_out", brier),
            binary_skill(cases, "incumbent_out", ignorance),
            amount_skill(cases, "peak"),
            amount_skill(cases, "deaths"),
        ]
        for skill in skills:
            assert skill is not None
            assert skill.n == len(rows)
            for _, gap in skill.references.values():
                assert sign * gap.difference > 0.0
                assert sign * gap.low > 0.0
                assert sign * gap.high > 0.0
    assert all(one.covered for c in score_cases(rows, oracle(rows, right=True), rows)
               for one in c.amounts.values())  # fmt: skip


def test_runs_of_the_law_err_as_the_law_learnt_from_them_says() -> None:
    """Runs all alike: .85 of sure defection, and normal intervals of the errors around amounts.

    The ends of an interval are those of the 21 quantiles that stand for the error: within 12 %.
    """
    rows = open_crises()
    sure = [replace(one, exit=(0.1, 0.2, 0.9)) for one in oracle(rows, right=True)]
    for row, plain, law in zip(
        rows, score_cases(rows, oracle(rows, right=True), rows), score_cases(rows, sure, rows),
        strict=True,
    ):  # fmt: skip
        if "defection" in law.binary:
            assert plain.binary["defection"].model == pytest.approx(0.5 / 51.0)
            assert law.binary["defection"].model == pytest.approx(0.15, abs=0.01)
        for name, error in (("peak", 0.3), ("deaths", 0.45)):
            if name in law.amounts:
                low, middle, high = law.amounts[name].forecast
                assert high - low == pytest.approx(2 * 1.645 * error, rel=0.12), row.case_id
                assert middle == pytest.approx(plain.amounts[name].forecast[1])
                assert plain.amounts[name].forecast[0] == plain.amounts[name].forecast[2]


def test_probabilities_are_never_certain_and_scores_finite() -> None:
    rows = open_crises()[:4]
    cases = score_cases(rows, oracle(rows, right=False, runs=1), open_crises())
    skill = binary_skill(cases, "incumbent_out", ignorance)
    assert skill is not None
    assert np.isfinite(skill.model).all()
    assert {c.binary["incumbent_out"].model for c in cases} <= {0.25, 0.75}


def test_blanks_are_left_out_of_scores_and_of_references() -> None:
    rows = list(open_crises())
    rows[0] = rows[0].model_copy(update={"incumbent_out_12m": None, "peak_low": None})
    cases = score_cases(rows, oracle(open_crises(), right=True), rows)
    skill, peak = binary_skill(cases, "incumbent_out", brier), amount_skill(cases, "peak")
    assert skill is not None
    assert peak is not None
    assert skill.n == peak.n == len(rows) - 1
    assert "incumbent_out" not in cases[0].binary


@pytest.fixture
def training() -> Training:
    rows = open_crises()
    fate = np.array([float(row.incumbent_out_12m or 0) for row in rows])
    inputs = references.inputs([known(row) for row in rows])
    return Training(tuple(row.case_id for row in rows), inputs, fate)


def test_a_reference_does_not_change_with_the_outcome_of_its_own_case(training: Training) -> None:
    flipped = training.outcome.copy()
    flipped[3] = 1.0 - flipped[3]
    other = Training(training.ids, training.inputs, flipped)
    name, row = training.ids[3], training.inputs[3]
    assert references.base_rate(training, name) == references.base_rate(other, name)
    assert references.regression(training, name, row) == references.regression(other, name, row)
    assert references.ridge(training, name, row, 0.3) == references.ridge(other, name, row, 0.3)
    mine = references.regression(training, training.ids[4], training.inputs[4])
    assert mine != references.regression(other, training.ids[4], training.inputs[4])


def test_base_rate_counts_the_others(training: Training) -> None:
    others = float(training.outcome.sum() - training.outcome[0])
    expected = (others + 0.5) / len(training.ids)
    assert references.base_rate(training, training.ids[0]) == pytest.approx(expected)


def test_inputs_are_what_a_scenario_is_made_from(training: Training) -> None:
    assert training.inputs.shape == (len(training.ids), len(INPUTS))
    assert np.isfinite(training.inputs).all()


def test_regression_finds_what_decides() -> None:
    x = np.zeros((40, len(INPUTS)))
    x[:, 0] = np.arange(40) % 2
    x[:, 2] = np.arange(40)
    training = Training(tuple(map(str, range(40))), x, x[:, 0])
    yes, no = (references.regression(training, str(k), x[k]) for k in (1, 0))
    assert yes > 0.8
    assert no < 0.2
    assert references.ridge(training, "1", x[1], 1.0) < references.climatology(training, "1", 1.0)


def test_climatology_is_the_fair_crps_of_the_others(training: Training) -> None:
    import scoringrules  # which compiles as it is imported

    seen = np.delete(training.outcome, 0)
    expected = scoringrules.crps_ensemble(0.4, seen, estimator="fair")
    assert references.climatology(training, training.ids[0], 0.4) == pytest.approx(float(expected))


def test_scoring_rules_are_the_known_ones() -> None:
    import scoringrules  # which compiles as it is imported

    p, y = np.array([0.2, 0.9]), np.array([0.0, 1.0])
    assert brier(p, y) == pytest.approx(scoringrules.brier_score(y, p))
    assert ignorance(p, y) == pytest.approx(scoringrules.log_score(y, p))


def test_requests_that_come_with_the_program_are_left_out_one_at_a_time() -> None:
    rows = open_requests()
    found = validate_requests(rows)
    left_out = logit.leave_one_out(design_matrix(rows), outcomes(rows), PRIOR_SD)
    assert [one.probability for one in found.requests] == pytest.approx(left_out)
    assert found.brier.baseline == pytest.approx(logit.brier_score(left_out, outcomes(rows)))
    assert found.brier.difference < 0.0


def test_a_foreign_request_is_forecast_from_all_that_come_with_the_program() -> None:
    row = open_requests()[0].model_copy(update={"case_id": "XXX_1", "client": "X"})
    (one,) = validate_requests([row]).requests
    assert one.base_rate == pytest.approx(float(np.mean(outcomes(open_requests()))))
    renamed = open_requests()[0].model_copy(update={"case_id": "XXX_1"})  # same client and day
    (same,) = validate_requests([renamed]).requests
    assert same.base_rate != one.base_rate


def test_small_runs_are_told_in_the_terms_of_the_file(
    two_crises: tuple[Crisis, ...], few_runs: tuple[Simulations, ...]
) -> None:
    assert [one.case_id for one in few_runs] == [row.case_id for row in two_crises]
    for row, one in zip(two_crises, few_runs, strict=True):
        assert [run.seed for run in one.runs] == list(SEEDS)
        assert one.failures == ()
        for run in one.runs:
            assert run.share == pytest.approx(run.peak / (row.population_m * 1e6))
            assert 0.0 <= run.violent <= 1.0
            assert 0.0 <= run.defected <= 1.0
            assert run.killed >= 0.0
            assert run.live_fire <= run.arrests  # who shoots has come to arrest too
    peaks = [run.peak for one in few_runs for run in one.runs]
    assert len(set(peaks)) == len(peaks) == 2 * len(SEEDS)  # every seed, every crisis of its own
    assert min(peaks) > 0.0


def test_stored_runs_are_not_made_again(
    two_crises: tuple[Crisis, ...], few_runs: tuple[Simulations, ...], small_store: Path
) -> None:
    planned: list[object] = []
    again = simulate(
        [known(row) for row in two_crises], SEEDS, store=Store(small_store), hours=HOURS,
        workers=1, on_event=planned.append,
    )  # fmt: skip
    assert again == few_runs
    assert planned[0].stored == len(two_crises) * len(SEEDS)  # type: ignore[attr-defined]
