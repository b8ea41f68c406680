"""``steppe bundle``: a study in one file that repeats itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.request_options import base_options, takes_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from steppe.results.store import Store
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
    from steppe.results.bundle import write_bundle
    from steppe.study.bundle_content import bundle_content
    from steppe.study.resolve import resolve

    if len(request.variant.counterfactuals) + bool(request.variant.values) > 1:
        raise click.UsageError("a bundle is of one change: one COUNTERFACTUAL, or --set")
    study = resolve(request)
    others = [] if study.variant is None else [study.variant]
    study = study.with_parameters(request.parameters, *others)
    store = options.open_store(Path(request.store))
    arms = _stored(store, study)
    study = study.for_seeds(sorted(arms[0]))
    case = case_file(request.case).parent
    content = bundle_content(study.request, case, study.draws, store, *arms)
    name = default_pair_path(study) if others else default_path(study)
    path = output or Path(f"{name.stem}.zip")
    click.echo(options.short_path(write_bundle(path, store, content)))


def _stored(store: Store, study: ResolvedRequest) -> list[Mapping[int, str]]:
    """Return the keys of the stored runs of each arm by seed."""
    from steppe.commands.run_lookup import runs_of_study, stored_pair

    if study.variant is None:
        return [{run.seed: run.key for run in runs_of_study(store, study).runs}]
    pair = stored_pair(store, study)
    return [pair.baseline.keys, pair.variant.keys]
