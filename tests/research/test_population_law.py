"""The law of crises by importance-weighted EM, against answers in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from steppe.core.response import normal_quantile
from steppe.evidence.scoring import weighted_crps
from steppe.research.population.em import (
    GROUPS,
    CrisisRuns,
    Law,
    fit,
    law_weights,
    leave_one_out,
    posterior_weights,
    visible_weights,
)
from steppe.research.population.forecast import forecast
from steppe.study.population import FALLEN, NONE

WIDE, COUNT, ERROR = 4.0, 1001, 0.7
"""Spread of the proposal, points of it, and standard deviation of what is reported."""

Y = (-1.9, -0.6, 0.1, 0.4, 1.2, 2.3, 2.9)
START = Law(np.array([0.0]), np.zeros((1, 0)), np.array([1.0]), np.full(GROUPS, 0.5))


def toy(name: str, y: float, *, cut: float = -np.inf) -> CrisisRuns:
    """A crisis of effect b that is reported as N(b, ERROR^2), seen above ``cut``."""
    z = np.array([normal_quantile((k + 0.5) / COUNT) for k in range(COUNT)])
    b = WIDE * z
    return CrisisRuns(
        name, np.zeros(0), b[:, None], -0.5 * z * z, -0.5 * ((y - b) / ERROR) ** 2, b > cut,
        np.full(COUNT, NONE), None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def crises() -> list[CrisisRuns]:
    return [toy(f"c{i}", y) for i, y in enumerate(Y)]


@pytest.fixture(scope="module")
def law(crises: list[CrisisRuns]) -> Law:
    return fit(crises, START, steps=150)


def test_one_normal_effect_is_empirical_bayes_in_closed_form(law: Law) -> None:
    """Morris, Journal of the American Statistical Association 78 (1983), equal variances."""
    assert law.mean[0] == pytest.approx(np.mean(Y), abs=1e-3)
    assert law.sd[0] ** 2 == pytest.approx(np.var(Y) - ERROR**2, rel=1e-2)


def test_a_crisis_shrinks_to_the_mean_as_in_closed_form(law: Law, crises: list[CrisisRuns]) -> None:
    share = law.sd[0] ** 2 / (law.sd[0] ** 2 + ERROR**2)
    for one, y in zip(crises, Y, strict=True):
        mean = float(posterior_weights(law, one) @ one.effects[:, 0])
        assert mean == pytest.approx(law.mean[0] + share * (y - law.mean[0]), abs=1e-2)


def test_left_out_a_crisis_is_forecast_by_the_closed_form_of_the_others(
    crises: list[CrisisRuns],
) -> None:
    for (name, one), y in zip(leave_one_out(crises, START, steps=150).items(), Y, strict=True):
        others = [v for v in Y if v != y]
        assert one.mean[0] == pytest.approx(np.mean(others), abs=1e-2), name
        assert one.sd[0] ** 2 == pytest.approx(np.var(others) - ERROR**2, rel=2e-2)


def test_equal_likelihoods_leave_the_weights(crises: list[CrisisRuns]) -> None:
    blind = replace(crises[2], log_likelihood=np.full(COUNT, -3.0))
    np.testing.assert_allclose(posterior_weights(START, blind), law_weights(START, blind))


def test_the_order_of_crises_changes_no_bit(crises: list[CrisisRuns]) -> None:
    one, other = fit(crises, START, steps=20), fit(crises[::-1], START, steps=20)
    assert one.mean.tobytes() == other.mean.tobytes()
    assert one.sd.tobytes() == other.sd.tobytes()


def test_runs_below_the_cut_never_weigh() -> None:
    one = toy("cut", 0.3, cut=0.0)
    for weights in (visible_weights(START, one), posterior_weights(START, one)):
        assert np.all(weights[one.effects[:, 0] <= 0.0] == 0.0)
        assert weights.sum() == pytest.approx(1.0)


def test_a_law_cut_off_below_is_found_whole() -> None:
    """Seen crises are the upper part of N(0, 1): their own mean is .8, that of the law is 0."""
    seen = [normal_quantile(0.5 + 0.5 * (k + 0.5) / 60) for k in range(60)]
    crises = [
        replace(toy(f"{k:03}", y, cut=0.0), log_likelihood=-0.5 * (
            (y - toy("", y).effects[:, 0]) / 0.05) ** 2)
        for k, y in enumerate(seen)
    ]  # fmt: skip
    law = fit(crises, START, steps=60)
    assert np.mean(seen) == pytest.approx(0.798, abs=0.01)
    assert law.mean[0] == pytest.approx(0.0, abs=0.1)
    assert law.sd[0] == pytest.approx(1.0, abs=0.1)


def test_a_law_of_two_kinds_of_runs_gives_the_counts() -> None:
    """Runs end in a fall or not, and what was reported says which: exits are counted."""
    group = np.where(np.arange(COUNT) % 2 == 0, NONE, FALLEN)

    def told(name: str, kind: int, out: bool) -> CrisisRuns:
        sure = np.where(group == kind, 0.0, -1e9)
        return replace(toy(name, 0.0), group=group, log_likelihood=sure, out=out)

    crises = [told("a", NONE, False), told("b", NONE, False), told("c", NONE, True),
              told("d", FALLEN, True)]  # fmt: skip
    law = fit(crises, START, steps=5)
    assert law.exit[NONE] == pytest.approx((1 + 1) / (3 + 2))
    assert law.exit[FALLEN] == pytest.approx((1 + 1) / (1 + 2))
    told_of = forecast(replace(law, mean=np.zeros(1), sd=np.ones(1)), crises[0])
    assert told_of.falls == pytest.approx(0.5, abs=1e-3)
    assert told_of.out == pytest.approx(0.5 * (2 / 5) + 0.5 * (2 / 3), abs=1e-3)


def test_a_crisis_no_run_of_which_is_seen_is_refused() -> None:
    with pytest.raises(ValueError, match="'low': no run was large enough"):
        fit([toy("low", 0.0, cut=1e9)], START)


def test_the_weighted_crps_is_the_known_one() -> None:
    rng = np.random.default_rng(5)
    values, y = rng.normal(size=40), 0.3
    pairs = np.abs(values[:, None] - values[None, :])
    expected = np.mean(np.abs(values - y)) - 0.5 * pairs.mean()
    assert weighted_crps(values, np.full(40, 1 / 40), y) == pytest.approx(expected)
    twice = np.concatenate([values, values[:10]])
    weights = np.concatenate([np.full(40, 1 / 50), np.full(10, 1 / 50)])
    merged = np.full(40, 1 / 50)
    merged[:10] *= 2.0
    assert weighted_crps(twice, weights, y) == pytest.approx(weighted_crps(values, merged, y))
