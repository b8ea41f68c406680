"""What the model gets wrong in kind: which groups of figures are missed, and on which side.

Said before any number of figures met, because a count hides what is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from steppe.results.formatting import count, listing

if TYPE_CHECKING:
    from steppe.report.payload import TargetRow

TESTED = ("met", "near", "missed")
"""Standings that say something about the model."""

GROUPS = {
    "turnout": "People on the street",
    "spread": "Spread over regions and towns",
    "onset": "When it began",
    "killed": "Killed",
    "wounded": "Wounded",
    "detained": "Detained",
    "network": "Internet",
    "troops": "Foreign troops",
    "price": "Price",
    "units": "Security units",
}
"""Groups of observed figures by what they are called."""

WRONG: Mapping[str, tuple[str, str]] = {
    "turnout": ("too few people on the street", "too many people on the street"),
    "spread": ("protest in too few places", "protest in too many places"),
    "onset": ("protest too early", "protest too late"),
    "killed": ("too few killed", "too many killed"),
    "wounded": ("too few wounded", "too many wounded"),
    "detained": ("too few detained", "too many detained"),
}
"""What it is called when a figure of a group is too low, and when it is too high."""

MOST = 4
"""So many kinds are named."""


def scored_rows(rows: Sequence[TargetRow]) -> list[TargetRow]:
    """Return the rows that say something about the model: scored, and no input of the script."""
    return [row for row in rows if row.verdict in TESTED and not row.is_input]


def misfit_words(rows: Sequence[TargetRow]) -> str:
    """Return a sentence that names what is missed, most frequent first; '' if nothing is."""
    missed = [row for row in scored_rows(rows) if row.verdict == "missed"]
    kinds = Counter(filter(None, map(_kind, missed)))
    if not kinds:
        return ""
    order = sorted(kinds, key=lambda kind: -kinds[kind])
    parts = [f"{kind} ({count(kinds[kind], 'figure')})" for kind in order[:MOST]]
    parts += ["other figures"] if len(order) > MOST else []
    return f"What the model gets wrong: {listing(parts)}."


def _kind(row: TargetRow) -> str:
    low, value, high = row.observed
    least, most = (value if end is None else end for end in (low, high))
    middle = row.simulated[1] if row.simulated else None
    name = GROUPS.get(row.group, row.group or row.title)
    under, over = WRONG.get(row.group, (f"{name} too low", f"{name} too high"))
    if middle is None:
        return ""
    if least is not None and middle < least:
        return under
    return over if most is not None and middle > most else ""
