"""From a file as it was downloaded to records: unpacking, encodings, separators, workbooks.

What is in the file decides, never its name: gzip and zip are unpacked, UTF-16 is read by its mark,
the separator is the one that gives the header its columns, and a workbook's first sheet is a table
like any other. What is no table (a web page, an LFS pointer) is named and refused.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Literal

from steppe.case.file_kinds import foreign_kind
from steppe.core.errors import CaseError, Fault

SEPARATORS = (",", ";", "\t", "|")
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 512


@dataclass(frozen=True, slots=True)
class TableLimits:
    """Bounds of a file that is read; a larger one is refused, never read in part."""

    file_bytes: int = 512 * 2**20
    rows: int = 1_000_000
    columns: int = 500
    field_characters: int = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first line (row of a workbook), its cells, and why it is none, if so."""

    line: int
    cells: list[str]
    fault: str = ""


def refusal(path: Path, what: str, allowed: str = "", near: str = "", line: int = 0) -> CaseError:
    """Return the error of a file that cannot be read at all."""
    return CaseError([Fault(str(path), line, min(line, 1), "", what, allowed, near)])


def open_binary(path: Path, limits: TableLimits) -> IO[bytes]:
    """Return the content of ``path``, unpacked if it is gzip or a zip of one file.

    Raises ``CaseError`` for what is no file, too large when unpacked, or no table.
    """
    if not path.is_file():
        raise refusal(path, "is not a file")
    try:
        size = path.stat().st_size
        stream: IO[bytes] = path.open("rb")
    except OSError as error:
        raise refusal(path, f"cannot be read: {error.strerror}") from error
    if size > limits.file_bytes:
        stream.close()
        raise refusal(path, f"has {size} bytes", f"at most {limits.file_bytes}")
    try:
        content = _content(path, stream, limits)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        stream.close()
        raise refusal(path, f"is a damaged archive: {error}") from error
    except (CaseError, RuntimeError) as error:
        stream.close()
        if isinstance(error, CaseError):
            raise
        raise refusal(path, f"cannot be unpacked: {error}") from error  # a password
    if content is not stream:
        stream.close()
    return content


def _content(path: Path, stream: IO[bytes], limits: TableLimits) -> IO[bytes]:
    head = stream.read(_HEAD)
    stream.seek(0)
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=stream) as source:
            return _copied(path, source, limits)
    if head.startswith(_ZIP):
        return _member(path, stream, limits)
    kind = foreign_kind(head)
    if kind is not None and not head.startswith(_UTF16) and "lines end in CR" not in kind[0]:
        raise refusal(path, f"is {kind[0]}", kind[1])
    return stream


def _member(path: Path, stream: IO[bytes], limits: TableLimits) -> IO[bytes]:
    with zipfile.ZipFile(stream) as archive:
        every = [info.filename for info in archive.infolist() if not info.is_dir()]
        names = [name for name in every if not name.startswith("__MACOSX/")]
        if "xl/workbook.xml" in names:  # a workbook is a zip too, and is read as a whole
            stream.seek(0)
            return stream
        if len(names) != 1:
            allowed = "an archive of one file: unpack it and name the one that is meant"
            raise refusal(path, f"is an archive of {len(names)} files", allowed)
        with archive.open(names[0]) as source:
            return _copied(path, source, limits)


def _copied(path: Path, source: IO[bytes] | gzip.GzipFile, limits: TableLimits) -> IO[bytes]:
    with ExitStack() as stack:
        unpacked: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
        size = 0
        while block := source.read(1 << 20):
            size += len(block)
            if size > limits.file_bytes:
                raise refusal(path, f"is more than {limits.file_bytes} bytes when unpacked")
            unpacked.write(block)
        unpacked.seek(0)
        stack.pop_all()  # closed by who reads it
    return unpacked


def is_workbook(stream: IO[bytes]) -> bool:
    """Return whether the content is a workbook (.xlsx)."""
    head = stream.read(4)
    stream.seek(0)
    return head == _ZIP


def text_of(stream: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """Return the text of ``stream``: UTF-16 by its mark, else in ``encoding``; bad bytes stay."""
    head = stream.read(4)
    stream.seek(0)
    wide = head.startswith(_UTF16)
    name = "utf-16" if wide else ("utf-8-sig" if encoding == "utf-8" else encoding)
    return io.TextIOWrapper(stream, encoding=name, errors="surrogateescape", newline="")


def text_records(
    text: io.TextIOWrapper, separator: str, quoting: Literal[0, 3]
) -> Iterator[Record]:
    """Yield the records of a text; a quote that never ends spoils its own record alone."""
    lines = csv.reader(text, delimiter=separator, quoting=quoting, strict=True)
    while True:
        first = lines.line_num + 1
        try:
            yield Record(first, next(lines))
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(first, [], f"lines {first} to {lines.line_num}: {error}")
        except UnicodeError:
            yield Record(first, [], f"line {first}: not text of this encoding")
            return


def sheet_records(path: Path, stream: IO[bytes]) -> Iterator[Record]:
    """Yield the rows of a workbook's first sheet as text: days in ISO form, whole numbers whole."""
    try:
        import openpyxl
    except ImportError:
        raise refusal(
            path, "is a workbook, and openpyxl is not installed",
            "pip install 'steppe[import]', or save the sheet as CSV",
        ) from None  # fmt: skip
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except Exception as error:  # openpyxl lets errors of zip and XML parsers through
        raise refusal(path, f"is a damaged workbook: {type(error).__name__}") from error
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_cell(value) for value in row]
        if any(cells):
            yield Record(number, cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
