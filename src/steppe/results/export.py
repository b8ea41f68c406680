"""Runs for other programs: Parquet, CSV (R, spreadsheets) and NetCDF, in a folder made whole.

Names of files are made from keys and dimensions, never from the text of a case. ``runs`` lists
each run with its outcome. Exports are for reading elsewhere; the store is never read from them.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack, get_args

from steppe.core.errors import StoreError
from steppe.results import database, tables
from steppe.results.atomic_io import explained, sync_file, sync_folder
from steppe.results.ensemble import ensemble_dataset
from steppe.results.hashing import key_of
from steppe.results.methods import bibtex, methods_paragraph
from steppe.results.outcomes import values_of
from steppe.results.process_identity import token
from steppe.results.trajectory import Event, RunRecord, Trajectory
from steppe.results.writer import columns_select, write_events

ExportForm = Literal["parquet", "netcdf", "csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_COUNTER = itertools.count()

__all__ = ["ExportForm", "ensemble_dataset", "export_runs", "inert"]


def inert(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a leading ' where needed."""
    return f"'{value}" if value.startswith(_FORMULA) else value


class ExportOptions(TypedDict, total=False):
    """What an export may be told besides; ``export_runs`` says what each means."""

    beside: Callable[[str], Mapping[str, Path]]
    omitted: Mapping[str, str]
    labels: Callable[[Trajectory], Mapping[str, str | int]]


def export_runs(
    trajectories: Iterable[Trajectory],
    folder: str | os.PathLike[str],
    form: ExportForm,
    **options: Unpack[ExportOptions],
) -> Path:
    """Write runs into a new folder and return it; the folder appears only when it is complete.

    ``parquet`` and ``csv`` give each run a folder ``run-<first 12 digits of its key>`` with one
    flat table per set of dimensions and one of events; ``netcdf`` gives one file per run. Runs are
    taken one at a time, so an iterator keeps memory small. ``beside`` returns further Parquet
    files of the run with a key (``Store.beside``); they come along, as CSV if that is asked.
    ``omitted`` are runs that are not exported and why; a table of that name lists them.
    ``labels`` returns further columns of the table ``runs``: what a run was for
    (``study.run_labels``). How the runs were made is in ``methods.txt``, how to cite the program
    in ``citation.bib``.
    Raises ``StoreError`` when the folder
    exists with content, when there is no run, or when it cannot be written.
    """
    if form not in get_args(ExportForm):
        raise StoreError(f"export form {form!r}: allowed are {', '.join(get_args(ExportForm))}")
    final = Path(folder).absolute()
    if final.exists() and (not final.is_dir() or any(final.iterdir())):
        raise StoreError(f"{final}: exists already; name a new folder or remove this one")
    beside, labels = options.get("beside", _nothing), options.get("labels", _unlabelled)
    temp = final.with_name(f".{final.name}.{token()}.{next(_COUNTER)}")
    with explained(final):
        temp.mkdir(parents=True)
        try:
            _write_all(temp, trajectories, form, beside, labels)
            if omitted := options.get("omitted"):
                rows = [{"run": key, "reason": reason} for key, reason in omitted.items()]
                _write_index(temp, "omitted", form, rows)
            _sync_all(temp)
            os.rename(temp, final)
            sync_folder(final.parent)
        finally:
            shutil.rmtree(temp, ignore_errors=True)
    return final


def _nothing(key: str) -> Mapping[str, Path]:
    return {}


def _unlabelled(run: Trajectory) -> Mapping[str, str | int]:
    return {}


def _write_all(
    folder: Path,
    trajectories: Iterable[Trajectory],
    form: ExportForm,
    beside: Callable[[str], Mapping[str, Path]],
    labels: Callable[[Trajectory], Mapping[str, str | int]],
) -> None:
    rows: list[dict[str, Any]] = []
    records: list[RunRecord] = []
    for run in trajectories:
        records.append(replace(run.record, scenario=""))  # its text is large and not needed
        name = f"run-{key_of(run.record)[:12]}"
        if form == "netcdf":
            _write_netcdf(folder / f"{name}.nc", run)
        else:
            _write_tables(folder / name, form, run)
        for file, path in beside(key_of(run.record)).items():
            _write_beside(folder, name, form, file, path)
        rows.append(_row(name, run, labels(run)))
    if not rows:
        raise StoreError("there is no run to export")
    _write_index(folder, "runs", form, rows)
    _write_methods(folder, records)


