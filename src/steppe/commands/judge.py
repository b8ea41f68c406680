"""``steppe judge``: the claims of a source text held against records, runs and counterfactuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options, executor
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from steppe.case.claims import ClaimsFile
    from steppe.case.scenario import Scenario
    from steppe.study.claims.judge import JudgeConfig, Judgement
    from steppe.study.claims.runner import StoreRunner
    from steppe.study.parameters import ParameterSource
    from steppe.study.request import StudyRequest

EPILOG = """\b
Examples
  steppe judge kazakhstan-2022
  steppe judge kazakhstan-2022 C16 C84
  steppe judge two-valleys --json

Seeds, margins and probabilities are those of the claims file; its hash is kept with each verdict.
The report lists the argument; it is written when all claims are judged, or with --report.
Runs and verdicts are kept in the store: the same command again does only what is missing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions(ClusterOptions):
    """How claims are to be judged: everything the options say."""

    case: str
    ids: tuple[str, ...]
    claims_file: Path | None
    allow_code: bool
    seeds: int | None
    first: int
    scale: float
    parameters: ParameterSource | None
    rival_seeds: int
    prior_seeds: int
    store: Path
    again: bool
    quiet: bool
    report: Path | None
    no_report: bool

    def request(self, judgement: Judgement) -> StudyRequest:
        """Return what the runs of the verdicts themselves were made for."""
        from steppe.study.parameters import parameters_option
        from steppe.study.request import StudyRequest

        config = judgement.config
        return StudyRequest(
            case=self.case,
            parameters=config.source
            if parameters_option(judgement.scenario, config.source)
            else None,
            seeds=len(config.seeds),
            first=config.seeds[0],
            scale=config.scale,
            store=str(self.store),
            allow_code=self.allow_code,
        )


