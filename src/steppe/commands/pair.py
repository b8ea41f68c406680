"""``steppe pair``: two histories that differ in one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import cluster_options
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.pair_arms import base_of, base_options, variant_of
from steppe.commands.seed_options import SeedOptions, seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.commands.asked import Asked
    from steppe.commands.pair_arms import Variant
    from steppe.results.store import Store
    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair
    from steppe.study.parameters import ParameterSource

EPILOG = """\b
Examples
  steppe pair kazakhstan-2022 no-intervention
  steppe pair kazakhstan-2022 no-intervention --free-from request
  steppe pair kazakhstan-2022 --set prices.shock=0.5
  steppe pair kazakhstan-2022 --all --seeds 8

Differences are as it was less changed: what the thing that was taken away had added. Finished
runs are kept. Exit codes: 0 done, 1 some seeds failed, 2 bad input, 130 stopped and resumable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions(SeedOptions):
    """How pairs are to be made and what is to be said of them."""

    parameters: ParameterSource | None
    citizens: bool
    report: Path | None
    no_report: bool
    as_json: bool


@click.command(short_help="Change one thing and compare the two histories.", epilog=EPILOG)
@options.case_argument
@click.argument("variant", required=False, metavar="[COUNTERFACTUAL]")
@click.option("--all", "every", is_flag=True, help="Compare with every counterfactual of the case.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change one value instead; may be repeated.",
)
@base_options("both arms")
@seeds_option(20, "How many pairs.")
@seed_from_option
@click.option(
    "--citizens/--no-citizens",
    default=False,
    help="Also live the first seed side by side and count whose own history differs.",
)
@options.parameters_option
@options.scale_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.report_options("CASE-vs-COUNTERFACTUAL.html")
@options.json_option
def command(
    case: str,
    variant: str | None,
    every: bool,
    settings: tuple[str, ...],
    base: tuple[str, ...],
    free_from: str | None,
    allow_code: bool,
    store_path: Path,
    **rest: Any,
) -> int:
    """Run CASE and CASE with one change, with the same seeds, and show what the change did."""
    if sum((variant is not None, every, bool(settings))) != 1:
        raise click.UsageError("give one of COUNTERFACTUAL, --set or --all")
    order = PairOptions(store=store_path, **rest)
    if every and order.report:
        raise click.UsageError("--all writes a report for each pair; --report names only one")
    shared = base_of(case, base, free_from, allow_code)
    names = list(shared.scenario.counterfactuals) if every else [variant]
    variants = [variant_of(shared, name, settings, allow_code) for name in names]
    asked = shared.drawing(order.parameters, *(one.scenario for one in variants))
    return carry_out(order, asked, variants, every)


def carry_out(order: PairOptions, asked: Asked, variants: Sequence[Variant], every: bool) -> int:
    """Make the pairs, print what they say, write their reports; return the exit code."""
    from steppe.commands import pair_tables
    from steppe.commands.console import err, out
    from steppe.results.store import Store

    talk = err() if order.as_json else out()
    store = Store(order.store)
    pairs: list[tuple[str, Pair]] = []
    documents: list[dict[str, Any]] = []
    try:
        for variant in variants:
            _announce(talk, asked, variant, order, brief=every)
            made = _made(order, asked, variant, store, brief=every)
            lives = _lives(order, asked, variant)
            pairs.append((variant.name, made))
            if not every:
                pair_tables.show(talk, made, lives)
            path = _report(order, asked, variant, made, lives, talk)
            documents.append(document(variant.name, made, lives, path))
    except KeyboardInterrupt:
        click.echo("stopped; what is finished is kept, repeat the command to go on", err=True)
        return INTERRUPTED
    if every:
        pair_tables.show_all(talk, pairs)
    if order.as_json:
        options.print_json(documents if every else documents[0])
    arms = [arm for _, made in pairs for arm in (made.baseline, made.variant)]
    return DONE if all(arm.complete for arm in arms) else FAILED


