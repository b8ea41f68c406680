"""The tables of ``steppe nowcast``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from steppe.commands.console import FILL, NAME, RIGHT, facts, rows_table
from steppe.commands.console import show as show_tables
from steppe.study.nowcast.limits import limits

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from steppe.study.nowcast.result import ForecastFan, Nowcast, WhatIf

DAYS = (1, 2, 3, 5, 7, 14, 30)
"""Days ahead that are printed."""

NOTHING = "–"

PRIORS = {"population": "the law of all crises but this one", "prior": "the declared priors"}


def show(console: Console, result: Nowcast) -> None:
    """Print a nowcast: what it rests on, chances, fans of the nation, what-ifs."""
    console.print(f"[bold]{result.title}[/]: what was known at the end of {result.until}")
    console.print(facts(list(_about(result))))
    show_tables(console, _chances(result))
    nation = [fan for fan in result.fans if fan.key.region == "national"]
    show_tables(console, *map(_fan, nation), *map(_what_if, result.what_ifs))


def _about(result: Nowcast) -> Iterator[tuple[str, str]]:
    yield "not done well", "\n".join(limits(result))
    yield "prior", f"{PRIORS[result.prior]}; never the posterior of the case, which knows its end"
    usable = sum(one.usable for one in result.figures)
    count = f"{usable} of {len(result.figures)} that were known"
    yield "figures", count if result.conditioned else "left aside"
    yield (
        "draws",
        (
            f"{result.draws} of {result.looks:,} looks go on; given the figures they are worth "
            f"{result.effective:.1f} of equal weight"
        ),
    )
    if result.beta < 1.0:
        yield (
            "weights",
            (
                f"hold {result.beta:.0%} of what the figures say, a linear step the rest; chances "
                "rest on the weights alone"
            ),
        )
    if result.beyond:
        yield "beyond the model", ", ".join(result.beyond)


def _chances(result: Nowcast) -> Table:
    return rows_table(
        (("chance", NAME), ("", FILL), ("P", RIGHT), ("model", RIGHT), ("as now", RIGHT),
         ("growth", RIGHT), ("base", RIGHT)),
        (
            (one.name, one.words, *map(_chance, (
                one.pooled, one.model, one.persistence, one.growth, one.base_rate,
            )))
            for one in result.chances
        ),
        title="What comes next: the model pooled with growth elsewhere, and what to beat",
    )  # fmt: skip


def _chance(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _fan(fan: ForecastFan) -> Table:
    last = NOTHING if fan.last is None else f"{fan.last:,.0f}"
    days = [fan.days[ahead - 1] for ahead in DAYS]
    return rows_table(
        (("day", NAME), ("5 %", RIGHT), ("25 %", RIGHT), ("median", RIGHT), ("75 %", RIGHT),
         ("95 %", RIGHT)),
        (
            (f"{one.day:%d %b}", *(f"{x:,.0f}" for x in one.pooled.quantiles()))
            for one in days
        ),
        title=f"{fan.key.label} ({fan.key.unit}); the last figure was {last}",
    )  # fmt: skip


def _what_if(one: WhatIf) -> Table:
    peak = next(fan for fan in one.fans if fan.key.observable == "peak_on_day")
    rows = [(name, f"{gap:+.2f}", f"{error:.2f}") for name, (gap, error) in one.chances.items()]
    rows += [
        (f"{peak.key.observable}, day {ahead}", f"{peak.mean[ahead - 1]:+,.0f}",
         f"{peak.low[ahead - 1]:+,.0f} to {peak.high[ahead - 1]:+,.0f}")
        for ahead in DAYS
    ]  # fmt: skip
    return rows_table(
        (("what if, less as it is", NAME), ("mean", RIGHT), ("error, or 5 % to 95 %", RIGHT)),
        rows, title=f"What if: {one.title}",
    )  # fmt: skip
