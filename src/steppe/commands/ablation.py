"""``steppe ablation``: what each mechanism does, seen by taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import PLAIN, RIGHT, out, rows_table
from steppe.commands.request_options import seeds_option, takes_request

if TYPE_CHECKING:
    from steppe.study.ablation import AblationEffect
    from steppe.study.request import StudyRequest

EPILOG = """\b
Examples
  steppe ablation kazakhstan-2022 --seeds 4
  steppe ablation kazakhstan-2022 --seeds 4 --rivals

Every row is one patch, such as --set mechanisms.outrage=none, run with the same seeds.
"""


@click.command(short_help="Show what each rule does by taking it away.", epilog=EPILOG)
@options.case_argument
@seeds_option(4, "How many seeds, with each rule and without.")
@options.flag("--rivals", meaning="Also put every rival rule in its place.")
@options.scale_option
@options.change_options
@options.allow_code_option
@options.store_option
@options.json_option
@takes_request
def command(request: StudyRequest, rivals: bool, as_json: bool) -> None:
    """Run CASE without each of its rules in turn and show what changes, seed by seed."""
    from steppe.results.store import Store
    from steppe.study.ablation import ablations
    from steppe.study.resolve import resolve

    scenario, store = resolve(request).baseline, Store(Path(request.store))
    effects = []
    for effect in ablations(
        scenario, request.range, store=store, scale=request.scale, rivals=rivals
    ):
        effects.append(effect)
        click.echo(f"{effect.role}: {effect.rule}", err=True)
    if as_json:
        changes = [asdict(effect) for effect in effects]
        options.print_json(
            {
                "case": scenario.id,
                "seeds": request.seeds,
                "scale": request.scale,
                "changes": changes,
            }
        )
    else:
        _show(effects, request.seeds)


def _show(effects: Sequence[AblationEffect], seeds: int) -> None:
    from steppe.results.outcomes import by_name
    from steppe.study.ablation import OUTCOMES

    outcomes = [by_name()[name] for name in OUTCOMES]
    rows = []
    for effect in effects:
        before, after = effect.falls
        falls = "·" if before == after else f"{before:.0%}→{after:.0%}"
        cells = [_cell(*effect.differences[one.name]) for one in outcomes if effect.differences]
        rows.append((effect.role, effect.rule, *cells, falls))
    console = out()
    console.print(
        rows_table(
            (("role", PLAIN), ("rule instead", PLAIN), *((one.short, RIGHT) for one in outcomes),
             ("falls", RIGHT)),
            rows, title=f"Baseline minus the run without the rule, median over {seeds} seeds",
        )
    )  # fmt: skip
    console.print(
        f"{'; '.join(f'{one.short}: {one.noun}' for one in outcomes)}; (…): the seeds do not agree "
        "on the sign; ·: no change at all; --json has the intervals",
        style="dim",
    )


def _cell(low: float, middle: float, high: float) -> str:
    """Return the median; bare where every seed agrees on its sign, in brackets where not."""
    if low == middle == high == 0.0:
        return "·"
    text = f"{middle:+,.0f}"
    return text if low > 0.0 or high < 0.0 else f"({text})"
