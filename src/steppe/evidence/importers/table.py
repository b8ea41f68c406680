"""The common core of the importers: a table read within bounds, every row imported or quarantined.

Nothing is guessed. A row that cannot be used is quarantined with its line and the reason; a row
that is used in part is imported, and what of it was not is listed in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from steppe.core.errors import CaseError, Fault, nearest
from steppe.evidence.importers.cells import (
    DayOrder,
    ImportRow,
    RowError,
    plain,
)
from steppe.evidence.importers.imported import Gathering, Imported, ImportResult
from steppe.evidence.importers.json_table import is_json, json_records
from steppe.evidence.importers.records import (
    SEPARATORS,
    Record,
    TableLimits,
    is_workbook,
    open_binary,
    refusal,
    sheet_records,
    text_of,
    text_records,
)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


PREAMBLE = 10
"""The header is looked for among so many lines."""


class MissingColumnError(CaseError):
    """A file that lacks a column of its format; it may be one of another."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a format writes its table.

    ``header`` is given where the file may have none; ``required`` are the columns that must exist;
    ``optional`` those that are read where they are; ``missing`` are the texts that stand for an
    absent value; ``synonyms`` are further names of columns that releases have used.
    """

    delimiter: str
    required: tuple[str, ...]
    header: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ("",)
    quoting: bool = True
    optional: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is wanted of a file: encoding, order of day and month, days of the run, zone, bounds."""

    encoding: str = "utf-8"
    dates: DayOrder = ""
    window: tuple[str, str] = ("", "9999")
    zone: str = ""
    limits: TableLimits = field(default_factory=TableLimits)


def read(
    path: Path,
    layout: TableLayout,
    convert: Callable[[ImportRow], Iterable[Imported]],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``convert`` makes of each row of ``path``, and the rest.

    Raises ``CaseError`` for what concerns the whole file: it cannot be opened, is too large or no
    table, lacks a column or names one twice.
    """
    gathered = Gathering()
    for row, record in rows(path, layout, options):
        try:
            if record.fault:
                raise RowError(record.fault)
            gathered.add(list(convert(row)), record)
        except RowError as error:
            gathered.refuse(record, error)
    return gathered.result()


def rows(
    path: Path, layout: TableLayout, options: ReadOptions | None = None
) -> Iterator[tuple[ImportRow, Record]]:
    """Yield each row of ``path`` by column name, and its record with what is wrong with its shape.

    Raises ``CaseError`` for what concerns the whole file.
    """
    settings = options or ReadOptions()
    with open_binary(path, settings.limits) as stream:
        table: Iterator[Record]
        if is_workbook(stream):
            table, separator = sheet_records(path, stream), ","
        elif is_json(stream):
            table, separator = json_records(path, stream, settings.limits), ","
        else:
            text = text_of(stream, settings.encoding)
            separator, quoted = _separator(text, layout)
            text.seek(0)
            table = text_records(text, separator, 0 if quoted else 3)
        names, table = _header(path, table, layout, settings.limits)
        for count, record in enumerate(one for one in table if not _is_tags(one.cells)):
            if count == settings.limits.rows:
                raise refusal(path, "has too many rows", f"at most {settings.limits.rows}")
            own = names or _width(layout, len(record.cells))
            fault = record.fault or _shape_fault(record.cells, own, settings)
            fields = {} if fault else dict(zip(own, record.cells, strict=True))
            row = ImportRow(
                fields,
                layout.missing,
                separator != ",",
                settings.dates,
                settings.window,
                settings.zone or "UTC",
            )
            yield row, Record(record.line, record.cells, fault)


def _is_tags(cells: Sequence[str]) -> bool:
    """Return whether a row holds the tags of HXL, which some exports put below the header."""
    return any(cells) and all(cell.startswith("#") for cell in cells if cell)


def _separator(text: Iterable[str], layout: TableLayout) -> tuple[str, bool]:
    """Return the separator that gives the first line most of its columns, and if it has quotes."""
    try:
        first = next(iter(text), "")
    except UnicodeError:
        first = ""
    names = (*layout.required, *chain(*layout.header[:1]), *chain(*layout.synonyms.values()))
    columns = {plain(name) for name in names}

    def fit(separator: str) -> int:
        return len(columns & {plain(cell.strip('"')) for cell in first.strip().split(separator)})

    best = max((layout.delimiter, *SEPARATORS), key=fit)
    if not fit(best):
        return layout.delimiter, layout.quoting
    return best, layout.quoting or best != layout.delimiter


def _width(layout: TableLayout, width: int) -> tuple[str, ...]:
    return next((names for names in layout.header if len(names) == width), layout.header[0])


def _header(
    path: Path, table: Iterator[Record], layout: TableLayout, limits: TableLimits
) -> tuple[tuple[str, ...], Iterator[Record]]:
    """Return the names of the columns, none where the file has no header, and the rows."""
    begin = list(islice(table, PREAMBLE))
    rest = chain(begin, table)
    if not begin:
        raise refusal(path, "the file is empty", line=1)
    names = _canonical(begin[0].cells, layout)
    if layout.header and not {plain(n) for n in names} & {plain(n) for n in layout.header[0]}:
        return (), rest
    if begin and begin[0].fault:
        raise refusal(path, f"the header cannot be read: {begin[0].fault}", line=1)
    if len(names) > limits.columns:
        raise refusal(path, f"has {len(names)} columns", f"at most {limits.columns}", line=1)
    for position, record in enumerate(begin):  # some exports begin with lines about themselves
        columns = _canonical(record.cells, layout)
        if set(layout.required) <= set(columns):
            _refuse_twice(path, columns, record.line)
            return columns, chain(begin[position + 1 :], table)
    for name in layout.required:
        if name not in names:
            near = nearest(name, [n[:100] for n in names])
            others = ", ".join((name, *layout.synonyms.get(name, ())))
            wrong = f"column '{name}' is missing among {', '.join(names)[:200]}"
            raise MissingColumnError([Fault(str(path), 1, 1, "", wrong, others, near)])
    return names, chain(begin[1:], table)


def _refuse_twice(path: Path, names: Sequence[str], line: int) -> None:
    for name in names:
        if name and names.count(name) > 1:
            raise refusal(path, f"column '{name[:40]}' is there twice", line=line)


def _canonical(cells: Sequence[str], layout: TableLayout) -> tuple[str, ...]:
    """Return the names of columns as the format calls them, whatever their case and spaces."""
    own = (layout.required, layout.optional, *layout.header[:1])
    canonical = {plain(name): name for names in own for name in names}
    canonical |= {
        plain(other): name for name, others in layout.synonyms.items() for other in others
    }
    names = [canonical.get(plain(cell.lstrip("\ufeff")), cell.strip()) for cell in cells]
    while names and not names[-1]:  # empty columns at the end of a workbook's sheet
        names.pop()
    return tuple(names)


def _shape_fault(cells: list[str], names: Sequence[str], options: ReadOptions) -> str:
    if not any(cells):
        return "empty line"
    if len(cells) != len(names):
        surplus = cells[len(names) :]
        if len(cells) < len(names) or any(surplus):
            return f"{len(cells)} fields where the header has {len(names)}"
        del cells[len(names) :]
    limits = options.limits
    for name, cell in zip(names, cells, strict=True):
        if len(cell) > limits.field_characters:
            return f"{name} has {len(cell)} characters, at most {limits.field_characters}"
        if _CONTROL.search(cell):
            wrong = f"{name} has a control character or is not {options.encoding.upper()}"
            return f"{wrong}; say its encoding with --encoding, as cp1252"
    return ""