def _kind_of(record: RunRecord) -> tuple[str, str, float, str]:
    return record.case, record.engine, record.scale, record.model_version


def _write_methods(folder: Path, records: Sequence[RunRecord]) -> None:
    """Write how the runs of each case were made, and how to cite the program."""
    cases = dict.fromkeys(map(_kind_of, records))
    texts = [
        methods_paragraph([record for record in records if _kind_of(record) == one])
        for one in cases
    ]
    (folder / "methods.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    (folder / "citation.bib").write_text(bibtex(records[0]) + "\n", encoding="utf-8")


def _write_netcdf(path: Path, run: Trajectory) -> None:
    dataset = run.dataset()
    dataset.attrs["run"] = key_of(run.record)
    for name, value in run.outcome.items():  # NetCDF has no truth values
        dataset.attrs[f"outcome_{name}"] = int(value) if isinstance(value, bool) else value
    packed = {str(name): {"zlib": True, "complevel": 4} for name, v in dataset.items() if v.ndim}
    dataset.to_netcdf(path, engine="h5netcdf", encoding=packed)


def _write_tables(folder: Path, form: tables.Form, run: Trajectory) -> None:
    folder.mkdir()
    safe = inert if form == "csv" else str
    for stem, (grid, members) in tables.grids(run).items():
        labels = {dim: tuple(map(safe, names)) for dim, names in grid.labels.items()}
        columns = {s.name: s.values for s in members}
        tables.write_table(folder / f"{stem}.{form}", form, replace(grid, labels=labels), columns)
    write_events(folder / f"events.{form}", form, [_event(event, form) for event in run.events])


def _write_beside(folder: Path, name: str, form: ExportForm, file: str, path: Path) -> None:
    if form == "netcdf":
        shutil.copyfile(path, folder / f"{name}-{file}")
    elif form == "parquet":
        shutil.copyfile(path, folder / name / file)
    else:
        source = f"SELECT * FROM read_parquet({database.text(str(path))})"
        tables.copy((folder / name / file).with_suffix(".csv"), "csv", source, {})


def _event(event: Event, form: tables.Form) -> Event:
    if form != "csv":
        return event
    return replace(
        event,
        actor=inert(event.actor),
        kind=inert(event.kind),
        where=inert(event.where),
        text=inert(event.text),
    )


def _row(name: str, run: Trajectory, labels: Mapping[str, str | int]) -> dict[str, Any]:
    record = run.record
    facts: dict[str, Any] = {
        "file": name,
        "run": key_of(record),
        **labels,
        "case_id": record.case,
        "scenario_hash": record.scenario_hash,
        "seed": record.seed,
        "engine": record.engine,
        "scale": record.scale,
        "model_version": record.model_version,
        "engine_version": record.engine_version,
        "start": record.start,
        "hours": record.hours,
    }
    return facts | {f"outcome_{key}": value for key, value in values_of(run).items()}


def _write_index(
    folder: Path, stem: str, form: ExportForm, rows: Sequence[Mapping[str, Any]]
) -> None:
    kind_of_file: tables.Form = "csv" if form == "netcdf" else form
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    types = {name: _kind(values) for name, values in columns.items()}
    for name, kind in types.items():
        if kind == "VARCHAR":
            texts = ["" if value is None else str(value) for value in columns[name]]
            columns[name] = [inert(text) if kind_of_file == "csv" else text for text in texts]
        else:
            columns[name] = [float("nan") if value is None else value for value in columns[name]]
    path = folder / f"{stem}.{kind_of_file}"
    tables.copy(path, kind_of_file, *columns_select(columns, types))


def _kind(values: Iterable[Any]) -> str:
    sizes = list(values)
    if all(isinstance(value, int) and abs(value) < 2**63 for value in sizes):
        return "BIGINT"
    if all(value is None or isinstance(value, int | float) for value in sizes):
        return "DOUBLE"
    return "VARCHAR"


def _sync_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(folder)
