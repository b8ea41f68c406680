"""``steppe pair``: two histories that differ in one thing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.scenario.config import Scenario
    from steppe.study.histories import Histories
    from steppe.study.pair import Pair

EPILOG = """\b
Examples
  steppe pair kazakhstan-2022 no-intervention --seeds 20
  steppe pair kazakhstan-2022 --set prices.shock=0.5
  steppe pair kazakhstan-2022 --all --seeds 8

Differences are baseline less variant: what the thing that was taken away had added.
"""
LABELS = {
    "peak_active": "largest number on the street",
    "killed": "citizens killed",
    "wounded": "citizens wounded",
    "arrested": "arrests",
    "regions_with_protest": "regions with protest",
    "units_defected": "units that changed sides",
    "seized_peak": "symbolic buildings lost, share",
    "legitimacy_end": "legitimacy at the end",
    "sovereignty_end": "sovereignty at the end",
}


@click.command(short_help="Change one thing and compare the two histories.", epilog=EPILOG)
@options.case_argument
@click.argument("variant", required=False, metavar="[COUNTERFACTUAL]")
@click.option("--all", "every", is_flag=True, help="Compare with every counterfactual of the case.")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, metavar="N")
@click.option("--seed-from", "first", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change one value instead."
)
@click.option(
    "--base-set", "base", multiple=True, metavar="PATH=VALUE", help="Change both arms alike."
)
@click.option("--citizens/--no-citizens", default=False,
              help="Also compare the first seed citizen by citizen.")
@options.scale_option
@options.allow_code_option
@options.store_option
@options.json_option
def command(
    case: str,
    variant: str | None,
    every: bool,
    seeds: int,
    first: int,
    settings: tuple[str, ...],
    base: tuple[str, ...],
    citizens: bool,
    scale: float,
    allow_code: bool,
    store_path: Path,
    as_json: bool,
) -> None:
    """Run CASE and CASE with one change, with the same seeds, and show what the change did."""
    from steppe.commands.console import out
    from steppe.results.store import Store
    from steppe.study.histories import apart
    from steppe.study.pair import pair

    baseline, variants = _arms(case, variant, every, settings, base, allow_code)
    store, span = Store(store_path), range(first, first + seeds)
    documents: list[dict[str, Any]] = []
    for name, other in variants:
        click.echo(f"{name}: {seeds} pairs", err=True)
        made = pair(baseline, other, span, store=store, scale=scale)
        lives = apart(baseline, other, first, scale=scale) if citizens else None
        documents.append(_document(name, made, lives))
        if not as_json:
            _show(out(), baseline, name, made, lives)
    if as_json:
        options.print_json(documents if every else documents[0])


def _arms(
    case: str,
    variant: str | None,
    every: bool,
    settings: tuple[str, ...],
    base: tuple[str, ...],
    allow_code: bool,
) -> tuple[Scenario, list[tuple[str, Scenario]]]:
    from steppe.scenario.load import load
    from steppe.scenario.patch import apply, named, parse_set

    if sum((variant is not None, every, bool(settings))) != 1:
        raise click.UsageError("give one of COUNTERFACTUAL, --set or --all")
    scenario = load(case, allow_code=allow_code)
    if base:
        scenario = apply(scenario, parse_set(base), allow_code=allow_code)
    if settings:
        other = apply(scenario, parse_set(settings), allow_code=allow_code)
        return scenario, [(" ".join(settings), other)]
    names = list(scenario.counterfactuals) if every else [str(variant)]
    return scenario, [(name, apply(scenario, named(scenario, name))) for name in names]


def _document(name: str, made: Pair, lives: Histories | None) -> dict[str, Any]:
    causes = {cause.outcome: asdict(cause) for cause in made.causation}
    stays = causes["regime_stays"]
    return {
        "baseline": made.baseline.scenario_hash,
        "variant": made.variant.scenario_hash,
        "name": name,
        "patch": {change.path: change.new for change in made.patch},
        "seeds": list(made.baseline.seeds),
        "first_divergence_hour": min(made.first_divergence),
        "effects": [
            {"outcome": e.outcome, "difference": e.difference, "low": e.low, "high": e.high,
             "pairs": e.pairs, "baseline": e.baseline, "variant": e.variant}
            for e in made.effects
        ],
        "necessity": stays["necessity"],
        "sufficiency": stays["sufficiency"],
        "causation": causes,
        "histories": asdict(lives) if lives else None,
    }


def _show(
    console: Console, baseline: Scenario, name: str, made: Pair, lives: Histories | None
) -> None:
    from rich.table import Table

    console.print(f"\n[bold]{baseline.title}: {name}[/]")
    if name in baseline.counterfactuals:
        console.print(baseline.counterfactuals[name].question, style="italic")
    clock = baseline.clock.clock()
    start = min(made.first_divergence)
    parted = (
        "the histories never part" if start >= clock.hours
        else f"the histories part on {clock.time_of(start):%d %B at %H:%M}"
    )
    console.print(f"{len(made.first_divergence)} pairs; {parted}", style="dim")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in ("", "as it was", "changed", "difference", "95 % interval"):
        table.add_column(head, justify="right" if head else "left")
    for e in made.effects:
        if e.outcome in LABELS:
            same = e.low == e.high == 0.0
            table.add_row(
                LABELS[e.outcome], _number(e.baseline), _number(e.variant),
                "·" if same else _signed(e.difference),
                "" if same else f"{_signed(e.low)} to {_signed(e.high)}",
            )
    console.print(table)
    _show_causes(console, made)
    if lives is not None:
        console.print(
            f"seed {lives.seed}: {lives.citizens:,} citizens lead another life, the first from "
            f"hour {lives.first_hour}"
        )


def _show_causes(console: Console, made: Pair) -> None:
    from rich.table import Table

    table = Table(
        title="What was taken away, as a cause (95 % intervals)", title_justify="left",
        box=None, header_style="bold", pad_edge=False,
    )  # fmt: skip
    for head in ("of", "necessary", "sufficient", "both"):
        table.add_column(head, justify="left" if head == "of" else "right")
    for cause in made.causation:
        cells = [_share(p) for p in (cause.necessity, cause.sufficiency, cause.both)]
        table.add_row(cause.outcome.replace("_", " "), *cells)
    console.print(table)


def _share(p: tuple[float, float, float] | None) -> str:
    return "no seed tells" if p is None else f"{p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}"
