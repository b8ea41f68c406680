"""The common core of the importers: bounded reading, exact parsing, quarantine.

Nothing is guessed: the separator and encoding (UTF-8) are fixed by the format, numbers have a
decimal point, dates one declared form, an empty field is the only missing value unless a format
declares another. Every row of a file is imported or quarantined with its line and the reason.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from steppe.case.tables import Observation
from steppe.core.errors import CaseError, Fault, nearest

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


class RowError(ValueError):
    """What is wrong with one row, in words for the quarantine."""


@dataclass(frozen=True, slots=True)
class TableLimits:
    """Bounds of a file that is read; a larger one is refused, never read in part."""

    file_bytes: int = 512 * 2**20
    rows: int = 1_000_000
    columns: int = 500
    field_characters: int = 100_000


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a format writes its table.

    ``header`` is given where the file has none; ``required`` are the columns that must exist;
    ``missing`` are the texts that stand for an absent value.
    """

    delimiter: str
    required: tuple[str, ...]
    header: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ("",)
    quoting: bool = True


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that was not imported: its first line in the file, the reason, its start as text.

    In ``text`` a replacement mark stands for what is not printable text.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file: ``imported`` rows gave ``observations``; ``rows`` is all of them."""

    observations: tuple[Observation, ...]
    imported: int
    quarantined: tuple[QuarantinedRow, ...]

    @property
    def rows(self) -> int:
        """Rows of the file after its header."""
        return self.imported + len(self.quarantined)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row by column name, with exact parsers that raise ``RowError``."""

    fields: Mapping[str, str]
    missing: tuple[str, ...]

    def optional(self, name: str) -> str:
        """Return the text of ``name``, '' when missing."""
        text = self.fields.get(name, "")
        return "" if text in self.missing else text

    def text(self, name: str) -> str:
        """Return the text of ``name``, which must be there."""
        text = self.optional(name)
        if not text:
            raise RowError(f"{name} is empty")
        return text

    def optional_number(self, name: str) -> float | None:
        """Return the finite number in ``name`` or None when missing."""
        text = self.optional(name)
        if not text:
            return None
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise RowError(f"{name} {text[:40]!r} is not a finite number with a decimal point")
        return number

    def whole(self, name: str) -> int:
        """Return the whole number in ``name``, which must be there."""
        text = self.text(name)
        if not _WHOLE.fullmatch(text):
            raise RowError(f"{name} {text[:40]!r} is not a whole number of at most 15 digits")
        return int(text)

    def one_of(self, name: str, choices: Mapping[str, str], what: str) -> str:
        """Return what ``choices`` holds for the text of ``name``; else name the nearest key."""
        text = self.text(name)
        if text not in choices:
            near = nearest(text[:100], choices)
            hint = f"; did you mean '{near}'?" if near else ""
            raise RowError(f"{name} {text[:40]!r} is not {what}{hint}")
        return choices[text]


def calendar_day(name: str, year: int, month: int, day: int) -> str:
    """Return the ISO text of the day in ``name``; ``RowError`` when there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise RowError(f"{name}: there is no day {year}-{month}-{day}") from error


def iso_day(name: str, text: str) -> str:
    """Return ``text`` when it is a day written YYYY-MM-DD, the only form that is read."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise RowError(f"{name} {text[:40]!r} is not a date of the form YYYY-MM-DD")
    return calendar_day(name, *map(int, text.split("-")))


def read(
    path: Path,
    layout: TableLayout,
    convert: Callable[[ImportRow], Sequence[Observation]],
    limits: TableLimits | None = None,
) -> ImportResult:
    """Return the observations that ``convert`` makes of each row of ``path``, and the rest.

    Raises ``CaseError`` for what concerns the whole file: it cannot be opened, is too large or
    compressed, lacks a column or names one twice.
    """
    bounds = limits or TableLimits()
    _check_file(path, bounds)
    observations: list[Observation] = []
    quarantined: list[QuarantinedRow] = []
    imported = 0
    ids: set[str] = set()
    for line, names, fields, fault in _records(path, layout, bounds):
        try:
            if fault:
                raise RowError(fault)
            converted = convert(ImportRow(dict(zip(names, fields, strict=True)), layout.missing))
            twice = sorted({row.id for row in converted} & ids)
            if twice:
                raise RowError(f"id '{twice[0]}' is used before")
        except RowError as error:
            text = _CONTROL.sub("\ufffd", layout.delimiter.join(fields))[:120]
            quarantined.append(QuarantinedRow(line, str(error), text))
            continue
        ids.update(row.id for row in converted)
        observations.extend(converted)
        imported += 1
    return ImportResult(tuple(observations), imported, tuple(quarantined))


def _check_file(path: Path, limits: TableLimits) -> None:
    if not path.is_file():
        raise _refusal(path, "is not a file")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror}") from error
    if size > limits.file_bytes:
        raise _refusal(path, f"has {size} bytes", f"at most {limits.file_bytes}")
    if head.startswith(_COMPRESSED):
        raise _refusal(path, "is compressed", "the unpacked text")


def _refusal(path: Path, what: str, allowed: str = "", near: str = "", line: int = 0) -> CaseError:
    return CaseError([Fault(str(path), line, min(line, 1), "", what, allowed, near)])


def _records(
    path: Path, layout: TableLayout, limits: TableLimits
) -> Iterator[tuple[int, tuple[str, ...], list[str], str]]:
    """Yield first line, column names, fields and what is wrong with the shape, for each row."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quoting else csv.QUOTE_NONE
        lines = csv.reader(file, delimiter=layout.delimiter, quoting=quoting, strict=True)
        header = None if layout.header else _header(path, lines, layout, limits)
        for _ in range(limits.rows):
            first = lines.line_num + 1
            try:
                fields, fault = next(lines), ""
            except StopIteration:
                return
            except csv.Error as error:
                fields, fault = [], f"lines {first} to {lines.line_num}: {error}"
            names = header or _check_header(layout, len(fields))
            yield first, names, fields, fault or _shape_fault(fields, names, limits)
        if file.read(1):
            raise _refusal(path, "has too many rows", f"at most {limits.rows}")


def _check_header(layout: TableLayout, width: int) -> tuple[str, ...]:
    return next((names for names in layout.header if len(names) == width), layout.header[0])


def _header(
    path: Path, lines: Iterator[list[str]], layout: TableLayout, limits: TableLimits
) -> tuple[str, ...]:
    try:
        names = tuple(next(lines, []))
    except csv.Error as error:
        raise _refusal(path, f"the header cannot be read: {error}", line=1) from error
    if len(names) > limits.columns:
        raise _refusal(path, f"has {len(names)} columns", f"at most {limits.columns}", line=1)
    for name in names:
        if names.count(name) > 1:
            raise _refusal(path, f"column '{name[:40]}' is there twice", line=1)
    for name in layout.required:
        if name not in names:
            near = nearest(name, [n[:100] for n in names])
            raise _refusal(path, f"column '{name}' is missing", "", near, 1)
    return names


def _shape_fault(fields: list[str], names: Sequence[str], limits: TableLimits) -> str:
    if not fields:
        return "empty line"
    if len(fields) != len(names):
        return f"{len(fields)} fields where the header has {len(names)}"
    for name, field in zip(names, fields, strict=True):
        if len(field) > limits.field_characters:
            return f"{name} has {len(field)} characters, at most {limits.field_characters}"
        if _CONTROL.search(field):
            return f"{name} has a control character or is not UTF-8"
    return ""
