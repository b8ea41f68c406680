"""The figures observed, and how the runs stand to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from steppe.commands.console import say, table
from steppe.report.wording import bounds, interval, quantity

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from steppe.evidence.scoring import TargetScore

VERDICTS = {"missed": "✗", "near": "~", "met": "✓", "untested": "·"}
"""Verdicts with their marks, those that ask for attention first."""

COLUMNS = {"met": "met", "near": "near", "missed": "missed", "untested": "not tested"}

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

INPUT = "scripted input"
"""A target whose note begins so checks that the script was followed: it is no test of the model."""


def is_input(score: TargetScore) -> bool:
    """Return whether a target checks an input of the scenario and not the model."""
    return score.note.startswith(INPUT)


def show_targets(
    console: Console, scores: Sequence[TargetScore], *, changed: bool, everything: bool
) -> None:
    """Print how many figures are met in each group, and the headline figures or all."""
    if not scores:
        return
    console.print(tally(scores))
    say(console)
    if changed:
        console.print("The scenario is changed, so a difference may be its effect.", style="faint")
    if everything:
        console.print(listing(in_order(scores), "All figures, misses first"))
    else:
        console.print(listing(headline(scores), "The main figures"))
        console.print("--all-targets shows them all, and so does the report", style="faint")
    say(console)


def tally(scores: Sequence[TargetScore]) -> Table:
    """Return the number of verdicts in each group; inputs apart, for they test nothing."""
    from rich.text import Text

    made = table(
        ("", {"ratio": 1}),
        *((head, {"justify": "right", "no_wrap": True}) for head in COLUMNS.values()),
        title="Held against what was observed",
    )

    def add(label: str, rows: Sequence[TargetScore], style: str = "") -> None:
        found = Counter(row.verdict for row in rows)
        cells = [
            Text(str(found[v]), style=v) if found[v] else Text("–", style="faint")
            for v in ("met", "near", "missed", "untested")
        ]
        made.add_row(Text(label), *cells, style=style or None)

    tests = [score for score in scores if not is_input(score)]
    inputs = [score for score in scores if is_input(score)]
    for group in dict.fromkeys(score.group for score in tests):
        add(GROUPS.get(group, group), [score for score in tests if score.group == group])
    made.add_section()
    add("All tests of the model", tests, "bold")
    if inputs:
        add("Inputs that follow the script (no test)", inputs)
    return made


def listing(scores: Sequence[TargetScore], title: str) -> Table:
    """Return a table of figures: verdict, what, observed, simulated."""
    made = table(
        ("", {"no_wrap": True}),
        ("figure", {"ratio": 1}),
        ("observed", {"justify": "right"}),
        ("simulated", {"justify": "right"}),
        title=title,
    )
    for score in scores:
        made.add_row(_mark(score), score.title, _observed(score), _simulated(score))
    return made


def _mark(score: TargetScore) -> Text:
    from rich.text import Text

    word = "input" if is_input(score) and score.verdict == "met" else score.verdict
    return Text(f"{VERDICTS[score.verdict]} {word}", style=score.verdict)


def _observed(score: TargetScore) -> str:
    low, value, high = score.observed
    if value is None or (low == high == value):
        return bounds(low, high, score.unit) or "–"
    around = bounds(low, high, score.unit)
    return f"{quantity(value, score.unit)}" + (f" [{around}]" if around else "")


def _simulated(score: TargetScore) -> str:
    if score.simulated is None:
        return "–"
    low, middle, high = score.simulated
    median = quantity(middle, score.unit)
    between = interval(low, high, score.unit)
    return median if score.n < 2 or between == median else f"{median} [{between}]"


def in_order(scores: Sequence[TargetScore]) -> list[TargetScore]:
    """Return the scores with the misses first, inputs last; else in the order of the case."""
    rank = list(VERDICTS)
    return sorted(scores, key=lambda s: (is_input(s), rank.index(s.verdict)))


def headline(scores: Sequence[TargetScore]) -> list[TargetScore]:
    """Return one figure per observable: the tested one with the largest value, nationwide if any.

    Inputs are left out. In the order of the case.
    """
    best: dict[str, TargetScore] = {}
    for score in scores:
        if is_input(score):
            continue
        before = best.get(score.observable)
        if before is None or _weight(score) > _weight(before):
            best[score.observable] = score
    return [score for score in scores if best.get(score.observable) is score]


def _weight(score: TargetScore) -> tuple[bool, bool, float]:
    known = [figure for figure in score.observed if figure is not None]
    size = score.observed[1] if score.observed[1] is not None else max(known, default=0.0)
    return score.verdict != "untested", score.region == "national", size
