"""Cells of a case's table changed by id, all other lines left as the user wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from steppe.case.source_location import SourceMark
from steppe.case.tables_io import records
from steppe.core.errors import CaseError


def with_cells(text: str, file: str, changes: Mapping[str, Mapping[str, str]]) -> str:
    """Return the table in ``text`` with the columns of ``changes`` set in the rows of those ids."""
    lines = (*text.rstrip("\n").split("\n"), "")
    table = list(records(lines, file))
    header = [name.partition(" [")[0].strip() for name in table[0][1]] if table else []
    for column in {"id", *(name for cells in changes.values() for name in cells)}:
        if column not in header:
            raise CaseError([SourceMark(file, 1, 1).fault(column, "the column is missing")])
    out, ends = [lines[0]], [start for start, _ in table[1:]] + [len(lines)]
    for number, (start, cells) in enumerate(table[1:], 1):
        new = changes.get(cells[header.index("id")]) if len(cells) == len(header) else None
        if new is None:
            out += lines[start - 1 : ends[number] - 1]
        else:
            out.append(
                csv_line(new.get(name, old) for name, old in zip(header, cells, strict=True))
            )
    return "\n".join([*out, ""])


def csv_line(cells: Iterable[str]) -> str:
    """Return one record of a table, without its line feed."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
