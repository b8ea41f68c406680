"""``steppe run``: simulate a case for many seeds and print the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, all_stops_alike, cluster_options, executor
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.request_options import (
    seed_from_option,
    seeds_option,
    takes_request,
    workload,
)

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.results.store import Store
    from steppe.study.ensemble import Ensemble
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe run kazakhstan-2022 --seeds 20
  steppe run kazakhstan-2022 --counterfactual no-intervention
  steppe run kazakhstan-2022 --set prices.shock=0.5 --scale 0.01

Finished seeds are kept: the same command again does only what is missing. Exit codes: 0 done,
1 some seeds failed, 2 bad input (nothing was run), 130 stopped and resumable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(ClusterOptions):
    """Who makes the runs, and what is printed of them."""

    report: Path | None
    no_report: bool
    as_json: bool
    quiet: bool
    all_targets: bool


@click.command(short_help="Simulate a case and compare with what was observed.", epilog=EPILOG)
@options.case_argument
@seeds_option(20, "How many seeds.")
@seed_from_option
@options.scale_option
@options.change_options
@options.parameters_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.report_options("CASE.html")
@click.option(
    "--record",
    type=click.Choice(["citizens"]),
    multiple=True,
    help="Also record every change of state of every citizen, in a table beside the run.",
)
@click.option(
    "--profile",
    is_flag=True,
    help="Run the first seed once, store nothing, and show what each part of the run costs.",
)
@click.option("--all-targets", is_flag=True, help="Show every observed figure, misses first.")
@options.json_option
@click.option("--quiet", "-q", is_flag=True, help="Print the path of the report and nothing else.")
@takes_request
def command(request: StudyRequest, profile: bool, **rest: Any) -> int:
    """Simulate CASE for many seeds and compare with what was observed.

    CASE is a shipped case (see `steppe cases`), a folder with scenario.yaml, or a YAML file.
    """
    from steppe.case.cases import is_toy
    from steppe.study.resolve import resolve

    if is_toy(request.case):
        from steppe.commands import toy

        return toy.carry_out(click.get_current_context())
    study = resolve(request).with_parameters(request.parameters)
    order = RunOptions(**rest)
    if profile:
        from steppe.commands import profile as profiling

        first = study.draws.scenario_of(request.first)
        return profiling.carry_out(first, request.first, request.scale, order.as_json)
    return carry_out(order, study)


def carry_out(order: RunOptions, study: ResolvedRequest) -> int:
    """Simulate, report, and return the exit code."""
    from steppe.commands import summary
    from steppe.commands.console import err, out
    from steppe.evidence.targets import resolve as check_targets
    from steppe.results.store import Store

    talk = err() if order.as_json else out()
    check_targets(study.baseline)  # what could not be compared afterwards is refused before
    store = Store(Path(study.request.store))
    if not order.quiet:
        summary.header(talk, study, options.shown(store.path))
    try:
        with all_stops_alike():
            return _print(order, study, _run(order, study, store), talk)
    except KeyboardInterrupt:
        _print_stopped(study, store)
        return INTERRUPTED


def _run(order: RunOptions, study: ResolvedRequest, store: Store) -> Ensemble:
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.study.ensemble import ensemble

    request = study.request
    work, unit = workload(study.baseline, request.scale)
    with (
        executor(store, order) as workers,
        ProgressLine(err(), work, unit, quiet=order.quiet) as watch,
    ):
        return ensemble(
            study.baseline, request.range, store=store, scale=request.scale,
            workers=order.workers, executor=workers, parameters=study.parameters,
            fixed=study.held, citizens=request.citizens, on_event=watch,
        )  # fmt: skip


def _print(order: RunOptions, study: ResolvedRequest, result: Ensemble, talk: Console) -> int:
    """Print the summary, write the report and return the exit code."""
    from steppe.commands import report_writer, run_json, summary
    from steppe.commands.console import err
    from steppe.evidence.scoring import score
    from steppe.report.page import write_report

    repeat = study.request.as_command()
    summary.failures(err(), result)
    runs = tuple(result.trajectories())
    scores = score(study.baseline, runs) if runs else ()
    path = None
    if runs and not (order.no_report and (order.as_json or order.quiet)):
        payload = report_writer.payload_of(study, runs, scores, repeat)
        if not order.no_report:
            path = write_report(payload, order.report or report_writer.default_path(study))
        if not order.quiet:
            summary.results(talk, study, payload, scores, everything=order.all_targets)
    if order.as_json:
        options.print_json(run_json.document(study, result, runs, scores, path))
    elif order.quiet and path is not None:
        click.echo(options.shown(path))
    if not order.quiet:
        summary.footer(talk, path, repeat)
    return DONE if result.complete else FAILED


def _print_stopped(study: ResolvedRequest, store: Store) -> None:
    from steppe.commands.console import err, say
    from steppe.report.formatting import count
    from steppe.study.ensemble import SeedRuns

    request = study.request
    runs = SeedRuns(study.baseline, tuple(request.range), request.scale, study.parameters,
                    study.held, request.citizens)  # fmt: skip
    finished = sum(map(store.has, runs.keys()))
    total = count(request.seeds, "seed")
    say(err(), f"{finished} of {total} finished; repeat the command to go on")
    say(err(), f"  {request.as_command()}")
