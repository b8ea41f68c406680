"""``steppe export``: stored runs as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import err, warn
from steppe.commands.exit_codes import DONE, FAILED
from steppe.core.errors import StoreError
from steppe.results.formatting import count

if TYPE_CHECKING:
    from steppe.results.export import ExportForm


@click.command(short_help="Write stored runs as Parquet, NetCDF or CSV.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@options.choice(
    "--format",
    "form",
    values=["parquet", "netcdf", "csv"],
    meaning="Parquet and CSV: a table per shape; NetCDF: a file per run.",
)
@options.new_folder("--output", "-o", required=True, meaning="A new folder for the files.")
@options.store_option
def command(runs: tuple[str, ...], form: ExportForm, output: Path, store_path: Path) -> int:
    """Write stored runs as Parquet, NetCDF or CSV into a new folder.

    RUN is the beginning of a run's key (see `steppe runs`), or `all`. Of all runs those that are
    damaged are left out: a table `omitted` lists them, and the exit code is 1.
    """
    from steppe.commands.run_lookup import ALL, keys_of
    from steppe.results.export import export_runs
    from steppe.study.run_labels import labels_in

    store = options.open_store(store_path)
    keys, omitted = keys_of(store, runs), dict[str, str]()
    if ALL in runs:
        keys, omitted = store.sort_out(keys)
    if omitted and not keys:
        raise StoreError(f"{store.path}: {count(len(omitted), 'run')}, none of which can be read")
    folder = export_runs(
        map(store.get, keys), output, form, beside=store.beside, omitted=omitted,
        labels=labels_in(store),
    )  # fmt: skip
    click.echo(f"{count(len(keys), 'run')} in {options.short_path(folder)}")
    if not omitted:
        return DONE
    warn(err(), f"{count(len(omitted), 'run')} left out that cannot be read; `omitted` lists why")
    return FAILED
