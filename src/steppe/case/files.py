"""Reading bounded text from the files of a case, and from nowhere else."""

from __future__ import annotations

import difflib
import os
import re
import stat
from itertools import islice
from pathlib import Path

from steppe.case.file_kinds import foreign_kind
from steppe.case.scalars import FORBIDDEN
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError

MIB = 1024 * 1024
MAX_YAML = 1 * MIB
MAX_TABLE = 16 * MIB
MAX_BOUNDARIES = 4 * MIB
_CONFLICT = re.compile(r"^(<{7}|>{7}) \S", re.MULTILINE)
MAX_LISTED = 1_000
"""A similar name is looked for among so many files."""


def inside(folder: Path, name: str) -> Path | None:
    """Return the file ``name`` in ``folder``, or None if it lies outside, links followed."""
    if Path(name).is_absolute():
        return None
    root = os.path.realpath(folder)
    target = os.path.realpath(os.path.join(root, name))
    if os.path.commonpath((root, target)) != root or target == root:
        return None
    return folder / name


def is_there(path: Path) -> bool:
    """Return whether there is something at ``path``: a file to read, or one to complain of.

    A folder, or a link that leads nowhere, is there: it must not pass for a file left out.
    """
    return os.path.lexists(path)


def read_text(path: Path, limit: int, source: SourceMark, key: str = "") -> str:
    """Return the text of ``path`` (UTF-8, at most ``limit`` bytes, no invisible characters).

    ``source`` is where the file is asked for: a missing file is a fault there, anything wrong
    with its content a fault in the file itself. The size is checked before a byte is read.
    """
    data = _read_bytes(path, limit, source, key)
    start = SourceMark(str(path), 1, 1)
    if len(data) > limit:
        raise CaseError([start.fault("", "the file grew while it was read")])
    if kind := foreign_kind(data):
        raise CaseError([start.fault("", f"this is {kind[0]}", kind[1])])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        wrong = f"not UTF-8 (byte 0x{data[error.start]:02x})"
        mark = _mark_at(path, before)
        raise CaseError([mark.fault("", wrong, "a file saved as UTF-8")]) from None
    if match := _CONFLICT.search(text):
        wrong = "a mark of a merge conflict"
        raise CaseError([_mark_at(path, text[: match.start()]).fault("", wrong, "one version")])
    if match := FORBIDDEN.search(text):
        mark = _mark_at(path, text[: match.start()])
        wrong = f"the character U+{ord(match[0]):04X} is not allowed"
        raise CaseError([mark.fault("", wrong, "text that shows")])
    return text


def _read_bytes(path: Path, limit: int, mark: SourceMark, key: str) -> bytes:
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            raise CaseError([mark.fault(key, f"'{path}' is not a file")])
        if info.st_size > limit:
            size = f"{info.st_size:,} bytes are too many"
            allowed = f"up to {limit:,} bytes"
            raise CaseError([SourceMark(str(path), 1, 1).fault("", size, allowed)])
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        if os.path.islink(path) and isinstance(error, FileNotFoundError):
            reason = "a link that leads nowhere"
        wrong = f"cannot read '{path}': {reason}"
        raise CaseError([mark.fault(key, wrong, nearest=similar_file(path))]) from None


def similar_file(path: Path) -> str:
    """Return the name of the file that was probably meant, as it is written in a case, or ''."""
    folder, name = path.parent, path.name
    if "\\" in name and (folder / name.replace("\\", "/")).is_file():
        return name.replace("\\", "/")
    try:
        entries = [entry.name for entry in islice(os.scandir(folder), MAX_LISTED)]
    except (OSError, ValueError):
        return ""
    names = [one for one in entries if one != name]
    same = [one for one in names if one.casefold() == name.casefold()]
    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.85)
    return (same or close or [""])[0]


def _mark_at(path: Path, before: str) -> SourceMark:
    line = before.count("\n") + 1
    return SourceMark(str(path), line, len(before) - (before.rfind("\n") + 1) + 1)
