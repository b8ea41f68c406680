"""``steppe report``: make the report of runs that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.commands.asked import Asked
    from steppe.results.store import Store
    from steppe.study.parameters import ParameterSource


@click.command(short_help="Make the report of stored runs again.")
@click.argument("what", nargs=-1, required=True, metavar="CASE|RUN...")
@click.option(
    "--output",
    "-o",
    type=options.NewFile(),
    metavar="FILE",
    help="Where the report goes.  [default: DIR/reports/CASE.html]",
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
@options.change_options
@options.parameters_option
@options.allow_code_option
@options.code_option
@options.store_option
def command(
    what: tuple[str, ...],
    output: Path | None,
    against: str | None,
    free_from: str | None,
    scale: float,
    counterfactual: str | None,
    patches: tuple[Path, ...],
    settings: tuple[str, ...],
    parameters: ParameterSource | None,
    allow_code: bool,
    files: tuple[Path, ...],
    store_path: Path,
) -> None:
    """Make the report of stored runs again; nothing is simulated.

    Name a CASE, and all its stored seeds are used, or name runs of one scenario by the beginnings
    of their keys.
    """
    from steppe.commands.asked import ask, ask_record
    from steppe.commands.pair_arms import base_of
    from steppe.commands.run_lookup import keys_of

    changed = bool(counterfactual or patches or settings)
    store = options.stored(store_path)
    if free_from is not None and against is None:
        raise click.UsageError("--free-from belongs to --against")
    if against is not None:
        if len(what) != 1 or counterfactual or patches:
            raise click.UsageError("--against needs one CASE, changed by --set at most")
        asked = base_of(what[0], settings, free_from, allow_code)
        click.echo(_pair(store, asked, parameters, against, scale, output, allow_code))
        return
    if len(what) == 1 and (changed or _is_case(what[0])):
        asked = ask(what[0], counterfactual, patches, settings, allow_code).drawing(parameters)
        keys = _stored_keys(store, asked, scale)
    elif changed or parameters is not None:
        raise click.UsageError("Runs are what they are: --set, --patch and the like need a CASE.")
    else:
        keys = keys_of(store, what)
        record = store.get(keys[0], ()).record
        asked = ask_record(record, allow_code=allow_code, files=files)
    _write(store, asked, keys, output)


def _pair(
    store: Store,
    base: Asked,
    parameters: ParameterSource | None,
    against: str,
    scale: float,
    output: Path | None,
    allow_code: bool,
) -> str:
    from steppe.commands.pair_arms import variant_of
    from steppe.commands.pair_stored import write_stored

    name, changes = (None, (against,)) if "=" in against else (against, ())
    variant = variant_of(base, name, changes, allow_code)
    asked = base.drawing(parameters, variant.scenario)
    return options.shown(write_stored(store, asked, variant, scale, output))


def _is_case(name: str) -> bool:
    from steppe.case.inheritance import shipped_ids

    return name in shipped_ids() or Path(name).exists()


def _stored_keys(store: Store, asked: Asked, scale: float) -> list[str]:
    from steppe.commands.console import err, warn
    from steppe.commands.run_lookup import of_scenario
    from steppe.engine.run import engine_version

    version, runs = of_scenario(store, asked.drawn, scale)
    if version != engine_version():
        warn(err(), f"these runs were made by model {version}; this is {engine_version()}")
    return [run.key for run in runs]


def _write(store: Store, asked: Asked, keys: Sequence[str], output: Path | None) -> None:
    from steppe.commands.report_writer import command_line, default_path, payload_of
    from steppe.evidence.scoring import score
    from steppe.report.page import write_report

    runs = [store.get(key) for key in keys]
    scale = runs[0].record.scale
    seeds = sorted(run.record.seed for run in runs)
    words = ["run", asked.case, *asked.options, "--seeds", str(len(seeds))]
    words += ["--seed-from", str(seeds[0])] if seeds[0] != 1 else []
    words += ["--scale", f"{scale:g}"] if scale != 1.0 else []
    if seeds[-1] - seeds[0] + 1 != len(seeds):  # no one command makes seeds with gaps
        words = ["report", *(key[:16] for key in keys)]
    payload = payload_of(asked, runs, score(asked.scenario, runs), command_line(*words))
    path = write_report(payload, output or default_path(store.path, asked, scale))
    click.echo(options.shown(path))
