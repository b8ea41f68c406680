"""The common core of the importers: a table read within bounds, every row imported or quarantined.

Nothing is guessed. A row that cannot be used is quarantined with its line and the reason; a row
that is used in part is imported, and what of it was not is listed in the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from steppe.case.schema import Actor, Lever
from steppe.case.tables import Observation
from steppe.core.errors import nearest
from steppe.evidence.importers.cells import (
    DayOrder,
    ImportRow,
    RowError,
    UnknownNameError,
    plain,
)
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
    """What is wanted of a file: encoding, order of day and month, days of the run, bounds."""

    encoding: str = "utf-8"
    dates: DayOrder = ""
    window: tuple[str, str] = ("", "9999")
    limits: TableLimits = field(default_factory=TableLimits)


@dataclass(frozen=True, slots=True)
class TimelineCandidate:
    """What somebody did, as one row of a file says: a candidate for the case's timeline."""

    at: datetime
    region: str
    do: Lever
    value: float
    text: str
    source: str
    actor: Actor = "government"
    until: datetime | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What of an imported row was not read, and why."""

    reason: str


Imported = Observation | TimelineCandidate | Remark


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that was not imported, or not all of it: first line, reason, its start as text.

    In ``text`` a replacement mark stands for what is not printable text.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file: ``imported`` rows gave observations and candidates.

    ``partial`` lists what of imported rows was not read; ``unknown`` counts the names of regions
    that no region is known by.
    """

    observations: tuple[Observation, ...]
    imported: int
    quarantined: tuple[QuarantinedRow, ...]
    candidates: tuple[TimelineCandidate, ...] = ()
    partial: tuple[QuarantinedRow, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the file after its header."""
        return self.imported + len(self.quarantined)


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
    gathered = _Gathered()
    for row, record in rows(path, layout, options):
        try:
            if record.fault:
                raise RowError(record.fault)
            gathered.add(list(convert(row)), record)
        except RowError as error:
            gathered.refuse(record, error)
    return gathered.result()


class _Gathered:
    """What was read so far."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.candidates: list[TimelineCandidate] = []
        self.partial: list[QuarantinedRow] = []
        self.quarantined: list[QuarantinedRow] = []
        self.unknown: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.imported = 0

    def add(self, items: Sequence[Imported], record: Record) -> None:
        observations = [one for one in items if isinstance(one, Observation)]
        twice = sorted({one.id for one in observations} & self.ids)
        if twice:
            raise RowError(f"id '{twice[0]}' is used before")
        self.ids.update(one.id for one in observations)
        self.observations += observations
        self.candidates += [one for one in items if isinstance(one, TimelineCandidate)]
        self.partial += [_listed(record, one.reason) for one in items if isinstance(one, Remark)]
        self.imported += 1

    def refuse(self, record: Record, error: RowError) -> None:
        if isinstance(error, UnknownNameError):
            self.unknown[error.name] += 1
        self.quarantined.append(_listed(record, str(error)))

    def result(self) -> ImportResult:
        return ImportResult(
            tuple(self.observations), self.imported, tuple(self.quarantined),
            tuple(self.candidates), tuple(self.partial), dict(self.unknown),
        )  # fmt: skip


def _listed(record: Record, reason: str) -> QuarantinedRow:
    return QuarantinedRow(record.line, reason, _CONTROL.sub("\ufffd", ",".join(record.cells))[:120])


def rows(
    path: Path, layout: TableLayout, options: ReadOptions | None = None
) -> Iterator[tuple[ImportRow, Record]]:
    """Yield each row of ``path`` by column name, and its record with what is wrong with its shape.

    Raises ``CaseError`` for what concerns the whole file.
    """
    settings = options or ReadOptions()
    with open_binary(path, settings.limits) as stream:
        if is_workbook(stream):
            table, separator = sheet_records(path, stream), ","
        else:
            text = text_of(stream, settings.encoding)
            separator, quoted = _separator(text, layout)
            text.seek(0)
            table = text_records(text, separator, 0 if quoted else 3)
        names, table = _header(path, table, layout, settings.limits)
        for count, record in enumerate(table):
            if count == settings.limits.rows:
                raise refusal(path, "has too many rows", f"at most {settings.limits.rows}")
            own = names or _width(layout, len(record.cells))
            fault = record.fault or _shape_fault(record.cells, own, settings)
            fields = {} if fault else dict(zip(own, record.cells, strict=True))
            row = ImportRow(
                fields, layout.missing, separator != ",", settings.dates, settings.window
            )
            yield row, Record(record.line, record.cells, fault)


def _separator(text: Iterable[str], layout: TableLayout) -> tuple[str, bool]:
    """Return the separator that gives the first line most of its columns, and if it has quotes."""
    try:
        first = next(iter(text), "")
    except UnicodeError:
        first = ""
    columns = {plain(name) for name in (*layout.required, *chain(*layout.header[:1]))}

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
    first = next(table, Record(1, []))
    names = _canonical(first.cells, layout)
    if layout.header and not {plain(n) for n in names} & {plain(n) for n in layout.header[0]}:
        return (), chain([first] if first.cells or first.fault else [], table)
    if first.fault:
        raise refusal(path, f"the header cannot be read: {first.fault}", line=1)
    if len(names) > limits.columns:
        raise refusal(path, f"has {len(names)} columns", f"at most {limits.columns}", line=1)
    for name in names:
        if name and names.count(name) > 1:
            raise refusal(path, f"column '{name[:40]}' is there twice", line=1)
    for name in layout.required:
        if name not in names:
            near = nearest(name, [n[:100] for n in names])
            allowed = "columns: " + ", ".join(layout.required)
            raise refusal(path, f"column '{name}' is missing", allowed, near, 1)
    return names, table


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
