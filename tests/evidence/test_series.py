"""The rule for ranges and the series a report compares."""

from __future__ import annotations

import evidence_toy as toy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.evidence import NATIONAL, daily_comparison
from steppe.evidence.series import observed, point_of


@pytest.mark.parametrize(
    ("confidence", "low", "high"), [("high", 95, 105), ("medium", 75, 125), ("low", 50, 150)]
)
@pytest.mark.parametrize("ends", [{}, {"low": 100, "high": 100}])
def test_figure_that_stands_alone_gets_the_width_of_its_confidence(confidence, low, high, ends):
    point = point_of(toy.observation(value=100, confidence=confidence, **ends))
    assert point is not None
    assert (point.low, point.value, point.high) == pytest.approx((low, 100, high))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"low": 3, "high": 8}, (3, None, 8)),
        ({"low": 3, "value": 5, "high": 8}, (3, 5, 8)),
        ({"low": 44, "value": 44}, (44, 44, None)),
        ({"low": 7}, (7, None, None)),
        ({"value": 9, "high": 9}, (None, 9, 9)),
        ({"low": 0, "value": 0, "high": 0}, (0, 0, 0)),
    ],
)
def test_ranges_that_are_given_stay_as_they_are(given_, expected):
    point = point_of(toy.observation(**given_))
    assert point is not None
    assert point[1:4] == expected


def test_missing_is_not_zero():
    assert point_of(toy.observation()) is None
    assert point_of(toy.observation(low=0, high=1, confidence="none")) is None


def test_shares_stay_within_zero_and_one():
    point = point_of(toy.observation(value=1, unit="share"))
    assert point is not None
    assert (point.low, point.high) == (0.75, 1.0)


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from(["high", "medium", "low"]),
    st.sampled_from(["share", "persons"]),
)
def test_range_contains_its_value(value, confidence, unit):
    if unit == "share":
        value = abs(value) / 1e6
    point = point_of(toy.observation(value=value, confidence=confidence, unit=unit))
    assert point is not None
    assert point.low is not None
    assert point.high is not None
    assert point.low <= value <= point.high


def test_observed_points_are_of_one_region_in_order_of_time():
    rows = (
        toy.observation(id="b", date="2022-01-03", value=2),
        toy.observation(id="a", date="2022-01-02", time="08:00", value=1),
        toy.observation(id="c", region="west", value=3),
        toy.observation(id="d", measure="other", value=4),
    )
    points = observed(toy.scenario(observations=rows), ("protest_size",))
    assert [(p.when, p.value) for p in points] == [("2022-01-02T08:00", 1), ("2022-01-03", 2)]


def test_targets_fill_days_that_were_not_observed_and_no_others():
    rows = (toy.observation(value=10),)
    targets = (
        toy.target(id="same-day", value=99.0),
        toy.target(id="next-day", date="2022-01-03", low=1.0, value=5.0, high=9.0),
        toy.target(id="elsewhere", date="2022-01-03", region="west", value=7.0),
        toy.target("killed_by", id="dead", value=3.0),
    )
    found = {s.name: s for s in daily_comparison(toy.scenario(targets, rows))}
    street = found["On the street"]
    assert [(p.when, p.value, p.confidence) for p in street.points] == [
        ("2022-01-02", 10, "medium"), ("2022-01-03", 5, "low"),
    ]  # fmt: skip
    assert (street.unit, street.observable, street.region) == ("persons", "peak_on_day", NATIONAL)
    assert set(found) == {"On the street", "Killed"}
