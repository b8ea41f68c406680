"""Reading the tables of a case: declared columns only, every refusal with its place.

A table is UTF-8 text with commas. Its header names exactly the columns of its row model, in any
order; a column with a unit may repeat it, as in ``price [EUR a litre]``. A missing value is an
empty cell, and only where the column may be empty. Truth is written ``yes`` or ``no``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from steppe.case.cells import CsvColumn, columns
from steppe.case.model_introspection import problems
from steppe.case.scalars import MAX_CHARACTERS
from steppe.case.source_location import CaseTable, SourceMark, cell_mark, name_list
from steppe.case.table_header import SEPARATORS, read_header
from steppe.case.units import Refusal
from steppe.core.errors import MAX_FAULTS, CaseError, Fault

MAX_ROWS = 100_000
MOST_TOLD = 3
"""More wrong cells of one row than this are told in one fault: it is no row of values."""

_QUOTES = {
    "unexpected end of data": ("a quotation mark opens a cell, and none closes it", ""),
    "',' expected after '\"'": (
        "a cell goes on behind its closing quotation mark",
        'two of them for one inside a cell: "the ""old"" price"',
    ),
}
"""What the reader of CSV says of quotation marks, in words."""

R = TypeVar("R", bound=BaseModel)


def read_table(model: type[R], text: str, file: str, units: Mapping[str, str]) -> CaseTable[R]:
    """Return the table in ``text``; ``CaseError`` names line and column of up to 20 faults.

    ``units`` gives the unit of those columns that may name it in the header.
    """
    lines = tuple(text.split("\n"))
    table = records(lines, file)
    _, names = next(table, (1, []))
    if not names:
        wrong = "the table has no header" if text.strip() else "the file is empty"
        raise CaseError([SourceMark(file, 1, 1).fault("", wrong)])
    header = read_header(names, file, lines, [column.name for column in columns(model)], units)
    reader = _RowReader(model, header, file, lines)
    rows: list[R] = []
    starts: list[int] = []
    for start, cells in table:
        if len(rows) == MAX_ROWS:
            raise CaseError([SourceMark(file, start, 1).fault("", f"more than {MAX_ROWS:,} rows")])
        row = reader.row(start, cells)
        if row is not None:
            rows.append(row)
            starts.append(start)
        if len(reader.faults) > MAX_FAULTS:
            break
    if reader.faults:
        raise CaseError(reader.faults)
    return CaseTable(file, header, tuple(rows), tuple(starts), lines)


def records(lines: tuple[str, ...], file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line each record begins in, and its cells; the end of the file is no record.

    ``lines`` are those of the text, split at line feeds. Raises ``CaseError`` for a quote that
    does not end, and what else is no table.
    """
    last = len(lines) - (1 if not lines[-1] else 0)
    reader = csv.reader((line + "\n" for line in lines[:last]), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        reason, allowed = _QUOTES.get(str(error), (str(error), ""))
        mark = SourceMark(file, min(start, max(last, 1)), 1)
        raise CaseError([mark.fault("", f"not a table: {reason}", allowed)]) from None


class _RowReader:
    """Turns records into rows of a model and gathers what is wrong with them."""

    def __init__(
        self, model: type[BaseModel], header: tuple[str, ...], file: str, lines: tuple[str, ...]
    ) -> None:
        self.model, self.header, self.file, self.lines = model, header, file, lines
        by_name: dict[str, CsvColumn] = {column.name: column for column in columns(model)}
        self.columns = [by_name[name] for name in header]
        self.faults: list[Fault] = []
        self.empty_seen = False

    def row(self, start: int, cells: list[str]) -> Any:
        if not any(cell.strip() for cell in cells):
            self.empty_line(start)
            return None
        if len(cells) != len(self.columns):
            self.faults.append(self.wrong_length(start, cells))
            return None
        if tuple(cells) == self.header:
            self.faults.append(SourceMark(self.file, start, 1).fault("", "the header once more"))
            return None
        faults_before = len(self.faults)
        values: dict[str, Any] = {}
        for position, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            try:
                if len(cell) > MAX_CHARACTERS:
                    raise Refusal(f"{len(cell)} characters", f"up to {MAX_CHARACTERS}")
                if cell or not column.optional:
                    values[column.name] = column.read(cell)
            except Refusal as error:
                self.refuse(start, position, error.message, error.allowed)
        if len(self.faults) > faults_before:
            self.shorten(start, faults_before)
            return None
        try:
            return self.model.model_validate(values, strict=True)
        except ValidationError as error:
            for problem in problems(error, self.model):
                position = self.header.index(str(problem.where[0]))
                self.refuse(start, position, problem.message, problem.allowed, problem.nearest)
            return None

    def wrong_length(self, start: int, cells: list[str]) -> Fault:
        """Return the fault of a row with more or fewer cells than the header."""
        mark = SourceMark(self.file, start, 1)
        for separator, name in SEPARATORS.items():
            if len(cells) == 1 and cells[0].count(separator) == len(self.columns) - 1:
                return mark.fault("", f"cells of the row are separated by {name}", "commas")
        wrong = f"the row has {len(cells)} cells, the header {len(self.columns)}"
        more = "text with a comma in quotes" if len(cells) > len(self.columns) else ""
        return mark.fault("", wrong, more)

    def shorten(self, start: int, before: int) -> None:
        """Make one fault of a row of which most cells are wrong: units, totals, a note."""
        wrong = self.faults[before:]
        if len(wrong) > MOST_TOLD:
            names = name_list((fault.key for fault in wrong), 4)
            text = f"{len(wrong)} of {len(self.columns)} cells hold no value: {names}"
            allowed = "rows of values alone; units, totals and notes are none"
            self.faults[before:] = [SourceMark(self.file, start, 1).fault("", text, allowed)]

    def empty_line(self, start: int) -> None:
        """Add one fault for all empty lines of the file."""
        if not self.empty_seen:
            mark = SourceMark(self.file, start, 1)
            self.faults.append(mark.fault("", "an empty line", "rows only, up to the end"))
        self.empty_seen = True

    def refuse(
        self, start: int, position: int, message: str, allowed: str = "", nearest: str = ""
    ) -> None:
        mark = cell_mark(self.file, self.lines, start, position)
        self.faults.append(mark.fault(self.header[position], message, allowed, nearest))
