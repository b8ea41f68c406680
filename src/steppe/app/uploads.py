"""An uploaded case becomes a folder with a made-up name: bounded, flat, plain text, never code."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from steppe.app.config import AppLimits
from steppe.case.files import MAX_YAML, inside, read_text
from steppe.case.inheritance import SCENARIO
from steppe.case.source_location import SourceMark
from steppe.case.yaml import read
from steppe.core.errors import CaseError, Fault, nearest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
KINDS = (".yaml", ".yml", ".csv", ".geojson", ".json", ".md", ".txt")
CHUNK = 64 * 1024
MOST_STEPS = 4
"""Names in the path of a file inside a case."""

Parts = Sequence[tuple[str, BinaryIO]]
"""Names as the browser gave them, and the contents."""


def receive(parts: Parts, root: Path, limits: AppLimits, *, flat: bool = True) -> Path:
    """Write an upload into a new folder of ``root`` and return it.

    The parts are the files of a case, or one zip of them. ``CaseError`` names every file that is
    refused; nothing is kept then. ``flat`` puts all files of a case together; else the folders
    inside are kept, below the one that all of them lie in.
    """
    folder = root / f"upload-{secrets.token_hex(8)}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        unpacked = list(_unpacked(parts, limits))
        top = "" if flat else common_folder(unpacked)
        files = [(_flat(label) if flat else _below(label, top), file) for label, file in unpacked]
        _write(files, folder, limits)
        _check_chain(folder)
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _unpacked(parts: Parts, limits: AppLimits) -> Iterator[tuple[str, BinaryIO]]:
    zips = [part for part in parts if part[0].lower().endswith(".zip")]
    if not zips:
        yield from parts
        return
    if len(parts) > 1:
        raise CaseError([_fault(zips[0][0], "send one zip, or files without one")])
    name, content = parts[0]
    try:
        archive = zipfile.ZipFile(content)
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise CaseError([_fault(name, "this is not a zip that can be read")]) from None
    if len(entries) > limits.files:
        raise CaseError([_too_many(name, len(entries), limits)])
    for entry in entries:
        yield entry.filename, _entry(archive, entry)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    if entry.flag_bits & 1:
        raise CaseError([_fault(entry.filename, "is encrypted")])
    if entry.external_attr >> 28 == 0xA:
        raise CaseError([_fault(entry.filename, "is a link; a case holds files only")])
    try:
        return _Opened(archive.open(entry), entry.filename)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as error:
        raise CaseError([_fault(entry.filename, f"cannot be unpacked: {error}")]) from None


class _Opened(io.RawIOBase, BinaryIO):
    """A file of a zip; what is wrong with its content is a fault of the upload."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name

    def read(self, size: int | None = -1) -> bytes:
        """Return up to ``size`` bytes."""
        try:
            return self._stream.read(-1 if size is None else size)
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
            raise CaseError([_fault(self._name, f"cannot be unpacked: {error}")]) from None
        except Exception as error:  # zlib and friends have errors of their own
            raise CaseError([_fault(self._name, f"is damaged: {error}")]) from None


def _write(parts: Parts, folder: Path, limits: AppLimits) -> None:
    faults: list[Fault] = []
    if len(parts) > limits.files:
        raise CaseError([_too_many("", len(parts), limits)])
    room = limits.unpacked
    for name, content in parts:
        wrong = _wrong_name(name)
        target = folder / name
        if wrong is None and target.exists():
            wrong = _fault(name, "comes twice")
        if wrong is not None:
            faults.append(wrong)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        room -= _copy(content, target, room)
        if room < 0:
            size = f"more than {limits.unpacked:,} bytes when unpacked"
            raise CaseError([_fault("", size, "smaller tables")])
    if not (folder / SCENARIO).is_file() and not faults:
        names = [path.name for path in sorted(folder.iterdir())]
        near = nearest(SCENARIO, names)
        faults.append(Fault("", 0, 0, "", f"there is no {SCENARIO} in it", SCENARIO, near))
    if faults:
        raise CaseError(faults)


def _flat(label: str) -> str:
    return PurePosixPath(label.replace("\\", "/")).name


def _below(label: str, top: str) -> str:
    return label.replace("\\", "/").removeprefix(f"{top}/" if top else "")


def common_folder(parts: Parts) -> str:
    """Return the folder that all files of an upload lie in, '' where there is none."""
    first = {label.replace("\\", "/").partition("/")[::2] for label, _ in parts}
    tops = {top for top, rest in first if rest}
    return tops.pop() if len(tops) == 1 and all(rest for _, rest in first) else ""


def uploaded_name(parts: Parts) -> str:
    """Return what an uploaded case is called: as the folder of its files, or as its zip."""
    label = parts[0][0].replace("\\", "/")
    is_zip = len(parts) == 1 and label.lower().endswith(".zip")
    name = PurePosixPath(label).name[:-4] if is_zip else common_folder(parts)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:80] or "case"


def _wrong_name(name: str) -> Fault | None:
    steps = name.split("/")
    if len(steps) > MOST_STEPS or not all(NAME.fullmatch(step) for step in steps):
        allowed = "letters, digits, '-', '_' and '.', at most 80"
        return _fault(name[:80], "this name of a file is not taken", allowed)
    if name.lower().endswith(".py"):
        return _fault(
            name,
            "rules in Python files are never run here",
            "`steppe app` with a folder of your own machine, or the command line with --allow-code",
        )
    if not name.lower().endswith(KINDS):
        return _fault(name, "this kind of file is not part of a case", ", ".join(KINDS))
    return None


def _copy(content: BinaryIO, target: Path, most: int) -> int:
    """Write a file and return its bytes; stops soon after ``most`` of them."""
    size = 0
    with open(target, "xb") as out:
        while size <= most and (chunk := content.read(CHUNK)):
            out.write(chunk)
            size += len(chunk)
    return size


def _check_chain(folder: Path) -> None:
    """Refuse ``extends`` that leads out of the upload: to a shipped case or a file beside it."""
    for path in sorted(folder.glob("*.y*ml")):
        tree = read(read_text(path, MAX_YAML, SourceMark(str(path))), str(path))
        below = tree.get("extends")
        if below is None or not isinstance(below.value, str):
            continue
        if not NAME.fullmatch(below.value) or inside(folder, below.value) is None:
            allowed = "a shipped case, or a YAML file of the same upload"
            raise CaseError([below.mark.fault("extends", "leads out of the upload", allowed)])


def _too_many(name: str, number: int, limits: AppLimits) -> Fault:
    return _fault(name, f"{number:,} files are too many", f"up to {limits.files}")


def _fault(name: str, message: str, allowed: str = "") -> Fault:
    return Fault(name, 0, 0, "", message, allowed)
