"""Arrays as flat tables: one row per cell, one column per dimension and per series.

All series with the same dimensions share a table. Columns: ``hour`` and ``time`` (when there is an
hour), a label for every other dimension, then the series in their order. Rows are in the order of
the array (the last dimension changes fastest). ``rows="nonzero"`` leaves out rows in which every
series is zero; reading puts them back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from steppe.core.errors import StoreError
from steppe.results import database
from steppe.results.hashing import little_endian
from steppe.results.trajectory import Series, Trajectory

Rows = Literal["all", "nonzero"]
Form = Literal["parquet", "csv"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_KINDS = "biuf"
_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER true",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table: dimensions with their labels; ``hour`` has a count and no labels."""

    dims: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    hours: int
    start: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of labels (or hours) of each dimension."""
        return tuple(self.hours if d == "hour" else len(self.labels[d]) for d in self.dims)

    @property
    def stem(self) -> str:
        """Name of the table: ``series-hour-from-to`` for (hour, from_state, to_state)."""
        return "-".join(["series", *(dim.removesuffix("_state") for dim in self.dims)])


def grids(trajectory: Trajectory) -> dict[str, tuple[Grid, list[Series]]]:
    """Return each table of a trajectory by its stem, in the order of first appearance.

    Raises ``StoreError`` for names, labels or types that a flat table cannot hold.
    """
    groups: dict[str, tuple[Grid, list[Series]]] = {}
    record = trajectory.record
    for series in trajectory.series.values():
        labels = {d: trajectory.coords[d] for d in series.dims if d != "hour"}
        grid = Grid(series.dims, labels, record.hours, record.start)
        check(grid, series)
        table = groups.setdefault(grid.stem, (grid, []))
        if table[0].dims != grid.dims:
            raise StoreError(f"dimensions {grid.dims} and {table[0].dims} make the same table")
        table[1].append(series)
    return groups


def check(grid: Grid, series: Series) -> None:
    """Refuse what would not come back from a table as it was."""
    for word in (series.name, *grid.dims):
        if not _NAME.fullmatch(word):
            raise StoreError(f"{word!r}: names are lower-case letters, digits and '_'")
    if series.name in (*grid.dims, "time", "hour", "run"):
        raise StoreError(f"{series.name!r}: a series cannot be named like a dimension or time")
    if series.values.dtype.kind not in _KINDS or series.values.dtype.itemsize > 8:
        raise StoreError(f"{series.name}: values of type {series.values.dtype} cannot be stored")
    if series.values.dtype == np.float16:
        raise StoreError(f"{series.name}: values of type float16 cannot be stored")
    for dim, labels in grid.labels.items():
        if len(set(labels)) != len(labels):
            raise StoreError(f"{dim}: a label is there twice")
        bad = next((label for label in labels if not (label and label.isprintable())), None)
        if bad is not None:
            raise StoreError(f"{dim}: label {bad!r} is empty or holds control characters")


def write_table(
    path: Path, form: Form, grid: Grid, columns: Mapping[str, NDArray[Any]], rows: Rows = "all"
) -> None:
    """Write one table; ``columns`` are arrays of the grid's shape."""
    flat = {name: little_endian(values).reshape(-1) for name, values in columns.items()}
    cells = _nonzero(flat) if rows == "nonzero" else None
    codes = _codes(grid.shape, cells)
    data: dict[str, NDArray[Any]] = {
        f"code {dim}": c for dim, c in zip(grid.dims, codes, strict=True)
    }
    for name, values in flat.items():
        data[f"value {name}"] = values if cells is None else values[cells]
    copy(path, form, _select(grid, list(flat)), data)


def copy(path: Path, form: Form, select: str, data: Mapping[str, NDArray[Any]]) -> None:
    """Write the rows of ``select`` over the columns ``data`` (a table named ``cells``)."""
    cursor = database.cursor()
    try:
        if data:
            cursor.register("cells", dict(data))
        cursor.execute(f"COPY ({select}) TO {database.text(str(path))} ({_OPTIONS[form]})")
    finally:
        cursor.close()


