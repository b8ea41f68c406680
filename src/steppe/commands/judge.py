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
    case: str,
    ids: tuple[str, ...],
    claims_file: Path | None,
    allow_code: bool,
    as_json: bool,
    store_path: Path,
    **rest: Any,
) -> int:
    """Give a verdict on every CLAIM about CASE (all, if none is named), with the number behind it.

    supported, contradicted, undecided or not testable; and the rules and parameters whose change
    turns it.
    """
    order = JudgeOptions(store=store_path, **rest)
    made, runner, found = judged(case, ids, claims_file, allow_code, order)
    path = None
    if not order.no_report and (order.report or not ids):
        path = _write(case, claims_file, made, found, runner.failures, order)
    if as_json:
        options.print_json({**found, "report": str(path) if path else None})
    else:
        from steppe.commands.verdicts import show

        show(found, made, runner, _unlike_the_file(made), path)
    return FAILED if runner.failures else DONE


def _write(
    case: str,
    claims_file: Path | None,
    made: Judgement,
    found: dict[str, Any],
    failures: Sequence[str],
    order: JudgeOptions,
) -> Path:
    """Write the page of ``found``, the document of ``made``, and return its path."""
    from steppe.commands.report_writer import attribution, default_claims_path, versions
    from steppe.report.claims_page import write_claims_report
    from steppe.report.claims_payload import build_claims

    command = f"steppe judge {case}{_words(case, claims_file, made, made.file)[1]}"
    payload = build_claims(
        found, made.file, made.scenario, command, versions=versions(),
        attribution=attribution(case), failures=sorted(set(failures)),
    )  # fmt: skip
    return write_claims_report(payload, order.report or default_claims_path(order.store, made))


def judged(
    case: str, ids: tuple[str, ...], claims_file: Path | None, allow_code: bool, order: JudgeOptions
) -> tuple[Judgement, StoreRunner, dict[str, Any]]:
    """Judge claims about ``case``; return the judgement, who made the runs, and the document."""
    from steppe.case.load import load
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.claims.arms import ArmResolver
    from steppe.study.claims.document import document
    from steppe.study.claims.judge import judge
    from steppe.study.claims.runner import StoreRunner
    from steppe.study.claims.verdict_store import VerdictStore

    scenario = load(case, allow_code=allow_code)
    file = claims_for(case, scenario, claims_file)
    store = Store(order.store)
    records = VerdictStore(store)
    work, unit = workload(scenario, order.scale)
    with (
        executor(store, order) as hands,
        ProgressLine(err(), work, unit, quiet=order.quiet, noun="run") as watch,
    ):
        runner = StoreRunner(
            ArmResolver(scenario, file.content), store, order.scale, order.workers, hands, watch
        )
        made = judge(
            file, scenario, runner, _terms(file, scenario, order), ids=ids,
            records=None if order.again else records,
        )  # fmt: skip
    if order.again:
        for record in made.records:
            records.keep(record, record["made_with"])
    words = _words(case, claims_file, made, file)
    found = document(
        made, lambda one: f"steppe judge {words[0]} {one['id']}{words[1]}",
        lambda one: looked_at(case, one, made),
    )  # fmt: skip
    return made, runner, found


def claims_for(case: str, scenario: Scenario, claims_file: Path | None) -> ClaimsFile:
    """Return the claims of ``case`` or those in ``claims_file``; a case without any is refused."""
    from steppe.case.claims import claims_of, claims_path, read_claims
    from steppe.case.source_location import SourceMark
    from steppe.core.errors import CaseError

    if claims_file is not None:
        return read_claims(claims_file, scenario)
    found = claims_of(case, scenario)
    if found is None:
        path = claims_path(case)
        hint = f"a file made by `steppe claims new {path.parent}`, or --claims FILE"
        raise CaseError([SourceMark(str(path)).fault("", "the case has no claims", hint)])
    return found


def _terms(file: ClaimsFile, scenario: Scenario, order: JudgeOptions) -> JudgeConfig:
    from steppe.study.claims.judge import JudgeConfig
    from steppe.study.parameters import resolve_source

    seeds = order.seeds or file.content.seeds
    return JudgeConfig(
        tuple(range(order.first, order.first + seeds)),
        order.scale,
        resolve_source(order.parameters, scenario),
        order.rival_seeds,
        order.prior_seeds,
    )


def _unlike_the_file(made: Judgement) -> str:
    """Return in what the judgement does not keep to the file, '' if in nothing."""
    said, asked = [], made.file.content.seeds
    if len(made.config.seeds) != asked:
        said.append(f"{len(made.config.seeds)} seeds instead of the file's {asked}")
    if made.config.scale != 1.0:
        said.append(f"{made.config.scale:g} agents for one citizen")
    return ", ".join(said)


def _words(
    case: str, claims_file: Path | None, made: Judgement, file: ClaimsFile
) -> tuple[str, str]:
    """Return the case and the options with which a verdict is made again."""
    from steppe.study.claims.judge import PRIOR_SEEDS, RIVAL_SEEDS
    from steppe.study.parameters import parameters_option

    terms = made.config
    said = [f"--claims {claims_file}"] if claims_file is not None else []
    if len(terms.seeds) != file.content.seeds:
        said.append(f"--seeds {len(terms.seeds)}")
    if terms.seeds[0] != 1:
        said.append(f"--seed-from {terms.seeds[0]}")
    if terms.scale != 1.0:
        said.append(f"--scale {terms.scale:g}")
    if where := parameters_option(made.scenario, terms.source):
        said.append(" ".join(where))
    if terms.rival_seeds != RIVAL_SEEDS:
        said.append(f"--rival-seeds {terms.rival_seeds}")
    if terms.prior_seeds != PRIOR_SEEDS:
        said.append(f"--prior-seeds {terms.prior_seeds}")
    return case, "".join(f" {word}" for word in said)


def looked_at(case: str, record: dict[str, Any], made: Judgement) -> str:
    """Return the command that shows the histories behind a verdict; '' if it rests on none."""
    from steppe.study.claims.arms import BASELINE, setting
    from steppe.study.parameters import parameters_option

    terms = made.config
    arms = record["arms"]
    if not arms:
        return ""
    with_seeds = (
        f" --seeds {len(terms.seeds)}"
        + (f" --scale {terms.scale:g}" if terms.scale != 1.0 else "")
        + "".join(f" {word}" for word in parameters_option(made.scenario, terms.source))
    )
    first, last = arms[0], arms[1] if arms[0]["part"] == BASELINE and len(arms) > 1 else arms[-1]
    if first is last:
        said = f" {first['options']}" if first["options"] else ""
        return f"steppe run {case}{said}{with_seeds}"
    held = {p: v for p, v in first["changes"].items() if last["changes"].get(p, v) == v}
    base = [f"--base-{setting(p, v)}" for p, v in held.items()]
    other = [f"--{setting(p, v)}" for p, v in last["changes"].items() if p not in held]
    return f"steppe pair {case} {' '.join([*base, *other])}{with_seeds}"
