"""``steppe export``: stored runs as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options


@click.command(short_help="Write stored runs as Parquet, NetCDF or CSV.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "netcdf", "csv"]),
    default="parquet",
    show_default=True,
    help="Parquet and CSV: a table per shape; NetCDF: a file per run.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="A new folder for the files.",
)
@options.store_option
def command(runs: tuple[str, ...], form: str, output: Path, store_path: Path) -> None:
    """Write stored runs as Parquet, NetCDF or CSV into a new folder.

    RUN is the beginning of a run's key (see `steppe runs`), or `all`.
    """
    from steppe.commands.run_lookup import keys_of
    from steppe.report.formatting import count
    from steppe.results.export import ExportForm, export_runs

    store = options.stored(store_path)
    keys = keys_of(store, runs)
    chosen: ExportForm = "parquet" if form == "parquet" else "csv" if form == "csv" else "netcdf"
    runs_asked = (store.get(key) for key in keys)
    folder = export_runs(runs_asked, output, chosen, beside=store.beside)
    click.echo(f"{count(len(keys), 'run')} in {options.shown(folder)}")
