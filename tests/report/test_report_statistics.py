"""Known answers of the small statistics and of the wording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.report import statistics
from steppe.results import formatting
from steppe.results.trajectory import Trajectory
from steppe.study.causation import wilson

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_known_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials)[1:] == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(case: tuple[int, int]) -> None:
    successes, trials = case
    share, low, high = wilson(successes, trials)
    assert 0 <= low <= share <= high <= 1
    other = wilson(trials - successes, trials)
    assert (1 - other[2], 1 - other[1]) == pytest.approx((low, high), abs=1e-9)


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (48213.0, "48,200"), (0.02346, "0.0235"), (7, "7"), (2.5, "2.5"), (99.96, "100"),
     (1234567, "1,230,000"), (None, "–"), (float("nan"), "–"), (-3.14159, "-3.14"),
     (-0.0, "0")],
)  # fmt: skip
def test_numbers_in_words(value: float | None, text: str) -> None:
    assert formatting.number(value) == text


def test_wording_of_ranges_days_and_lists() -> None:
    assert formatting.interval(0.02, 0.05, "share") == "2 to 5 %"
    assert formatting.interval(3, 3, "day") == "3"
    assert formatting.bounds(None, 1000, "persons") == "at most 1,000"
    assert formatting.bounds(14, None, "regions") == "at least 14"
    assert formatting.bounds(None, None, "persons") == ""
    assert formatting.period(datetime(2022, 1, 2), 432) == "2–19 January 2022"
    assert formatting.period(datetime(2021, 12, 30), 72) == "30 December 2021 – 1 January 2022"
    assert formatting.moment(datetime(2022, 1, 5, 14)) == "Wed 5 Jan, 14:00"
    assert formatting.integers([5, 1, 2, 3, 9]) == "1–3, 5, 9"
    assert formatting.listing(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(("value", "text"), [(138.5, "139"), (74.5, "75"), (-64.5, "-65")])
def test_halves_of_people_are_rounded_as_the_app_does(value: float, text: str) -> None:
    assert formatting.quantity(value, "people") == text


def test_concession_of_the_script_is_no_ending() -> None:
    runs = [SimpleNamespace(outcome={"fate": fate}) for fate in ("stays", "concedes", "falls")]
    told = statistics.fates(cast(Sequence[Trajectory], runs))
    assert [(one.key, one.seeds) for one in told] == [("stays", 2), ("falls", 1)]


def test_figures_read_as_in_the_browser() -> None:
    # the same cases are held against the page's own words by web/test/words.test.js
    cases = json.loads((WEB / "test" / "figures.json").read_text(encoding="utf-8"))
    assert len(cases) > 20
    for value, unit, digits, words, gap in cases:
        assert formatting.quantity(value, unit, digits) == words
        assert formatting.signed(value, unit, digits) == gap
