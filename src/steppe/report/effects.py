"""Effects in words: which outcomes are compared, what they are called, numbers with their sign."""

from __future__ import annotations

import math
from typing import NamedTuple

from steppe.case.scenario import Value
from steppe.report.formatting import quantity
from steppe.study.causation import Causation, Interval
from steppe.study.effects import Effect


class ComparedOutcome(NamedTuple):
    """An outcome of a run as a comparison shows it."""

    outcome: str
    label: str
    short: str
    unit: str


COMPARED = (
    ComparedOutcome("peak_active", "On the street at most", "street", "people"),
    ComparedOutcome("killed", "Citizens killed", "killed", "people"),
    ComparedOutcome("arrested", "Arrests", "arrests", "people"),
    ComparedOutcome("wounded", "Citizens wounded", "wounded", "people"),
    ComparedOutcome("units_defected", "Units that changed sides", "defected", "units"),
    ComparedOutcome("regions_with_protest", "Regions with protest", "regions", "regions"),
    ComparedOutcome("seized_peak", "Public buildings lost", "buildings", "share"),
    ComparedOutcome("legitimacy_end", "Legitimacy at the end", "legitimacy", "index"),
    ComparedOutcome("sovereignty_end", "Sovereignty at the end", "sovereignty", "index"),
)
"""Outcomes of a comparison, the most asked for first."""

CAUSED = {
    "regime_stays": "the regime stays",
    "protest_ends": "the protest ends by itself",
    "large_protest": "the protest is large",
}
"""What either happens or not, as the end of a sentence."""

OTHERWISE = {
    "regime_stays": "it falls",
    "protest_ends": "it goes on",
    "large_protest": "it stays small",
}
"""What happens where that does not."""


def value_words(value: Value, path: str = "parameters.") -> str:
    """Return a value of a scenario as a reader of changes sees it; None is what is not set."""
    if value is None:
        return "the model's own" if path.startswith(("parameters.", "mechanisms.")) else "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def signed(value: float, unit: str, digits: int = 3) -> str:
    """Return a difference with its sign: ``+1,290``, ``−0.15``, ``±0``; – if there is none.

    Differences of shares are in percentage points.
    """
    if not math.isfinite(value):
        return "–"
    shown = quantity(abs(value), unit, 2 if unit == "index" else digits).replace("%", "pp")
    if value == 0.0 or not any(digit in shown for digit in "123456789"):
        return "±0"
    return f"{'+' if value > 0 else '−'}{shown}"


def spread(effect: Effect, unit: str, digits: int = 3) -> str:
    """Return the interval of an effect; '' where nothing differs, words where nothing is known."""
    if effect.pairs == 1:
        return "one pair"
    if effect.low == effect.high == 0.0:
        return ""
    low, high = signed(effect.low, unit, digits), signed(effect.high, unit, digits)
    if low == high:
        return "in every pair" if effect.low == effect.high else low
    return f"{low.removesuffix(' pp')} to {high}"


def chance(p: Interval | None) -> str:
    """Return a probability with its interval: ``0.05 (0.01–0.24)``; – if no seed bears on it."""
    return "–" if p is None else f"{p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})"


def clear(effect: Effect) -> bool:
    """Tell whether the interval of the effect leaves out zero."""
    return effect.pairs > 1 and (effect.low > 0.0 or effect.high < 0.0)


def tally(cause: Causation) -> str:
    """Return in how many seeds it happened in each history."""
    happened = cause.always + cause.only_with
    changed = cause.always + cause.only_without
    return f"in {happened} of {cause.pairs} seeds as it was, in {changed} changed"
