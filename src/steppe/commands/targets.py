"""The figures observed, and how the runs stand to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from steppe.commands.console import say, table
from steppe.report.formatting import bounds, interval, quantity

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

WIDE = 100
"""From this width on, tables have a column more."""


def is_input(score: TargetScore) -> bool:
    """Return whether a target checks an input of the scenario and not the model."""
    from steppe.evidence.targets import INPUT

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
        console.print("The case is changed, so a difference may be the effect.", style="faint")
        say(console)
    if everything:
        rows, title = in_order(scores), "All figures, misses first"
    else:
        rows, title = headline(scores), "The main figures"
    console.print(listing(rows, title, wide=console.width >= WIDE))
    console.print(legend())
    if not everything:
        console.print("--all-targets shows every figure, and so does the report", style="faint")
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


def listing(scores: Sequence[TargetScore], title: str, *, wide: bool) -> Table:
    """Return a table of figures: verdict, what, the range observed, median and interval.

    ``wide`` adds the figure that is thought most likely.
    """
    right = {"justify": "right", "no_wrap": True}
    value = [("reported", right)] if wide else []
    made = table(
        ("", {"no_wrap": True}),
        ("figure", {"ratio": 1}),
        *value,
        ("observed", right),
        ("median", right),
        ("90 % interval", right),
        title=title,
    )
    for score in scores:
        reported = [quantity(score.observed[1], score.unit)] if wide else []
        made.add_row(_mark(score), score.title, *reported, _range(score), *_simulated(score))
    return made


def _mark(score: TargetScore) -> Text:
    from rich.text import Text

    return Text(VERDICTS[score.verdict], style=score.verdict)


def legend() -> Text:
    """Return what the marks mean."""
    from rich.text import Text

    words = {
        "met": "median in the range, or count probable",
        "near": "90 % interval touches it",
        "missed": "neither",
        "untested": "not tested",
    }
    parts: list[str | tuple[str, str]] = []
    for verdict, meaning in words.items():
        parts += [(VERDICTS[verdict], verdict), (f" {meaning}   ", "faint")]
    return Text.assemble(*parts)


def _range(score: TargetScore) -> str:
    low, value, high = score.observed
    return compact(bounds(low, high, score.unit)) or quantity(value, score.unit)


def _simulated(score: TargetScore) -> tuple[str, str]:
    if score.simulated is None:
        return "–", ""
    low, middle, high = score.simulated
    between = compact(interval(low, high, score.unit)) if score.n > 1 else ""
    return quantity(middle, score.unit), between


def compact(words: str) -> str:
    """Return a range in few letters: ``25,000–75,000``, ``≥ 11``."""
    return words.replace(" to ", "–").replace("at least ", "≥ ").replace("at most ", "≤ ")


def in_order(scores: Sequence[TargetScore]) -> list[TargetScore]:
    """Return the scores with the misses first, inputs last; else in the order of the case."""
    rank = list(VERDICTS)
    return sorted(scores, key=lambda s: (is_input(s), rank.index(s.verdict)))


def headline(scores: Sequence[TargetScore]) -> list[TargetScore]:
    """Return one figure per observable: the nationwide one, if any, with the largest value.

    Inputs and, unless nothing else is there, what could not be tested are left out. In the order
    of the case.
    """
    best: dict[str, TargetScore] = {}
    for score in scores:
        if is_input(score):
            continue
        before = best.get(score.observable)
        if before is None or _weight(score) > _weight(before):
            best[score.observable] = score
    chosen = [score for score in scores if best.get(score.observable) is score]
    return [score for score in chosen if score.verdict != "untested"] or chosen


def _weight(score: TargetScore) -> tuple[bool, bool, float]:
    known = [figure for figure in score.observed if figure is not None]
    size = score.observed[1] if score.observed[1] is not None else max(known, default=0.0)
    return score.verdict != "untested", score.region == "national", size
