"""The decision rule estimated on the open requests: published figures and laws of the estimator."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from steppe.core.errors import CaseError
from steppe.model.theory.intervention import GRANT_DELAY, REFUSAL_DELAY, Weights, utility
from steppe.research.intervention import logit
from steppe.research.intervention.requests import (
    NAME,
    InterventionRequest,
    open_requests,
    read_requests,
)
from steppe.research.intervention.rule import (
    HELD_OUT,
    PRIOR_SD,
    AllianceStudy,
    design_matrix,
    estimate,
    grant_delays,
    outcomes,
    predict_held_out,
    study,
    weights,
)
from steppe.research.validation import validate_requests

repeatable = settings(derandomize=True, deadline=None, max_examples=40)


@pytest.fixture(scope="module")
def requests() -> tuple[InterventionRequest, ...]:
    return open_requests()


@pytest.fixture(scope="module")
def found(requests: tuple[InterventionRequest, ...]) -> AllianceStudy:
    return study(requests)


def test_the_open_file(requests: tuple[InterventionRequest, ...], found: AllianceStudy) -> None:
    assert (found.requests, found.granted) == (44, 33)
    assert {r.case_id for r in requests} >= set(HELD_OUT)
    assert all(r.source for r in requests)


def test_estimates_are_those_of_the_specification(found: AllianceStudy) -> None:
    # two decimals were written down before this code
    means = [c.mean for c in found.coefficients]
    spreads = [c.sd for c in found.coefficients]
    assert means == pytest.approx([0.75, 0.51, 0.70, -0.97, -1.13, 0.65], abs=0.005)
    assert spreads == pytest.approx([0.58, 0.66, 0.67, 0.41, 0.58, 0.57], abs=0.005)


def test_only_cost_and_constraint_are_clearly_away_from_zero(found: AllianceStudy) -> None:
    clear = {c.name for c in found.coefficients if c.low > 0.0 or c.high < 0.0}
    assert clear == {"cost", "constraint"}


def test_the_rule_beats_the_base_rate_out_of_sample(found: AllianceStudy) -> None:
    assert (found.rule.brier, found.rule.log_score) == pytest.approx((0.102, 0.361), abs=5e-4)
    assert found.base_rate.brier == pytest.approx(0.196, abs=5e-4)
    # leave-one-out base rate by hand: 33 of 44, each judged by the other 43
    by_hand = -(33 * math.log(32 / 43) + 11 * math.log(10 / 43)) / 44
    assert found.base_rate.log_score == pytest.approx(by_hand, abs=1e-12)


def test_three_cases_of_one_alliance_unseen(found: AllianceStudy) -> None:
    kgz, arm, kaz = found.apart
    assert [p.case for p in found.apart] == list(HELD_OUT)
    unseen = (kgz.probability, arm.probability, kaz.probability)
    assert unseen == pytest.approx((0.32, 0.07, 0.96), abs=0.005)
    assert [p.granted for p in found.apart] == [False, False, True]
    for p in found.apart:
        assert p.low < p.averaged < p.high


def test_delays(requests: tuple[InterventionRequest, ...], found: AllianceStudy) -> None:
    grant, refusal = found.grant_delay, found.refusal_delay
    assert grant is not None
    assert refusal is not None
    assert (grant.requests, refusal.requests) == (33, 8)
    assert grant.slope is not None
    laws = (grant.intercept, grant.slope, grant.spread, refusal.intercept, refusal.spread)
    assert laws == pytest.approx((4.31, -0.96, 1.41, 0.85, 1.66), abs=0.005)
    assert grant.correlation == pytest.approx(-0.65, abs=0.005)
    assert (grant.median, grant.upper_quartile) == (2.0, 30.0)


def test_the_model_starts_from_these_estimates(found: AllianceStudy) -> None:
    names = ("intercept", "threat", "interest", "cost", "constraint", "alignment")
    for name, c in zip(names, found.coefficients, strict=True):
        assert c.name == name
        assert getattr(Weights(), name) == pytest.approx(c.mean, abs=0.005)
    grant, refusal = found.grant_delay, found.refusal_delay
    assert grant is not None
    assert refusal is not None
    assert grant.intercept == pytest.approx(GRANT_DELAY.intercept, abs=0.005)
    assert grant.slope == pytest.approx(GRANT_DELAY.slope, abs=0.005)
    assert grant.spread == pytest.approx(GRANT_DELAY.spread, abs=0.005)
    assert refusal.intercept == pytest.approx(REFUSAL_DELAY.intercept, abs=0.005)
    assert refusal.spread == pytest.approx(REFUSAL_DELAY.spread, abs=0.005)


def test_the_mode_is_where_another_optimizer_finds_it(
    requests: tuple[InterventionRequest, ...],
) -> None:
    x, y = design_matrix(requests), outcomes(requests)

    def depth(beta: np.ndarray) -> float:
        index = x @ beta
        prior = 0.5 * np.sum((beta / PRIOR_SD) ** 2)
        return float(np.sum(np.logaddexp(0, index) - y * index) + prior)

    other = minimize(depth, np.zeros(6), method="BFGS", options={"gtol": 1e-9})
    assert estimate(requests).mean == pytest.approx(other.x, abs=1e-5)


@given(st.integers(0, 2**32 - 1))
@repeatable
def test_the_estimator_solves_its_equation(seed: int) -> None:
    # any data, also separable ones: the prior keeps the mode finite
    state = seed
    values = []
    for _ in range(60):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**32)
    x = np.column_stack([np.ones(12), np.array(values[:48]).reshape(12, 4) * 20 - 10])
    y = (np.array(values[48:]) < 0.5).astype(float)
    sd = np.array([1.5, 1.0, 1.0, 1.0, 1.0])
    fit = logit.fit(x, y, sd)
    gradient = x.T @ (y - logit.probability(fit, x)) - fit.mean / sd**2
    assert gradient == pytest.approx(np.zeros(5), abs=1e-8)
    assert np.all(fit.sd <= sd + 1e-12)


def test_without_information_the_prior_remains() -> None:
    fit = logit.fit(np.zeros((3, 2)), np.array([1.0, 0.0, 1.0]), np.array([1.5, 1.0]))
    assert fit.mean == pytest.approx([0.0, 0.0])
    assert fit.covariance == pytest.approx(np.diag([2.25, 1.0]))


def test_what_happens_to_the_mirror_image(requests: tuple[InterventionRequest, ...]) -> None:
    x, y = design_matrix(requests), outcomes(requests)
    one, other = logit.fit(x, y, PRIOR_SD), logit.fit(x, 1.0 - y, PRIOR_SD)
    assert one.mean == pytest.approx(-other.mean, abs=1e-10)


def test_posterior_draws_have_mean_and_covariance(
    requests: tuple[InterventionRequest, ...],
) -> None:
    fit = estimate(requests)
    assert fit.value(np.zeros(6)) == pytest.approx(fit.mean)
    steps = np.array([fit.value(row) - fit.mean for row in np.eye(6)])
    assert steps.T @ steps == pytest.approx(fit.covariance, abs=1e-12)
    case = requests[0].scores
    assert utility(case, weights(fit)) == pytest.approx(
        float(design_matrix(requests)[0] @ fit.mean)
    )


def test_averaging_pulls_towards_a_half() -> None:
    fit = logit.LogitFit(np.array([2.0]), np.array([[4.0]]))
    mean, low, high = logit.averaged_probability(fit, np.array([1.0]))
    assert 0.5 < mean < 1 / (1 + math.exp(-2.0))
    assert low == pytest.approx(1 / (1 + math.exp(-(2 - 2 * 1.6448536))), abs=1e-6)
    assert high == pytest.approx(1 / (1 + math.exp(-(2 + 2 * 1.6448536))), abs=1e-6)
    # known by quadrature: E Λ(N(2, 2²))
    grid = np.linspace(-12, 12, 24_001)
    weight = np.exp(-0.5 * grid**2)
    assert mean == pytest.approx(
        float(np.sum(weight / (1 + np.exp(-(2 + 2 * grid)))) / np.sum(weight)), abs=1e-4
    )


def test_the_unseen_are_not_seen(requests: tuple[InterventionRequest, ...]) -> None:
    turned = [
        r.model_copy(update={"granted_bin": 1 - r.granted_bin}) if r.case_id in HELD_OUT else r
        for r in requests
    ]
    before, after = predict_held_out(requests, HELD_OUT), predict_held_out(turned, HELD_OUT)
    assert [p.probability for p in before] == [p.probability for p in after]
    assert predict_held_out(requests, ("NONE_1900",)) == ()


def test_a_law_of_delays_needs_variety(requests: tuple[InterventionRequest, ...]) -> None:
    fit = estimate(requests)
    granted = [r for r in requests if r.granted_bin]
    assert grant_delays(granted[:2], fit) is None
    assert grant_delays([granted[0]] * 5, fit) is None


# ---- reading


@pytest.fixture
def table(tmp_path: Path, requests: tuple[InterventionRequest, ...]) -> Path:
    path = tmp_path / NAME
    columns = list(InterventionRequest.model_fields)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([getattr(r, c) for c in columns] for r in requests)
    return path


def edit(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def test_a_file_of_the_same_columns_is_read(
    table: Path, requests: tuple[InterventionRequest, ...]
) -> None:
    assert read_requests(table) == requests


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (1, "f_threat", "f_thread", "did you mean 'f_threat'"),
        (3, "1953-06-17", "17.6.1953", "interventions.csv:3:.*request_date"),
        (3, ",2,2,1,0,1,0,1,2,2,1,0,", ",3,2,1,0,1,0,1,2,2,1,0,", "interventions.csv:3:.*f_threat"),
        (3, ",2,2,1,0,1,0,1,2,2,1,0,", ",2,2,1,0,1,0,1,2,2,0,0,", "contradicts granted = 2"),
        (3, "GDR_1953", "HUN_1956", "interventions.csv:3:.*given twice"),
        (3, "20000,20000", "20000,30000", "more than troops_total"),
        (3, ",B,", ",D,", "allowed: A, B, C"),
    ],
)
def test_faults_are_named(table: Path, line: int, old: str, new: str, said: str) -> None:
    edit(table, line, old, new)
    with pytest.raises(CaseError, match=said):
        read_requests(table)


def test_cells_that_nothing_is_scored_by_may_be_empty(
    table: Path, requests: tuple[InterventionRequest, ...]
) -> None:
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row |= {"delay_kind": "pledge", "client_in_office_12m": "", "troops_total": "",
                "f_presence": "", "confidence": "", "notes": "", "request_channel": "",
                "n_contributors": "", "patron": ""}  # fmt: skip
    rows[0]["delay_days"] = ""
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    found = read_requests(table)
    assert [one.scores for one in found] == [one.scores for one in requests]
    scored, whole = validate_requests(found), validate_requests(requests)
    assert (scored.brier, scored.facts) == (whole.brier, whole.facts)
    assert scored.delays is not None
    assert whole.delays is not None
    assert scored.delays.pairs == whole.delays.pairs - 1


def test_facts_that_need_no_judgement_tell_about_half(
    requests: tuple[InterventionRequest, ...], found: AllianceStudy
) -> None:
    assert found.rule.brier < found.facts.brier < found.base_rate.brier
    assert found.facts.brier == pytest.approx(0.162, abs=5e-4)
    # no score enters: another coder's scores change nothing
    recoded = tuple(one.model_copy(update={"f_threat": 0, "f_stake": 2, "f_align": 1})
                    for one in requests)  # fmt: skip
    assert study(recoded).facts == found.facts


def test_one_sided_files_are_refused(table: Path) -> None:
    lines = table.read_text(encoding="utf-8").split("\n")
    table.write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match="fewer than two requests were not granted"):
        read_requests(table)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"cannot read .*none\.csv"):
        read_requests(tmp_path / "none.csv")
