"""The table of simulations: for each run its parameters and what an observer would have noted.

It is all that inference reads. It is written beside the store as plain CSV, so that a calibration
can be repeated, checked and extended without the runs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.files import read_text
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError
from steppe.study.calibration.io import write_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LIMIT = 256 * 1024 * 1024
"""Bytes of the largest table that is read."""

RUN_COLUMNS = ("key", "model", "vector", "replicate", "seed")
"""Columns that say which run a row is of; parameters and what was measured follow."""

TEXT = 2
"""So many of them are text."""


@dataclass(frozen=True, slots=True)
class SimulationTable:
    """Runs by row: ``values`` (run, parameter), ``results`` (run, measure); NaN where not reached.

    ``keys`` name the runs in a store, ``models`` (run,) the version that made each, ``vectors``
    and ``replicates`` (run,) their place in the design; ``paths`` and ``measures`` name columns.
    """

    paths: tuple[str, ...]
    measures: tuple[str, ...]
    keys: tuple[str, ...]
    models: tuple[str, ...]
    vectors: Ints
    replicates: Ints
    seeds: Ints
    values: Floats
    results: Floats

    def __post_init__(self) -> None:
        rows = len(self.keys)
        for name, array, width in (
            ("values", self.values, len(self.paths)), ("results", self.results, len(self.measures)),
        ):  # fmt: skip
            if array.shape != (rows, width):
                raise ValueError(f"{name}: {array.shape}, expected {(rows, width)}")
        for name in ("models", "vectors", "replicates", "seeds"):
            if len(getattr(self, name)) != rows:
                raise ValueError(f"{name}: one for each of {rows} runs is needed")

    def __len__(self) -> int:
        return len(self.keys)

    def in_order(self) -> SimulationTable:
        """Return the runs in the order they are made in: by replicate, then by vector."""
        order = np.lexsort((self.vectors, self.replicates))
        return SimulationTable(
            self.paths, self.measures, tuple(self.keys[at] for at in order),
            tuple(self.models[at] for at in order), self.vectors[order], self.replicates[order],
            self.seeds[order], self.values[order], self.results[order],
        )  # fmt: skip

    def column(self, measure: str) -> Floats:
        """Return what every run showed of ``measure``; ``KeyError`` if it was not noted."""
        if measure not in self.measures:
            raise KeyError(measure)
        values: Floats = self.results[:, self.measures.index(measure)]
        return values

    def write(self, path: Path) -> None:
        """Write the table as CSV; floats so that they read back as they were."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow((*RUN_COLUMNS, *self.paths, *self.measures))
        for at, key in enumerate(self.keys):
            whole = (self.vectors[at], self.replicates[at], self.seeds[at])
            results = ("" if np.isnan(x) else repr(float(x)) for x in self.results[at])
            values = (repr(float(x)) for x in self.values[at])
            rows.writerow((key, self.models[at], *whole, *values, *results))
        write_text(path, text.getvalue())


def read_simulations(path: Path, paths: Sequence[str], measures: Sequence[str]) -> SimulationTable:
    """Return the table in ``path``; ``CaseError`` unless it has these columns, all numbers."""
    mark = SourceMark(str(path), 1, 1)
    header, *lines = _lines(path) or [[]]
    columns = [*RUN_COLUMNS, *paths, *measures]
    missing = [name for name in columns if name not in header]
    if missing:
        wrong = "the table of simulations lacks this column; it was made for another case"
        raise CaseError([mark.fault(name, wrong) for name in missing])
    at = [header.index(name) for name in columns]
    rows = []
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            wrong = f"{len(line)} cells for {len(header)} columns"
            raise CaseError([SourceMark(str(path), number).fault("", wrong)])
        rows.append([line[i] for i in at])
    try:
        return _table(tuple(paths), tuple(measures), rows)
    except ValueError as error:
        raise CaseError([mark.fault("", f"not a table of simulations: {error}")]) from None


def _lines(path: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(read_text(path, LIMIT, SourceMark(str(path)))))
    try:
        return list(reader)
    except csv.Error as error:
        raise CaseError(
            [SourceMark(str(path), reader.line_num).fault("", f"not CSV: {error}")]
        ) from None


def _table(
    paths: tuple[str, ...], measures: tuple[str, ...], rows: list[list[str]]
) -> SimulationTable:
    whole = len(RUN_COLUMNS) - TEXT
    first = whole + len(paths)
    numbers = np.array(
        [[float(cell) if cell else np.nan for cell in row[TEXT:]] for row in rows],
        dtype=np.float64,
    ).reshape(len(rows), first + len(measures))
    vectors, replicates, seeds = numbers[:, :whole].astype(np.int64).T
    return SimulationTable(
        paths, measures, tuple(row[0] for row in rows), tuple(row[1] for row in rows),
        vectors, replicates, seeds, numbers[:, whole:first], numbers[:, first:],
    )  # fmt: skip


def empty(paths: Sequence[str], measures: Sequence[str]) -> SimulationTable:
    """Return a table without runs."""
    return _table(tuple(paths), tuple(measures), [])
