"""What one change did, in generated sentences: never more certain than the pairs allow.

Sentences say what is so in the counterfactual, with its direction in a word; tables keep the sign
of baseline minus counterfactual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steppe.report.effects import chance, clear, more_or_less, tally
from steppe.results.formatting import count, interval, listing, quantity, signed
from steppe.study.causation import Causation
from steppe.study.comparison import OutcomeComparison, OutcomeDifference
from steppe.study.levers import change_in_words, title_of_changes

if TYPE_CHECKING:
    from steppe.study.pair import Pair

MAIN = 3
"""So many outcomes are named in the answer."""


def sentences(pair: Pair, divergence: str) -> tuple[str, ...]:
    """Return the answer: what the change does, how sure that is, the fate, and when it begins."""
    out = [answer(pair.comparison, title_of(pair))]
    stays = pair.comparison.cause("regime_stays")
    if stays is not None:
        out.append(_fate(stays))
    return (*out, f"{divergence[0].upper()}{divergence[1:]}.")


def title_of(pair: Pair) -> str:
    """Return what the change of a pair is called: by the case, else by what is changed."""
    listed = pair.scenario.counterfactuals.get(pair.name)
    if listed or not pair.patch:
        return listed.title if listed else pair.name
    return title_of_changes([change_in_words(change.path, change.new) for change in pair.patch])


def answer(comparison: OutcomeComparison, title: str) -> str:
    """Return what the change does, in one sentence with directions and intervals."""
    rows, pairs = comparison.answer[:MAIN], len(comparison.seeds)
    name = f"“{title or 'the change'}”"
    when = ", after the histories diverge," if comparison.after else ""
    if not any(any(row.by_pair) for row in comparison.rows):
        return f"With {name} nothing differs from the simulated baseline in {count(pairs, 'pair')}."
    if pairs == 1:
        amounts = listing([more_or_less(row.outcome, -row.effect.difference) for row in rows])
        return f"With {name}{when} there are {amounts} in one pair, which tells of no other."
    differ = [_more(row) for row in rows if clear(row.effect)]
    unclear = [_unclear(row) for row in rows if not clear(row.effect)]
    base = f"than in the simulated baseline, on average over {count(pairs, 'pair')}"
    if not differ:
        return f"With {name}{when} no clear difference shows in {count(pairs, 'pair')}: " + (
            f"{listing(unclear)}."
        )
    rest = f"; no clear difference in {listing(unclear)}" if unclear else ""
    return f"With {name}{when} there are {listing(differ)} {base}{rest}."


def _more(row: OutcomeDifference) -> str:
    low, high = sorted((abs(row.effect.low), abs(row.effect.high)))
    span = interval(low, high, row.unit)
    return f"{more_or_less(row.outcome, -row.effect.difference)} (95 %: {span})"


def _unclear(row: OutcomeDifference) -> str:
    low, high = (signed(-end, row.unit, row.digits) for end in (row.effect.high, row.effect.low))
    return f"{row.outcome.noun} ({f'{low} to {high}' if low != high else 'no pair differs'})"


def tile_words(row: OutcomeDifference) -> str:
    """Return the difference as a tile has it: ``32 fewer``, ``0.1 higher``."""
    value = -row.effect.difference
    amount = quantity(abs(value), row.unit, row.digits)
    if not any(digit in amount for digit in "123456789"):
        return "no clear difference" if any(row.by_pair) else "no difference"
    return f"{amount} {'more' if value > 0 else 'fewer'}"


def _fate(cause: Causation) -> str:
    words = f"The regime stays {tally(cause)}"
    if cause.necessity is None:
        return f"{words}, so nothing can be said of what made it stay."
    p = chance(cause.necessity)
    return f"{words}: what the change takes away was necessary for that with probability {p}."


def difference_words(row: OutcomeDifference) -> str:
    """Return the interval of the difference in words, counterfactual against baseline."""
    e = row.effect
    if e.pairs == 1:
        return "one pair, so no interval is known"
    if e.low == e.high == 0.0:
        return "no pair differs"
    low, high = (signed(-end, row.unit, row.digits) for end in (e.high, e.low))
    return f"in the counterfactual; 95 %: {low} to {high}"
