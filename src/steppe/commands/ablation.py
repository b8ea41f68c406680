"""``steppe removals``: what each mechanism does, seen by taking it away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.seed_options import seeds_option

if TYPE_CHECKING:
    from steppe.study.ablation import AblationEffect

EPILOG = """\b
Examples
  steppe removals kazakhstan-2022 --seeds 4
  steppe removals kazakhstan-2022 --seeds 4 --rivals

Every row is one patch, such as --set mechanisms.outrage=none, run with the same seeds.
"""

HEADS = ("peak", "killed", "arrested", "defected")


@click.command(short_help="Show what each rule does by taking it away.", epilog=EPILOG)
@options.case_argument
@seeds_option(4, "How many seeds, with each rule and without.")
@click.option("--rivals", is_flag=True, help="Also put every rival rule in its place.")
@options.scale_option
@options.change_options
@options.allow_code_option
@options.store_option
@options.json_option
def command(
    case: str,
    seeds: int,
    rivals: bool,
    scale: float,
    counterfactual: str | None,
    patches: tuple[Path, ...],
    settings: tuple[str, ...],
    allow_code: bool,
    store_path: Path,
    as_json: bool,
) -> None:
    """Run CASE without each of its rules in turn and show what changes, seed by seed."""
    from dataclasses import asdict

    from steppe.commands.asked import ask
    from steppe.results.store import Store
    from steppe.study.ablation import ablations

    scenario = ask(case, counterfactual, patches, settings, allow_code).scenario
    made = []
    for change in ablations(
        scenario, range(1, seeds + 1), store=Store(store_path), scale=scale, rivals=rivals
    ):
        made.append(change)
        click.echo(f"{change.role}: {change.rule}", err=True)
    if as_json:
        options.print_json(
            {
                "case": scenario.id,
                "seeds": seeds,
                "scale": scale,
                "changes": [asdict(change) for change in made],
            }
        )
    else:
        _show(made, seeds)


def _show(made: list[AblationEffect], seeds: int) -> None:
    from rich.table import Table

    from steppe.commands.console import out

    table = Table(
        title=f"Change against the case as it is, median over {seeds} seeds",
        box=None, title_justify="left", header_style="bold", pad_edge=False,
    )  # fmt: skip
    table.add_column("role", no_wrap=True)
    table.add_column("rule instead", no_wrap=True)
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("falls", justify="right", no_wrap=True)
    for change in made:
        cells = [_cell(*change.differences[name]) for name in change.differences]
        before, after = change.falls
        falls = "·" if before == after else f"{before:.0%}→{after:.0%}"
        table.add_row(change.role, change.rule, *cells, falls)
    console = out()
    console.print(table)
    console.print(
        "peak: largest number on the street; defected: units; (…): the seeds do not agree on the "
        "sign; ·: no change at all; --json has the intervals",
        style="dim",
    )


def _cell(low: float, middle: float, high: float) -> str:
    """Return the median; bare where every seed agrees on its sign, in brackets where not."""
    if low == middle == high == 0.0:
        return "·"
    text = f"{middle:+,.0f}"
    return text if low > 0.0 or high < 0.0 else f"({text})"
