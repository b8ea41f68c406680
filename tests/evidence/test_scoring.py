"""Targets, verdicts and the CRPS."""

from __future__ import annotations

import math

import evidence_toy as toy
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from steppe.core.errors import CaseError, SteppeError
from steppe.evidence import resolve, score
from steppe.evidence.probability import count_probability
from steppe.evidence.scoring import fair_crps, judge, quantiles

numbers = st.floats(-1e6, 1e6)
ORDER = {"missed": 0, "near": 1, "met": 2}


def peaks(*levels: int):
    return [toy.run({"peaceful": [((7, 0), level)]}) for level in levels]


def score_one(runs, observable="peak_on_day", **changes):
    (found,) = score(toy.scenario((toy.target(observable, **changes),)), runs)
    return found


def test_score_shows_range_quantiles_and_number_of_runs():
    found = score_one(peaks(100, 200, 300), low=150.0, value=220.0, high=250.0, note="n")
    assert found.simulated == pytest.approx((110, 200, 290))
    assert (found.n, found.verdict, found.observed) == (3, "met", (150.0, 220.0, 250.0))
    assert (found.group, found.note, found.reason) == ("turnout", "n", "")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(150, 250, "met"), (200, 200, "met"), (None, 200, "met"), (200, None, "met"),
     (250, 400, "near"), (0, 150, "near"), (0, 110, "near"), (290, 400, "near"),
     (280, None, "near"), (290.5, 400, "missed"),
     (None, 109, "missed"), (None, None, "untested")],
)  # fmt: skip
def test_verdict(low, high, verdict):
    assert judge((110, 200, 290), low, high) == verdict


@given(st.tuples(numbers, numbers, numbers), numbers, numbers, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_range_is_never_judged_worse(simulated, a, b, down, up):
    sample = tuple(sorted(simulated))
    low, high = min(a, b), max(a, b)
    wider = ORDER[judge(sample, low - down, high + up)]
    assert wider >= ORDER[judge(sample, low, high)]
    assert ORDER[judge(sample, None, high + up)] >= wider


def test_figure_without_range_is_untested_but_has_a_crps():
    found = score_one(peaks(99), value=9.0)
    assert (found.verdict, found.reason) == ("untested", "no observed range")
    assert found.crps == pytest.approx(1.0)  # log10(1 + 99) - log10(1 + 9)


def test_range_without_figure_has_no_crps():
    assert score_one(peaks(99), low=1.0, high=2.0).crps is None


def test_date_outside_the_runs_is_untested_and_not_zero():
    found = score_one(peaks(99), date="2022-01-09", low=0.0, value=0.0, high=5.0)
    assert (found.verdict, found.simulated, found.n, found.crps) == ("untested", None, 0, None)
    assert found.reason


def test_onset_is_judged_only_by_a_run_that_outlasts_its_range():
    ask = {"region": "east", "date": "2022-01-01", "low": 3.0, "unit": "day"}
    assert score_one([toy.run()], "onset_day", high=4.0, **ask).verdict == "untested"
    assert score_one([toy.run()], "onset_day", high=3.0, **ask).verdict == "missed"
    seen = score_one([toy.run({"peaceful": [((30, 0), 100)]})], "onset_day", high=3.0, **ask)
    assert seen.verdict == "met"


def test_a_target_has_a_threshold_of_its_own():
    ask = {"region": "national", "unit": "regions", "low": 1.0, "high": 1.0}
    assert score_one(peaks(40), "regions_with_protest", **ask).verdict == "missed"
    assert score_one(peaks(40), "regions_with_protest", threshold=41.0, **ask).verdict == "missed"
    assert score_one(peaks(40), "regions_with_protest", threshold=40.0, **ask).verdict == "met"


def test_a_beginning_is_looked_for_from_a_day_on():
    made = [toy.run({"peaceful": [((3, 0), 100), ((30, 1), 100), ((31, 0), 100)]})]
    day = {"region": "east", "date": "2022-01-01", "unit": "day"}
    rank = {"region": "east", "date": "2022-01-03", "unit": "rank"}
    for since, first, place in ((None, 2, 1), ("2022-01-03", 3, 2), ("2021-12-01", 2, 1)):
        assert score_one(made, "onset_day", since=since, **day).simulated[1] == first
        assert score_one(made, "onset_rank", since=since, **rank).simulated[1] == place


def test_a_series_that_runs_lack_is_the_reason():
    found = score_one(peaks(5), "turnout_on_day", low=1.0)
    assert (found.verdict, found.reason) == ("untested", "runs did not record the series 'joined'")


def deaths(*counts: int):
    return [toy.run({"deaths": [((5, 0), count)]}) for count in counts]


def test_a_count_is_judged_by_its_probability_and_not_by_the_median():
    runs = deaths(*range(10, 31))
    ask = {"test": "probability", "unit": "persons"}
    assert score_one(runs, "killed_by", value=22.0, **ask).verdict == "met"
    assert score_one(runs, "killed_by", value=30.0, **ask).verdict == "near"
    assert score_one(runs, "killed_by", value=60.0, **ask).verdict == "missed"
    found = score_one(runs, "killed_by", value=20.0, **ask)
    assert found.probability == pytest.approx(count_probability(np.arange(10.0, 31.0), 20, 20))
    assert score_one(runs, "killed_by", low=0.0, high=100.0).probability is None


def test_score_does_not_depend_on_the_order_of_runs():
    ask = {"low": 1.0, "value": 130.0, "high": 150.0}
    assert score_one(peaks(100, 150, 990), **ask) == score_one(peaks(990, 100, 150), **ask)


def test_no_runs_are_refused():
    with pytest.raises(SteppeError, match="no run"):
        score(toy.scenario(), [])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"observable": "peak_on_dai"}, "did you mean 'peak_on_day'"),
        ({"region": "wets"}, "did you mean 'west'"),
        ({"observable": "troops_on", "region": "west"}, "cannot be asked"),
        ({"observable": "onset_rank", "unit": "rank"}, "cannot be asked"),
        ({"observable": "connectivity_at", "unit": "share"}, "did you mean 'connectivity_on'"),
        ({"unit": "thousands"}, "another unit; allowed: persons"),
        ({"observable": "price_on", "unit": "KZT"}, "allowed: TOY_per_litre"),
        ({"threshold": 20.0}, r"\.threshold: 'peak_on_day' counts no gatherings; allowed: protest"),
        ({"since": "2022-01-01"}, r"\.since: 'peak_on_day' is no beginning; allowed: onset_day, "),
        ({"test": "probability"}, r"\.test: a probability needs a count"),
        ({"test": "probability", "low": 3.0}, "needs a count; allowed: value, or low and high"),
        ({"test": "probability", "value": 2.5}, "a count is a whole number"),
        ({"test": "probability", "value": -1.0}, "a count is a whole number"),
        (
            {"observable": "onset_day", "unit": "day", "test": "probability", "value": 1.0},
            "'onset_day' counts no persons; allowed: range",
        ),
    ],
)
def test_faulty_targets_are_refused(changes, message):
    with pytest.raises(CaseError, match=message):
        resolve(toy.scenario((toy.target(**changes),)))


