"""A labelled dataset as one file for other programs: NetCDF, Parquet or CSV, written whole.

A table has one row for each combination of the dimensions; its first columns are the coordinates.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.core.errors import StoreError
from steppe.results import tables
from steppe.results.atomic_io import explained, make_folders, sync_file, sync_folder
from steppe.results.export import inert
from steppe.results.process_identity import token
from steppe.results.writer import columns_select

if TYPE_CHECKING:
    import xarray

FORMS = {".nc": "netcdf", ".parquet": "parquet", ".csv": "csv"}
"""Ending of a file's name -> what is written."""

_COUNTER = itertools.count()


def form_of(path: Path) -> str:
    """Return what is written into a file of that name; ``StoreError`` for another ending."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise StoreError(f"{path}: the name of a dataset's file ends in {', '.join(FORMS)}")
    return form


def write_dataset(dataset: xarray.Dataset, path: Path) -> Path:
    """Write ``dataset`` in place of ``path``, in the form that its ending names; return the path.

    The file is whole or not there. Raises ``StoreError`` for another ending, or when it cannot be
    written.
    """
    form, final = form_of(path), path.absolute()
    temp = final.with_name(f".{final.stem}.{token()}.{next(_COUNTER)}{final.suffix}")
    with explained(final.parent):
        make_folders(final.parent)
        try:
            if form == "netcdf":
                dataset.to_netcdf(temp, engine="h5netcdf")
            else:
                _write_table(dataset, temp, "csv" if form == "csv" else "parquet")
            sync_file(temp)
            os.replace(temp, final)
            sync_folder(final.parent)
        finally:
            temp.unlink(missing_ok=True)
    return final


def _write_table(dataset: xarray.Dataset, path: Path, form: tables.Form) -> None:
    frame = dataset.to_dataframe().reset_index()
    first = [*map(str, dataset.dims), *(str(c) for c in dataset.coords if c not in dataset.dims)]
    names = [*first, *(str(name) for name in dataset.data_vars)]
    columns: dict[str, Any] = {}
    types: dict[str, str] = {}
    for name in names:
        values = frame[name].to_numpy()
        kind = np.asarray(dataset[name].values).dtype.kind
        types[name] = {"i": "BIGINT", "f": "DOUBLE"}.get(kind, "VARCHAR")
        text = types[name] == "VARCHAR" and form == "csv"
        columns[name] = [inert(str(value)) for value in values] if text else list(values)
    tables.copy(path, form, *columns_select(columns, types))
