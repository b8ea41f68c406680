"""The file of landmarks: one row for each protest and day 1, 3 or 7, read and checked.

Country facts are of the year before; then what was seen so far, then what came. -1 in what came:
it cannot be told.
"""

from __future__ import annotations

import functools
import gzip
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.source_location import SourceMark, cell_mark, name_list, near
from steppe.case.tables_io import records
from steppe.core.errors import CaseError, Fault

Floats = NDArray[np.float64]

NAME = "landmarks.csv.gz"

WORDS = ("iso3", "date")
FACTS = (
    "gdppc_ppp", "growth", "inflation", "internet_pct", "armed_forces",
)  # fmt: skip
"""Country facts that may be missing."""

NUMBERS = (
    "day", "pop", *FACTS, "median_age", "urban_pct", "events_past_year", "lethal_past_year",
    "largest_past_year", "accommodated_past_year", "events_so_far", "largest_so_far", "last_size",
    "days_since_last", "places", "running", "violent", "lethal", "arrests", "beatings",
    "dispersal", "accommodated", "ignored", "d_labor", "d_land", "d_police", "d_political",
    "d_price", "d_removal", "d_social", "largest_14d", "largest_30d", "escalates_30d", "ends_7d",
    "lethal_30d",
)  # fmt: skip
"""Columns that are read; others of the file are left alone, ``fold`` but for the packaged one."""

DAYS = (1.0, 3.0, 7.0)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Landmarks by column: ``country`` and ``date`` (row,), numbers by name, NaN where missing."""

    country: NDArray[np.str_]
    date: NDArray[np.str_]
    columns: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.country)

    @property
    def year(self) -> Floats:
        """The year of each landmark (row,)."""
        return self.date.astype("U4").astype(np.float64)

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name]

    def take(self, which: NDArray[np.bool_]) -> Landmarks:
        """Return the rows of a mask."""
        return Landmarks(
            self.country[which], self.date[which],
            {name: values[which] for name, values in self.columns.items()},
        )  # fmt: skip


@functools.cache
def open_landmarks() -> Landmarks:
    """Return the landmarks that come with the program, ``fold`` among their columns."""
    with as_file(files("steppe") / "data" / NAME) as path:
        return read_landmarks(path, ("fold",))


def read_landmarks(path: Path, more: Sequence[str] = ()) -> Landmarks:
    """Return the landmarks of a CSV file, which may be packed by gzip.

    Raises ``CaseError`` with line and column for what is missing or cannot be read.
    """
    lines = tuple(_text(path).split("\n"))
    rows = records(lines, str(path))
    _, header = next(rows, (1, []))
    names = (*NUMBERS, *more)
    missing = [name for name in (*WORDS, *names) if name not in header]
    if missing:
        raise CaseError(
            Fault(str(path), 1, 1, name, "the column is missing", name_list(header),
                  near(name, header))
            for name in missing
        )  # fmt: skip
    at = {name: header.index(name) for name in (*WORDS, *names)}
    faults: list[Fault] = []
    country, date, values = [], [], []
    for line, row in rows:
        mark = functools.partial(cell_mark, str(path), lines, line)
        if len(row) != len(header):
            faults.append(mark(0).fault("", f"{len(row)} cells under {len(header)} columns"))
            continue
        country.append(row[at["iso3"]])
        date.append(_date(row[at["date"]], mark, at["date"], faults))
        values.append([_number(name, row[at[name]], mark, at[name], faults) for name in names])
    if not country and not faults:
        faults.append(Fault(str(path), 1, 1, "", "the table has no rows"))
    if faults:
        raise CaseError(faults)
    table = np.array(values)
    columns = {name: table[:, k].copy() for k, name in enumerate(names)}
    return Landmarks(np.array(country), np.array(date), columns)


def _text(path: Path) -> str:
    """Return the text of a file, unpacked where it is packed."""
    if path.suffix != ".gz":
        return read_text(path, MAX_TABLE, SourceMark(str(path)))
    try:
        with gzip.open(path, "rb") as packed:
            content = packed.read(MAX_TABLE + 1)
    except (OSError, EOFError) as error:
        raise CaseError([SourceMark(str(path)).fault("", f"cannot be read: {error}")]) from None
    if len(content) > MAX_TABLE:
        raise CaseError([SourceMark(str(path)).fault("", "the file is too large")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise CaseError([SourceMark(str(path)).fault("", "is not UTF-8 text")]) from None


Mark = Callable[[int], SourceMark]


def _date(text: str, mark: Mark, at: int, faults: list[Fault]) -> str:
    if not (len(text) == 10 and text[:4].isdigit() and text[4] == text[7] == "-"):
        faults.append(mark(at).fault("date", f"'{text}' is no day", "YYYY-MM-DD"))
    return text


def _number(name: str, text: str, mark: Mark, at: int, faults: list[Fault]) -> float:
    if not text and name in FACTS:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(mark(at).fault(name, f"'{text}' is no number"))
    elif name == "day" and value not in DAYS:
        faults.append(mark(at).fault(name, f"'{text}' is no landmark", "1, 3 or 7"))
    return value
