"""``steppe judge``: the claims of a source text held against records, runs and counterfactuals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options, runs_with_progress
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import (
    MOST_SEEDS,
    check_options,
    seed_from_option,
    seeds_option,
    takes_options,
    workload,
)
from steppe.core.errors import CaseError

if TYPE_CHECKING:
    from steppe.case.claims import ClaimsFile
    from steppe.case.scenario import Scenario
    from steppe.commands.judge_output import ClaimsVerdicts
    from steppe.results.trajectory import EngineName
    from steppe.study.claims.judge import JudgeConfig
    from steppe.study.parameters import ParameterSource
    from steppe.study.step_times import StepTimes

EPILOG = """\b
Examples
  steppe judge kazakhstan-2022
  steppe judge kazakhstan-2022 C16 C84
  steppe judge two-valleys --json
  steppe judge kazakhstan-2022 --engine cohorts

Seeds, margins and probabilities are those of the claims file; its hash is kept with each verdict.
The report lists the argument; it is written when all claims are judged, or with --report.
Runs and verdicts are kept in the store: the same command again does only what is missing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions(ClusterOptions):
    """How which claims are to be judged: everything the options say."""

    case: str
    ids: tuple[str, ...]
    claims_file: Path | None
    allow_code: bool
    seeds: int | None
    first: int
    scale: float
    engine: EngineName
    parameters: ParameterSource | None
    rival_seeds: int
    prior_seeds: int
    look_engine: EngineName
    store_path: Path
    again: bool
    profile: bool
    report: Path | None
    no_report: bool
    as_json: bool


@click.command(short_help="Judge the claims of a source text.", epilog=EPILOG)
@options.case_argument
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@options.claims_option("Claims about CASE in another file than its own claims.yaml.")
@seeds_option(None, "Runs behind each verdict, if not those of the file: for quick looks.", least=2)
@seed_from_option
@options.count(
    "--rival-seeds",
    2,
    "Runs of each arm under each other rule; 0 tries none.",
    least=0,
    most=MOST_SEEDS,
)
@options.count(
    "--prior-seeds",
    8,
    "Runs of each arm with parameters drawn from their priors; 0 tries none.",
    least=0,
    most=MOST_SEEDS,
)
@options.flag("--again", meaning="Judge anew what was judged; runs are not repeated.")
@options.flag("--profile", meaning="Also show where the time went, step by step.")
@options.quiet_option
@options.report_options("CASE-claims.html")
@options.scale_option
@options.engine_option
@options.parameters_option
@options.choice(
    "--look-engine",
    values=["cohorts", "citizens"],
    meaning="Who is simulated under other rules and parameters: cohorts wherever they tell all "
    "that a claim asks, or citizens everywhere.",
)
@cluster_options
@options.allow_code_option
@options.store_option
@options.json_option
@takes_options(JudgeOptions)
def command(order: JudgeOptions) -> int:
    """Give a verdict on every CLAIM about CASE (all, if none is named), with the number behind it.

    supported, contradicted, undecided or not testable; and the rules and parameters whose change
    turns it.
    """
    from steppe.commands import judge_output
    from steppe.commands.console import err
    from steppe.commands.profile import show_steps
    from steppe.study.step_times import StepTimes

    check_options(order.engine, order.scale)
    times = StepTimes()
    verdicts = judge_claims(order, times)
    times.begin("page and tables")
    judge_output.output(verdicts)
    if order.profile:
        show_steps(err(), times)
    return FAILED if verdicts.tally.failures else DONE


def judge_claims(order: JudgeOptions, times: StepTimes) -> ClaimsVerdicts:
    """Judge claims; return the judgement and who made the runs."""
    from steppe.case.load import load
    from steppe.commands.judge_output import ClaimsVerdicts
    from steppe.results.store import Store
    from steppe.study.claims.arms import ArmResolver
    from steppe.study.claims.judge import judge
    from steppe.study.claims.runner import StoreRunner
    from steppe.study.claims.verdict_store import VerdictStore

    scenario = load(order.case, allow_code=order.allow_code)
    file = claims_for(order.case, scenario, order.claims_file)
    store = Store(order.store_path)
    records = VerdictStore(store)
    work = workload(scenario, order.scale, order.engine)
    with runs_with_progress(order, store, work) as by:
        runner = StoreRunner(
            ArmResolver(scenario, file.content, order.engine), store, order.scale, by["workers"],
            by["executor"], by["on_event"],
        )  # fmt: skip
        config = _config(file, scenario, order)
        config = config if order.again else replace(config, records=records)
        config = replace(config, times=times, look_runner=runner.by(config.look_engine))
        judgement = judge(file, scenario, runner, config)
    if order.again:
        for record in judgement.records:
            records.keep(record, record["made_with"])
    return ClaimsVerdicts(judgement, runner.tally, order)


def claims_for(case: str, scenario: Scenario, claims_file: Path | None) -> ClaimsFile:
    """Return the claims of ``case`` or those in ``claims_file``; a case without any is refused."""
    from steppe.case.claims import claims_of, claims_path, read_claims
    from steppe.case.source_location import SourceMark

    if claims_file is not None:
        return read_claims(claims_file, scenario)
    claims = claims_of(case, scenario)
    if claims is None:
        path = claims_path(case)
        hint = f"a file made by `steppe claims new {path.parent}`, or --claims FILE"
        raise CaseError([SourceMark(str(path)).fault("", "the case has no claims", hint)])
    return claims


def _config(file: ClaimsFile, scenario: Scenario, order: JudgeOptions) -> JudgeConfig:
    from steppe.study.claims.judge import JudgeConfig
    from steppe.study.parameters import resolve_source

    seeds = order.seeds or file.content.seeds
    return JudgeConfig(
        tuple(range(order.first, order.first + seeds)),
        order.scale,
        resolve_source(order.parameters, scenario),
        order.rival_seeds,
        order.prior_seeds,
        order.ids,
        engine=order.engine,
        look_engine=order.look_engine,
    )