@click.command(short_help="Judge the claims of a source text.", epilog=EPILOG)
@options.case_argument
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--claims",
    "claims_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Claims about CASE in another file than its own claims.yaml.",
)
@seeds_option(None, "Runs behind each verdict, if not those of the file: for quick looks.", least=2)
@seed_from_option
@seeds_option(
    2, "Runs of each arm under each other rule; 0 tries none.", name="--rival-seeds", least=0
)
@seeds_option(
    8,
    "Runs of each arm with parameters drawn from their priors; 0 tries none.",
    name="--prior-seeds",
    least=0,
)
@click.option("--again", is_flag=True, help="Judge anew what was judged; runs are not repeated.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@options.report_options("CASE-claims.html")
@options.scale_option
@options.parameters_option
@cluster_options
@options.allow_code_option
@options.store_option
@options.json_option
def command(
    claims_file: Path | None,
    as_json: bool,
    store_path: Path,
    **rest: Any,
) -> int:
    """Give a verdict on every CLAIM about CASE (all, if none is named), with the number behind it.

    supported, contradicted, undecided or not testable; and the rules and parameters whose change
    turns it.
    """
    order = JudgeOptions(store=store_path, claims_file=claims_file, **rest)
    judgement, runner = evaluate(order)
    result = document_of(order, judgement)
    path = None
    if not order.no_report and (order.report or not order.ids):
        path = _write(order, judgement, result, runner.failures)
    if as_json:
        options.print_json({**result, "report": str(path) if path else None})
    else:
        from steppe.commands.verdicts import show

        show(result, judgement, runner, _unlike_the_file(judgement), path)
    return FAILED if runner.failures else DONE


def evaluate(order: JudgeOptions) -> tuple[Judgement, StoreRunner]:
    """Judge the claims about a case; return the judgement, and who made the runs."""
    from dataclasses import replace

    from steppe.case.load import load
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.claims.arms import ArmResolver
    from steppe.study.claims.judge import judge
    from steppe.study.claims.runner import StoreRunner
    from steppe.study.claims.verdict_store import VerdictStore

    scenario = load(order.case, allow_code=order.allow_code)
    file = claims_for(order.case, scenario, order.claims_file)
    store = Store(order.store)
    records = VerdictStore(store)
    config = _config(file, scenario, order)
    work, unit = workload(scenario, order.scale)
    with (
        executor(store, order) as workers,
        ProgressLine(err(), work, unit, quiet=order.quiet, noun="run") as watch,
    ):
        resolver = ArmResolver(scenario, file.content)
        runner = StoreRunner(resolver, store, order.scale, order.workers, workers, watch)
        config = config if order.again else replace(config, records=records)
        judgement = judge(file, scenario, runner, config)
    if order.again:
        for record in judgement.records:
            records.keep(record, record["made_with"])
    return judgement, runner


def document_of(order: JudgeOptions, judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as plain data, with the commands that make and show each verdict."""
    from steppe.study.claims.document import document

    return document(
        judgement,
        lambda record: judge_command(order, judgement, record["id"]),
        lambda record: look_command(order, judgement, record),
    )


def _write(
    order: JudgeOptions, judgement: Judgement, result: dict[str, Any], failures: Sequence[str]
) -> Path:
    """Write the page of ``result``, the document of ``judgement``, and return its path."""
    from steppe.commands.report_writer import attribution, default_claims_path, versions
    from steppe.report.claims_page import write_claims_report
    from steppe.report.claims_payload import ClaimsPayload

    payload = ClaimsPayload(
        result, judgement.file, judgement.scenario, judge_command(order, judgement, *order.ids),
        versions(), attribution(order.case), sorted(set(failures)),
    )  # fmt: skip
    return write_claims_report(payload, order.report or default_claims_path(order.store, judgement))


def claims_for(case: str, scenario: Scenario, claims_file: Path | None) -> ClaimsFile:
    """Return the claims of ``case`` or those in ``claims_file``; a case without any is refused."""
    from steppe.case.claims import claims_of, claims_path, read_claims
    from steppe.case.source_location import SourceMark
    from steppe.core.errors import CaseError

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
    )


def _unlike_the_file(judgement: Judgement) -> str:
    """Return in what the judgement does not keep to the file, '' if in nothing."""
    config, seeds = judgement.config, judgement.file.content.seeds
    words = []
    if len(config.seeds) != seeds:
        words.append(f"{len(config.seeds)} seeds instead of the file's {seeds}")
    if config.scale != 1.0:
        words.append(f"{config.scale:g} agents for one citizen")
    return ", ".join(words)


def judge_command(order: JudgeOptions, judgement: Judgement, *ids: str) -> str:
    """Return the command that makes the verdicts on the claims ``ids`` again."""
    from steppe.study.claims.judge import PRIOR_SEEDS, RIVAL_SEEDS

    config = judgement.config
    own: list[object] = [*ids]
    own += ["--claims", order.claims_file] if order.claims_file is not None else []
    own += ["--rival-seeds", config.rival_seeds] if config.rival_seeds != RIVAL_SEEDS else []
    own += ["--prior-seeds", config.prior_seeds] if config.prior_seeds != PRIOR_SEEDS else []
    usual = len(config.seeds) == judgement.file.content.seeds
    return order.request(judgement).as_command("judge", own, seeds=not usual)


def look_command(order: JudgeOptions, judgement: Judgement, record: dict[str, Any]) -> str:
    """Return the command that shows the histories behind a verdict; '' if it rests on none."""
    from dataclasses import replace

    from steppe.study.claims.arms import BASELINE
    from steppe.study.request import CaseChanges

    arms = record["arms"]
    if not arms:
        return ""
    request = order.request(judgement)
    first, last = arms[0], arms[1] if arms[0]["part"] == BASELINE and len(arms) > 1 else arms[-1]
    if first is last:
        return replace(request, shared=CaseChanges.of(first["changes"])).as_command("run")
    both = {p: v for p, v in first["changes"].items() if last["changes"].get(p, v) == v}
    own = {p: v for p, v in last["changes"].items() if p not in both}
    shared, variant = CaseChanges.of(both), CaseChanges.of(own)
    return replace(request, shared=shared, variant=variant).as_command("pair")
