"""What leaves the app: data of both arms, the scenario's changes and the command, as one zip."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from steppe.app import setting_text
from steppe.app.arms import ArmDocuments
from steppe.app.comparison import Comparison
from steppe.app.errors import RequestError
from steppe.results.export import ExportForm, export_runs
from steppe.results.store import Store
from steppe.study.parameter_draws import ParameterDraws


def archive(one: Comparison, arms: ArmDocuments, form: str, folder: Path) -> Path:
    """Write a zip of the stored runs of both arms into ``folder`` and return it.

    With the data go the changes as a patch file, the command that makes the runs again, what the
    parameters of each seed were if they were drawn, and what all of it is, in words. Raises
    ``RequestError`` for another form than csv, parquet or netcdf, or when nothing is stored.
    """
    if form not in get_args(ExportForm):
        raise RequestError(f"export as one of {', '.join(get_args(ExportForm))}")
    target = folder / f"{setting_text.file_stem(one)}-{form}.zip"
    runs = 0
    with (
        tempfile.TemporaryDirectory(prefix="steppe-export-") as temp,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out,
    ):
        draws = [arms.draws.of(arm) for arm in one.arms]
        for name, keys, of_arm in zip(setting_text.ARMS, arms.runs(one), draws, strict=False):
            runs += len(keys)
            if keys:
                _add(out, arms.stock.store, keys.values(), form, Path(temp) / name)
            if keys and of_arm.source != "default":
                out.writestr(f"{name}/draws.csv", _draws(of_arm, keys))
        out.writestr("command.txt", f"{one.portable.as_command()}\n")
        out.writestr("readme.txt", setting_text.readme(one, draws))
        if one.changes:
            out.writestr("changes.yaml", setting_text.patch_file(one))
    if not runs:
        raise RequestError("nothing of this setting is stored yet: run it first")
    return target


def _add(out: zipfile.ZipFile, store: Store, keys: Iterable[str], form: str, folder: Path) -> None:
    kind: ExportForm = "csv" if form == "csv" else "netcdf" if form == "netcdf" else "parquet"
    export_runs((store.get(key) for key in keys), folder, kind)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            out.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")


def _draws(draws: ParameterDraws, seeds: Iterable[int]) -> str:
    """Return a table of what each seed drew; names of parameters are those of the model."""
    out = io.StringIO()
    table = csv.writer(out)
    names = list(draws.rows(1))
    table.writerow(["seed", *names])
    table.writerows([seed, *map(repr, draws.rows(seed).values())] for seed in sorted(seeds))
    return out.getvalue()
