"""What a pair prints: effects with intervals, causes with theirs; one table for many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from steppe.commands.console import say, table, warn
from steppe.report.effects import chance, signed, spread, tally
from steppe.report.formatting import count, moment, quantity
from steppe.report.pair_build import parted_words
from steppe.results.outcomes import by_name, headlines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from steppe.study.effects import Effect
    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair

ENOUGH = 20
"""Below so many pairs an interval is rough."""

RIGHT = {"justify": "right", "no_wrap": True}
WIDE, WIDER = 100, 118
"""Widths from which the table of all pairs has more columns."""


def show(console: Console, made: Pair, lives: IndividualDivergence | None) -> None:
    """Print the effects of one pair and what it says of causes."""
    say(console)
    console.print(f"{count(len(made.seeds), 'pair')}; {parted_words(made)}.")
    if lives is not None and lives.citizens:
        console.print(
            f"In seed {lives.seed} {lives.citizens:,} citizens lead another life, the first from "
            f"{moment(made.scenario.clock.clock().time_of(lives.first_hour))} on."
        )
    elif lives is not None:
        console.print(f"In seed {lives.seed} no citizen leads another life.")
    say(console)
    console.print(_effects(made))
    say(console)
    _causes(console, made)
    if len(made.seeds) < ENOUGH:
        pairs = count(len(made.seeds), "pair")
        warn(console, f"{pairs}: intervals over fewer than {ENOUGH} are rough")


def _effects(made: Pair) -> Table:
    found = table(
        ("", {"ratio": 1}), ("baseline", RIGHT), ("counterfact.", RIGHT), ("difference", RIGHT),
        ("95 % interval", RIGHT),
        title="Medians of runs; difference: baseline minus counterfactual, mean of pairs",
    )  # fmt: skip
    for row in made.comparison.headlines:
        e, unit = row.effect, row.unit
        found.add_row(
            row.label, quantity(row.baseline, unit), quantity(row.counterfactual, unit),
            signed(e.difference, unit), spread(e, unit),
        )  # fmt: skip
    return found


def _causes(console: Console, made: Pair) -> None:
    found = table(
        ("", {"ratio": 1}), ("necessary", RIGHT), ("sufficient", RIGHT), ("both", RIGHT),
        title="As a cause of (probability, 95 % interval)",
    )  # fmt: skip
    catalogue = by_name()
    for cause in made.causation:
        found.add_row(
            catalogue[cause.outcome].happens,
            *(chance(p) for p in (cause.necessity, cause.sufficiency, cause.both)),
        )
    console.print(found)
    stays = made.causation[0]
    console.print(f"The regime stays {tally(stays)}.", style="faint")
    if None in (stays.necessity, stays.sufficiency):
        console.print("– : no seed bears on it.", style="faint")


def show_all(console: Console, pairs: Sequence[tuple[str, Pair]]) -> None:
    """Print one table: a row for each pair, its effects, and the regime's fate as caused."""
    shown = 3 if console.width < WIDE else 4 if console.width < WIDER else 5
    columns, wide = headlines()[:shown], console.width >= WIDE
    found = table(
        ("", {"no_wrap": True}), *((one.short, RIGHT) for one in columns),
        ("necessary" if wide else "necess.", RIGHT), ("sufficient" if wide else "suffic.", RIGHT),
        title="Baseline minus counterfactual, mean of pairs; 95 % intervals below",
    )  # fmt: skip
    for name, made in pairs:
        effects = {e.outcome: e for e in made.effects}
        chosen = [(effects[one.name], one.unit) for one in columns]
        stays = made.causation[0]
        causes = (stays.necessity, stays.sufficiency)
        found.add_row(
            name,
            *(signed(e.difference, unit) for e, unit in chosen),
            *("–" if p is None else f"{p[0]:.2f}" for p in causes),
        )
        found.add_row(
            "",
            *(_tight(e, unit) for e, unit in chosen),
            *("" if p is None else f"{p[1]:.2f}–{p[2]:.2f}" for p in causes),
            style="faint",
        )
    say(console)
    console.print(found)
    numbers = sorted({len(made.seeds) for _, made in pairs})
    console.print(
        f"{' or '.join(map(str, numbers))} pairs each. street: most people at once; necessary, "
        "sufficient: for the regime to stay (–: no seed bears on it).",
        style="faint",
    )
    if numbers[0] < ENOUGH:
        warn(console, f"intervals over fewer than {ENOUGH} pairs are rough")


def _tight(effect: Effect, unit: str) -> str:
    """Return an interval as short as can be: ``+1.1k…+1.5k``."""
    words = spread(effect, unit, 2)
    if " to " not in words:
        return words
    return "…".join(_thousands(end, unit) for end in (effect.low, effect.high))


def _thousands(value: float, unit: str) -> str:
    large = abs(value) >= 1000.0
    return f"{signed(value / 1000.0, '', 2)}k" if large else signed(value, unit, 2)