def test_all_faulty_targets_are_named_together():
    targets = (toy.target(unit="x"), toy.target(region="nowhere"))
    with pytest.raises(CaseError) as caught:
        resolve(toy.scenario(targets))
    assert [fault.key for fault in caught.value.faults] == [
        "evidence.targets.0.unit",
        "evidence.targets.1.region",
    ]


def test_quantiles_are_linear():
    assert quantiles(np.arange(0.0, 21.0)) == pytest.approx((1, 10, 19))
    assert quantiles(np.array([7.0])) == (7, 7, 7)


@given(numbers, numbers, st.integers(1, 9))
def test_crps_of_a_point_mass_is_the_absolute_error(member, observed, n):
    assert fair_crps(np.full(n, member), observed) == pytest.approx(
        abs(member - observed), abs=1e-6
    )


@pytest.mark.parametrize(
    ("members", "observed", "expected"),
    [([0, 1], 0, 0.0), ([0, 1], 2, 1.0), ([0, 1, 2], 1, 0.0), ([0, 3, 6], 3, 0.0), ([0, 4], 5, 1)],
)
def test_crps_known_answers(members, observed, expected):
    assert fair_crps(np.array(members, dtype=float), observed) == pytest.approx(expected)


@given(st.lists(numbers, min_size=2, max_size=12), numbers)
def test_crps_equals_the_sum_over_pairs(members, observed):
    x = np.array(members)
    pairs = np.abs(x[:, None] - x[None, :]).sum() / (2 * x.size * (x.size - 1))
    assert fair_crps(x, observed) == pytest.approx(np.abs(x - observed).mean() - pairs, abs=1e-5)


@given(st.lists(numbers, min_size=2, max_size=8), numbers, numbers)
def test_crps_does_not_move_with_the_origin(members, observed, shift):
    assume(abs(shift) > 1)
    x = np.array(members)
    assert fair_crps(x + shift, observed + shift) == pytest.approx(fair_crps(x, observed), abs=1e-5)


def test_crps_of_a_large_normal_sample_is_that_of_the_normal():
    stats = pytest.importorskip("scipy.stats")
    sample = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    z = 0.7
    exact = z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi)
    assert fair_crps(sample, z) == pytest.approx(exact, abs=1e-3)


def test_crps_of_members_that_err_is_that_of_the_wider_normal():
    """N(0, 1) members with an error of N(0, 0.75^2) forecast N(0, 1.25^2)."""
    stats = pytest.importorskip("scipy.stats")
    sample, z = stats.norm.ppf((np.arange(2000) + 0.5) / 2000), 0.7 / 1.25
    exact = z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi)
    assert fair_crps(sample, 0.7, 0.75) == pytest.approx(1.25 * exact, abs=5e-3)


def test_crps_of_few_members_that_err_is_right_on_average():
    """The fair form with an error, over many ensembles of four, is that of endless members."""
    rng = np.random.default_rng(1)
    few = np.mean([fair_crps(rng.standard_normal(4), 0.7, 0.75) for _ in range(4000)])
    many = fair_crps(rng.standard_normal(4000), 0.7, 0.75)
    assert few == pytest.approx(many, abs=0.03)


def test_crps_agrees_with_scoringrules():
    scoringrules = pytest.importorskip("scoringrules")
    x = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0])
    expected = scoringrules.crps_ensemble(2.5, x, estimator="fair")
    assert fair_crps(x, 2.5) == pytest.approx(float(expected))


def test_crps_needs_a_member():
    with pytest.raises(ValueError, match="at least one"):
        fair_crps(np.array([]), 0.0)
