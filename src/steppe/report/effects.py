"""Effects in words: differences with their sign and direction, intervals, probabilities."""

from __future__ import annotations

from steppe.case.scenario import Value
from steppe.results.formatting import quantity, signed
from steppe.results.outcomes import Outcome
from steppe.study.causation import Causation, Interval
from steppe.study.effects import Effect

LEVELS = ("index", "share", "ratio", "hour")
"""Units of outcomes that are higher or lower, not more or fewer."""


def value_words(value: Value, path: str = "parameters.") -> str:
    """Return a value of a scenario as a reader of changes sees it; None is what is not set."""
    if value is None:
        return "the model's own" if path.startswith(("parameters.", "mechanisms.")) else "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def more_or_less(outcome: Outcome, value: float) -> str:
    """Return a difference in words, with its direction: ``3,000 fewer citizens killed``."""
    words = signed if abs(value) < 1 else quantity  # in a sentence people are whole
    amount = words(abs(value), outcome.unit, outcome.digits).lstrip("+±").replace("%", "pp")
    if outcome.unit in LEVELS and outcome.statistic != "share":
        return f"{outcome.noun} {'higher' if value > 0 else 'lower'} by {amount}"
    return f"{amount} {'more' if value > 0 else 'fewer'} {outcome.noun}"


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
    """Return in how many runs of each arm it happened."""
    baseline = cause.always + cause.only_with
    other = cause.always + cause.only_without
    return f"in {baseline} of {cause.pairs} baseline runs, in {other} counterfactual runs"
