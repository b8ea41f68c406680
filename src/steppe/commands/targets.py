"""The figures observed, and how the runs stand to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from steppe.commands.console import FILL, PLAIN, RIGHT, rows_table, say, table
from steppe.evidence.scoring import TargetScore
from steppe.evidence.targets import INPUT
from steppe.report.misfit import GROUPS
from steppe.report.payload import Bounds, Verdict
from steppe.results.formatting import bounds, interval, quantity

VERDICTS = {"missed": "✗", "near": "~", "met": "✓", "untested": "·"}
"""Verdicts with their marks, those that ask for attention first."""

COLUMNS: dict[Verdict, str] = {
    "met": "met",
    "near": "near",
    "missed": "missed",
    "untested": "not tested",
}

WIDE = 100
"""From this width on, tables have a column more."""


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
    rows = table(
        ("", FILL), *((head, RIGHT) for head in COLUMNS.values()),
        title="Held against what was observed",
    )  # fmt: skip

    def add(label: str, group: Sequence[TargetScore], style: str = "") -> None:
        counts = Counter(score.verdict for score in group)
        cells = [Text(str(counts[v] or "–"), style=v if counts[v] else "faint") for v in COLUMNS]
        rows.add_row(Text(label), *cells, style=style or None)

    tests = [score for score in scores if not is_input(score)]
    inputs = [score for score in scores if is_input(score)]
    for group in dict.fromkeys(score.group for score in tests):
        add(GROUPS.get(group, group), [score for score in tests if score.group == group])
    rows.add_section()
    add("All tests of the model", tests, "bold")
    if inputs:
        add("Inputs that follow the script (no test)", inputs)
    return rows


def listing(scores: Sequence[TargetScore], title: str, *, wide: bool) -> Table:
    """Return a table of figures: verdict, what, the range observed, median and interval.

    ``wide`` adds the figure that is thought most likely.
    """
    columns = (
        ("", PLAIN), ("figure", FILL), *([("reported", RIGHT)] if wide else []),
        ("observed", RIGHT), ("median", RIGHT), ("90 % interval", RIGHT),
    )  # fmt: skip
    rows = (
        (
            Text(VERDICTS[score.verdict], style=score.verdict),
            score.title,
            *([quantity(score.observed[1], score.unit)] if wide else []),
            observed_text(score.observed, score.unit),
            *_simulated(score),
        )
        for score in scores
    )
    return rows_table(columns, rows, title)


def legend() -> Text:
    """Return what the marks mean."""
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


def observed_text(observed: Bounds, unit: str) -> str:
    """Return a range observed in few letters, or the figure where there is none."""
    low, value, high = observed
    return compact(bounds(low, high, unit)) or quantity(value, unit)


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
    headlines = [score for score in scores if best.get(score.observable) is score]
    return [score for score in headlines if score.verdict != "untested"] or headlines


def _weight(score: TargetScore) -> tuple[bool, bool, float]:
    figures = [figure for figure in score.observed if figure is not None]
    size = score.observed[1] if score.observed[1] is not None else max(figures, default=0.0)
    return score.verdict != "untested", score.region == "national", size