def _nonzero(flat: Mapping[str, NDArray[Any]]) -> NDArray[np.intp]:
    """Return positions at which any column has a bit set (-0.0 and NaN count as such)."""
    some = np.zeros(next(iter(flat.values())).size, dtype=bool)
    for values in flat.values():
        some |= values.view(f"u{values.dtype.itemsize}") != 0
    return np.flatnonzero(some)


def _codes(shape: tuple[int, ...], cells: NDArray[np.intp] | None) -> list[NDArray[np.int32]]:
    """Return for every row the position along each dimension."""
    rows = np.arange(int(np.prod(shape))) if cells is None else cells
    if not shape:
        return []
    return [code.astype(np.int32) for code in np.unravel_index(rows, shape)]


def _select(grid: Grid, names: Sequence[str]) -> str:
    parts = []
    for dim in grid.dims:
        code = database.name(f"code {dim}")
        if dim == "hour":
            start = database.text(np.datetime_as_string(np.datetime64(grid.start, "s")))
            parts += [f"{code} AS hour", f"CAST({start} AS TIMESTAMP) + to_hours({code}) AS time"]
        else:
            labels = ",".join(database.text(label) for label in grid.labels[dim])
            parts.append(f"CAST([{labels}] AS VARCHAR[])[{code} + 1] AS {database.name(dim)}")
    parts += [f"{database.name(f'value {name}')} AS {database.name(name)}" for name in names]
    return f"SELECT {', '.join(parts)} FROM cells"


def read_table(
    path: Path, grid: Grid, types: Mapping[str, str], rows: Rows
) -> dict[str, NDArray[Any]]:
    """Return the columns named in ``types`` (with their NumPy type) as arrays of the grid's shape.

    Raises ``StoreError`` when the rows do not fill the grid.
    """
    parts = [database.name(name) for name in types]
    if rows == "nonzero":
        parts += [f"{_position(grid, dim)} AS {database.name(f'code {dim}')}" for dim in grid.dims]
    cursor = database.cursor()
    try:
        columns = cursor.execute(
            f"SELECT {', '.join(parts)} FROM read_parquet({database.text(str(path))})"
        ).fetchnumpy()
    finally:
        cursor.close()
    cells = None
    if rows == "nonzero":
        codes = tuple(np.asarray(columns[f"code {dim}"], dtype=np.intp) for dim in grid.dims)
        cells = np.ravel_multi_index(codes, grid.shape)
    kinds = {name: np.dtype(kind).newbyteorder("=") for name, kind in types.items()}
    return {
        name: _shaped(path, _typed(path, name, columns[name], kind), grid.shape, cells)
        for name, kind in kinds.items()
    }


def _position(grid: Grid, dim: str) -> str:
    if dim == "hour":
        return "hour"
    labels = ",".join(database.text(label) for label in grid.labels[dim])
    return f"enum_code(CAST({database.name(dim)} AS ENUM({labels})))"


def _typed(path: Path, name: str, column: NDArray[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return the values of a column, which must be of that type and none missing unless NaN is."""
    if isinstance(column, np.ma.MaskedArray):
        if kind.kind != "f" and column.mask.any():
            raise StoreError(f"{path}: missing values in column {name!r}")
        column = column.filled(np.nan) if kind.kind == "f" else column.data
    if column.dtype != kind:
        raise StoreError(f"{path}: column {name!r} is {column.dtype}, expected {kind}")
    return column


def _shaped(
    path: Path, column: NDArray[Any], shape: tuple[int, ...], rows: NDArray[np.intp] | None
) -> NDArray[Any]:
    """Return a column as an array of the grid's shape; ``rows`` are the cells it has, 0 else."""
    size = int(np.prod(shape))
    if rows is not None:
        whole = np.zeros(size, dtype=column.dtype)
        whole[rows] = column
        column = whole
    if column.size != size:
        raise StoreError(f"{path}: {column.size} rows, expected {size}")
    return column.reshape(shape)
