"""What one change did, in generated sentences: never more certain than the pairs allow."""

from __future__ import annotations

from collections.abc import Sequence

from steppe.report.effects import chance, clear, more_or_less, signed, tally
from steppe.report.formatting import count, interval, listing
from steppe.study.causation import Causation
from steppe.study.comparison import OutcomeDifference

MAIN = 3
"""So many outcomes are named in the answer."""


def sentences(
    rows: Sequence[OutcomeDifference], causes: Sequence[Causation], divergence: str, pairs: int
) -> tuple[str, ...]:
    """Return the answer: what differs clearly, what does not, the fate, and when it begins."""
    main = rows[:MAIN]
    differ = [row for row in main if clear(row.effect)]
    unclear = [row for row in main if not clear(row.effect)]
    out = []
    if pairs == 1:
        out.append("One pair shows two histories, not how far they differ in general.")
    elif differ:
        amounts = listing([_more(row) for row in differ])
        out.append(f"The baseline has {amounts} than the counterfactual, on average over pairs.")
    if unclear and pairs > 1:
        names = listing([row.outcome.noun for row in unclear])
        out.append(f"No clear difference shows for {names} in {count(pairs, 'pair')}.")
    stays = next((cause for cause in causes if cause.outcome == "regime_stays"), None)
    if stays is not None:
        out.append(_fate(stays))
    return (*out, f"{divergence[0].upper()}{divergence[1:]}.")


def _more(row: OutcomeDifference) -> str:
    low, high = sorted((abs(row.effect.low), abs(row.effect.high)))
    span = interval(low, high, row.unit)
    return f"{more_or_less(row.outcome, row.effect.difference)} (95 %: {span})"


def _fate(cause: Causation) -> str:
    words = f"The regime stays {tally(cause)}"
    if cause.necessity is None:
        return f"{words}, so nothing can be said of what made it stay."
    p = chance(cause.necessity)
    return f"{words}: what the change takes away was necessary for that with probability {p}."


def difference_words(row: OutcomeDifference) -> str:
    """Return the difference and its interval in words."""
    e = row.effect
    if e.pairs == 1:
        return "one pair, so no interval is known"
    if e.low == e.high == 0.0:
        return "no pair differs"
    low, high = (signed(end, row.unit, row.digits) for end in (e.low, e.high))
    return f"95 %: {low} to {high}"
