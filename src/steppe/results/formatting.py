"""Numbers, moments and lists as text for readers: fixed English, no locale, no time zone data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WHOLE = frozenset({
    "persons", "persons per hour", "units", "people", "towns", "regions", "places", "person-hours",
})  # fmt: skip
"""Units of which nobody counts parts."""
TINY = 1e-6
"""Below it a number is written with a power of ten."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def rounded(value: float, digits: int = 3) -> float:
    """Return ``value`` rounded to ``digits`` significant digits, halves away from zero.

    So do browsers, and a figure has to read the same in the terminal and in the app.
    """
    if value == 0 or not math.isfinite(value):
        return value
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() + 1 - digits), ROUND_HALF_UP))


def number(value: float | None, digits: int = 3) -> str:
    """Return a number of about ``digits`` significant digits with thousands commas; – if none."""
    if value is None or not math.isfinite(value):
        return "–"
    figure = rounded(value, digits) + 0.0  # no minus before nothing
    if abs(figure) >= 100 or figure == int(figure):
        return f"{figure:,.0f}"
    if abs(figure) < TINY:
        mantissa, exponent = f"{figure:.{digits - 1}e}".split("e")
        raised = str(int(exponent)).translate(RAISED)
        return f"{mantissa.rstrip('0').removesuffix('.')} × 10{raised}"
    return f"{figure:,.{max(0, digits - 1 - math.floor(math.log10(abs(figure))))}f}".rstrip("0")


def quantity(value: float | None, unit: str, digits: int = 3) -> str:
    """Return a number with its unit; shares become percentages."""
    if unit in ("share", "1"):
        missing = value is None or not math.isfinite(value)
        return "–" if missing else f"{number(100 * (value or 0.0), digits)} %"
    if unit in WHOLE and value is not None and math.isfinite(value):
        # halves go away from zero, as the browser rounds them in the app
        return number(math.copysign(math.floor(abs(value) + 0.5), value), digits)
    return number(value, digits)


def signed(value: float, unit: str, digits: int = 3) -> str:
    """Return a difference with its sign: ``+1,290``, ``−0.15``, ``±0``; – if there is none.

    Differences of shares are in percentage points; a mean difference below ten keeps two digits.
    """
    if not math.isfinite(value):
        return "–"
    parts = unit in WHOLE and abs(value) < 10
    amount = quantity(abs(value), "" if parts else unit, min(digits, 2) if parts else digits)
    amount = amount.replace("%", "pp")
    if value == 0.0 or not any(digit in amount for digit in "123456789"):
        return "±0"
    return f"{'+' if value > 0 else '−'}{amount}"


def interval(low: float, high: float, unit: str, digits: int = 3) -> str:
    """Return ``low to high`` in the unit's wording, once if both read the same."""
    start, end = quantity(low, unit, digits), quantity(high, unit, digits)
    if start == end:
        return start
    if unit in ("share", "1"):
        start = start.removesuffix(" %")
    return f"{start} to {end}"


def bounds(low: float | None, high: float | None, unit: str) -> str:
    """Return a range in words, open ends as ``at least`` and ``at most``; '' if both are open."""
    if low is not None and high is not None:
        return interval(low, high, unit)
    if low is not None:
        return f"at least {quantity(low, unit)}"
    return "" if high is None else f"at most {quantity(high, unit)}"


def day(when: datetime, *, year: bool = False) -> str:
    """Return ``5 January`` or ``5 January 2022``."""
    return f"{when.day} {MONTHS[when.month - 1]}" + (f" {when.year}" if year else "")


def moment(when: datetime) -> str:
    """Return ``Wed 5 Jan, 14:00``."""
    month = MONTHS[when.month - 1][:3]
    return f"{WEEKDAYS[when.weekday()]} {when.day} {month}, {when:%H:%M}"


def period(start: datetime, hours: int) -> str:
    """Return the days a run covers, such as ``2–19 January 2022``."""
    end = start + timedelta(hours=hours - 1)
    if (start.year, start.month) == (end.year, end.month):
        days = str(start.day) if start.day == end.day else f"{start.day}–{end.day}"
        return f"{days} {MONTHS[start.month - 1]} {start.year}"
    return f"{day(start, year=start.year != end.year)} – {day(end, year=True)}"


def listing(items: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def count(number_of: int, one: str, many: str = "") -> str:
    """Return ``1 run`` or ``3 runs``."""
    return f"{number_of:,} {one if number_of == 1 else many or one + 's'}"


def integers(values: Sequence[int]) -> str:
    """Return sorted integers with runs joined: ``1–5, 9``."""
    parts: list[str] = []
    ordered = sorted(values)
    start = 0
    for i in range(1, len(ordered) + 1):
        if i == len(ordered) or ordered[i] != ordered[i - 1] + 1:
            first, last = ordered[start], ordered[i - 1]
            parts.append(str(first) if first == last else f"{first}–{last}")
            start = i
    return ", ".join(parts)


def address(text: str) -> str:
    """Return a source without its URL scheme: the page names sources, it never points to them."""
    return text.replace("https://", "").replace("http://", "").replace("www.", "")
