"""Numbers in the sentences that give reasons."""

from __future__ import annotations

import math


def number_text(value: float | None) -> str:
    """Return a number of about three significant digits, with thousands commas."""
    if value is None or not math.isfinite(value):
        return "open" if value is not None and math.isinf(value) else "–"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    if abs(rounded) >= 100 or float(rounded).is_integer():
        return f"{rounded:,.0f}"
    return f"{rounded:.{max(digits, 0)}f}".rstrip("0").rstrip(".")


def signed(value: float) -> str:
    """Return a number with its sign."""
    return number_text(value) if value <= 0 else f"+{number_text(value)}"


def interval(low: float | None, high: float | None) -> str:
    """Return ``low to high``, or the one number that both are."""
    low_text, high_text = number_text(low), number_text(high)
    return low_text if low_text == high_text else f"{low_text} to {high_text}"


def count_text(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
