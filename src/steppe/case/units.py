"""Times, dates and numbers with a unit, as people write them in a case."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

MIN_YEAR, MAX_YEAR = 1900, 2200
TIME_FORM = "YYYY-MM-DDTHH:MM, local time"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_NEAR_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]+([0-9]{2}:[0-9]{2})(?::[0-9.]+)?)?(Z|[-+][0-9:]+)?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_SPAN = re.compile("([01][0-9]|2[0-3])-([01][0-9]|2[0-4])")
_QUANTITY = re.compile(r"([-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)\s+(\S+)")
_UNIT_NAMES = {
    **dict.fromkeys(("m", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "weeks"), "week"),
}
_HOURS = {"min": 1 / 60, "h": 1.0, "d": 24.0, "week": 168.0}


class Refusal(ValueError):
    """A value that is not taken: ``message`` says why and ``allowed`` what would be."""

    def __init__(self, message: str, allowed: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.allowed = allowed


def quote(value: object, limit: int = 60) -> str:
    """Return ``value`` for a message: text in quotes, cut at ``limit`` characters."""
    text = repr(value[: limit + 1]) if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def local_time(value: object) -> object:
    """Return the naive local time written as ``YYYY-MM-DDTHH:MM``; other types pass unchanged."""
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise Refusal("local time is written without an offset", TIME_FORM)
        return value
    if not isinstance(value, str):
        return value
    if not _TIME.fullmatch(value):
        raise Refusal(f"{quote(value)} is not a date and time", _time_advice(value))
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(f"{quote(value)} is not in the calendar", TIME_FORM) from None
    _check_year(when.year)
    return when


def _time_advice(text: str) -> str:
    """Return the form of a time, with the one that was probably meant."""
    bare = text.strip(" \t\u201c\u201d\u2018\u2019\u00ab\u00bb\"'")
    match = _NEAR_TIME.fullmatch(bare)
    if match is None:
        return TIME_FORM
    day, clock, zone = match[1], match[2] or "00:00", match[3]
    quotes = ", in straight quotes or none" if bare != text else ""
    offset = ", without an offset from UTC" if zone else ""
    return f"{TIME_FORM}, as {day}T{clock}{offset}{quotes}"


def calendar_date(value: object) -> object:
    """Return ``value`` if it is a date written as ``YYYY-MM-DD``; other types pass unchanged."""
    if not isinstance(value, str):
        return value
    try:
        if not _DATE.fullmatch(value):
            raise ValueError
        _check_year(date.fromisoformat(value).year)
    except Refusal:
        raise
    except ValueError:
        raise Refusal(f"{quote(value)} is not a date of the calendar", "YYYY-MM-DD") from None
    return value


def clock_time(value: object) -> object:
    """Return ``value`` if it is empty or a time of day ``HH:MM``; other types pass unchanged."""
    if isinstance(value, str) and value and not _CLOCK.fullmatch(value):
        raise Refusal(f"{quote(value)} is not a time of day", "HH:MM, or empty")
    return value


def hour_span(value: object) -> object:
    """Return ``value`` if it is a span of hours of the day ``HH-HH``; other types pass."""
    if isinstance(value, str) and not _SPAN.fullmatch(value):
        raise Refusal(f"{quote(value)} is not a span of hours", "HH-HH in quotes, as 21-05")
    return value


def in_span(span: str, hour_of_day: int) -> bool:
    """Return whether an hour of the day lies in ``span``, which may pass midnight.

    It begins with the first hour and ends before the second; two equal hours are the whole day.
    """
    first, last = (int(hour) for hour in span.split("-"))
    if first < last:
        return first <= hour_of_day < last
    return hour_of_day >= first or hour_of_day < last


def _check_year(year: int) -> None:
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise Refusal(f"the year {year} is out of range", f"{MIN_YEAR} to {MAX_YEAR}")


def quantity(text: str, unit: str) -> float:
    """Return the number in ``text`` ("0.4 h"), whose unit must be ``unit`` or a duration like it.

    Durations (min, h, d, week) are converted to each other; no other unit is.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if not match:
        raise Refusal(f"expected a number, got text {quote(text)}", f"a number in {unit}")
    number, unit_text = float(match[1]), match[2]
    if unit_text == unit:
        return number
    if unit_text in _HOURS and unit in _HOURS:
        return number * (_HOURS[unit_text] / _HOURS[unit])
    name = _UNIT_NAMES.get(unit_text.casefold(), "")
    units = ", ".join(_HOURS) if unit in _HOURS else unit
    hint = f", as {match[1]} {name}" if name and unit in _HOURS else ""
    raise Refusal(f"the unit is {quote(unit_text)}", f"a number in {units}{hint}")


def whole_hours(value: object) -> object:
    """Return the whole hours in a text like ``18 d``; other types pass unchanged."""
    if not isinstance(value, str):
        return value
    hours = quantity(value, "h")
    if not hours.is_integer():
        raise Refusal(f"{quote(value)} is not a whole number of hours", "432, 432 h or 18 d")
    return int(hours)


_TimeText = Annotated[str, Field(pattern=f"^{_TIME.pattern}$")]
LocalTime = Annotated[datetime, BeforeValidator(local_time, json_schema_input_type=_TimeText)]
"""Naive local time; text must be ``YYYY-MM-DDTHH:MM``."""

CalendarDate = Annotated[str, BeforeValidator(calendar_date)]
"""A day as text, ``YYYY-MM-DD``."""

ClockTime = Annotated[str, BeforeValidator(clock_time)]
"""A time of day as text, ``HH:MM``, or empty."""

_SpanText = Annotated[str, Field(pattern=f"^{_SPAN.pattern}$")]
HourSpan = Annotated[str, BeforeValidator(hour_span, json_schema_input_type=_SpanText)]
"""Hours of the day as text, ``HH-HH``: from the first until before the second."""

_Count = Annotated[int, Field(ge=1, le=8784)]
_Text = Annotated[str, Field(pattern=r"^[0-9.]+ +(h|d|week)$")]
Hours = Annotated[_Count, BeforeValidator(whole_hours, json_schema_input_type=_Count | _Text)]
"""Whole hours, 1 to 8784; text may give days (``18 d``)."""
