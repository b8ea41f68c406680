"""``steppe report``: make the report of runs that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.request_options import takes_options, takes_request

if TYPE_CHECKING:
    from steppe.results.store import Store
    from steppe.results.trajectory import Trajectory
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest


@dataclass(frozen=True, slots=True)
class ReportSelection:
    """The report of what, against what, and where it goes."""

    what: tuple[str, ...]
    output: Path | None
    against: str | None
    files: tuple[Path, ...]


@click.command(short_help="Make the report of stored runs again.")
@click.argument("what", nargs=-1, required=True, metavar="CASE|RUN...")
@options.new_file(
    "--output", "-o", meaning="Where the report goes.  [default: DIR/reports/CASE.html]"
)
@click.option(
    "--against",
    metavar="COUNTERFACTUAL|PATH=VALUE",
    help="Make the report of the pair: CASE, and CASE with this change.",
)
@click.option(
    "--free-from",
    metavar="WHEN",
    help="With --against: actors decide for themselves from then on; see `steppe pair`.",
)
@options.scale_option
@options.engine_option
@options.change_options
@options.parameters_option
@options.allow_code_option
@options.code_option
@options.store_option
@takes_request
@takes_options(ReportSelection)
def command(request: StudyRequest, order: ReportSelection) -> None:
    """Make the report of stored runs again; nothing is simulated.

    Name a CASE, and all its stored seeds are used, or name runs of one scenario by the beginnings
    of their keys.
    """
    from steppe.commands.run_lookup import keys_of, runs_of_study
    from steppe.study.resolve import resolve, resolve_record

    changes, what = request.shared, order.what
    omissions: tuple[str, ...] = ()
    store = options.open_store(Path(request.store))
    request = replace(request, case=what[0])
    if request.free_from is not None and order.against is None:
        raise click.UsageError("--free-from belongs to --against")
    if order.against is not None:
        if len(what) != 1 or changes.counterfactuals or changes.patches:
            raise click.UsageError("--against needs one CASE, changed by --set at most")
        click.echo(_pair(store, request, order.against, order.output))
        return
    if len(what) == 1 and (changes or _is_case(what[0])):
        study = resolve(request).with_parameters(request.parameters)
        stored = runs_of_study(store, study)
        keys, omissions = stored.keys, stored.omissions
    elif changes or request.parameters is not None:
        raise click.UsageError("Runs are what they are: --set, --patch and the like need a CASE.")
    else:
        keys = keys_of(store, what)
        record = store.get(keys[0], ()).record
        study = resolve_record(record, allow_code=request.allow_code, files=order.files)
    runs = [store.get(key) for key in keys]
    click.echo(_write(study, runs, order.output, omissions))


def _pair(store: Store, request: StudyRequest, against: str, output: Path | None) -> str:
    from steppe.case.patch import parse_set
    from steppe.commands.report_writer import default_pair_path, write_pair
    from steppe.commands.run_lookup import stored_pair
    from steppe.study.request import CaseChanges
    from steppe.study.resolve import resolve

    values = "=" in against
    changes = (
        CaseChanges(values=parse_set([against]).changes) if values else CaseChanges((against,))
    )
    study = resolve(replace(request, variant=changes))
    assert study.variant is not None
    study = study.with_parameters(request.parameters, study.variant)
    pair = stored_pair(store, study)
    study = study.for_seeds(pair.seeds)
    return options.short_path(write_pair(study, pair, None, output or default_pair_path(study)))


def _is_case(name: str) -> bool:
    from steppe.case.inheritance import shipped_ids

    return name in shipped_ids() or Path(name).exists()


def _write(
    study: ResolvedRequest,
    runs: Sequence[Trajectory],
    output: Path | None,
    omissions: Sequence[str],
) -> str:
    from steppe.commands.report_writer import default_path, payload_of
    from steppe.evidence.scoring import score
    from steppe.report.page import write_report
    from steppe.results.hashing import key_of
    from steppe.study.request import command_line

    seeds = sorted(run.record.seed for run in runs)
    study = study.for_seeds(seeds, runs[0].record.scale)
    command = study.request.as_command()
    if seeds[-1] - seeds[0] + 1 != len(seeds):  # no one command makes seeds with gaps
        command = command_line("report", *(key_of(run.record)[:16] for run in runs))
    payload = payload_of(study, runs, score(study.baseline, runs), command, omissions)
    return options.short_path(write_report(payload, output or default_path(study)))
