"""What leaves the app: data of both arms, the scenario's changes and the command, as one zip."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from steppe.app import words
from steppe.app.asked import Asked
from steppe.app.problems import AskedError
from steppe.app.stock import Stock
from steppe.results.export import ExportForm, export_runs
from steppe.scenario.canonical import scenario_hash

ARMS = ("as-it-was", "changed")


def archive(one: Asked, stock: Stock, form: str, folder: Path) -> Path:
    """Write a zip of the stored runs of both arms into ``folder`` and return it.

    With the data go the changes as a patch file and the command that makes the runs again. Raises
    ``AskedError`` for another form than csv, parquet or netcdf, or when nothing is stored.
    """
    if form not in get_args(ExportForm):
        raise AskedError(f"export as one of {', '.join(get_args(ExportForm))}")
    made = folder / f"{words.file_stem(one)}-{form}.zip"
    found = 0
    with (
        tempfile.TemporaryDirectory(prefix="steppe-export-") as temp,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out,
    ):
        for name, scenario in zip(ARMS, one.arms, strict=False):
            runs = stock.of(scenario_hash(scenario), one.scale)
            keys = [run.key for seed, run in runs.items() if seed in one.range]
            found += len(keys)
            if keys:
                _add(out, stock, keys, form, Path(temp) / name)
        out.writestr("command.txt", f"{words.command(one)}\n")
        if one.changes:
            out.writestr("changes.yaml", words.patch_file(one))
    if not found:
        raise AskedError("nothing of this setting is stored yet: run it first")
    return made


def _add(
    out: zipfile.ZipFile, stock: Stock, keys: Sequence[str], form: str, folder: Path
) -> None:
    chosen: ExportForm = "csv" if form == "csv" else "netcdf" if form == "netcdf" else "parquet"
    export_runs((stock.store.get(key) for key in keys), folder, chosen)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            out.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
