"""``steppe run``: simulate a case for many seeds and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import all_stops_alike, cluster_options, executor
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.seed_options import SeedOptions, seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.commands.asked import Asked
    from steppe.core.device import Device
    from steppe.results.store import Store
    from steppe.study.ensemble import Ensemble
    from steppe.study.parameters import ParameterSource

EPILOG = """\b
Examples
  steppe run kazakhstan-2022 --seeds 20
  steppe run kazakhstan-2022 --counterfactual no-intervention
  steppe run kazakhstan-2022 --set prices.shock=0.5 --scale 0.01

Finished seeds are kept: the same command again does only what is missing. Exit codes: 0 done,
1 some seeds failed, 2 bad input (nothing was run), 130 stopped and resumable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(SeedOptions):
    """How a case is to be run and what is to be said of it."""

    report: Path | None
    no_report: bool
    as_json: bool
    quiet: bool
    all_targets: bool
    citizens: bool
    device: Device


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
@options.device_option
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
def command(
    case: str,
    counterfactual: str | None,
    patches: tuple[Path, ...],
    settings: tuple[str, ...],
    parameters: ParameterSource | None,
    allow_code: bool,
    store_path: Path,
    record: tuple[str, ...],
    profile: bool,
    **rest: Any,
) -> int:
    """Simulate CASE for many seeds and compare with what was observed.

    CASE is a shipped case (see `steppe cases`), a folder with scenario.yaml, or a YAML file.
    """
    from steppe.case.cases import is_toy
    from steppe.commands.asked import ask

    if is_toy(case):
        from steppe.commands import toy

        return toy.carry_out(click.get_current_context())
    order = RunOptions(store=store_path, citizens="citizens" in record, **rest)
    asked = ask(case, counterfactual, patches, settings, allow_code).drawing(parameters)
    if profile:
        from steppe.commands import profile as profiling
        from steppe.study.parameters import scenario_of_seed

        scenario = scenario_of_seed(asked.scenario, order.first, asked.parameters, fixed=asked.held)
        return profiling.carry_out(scenario, order.first, order.scale, order.as_json)
    return carry_out(order, asked)


def carry_out(order: RunOptions, asked: Asked) -> int:
    """Run what was asked, report, and return the exit code."""
    from steppe.commands import summary
    from steppe.commands.console import err, out
    from steppe.results.store import Store

    talk = err() if order.as_json else out()
    again = repeat_command(order, asked)
    _check_figures(asked)
    store = Store(order.store)
    if not order.quiet:
        summary.header(talk, asked, order.scale, options.shown(store.path), order.seeds)
    try:
        with all_stops_alike():
            made = _run(order, asked, store)
            return _tell(order, asked, made, talk, again)
    except KeyboardInterrupt:
        _say_stopped(_finished(order, asked, store), order.seeds, again)
        return INTERRUPTED


def _check_figures(asked: Asked) -> None:
    """Refuse, before anything is run, what could not be compared afterwards."""
    from steppe.evidence.targets import resolve

    resolve(asked.scenario)


def _run(order: RunOptions, asked: Asked, store: Store) -> Ensemble:
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.study.ensemble import ensemble

    console = err()
    work, unit = workload(asked.scenario, order.scale)
    with (
        executor(store, order.cluster, order.workers) as hands,
        ProgressLine(console, work, unit, quiet=order.quiet) as watch,
    ):
        return ensemble(
            asked.scenario,
            order.range,
            store=store,
            scale=order.scale,
            workers=order.workers,
            executor=hands,
            parameters=asked.parameters,
            fixed=asked.held,
            citizens=order.citizens,
            device=order.device,
            on_event=watch,
        )


def _tell(order: RunOptions, asked: Asked, made: Ensemble, talk: Console, again: str) -> int:
    """Print the summary, write the report and return the exit code."""
    from steppe.commands import report_writer, run_json, summary
    from steppe.commands.console import err
    from steppe.evidence.scoring import score
    from steppe.report.page import write_report

    summary.failures(err(), made)
    runs = tuple(made.trajectories())
    scores = score(asked.scenario, runs) if runs else ()
    path = None
    if runs and not (order.no_report and (order.as_json or order.quiet)):
        payload = report_writer.payload_of(asked, runs, scores, again)
        if not order.no_report:
            target = order.report or report_writer.default_path(made.store.path, asked, order.scale)
            path = write_report(payload, target)
        if not order.quiet:
            summary.results(talk, asked, payload, scores, everything=order.all_targets)
    if order.as_json:
        found = run_json.document(asked, made, runs, scores, order.scale, path)
        options.print_json(found)
    elif order.quiet and path is not None:
        click.echo(options.shown(path))
    if not order.quiet:
        summary.footer(talk, path, again)
    return DONE if made.complete else FAILED


def repeat_command(order: RunOptions, asked: Asked) -> str:
    """Return the exact command that makes the same runs again."""
    from steppe.commands.report_writer import command_line

    recorded = ("--record", "citizens") if order.citizens else ()
    return command_line("run", asked.case, *asked.options, *order.words, *recorded)


def _finished(order: RunOptions, asked: Asked, store: Store) -> int:
    from steppe.study.ensemble import SeedRuns

    seeds = SeedRuns(asked.scenario, tuple(order.range), order.scale, asked.parameters, asked.held,
                  order.citizens)  # fmt: skip
    return sum(map(store.has, seeds.keys()))


def _say_stopped(finished: int, total: int, again: str) -> None:
    from steppe.commands.console import err, say

    console = err()
    seeds = "seed" if total == 1 else "seeds"
    say(console, f"{finished} of {total} {seeds} finished; repeat the command to go on")
    say(console, f"  {again}")
