"""``steppe bundle``: a study in one file that repeats itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.request_options import base_options, takes_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from steppe.results.store import Store
    from steppe.results.trajectory import RunRecord
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe bundle two-valleys no-rise -o no-rise.zip
  steppe bundle kazakhstan-2022 -o baseline.zip
  steppe repeat no-rise.zip

Nothing is simulated: the runs are those that are stored.
"""


@click.command(short_help="Put a study into one file that repeats itself.", epilog=EPILOG)
@options.case_argument
@click.argument("variants", nargs=-1, metavar="[COUNTERFACTUAL]")
@options.repeatable("--set", "settings", metavar="PATH=VALUE", meaning="Change one value instead")
@base_options("Both histories")
@options.parameters_option
@options.scale_option
@options.engine_option
@options.allow_code_option
@options.store_option
@options.new_file(
    "--output", "-o", meaning="The bundle, a new zip.  [default: CASE-vs-COUNTERFACTUAL.zip]"
)
@takes_request
def command(request: StudyRequest, output: Path | None) -> None:
    """Put the stored runs of CASE, and of CASE with one change, into one file.

    It holds the case, the command, runs with their fingerprints, methods, citation and the
    versions of all packages; `steppe repeat FILE` makes every run again and compares the bits.
    """
    from steppe.case.inheritance import case_file
    from steppe.commands.report_writer import default_pair_path, default_path
    from steppe.results.bundle import BundleContent, write_bundle
    from steppe.results.methods import PAIRED, SINGLE, methods_paragraph
    from steppe.study.request import STORE
    from steppe.study.resolve import resolve

    if len(request.variant.counterfactuals) + bool(request.variant.values) > 1:
        raise click.UsageError("a bundle is of one change: one COUNTERFACTUAL, or --set")
    study = resolve(request)
    others = [] if study.variant is None else [study.variant]
    study = study.with_parameters(request.parameters, *others)
    store = options.open_store(Path(request.store))
    runs, records = _stored(store, study)
    study = study.for_seeds(sorted(next(iter(runs.values()))))
    plain = replace(study.request, store=STORE)  # where the runs lay says nothing elsewhere
    command = plain.as_command()
    inside = replace(plain, case="./case", store="again")
    content = BundleContent(
        study.baseline.title, command, inside.as_command(),
        methods_paragraph(
            records, parameters=study.draws.words(study.request.seeds), command=command,
            statistics=PAIRED if others else SINGLE,
        ),
        case_file(request.case).parent, runs,
    )  # fmt: skip
    name = default_pair_path(study) if others else default_path(study)
    path = output or Path(f"{name.stem}.zip")
    click.echo(options.short_path(write_bundle(path, store, content)))


def _stored(
    store: Store, study: ResolvedRequest
) -> tuple[Mapping[str, Mapping[int, str]], list[RunRecord]]:
    """Return the keys of the stored runs of each arm by seed, and the records of the first."""
    from steppe.commands.run_lookup import runs_of_study, stored_pair

    if study.variant is None:
        stored = runs_of_study(store, study)
        runs: Mapping[str, Mapping[int, str]] = {
            "baseline": {run.seed: run.key for run in stored.runs}
        }
    else:
        pair = stored_pair(store, study)
        runs = {"baseline": pair.baseline.keys, "counterfactual": pair.variant.keys}
    keys = next(iter(runs.values())).values()
    records = [store.get(key, ()).record for key in keys]
    return runs, [replace(one, scenario_hash=study.draws.base) for one in records]
