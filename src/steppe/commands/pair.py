"""``steppe pair``: two histories that differ in one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options, executor
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.request_options import (
    base_options,
    seed_from_option,
    seeds_option,
    takes_request,
    workload,
)

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe pair kazakhstan-2022 no-intervention
  steppe pair kazakhstan-2022 no-intervention --free-from request
  steppe pair kazakhstan-2022 --set prices.shock=0.5
  steppe pair kazakhstan-2022 --all --seeds 8

Differences are baseline minus counterfactual: what the thing that is taken away had added.
Finished runs are kept. Exit codes: 0 done, 1 some seeds failed, 2 bad input, 130 stopped and
resumable.
"""

STOPPED = "stopped; what is finished is kept, repeat the command to go on"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions(ClusterOptions):
    """Who makes the runs, and what is printed of the pairs; ``every``: one of many pairs."""

    citizens: bool
    report: Path | None
    no_report: bool
    as_json: bool
    every: bool


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
@base_options("Both histories")
@seeds_option(20, "How many pairs.")
@seed_from_option
@click.option(
    "--citizens/--no-citizens",
    default=False,
    help="Also run the first seed side by side and count whose own history differs.",
)
@options.parameters_option
@options.scale_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.report_options("CASE-vs-COUNTERFACTUAL.html")
@options.json_option
@takes_request
def command(request: StudyRequest, **rest: Any) -> int:
    """Simulate CASE and CASE with one change, with the same seeds, and show the effect."""
    from steppe.study.request import CaseChanges
    from steppe.study.resolve import resolve

    order = PairOptions(**rest)
    changes = request.variant
    if sum((bool(changes.counterfactuals), order.every, bool(changes.values))) != 1:
        raise click.UsageError("give one of COUNTERFACTUAL, --set or --all")
    if order.every and order.report:
        raise click.UsageError("--all writes a report for each pair; --report names only one")
    study = resolve(request)
    names = study.baseline.counterfactuals
    if order.every and not names:
        raise click.UsageError("the case has no counterfactual")
    studies = [study.against(CaseChanges((name,))) for name in names] if order.every else [study]
    return carry_out(order, same_parameters(studies))


def same_parameters(studies: Sequence[ResolvedRequest]) -> list[ResolvedRequest]:
    """Return the studies with parameters from one source that fits all their histories."""
    variants = [one.variant for one in studies if one.variant is not None]
    return [one.with_parameters(one.request.parameters, *variants) for one in studies]


def carry_out(order: PairOptions, studies: Sequence[ResolvedRequest]) -> int:
    """Make the pairs, print them, write their reports; return the exit code."""
    from steppe.commands import pair_tables
    from steppe.commands.console import err, out

    talk = err() if order.as_json else out()
    pairs: list[tuple[str, Pair]] = []
    documents: list[dict[str, Any]] = []
    try:
        for study in studies:
            _announce(talk, study, brief=order.every)
            pair = _make(order, study)
            divergence = _divergence(study) if order.citizens else None
            pairs.append((study.variant_name, pair))
            if not order.every:
                pair_tables.show(talk, pair, divergence)
            path = None if order.no_report else _report(order, study, pair, divergence, talk)
            documents.append(document(study.variant_name, pair, divergence, path))
    except KeyboardInterrupt:
        click.echo(STOPPED, err=True)
        return INTERRUPTED
    if order.every:
        pair_tables.show_all(talk, pairs)
    if order.as_json:
        options.print_json(documents if order.every else documents[0])
    return exit_code(pairs)


def exit_code(pairs: Sequence[tuple[str, Pair]]) -> int:
    """Return whether every seed of every pair has finished, as an exit code."""
    runs = [one for _, pair in pairs for one in (pair.baseline, pair.variant)]
    return DONE if all(one.complete for one in runs) else FAILED


def _announce(talk: Console, study: ResolvedRequest, *, brief: bool) -> None:
    from steppe.case.patch import difference
    from steppe.commands.console import facts, say
    from steppe.commands.summary import agents, change_lines
    from steppe.report.formatting import count

    request, scenario = study.request, study.baseline
    if brief:
        say(talk, f"{study.variant_name}: {count(request.seeds, 'pair')}")
        return
    assert study.variant is not None
    known = scenario.counterfactuals.get(study.variant_name)
    changes = difference(scenario, study.variant)
    rows: list[tuple[str, Any]] = [("changed", "\n".join(change_lines(changes, len(changes))))]
    rows += [("both", "\n".join(change_lines(study.changes)))] if study.changes else []
    rows += [("question", known.question)] if known else []
    rows += [
        ("who", f"{scenario.country.citizens:,} citizens, {agents(request.scale)}"),
        ("values", study.draws.words(request.seeds)),
    ]
    talk.print(f"[bold]{scenario.title}[/]   {known.title if known else study.variant_name}")
    talk.print(facts(rows))


def _make(order: PairOptions, study: ResolvedRequest) -> Pair:
    from steppe.commands import summary
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.pair import pair

    assert study.variant is not None
    request, console = study.request, err()
    store = Store(Path(request.store))
    work, unit = workload(study.baseline, request.scale)
    quiet = order.every and not console.is_terminal  # plain lines would drown the table
    with (
        executor(store, order) as workers,
        ProgressLine(console, 2 * work, unit, quiet=quiet) as watch,
    ):
        result = pair(
            study.baseline, study.variant, request.range, store=store, scale=request.scale,
            workers=order.workers, executor=workers, parameters=study.parameters,
            fixed=study.held, on_event=watch,
        )  # fmt: skip
    for one in (result.baseline, result.variant):
        summary.failures(console, one)
    return result


def _divergence(study: ResolvedRequest) -> IndividualDivergence:
    from steppe.study.individual_divergence import compare_citizens
    from steppe.study.parameters import scenario_of_seed

    assert study.variant is not None
    request = study.request
    one, other = (
        scenario_of_seed(scenario, request.first, study.parameters, fixed=study.held)
        for scenario in (study.baseline, study.variant)
    )
    return compare_citizens(one, other, request.first, scale=request.scale)


def _report(
    order: PairOptions,
    study: ResolvedRequest,
    pair: Pair,
    divergence: IndividualDivergence | None,
    talk: Console,
) -> Path:
    from steppe.commands.report_writer import default_pair_path, write_pair
    from steppe.commands.summary import footer

    path = write_pair(study, pair, divergence, order.report or default_pair_path(study))
    footer(talk, path, study.request.as_command())
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
        "effects": [row.document() for row in made.comparison.rows],
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