def _announce(
    talk: Console, asked: Asked, variant: Variant, order: PairOptions, *, brief: bool
) -> None:
    from steppe.commands.asked import change_words
    from steppe.commands.console import facts, say
    from steppe.report.formatting import count, number

    if brief:
        say(talk, f"{variant.name}: {count(order.seeds, 'pair')}")
        return
    scenario = asked.scenario
    known = scenario.counterfactuals.get(variant.name)
    rows: list[tuple[str, Any]] = [("changed", "\n".join(change_words(scenario, variant.scenario)))]
    rows += [("both", "\n".join(asked.changes))] if asked.changes else []
    rows += [("question", known.question)] if known else []
    size = "every one an agent" if order.scale == 1.0 else f"{number(order.scale, 6)} agents each"
    rows.append(("who", f"{scenario.country.citizens:,} citizens, {size}"))
    rows.append(("values", asked.drawn.words(order.seeds)))
    talk.print(f"[bold]{scenario.title}[/]   {known.title if known else variant.name}")
    talk.print(facts(rows))


def _made(order: PairOptions, asked: Asked, variant: Variant, store: Store, *, brief: bool) -> Pair:
    from steppe.commands import summary
    from steppe.commands.cluster import executor
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.study.pair import pair

    work, unit = workload(asked.scenario, order.scale)
    console = err()
    quiet = brief and not console.is_terminal  # many pairs: plain lines would drown the table
    with (
        executor(store, order.cluster, order.workers) as hands,
        ProgressLine(console, 2 * work, unit, quiet=quiet) as watch,
    ):
        made = pair(
            asked.scenario, variant.scenario, order.range, store=store, scale=order.scale,
            workers=order.workers, executor=hands, parameters=asked.parameters, fixed=asked.held,
            on_event=watch,
        )  # fmt: skip
    for arm in (made.baseline, made.variant):
        summary.failures(err(), arm)
    return made


def _lives(order: PairOptions, asked: Asked, variant: Variant) -> IndividualDivergence | None:
    from steppe.study.individual_divergence import compare_citizens
    from steppe.study.parameters import scenario_of_seed

    if not order.citizens:
        return None
    one, other = (
        scenario_of_seed(scenario, order.first, asked.parameters, fixed=asked.held)
        for scenario in (asked.scenario, variant.scenario)
    )
    return compare_citizens(one, other, order.first, scale=order.scale)


def repeat_command(order: PairOptions, asked: Asked, variant: Variant) -> str:
    """Return the exact command that makes the same pair again."""
    from steppe.commands.report_writer import command_line

    words: list[object] = ["pair", asked.case, *variant.words]
    words += ["--base-set" if word == "--set" else word for word in asked.options]
    return command_line(*words, *order.words)


def _report(
    order: PairOptions,
    asked: Asked,
    variant: Variant,
    made: Pair,
    lives: IndividualDivergence | None,
    talk: Console,
) -> Path | None:
    from steppe.commands.pair_page import default_path, write
    from steppe.commands.summary import footer

    if order.no_report:
        return None
    again = repeat_command(order, asked, variant)
    target = order.report or default_path(order.store, asked, variant.name, order.scale)
    path = write(asked, made, lives, again, target)
    footer(talk, path, again)
    return path


def document(
    name: str, made: Pair, lives: IndividualDivergence | None, report: Path | None
) -> dict[str, Any]:
    """Return what ``--json`` prints of one pair; what is not known is null."""
    causes = {cause.outcome: asdict(cause) for cause in made.causation}
    stays = causes["regime_stays"]
    return {
        "baseline": made.baseline.scenario_hash,
        "variant": made.variant.scenario_hash,
        "name": name,
        "parameters": made.baseline.parameters,
        "posterior_sample": made.baseline.sample or None,
        "patch": {change.path: change.new for change in made.patch},
        "seeds": list(made.seeds),
        "first_divergence_hour": min(made.first_divergence),
        "effects": [
            {"outcome": e.outcome, "difference": e.difference, "low": _known(e.low),
             "high": _known(e.high), "pairs": e.pairs, "baseline": e.baseline,
             "variant": e.variant}
            for e in made.effects
        ],
        "necessity": stays["necessity"],
        "sufficiency": stays["sufficiency"],
        "causation": causes,
        "histories": asdict(lives) if lives else None,
        "failures": {
            arm: [{"seed": seed, "reason": reason} for seed, reason in one.failures]
            for arm, one in (("baseline", made.baseline), ("variant", made.variant))
        },
        "report": str(report) if report else None,
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if value == value else None
