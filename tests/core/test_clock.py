"""Laws of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.clock import Clock

START = datetime(2022, 1, 2)
CLOCK = Clock(START, 432)
repeatable = settings(derandomize=True, deadline=None, max_examples=150)

starts = st.builds(
    lambda day, hour: datetime(2000, 1, 1) + timedelta(days=day, hours=hour),
    st.integers(0, 20_000),
    st.integers(0, 23),
)
clocks = st.builds(Clock, starts, st.integers(1, 8784))


def test_the_reference_case() -> None:
    assert CLOCK.hour_of(datetime(2022, 1, 5, 16, 30)) == 88
    assert CLOCK.time_of(88) == datetime(2022, 1, 5, 16)
    assert CLOCK.hour_of_day(88) == 16
    assert CLOCK.day_of(88) == 3
    assert CLOCK.days == 18


def test_an_hour_holds_its_beginning_and_not_its_end() -> None:
    tick = timedelta(microseconds=1)
    for hour in (0, 1, 431, 8783):
        begin = CLOCK.time_of(hour)
        assert CLOCK.hour_of(begin) == hour
        assert CLOCK.hour_of(begin + timedelta(hours=1) - tick) == hour
        assert CLOCK.hour_of(begin - tick) == hour - 1


def test_hours_before_the_start_are_negative() -> None:
    assert CLOCK.hour_of(datetime(2022, 1, 1, 23, 59)) == -1
    assert CLOCK.hour_of(datetime(2022, 1, 1)) == -24


@pytest.mark.parametrize("year", [1, 1022, 3022, 9999])
def test_far_times_are_placed_exactly(year: int) -> None:
    when = datetime(year, 6, 1)
    tick = timedelta(microseconds=1)
    assert CLOCK.hour_of(when - tick) == CLOCK.hour_of(when) - 1


@given(clocks, st.integers(0, 8783))
@repeatable
def test_hour_and_time_are_inverse(clock: Clock, hour: int) -> None:
    assert clock.hour_of(clock.time_of(hour)) == hour


@given(clocks, st.integers(0, 8783))
@repeatable
def test_hour_of_day_and_day_follow_the_calendar(clock: Clock, hour: int) -> None:
    when = clock.time_of(hour)
    assert clock.hour_of_day(hour) == when.hour
    assert clock.day_of(hour) == (when.date() - clock.start.date()).days


@given(clocks)
@repeatable
def test_days_are_those_the_run_touches(clock: Clock) -> None:
    touched = {clock.time_of(hour).date() for hour in (0, clock.hours - 1)}
    assert clock.days == (max(touched) - min(touched)).days + 1


@pytest.mark.parametrize(
    ("start", "hours", "words"),
    [
        (START.replace(tzinfo=UTC), 24, "without offset"),
        (START.replace(minute=1), 24, "full hour"),
        (START.replace(second=1), 24, "full hour"),
        (START.replace(microsecond=1), 24, "full hour"),
        (START, 0, "hours must be"),
        (START, -5, "hours must be"),
        (START, 8785, "hours must be"),
    ],
)
def test_a_clock_that_cannot_be_is_refused(start: datetime, hours: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Clock(start, hours)


def test_a_clock_is_frozen() -> None:
    with pytest.raises(AttributeError):
        CLOCK.hours = 3  # type: ignore[misc]
