"""``steppe run``: simulate a case for many seeds and print the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    all_stops_alike,
    cluster_options,
    study_with_progress,
)
from steppe.commands.console import text_console
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.request_options import (
    seed_from_option,
    seeds_option,
    takes_options,
    takes_request,
)

if TYPE_CHECKING:
    from steppe.study.ensemble import Ensemble
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe run kazakhstan-2022 --seeds 20
  steppe run kazakhstan-2022 --counterfactual no-intervention
  steppe run kazakhstan-2022 --set prices.shock=0.5

Finished seeds are kept: the same command again does only what is missing. Exit codes: 0 done,
1 some seeds failed, 2 bad input (nothing was run), 130 stopped and resumable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(ClusterOptions):
    """Who makes the runs, and what is printed of them."""

    profile: bool
    report: Path | None
    no_report: bool
    as_json: bool
    all_targets: bool


@click.command(short_help="Simulate a case and compare with what was observed.", epilog=EPILOG)
@options.case_argument
@seeds_option(20, "How many seeds.")
@seed_from_option
@options.scale_option
@options.engine_option
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
@options.flag(
    "--profile",
    meaning="Run the first seed once, store nothing, and show what each part of the run costs.",
)
@options.flag("--all-targets", meaning="Show every observed figure, misses first.")
@options.json_option
@options.flag("--quiet", "-q", meaning="Print the path of the report and nothing else.")
@takes_options(RunOptions)
@takes_request
def command(request: StudyRequest, order: RunOptions) -> int:
    """Simulate CASE for many seeds and compare with what was observed.

    CASE is a shipped case (see `steppe cases`), a folder with scenario.yaml, or a YAML file.
    """
    from steppe.case.cases import is_toy
    from steppe.commands import profile, toy
    from steppe.study.resolve import resolve

    if is_toy(request.case):
        return toy.carry_out(click.get_current_context())
    if order.profile and request.engine == "cohorts":
        raise click.UsageError(
            "--profile is of runs by citizens; --json has build_seconds and run_seconds of each "
            "run by cohorts"
        )
    study = resolve(request).with_parameters(request.parameters)
    if order.profile:
        return profile.carry_out(study, order.as_json)
    return carry_out(order, study)


def carry_out(order: RunOptions, study: ResolvedRequest) -> int:
    """Simulate, report, and return the exit code."""
    from steppe.commands import summary
    from steppe.evidence.targets import resolve as check_targets

    check_targets(study.baseline)  # what could not be compared afterwards is refused before
    if not order.quiet:
        summary.header(text_console(order.as_json), study)
    try:
        with all_stops_alike():
            result = _run(order, study)
            summary.output(order, study, result)
    except KeyboardInterrupt:
        summary.say_stopped(study)
        return INTERRUPTED
    return DONE if result.complete else FAILED


def _run(order: RunOptions, study: ResolvedRequest) -> Ensemble:
    from steppe.study.ensemble import ensemble

    request = study.request
    with study_with_progress(order, study) as by:
        return ensemble(study.baseline, request.range, citizens=request.citizens, **by)
