"""Cells of a case's table changed, all other lines left as the user wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from steppe.case.source_location import SourceMark
from steppe.case.tables_io import records
from steppe.core.errors import CaseError, Fault, nearest

Cells = Mapping[str, str]
"""New values by column."""


def with_cells(text: str, file: str, changes: Mapping[str, Cells]) -> str:
    """Return the table in ``text`` with the columns of ``changes`` set in the rows of those ids."""
    header, *rows = table_rows(text, file)
    if "id" not in header:
        raise CaseError([_no_column(file, "id", header)])
    ids = (cells[header.index("id")] if len(cells) == len(header) else "" for cells in rows)
    by_row = {number: changes[name] for number, name in enumerate(ids) if name in changes}
    columns = {column for cells in changes.values() for column in cells}
    return _with_changes(text, file, by_row, columns)


def with_rows(text: str, file: str, changes: Mapping[int, Cells]) -> str:
    """Return the table in ``text`` with columns set in rows by their number, the first is 0."""
    last = len(table_rows(text, file)) - 2
    for number in changes:
        if not 0 <= number <= last:
            wrong = f"there is no row {number}"
            raise CaseError([SourceMark(file, 1, 1).fault("", wrong, f"0 to {last}")])
    return _with_changes(
        text, file, changes, {name for cells in changes.values() for name in cells}
    )


def table_rows(text: str, file: str) -> list[list[str]]:
    """Return the cells of a table, its header first, without the units in it."""
    header, *rows = [cells for _, cells in records(_lines(text), file)] or [[]]
    return [[name.partition(" [")[0].strip() for name in header], *rows]


def _lines(text: str) -> tuple[str, ...]:
    return (*text.replace("\r\n", "\n").rstrip("\n").split("\n"), "")


def _with_changes(
    text: str, file: str, changes: Mapping[int, Cells], columns: Iterable[str]
) -> str:
    lines, header = _lines(text), table_rows(text, file)[0]
    for column in columns:
        if column not in header:
            raise CaseError([_no_column(file, column, header)])
    table = list(records(lines, file))[1:]
    out, ends = [lines[0]], [start for start, _ in table] + [len(lines)]
    for number, (start, cells) in enumerate(table):
        new = changes.get(number)
        if new is None:
            out += lines[start - 1 : ends[number + 1] - 1]
        else:
            pairs = zip(header, cells, strict=True)
            out.append(csv_line(new.get(name, old) for name, old in pairs))
    return "\n".join([*out, ""])


def _no_column(file: str, column: str, header: list[str]) -> Fault:
    mark, allowed = SourceMark(file, 1, 1), ", ".join(header)
    return mark.fault(column, "the column is missing", allowed, nearest(column, header))


def csv_line(cells: Iterable[str]) -> str:
    """Return one record of a table, without its line feed."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
