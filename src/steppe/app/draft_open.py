"""Folders that are opened to be edited: which there are, whether the page can hold what is in them,
and what of it lies outside of what the page edits. Nothing is changed by opening.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from steppe.app.config import AppLimits
from steppe.app.errors import RequestError
from steppe.app.uploads import KINDS, NAME
from steppe.case.files import MAX_TABLE, MAX_YAML, read_text
from steppe.case.folder_edit import SCENARIO, table_file
from steppe.case.load import TABLES, load
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.tables_io import records
from steppe.case.yaml import read
from steppe.core.errors import CaseError, Fault
from steppe.countries.assumed_cells import OPEN_CELLS

RESULTS = ("runs", "reports")
"""Folders of results, which are no part of a case."""

OWN_TABLES = ("regions", "group_shares", "exposure", "places", "forces", "buildings", "members",
        "boundaries", "observations", "prices")  # fmt: skip
"""Tables that the page or its imports make."""

KEYS = ("format", "id", "title", "summary", "questions", "clock", "country", "tables", "groups",
        "goods", "triggers", "parameters", "mode", "alliance", "elite", "timeline",
        "counterfactuals")  # fmt: skip
"""Keys of the scenario.yaml of a new case."""

OWN_FILES = (SCENARIO, "SOURCES.md", OPEN_CELLS, "claims.yaml")
MOST_FOLDERS = 200


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A folder of a case below the one the app was started in, and when it was last written."""

    name: str
    title: str
    changed: str


def case_folders(home: Path) -> list[CaseFolder]:
    """Return the case folders in ``home``, the last written first."""
    folders: list[CaseFolder] = []
    with os.scandir(home) as entries:
        for entry in entries:
            file = home / entry.name / SCENARIO
            if not NAME.fullmatch(entry.name) or not entry.is_dir(follow_symlinks=False):
                continue
            if file.is_file() and not file.is_symlink():
                moment = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone()
                folders.append(CaseFolder(entry.name, case_title(file), f"{moment:%Y-%m-%d %H:%M}"))
    return sorted(folders, key=lambda one: (one.changed, one.name), reverse=True)[:MOST_FOLDERS]


def case_title(file: Path) -> str:
    """Return the title that a scenario.yaml gives; '' where it gives none."""
    try:
        node = read(read_text(file, MAX_YAML, SourceMark(file.name)), file.name).get("title")
    except CaseError:
        return ""
    return str(node.value) if node else ""


def copy_case(source: Path, target: Path, limits: AppLimits) -> list[Fault]:
    """Copy the files of a case byte by byte and return those that are no part of one.

    Links are refused: what they lead to would be overwritten.
    """
    left_out: list[Fault] = []
    room, count = limits.unpacked, 0
    for path in _files(source):
        name = path.relative_to(source).as_posix()
        if path.is_symlink() or not path.is_file():
            raise CaseError([Fault(name, 0, 0, "", "is no plain file", "files, not links")])
        if path.suffix.lower() not in KINDS:
            left_out.append(Fault(name, 0, 0, "", "is no part of a case"))
            continue
        room, count = room - path.stat().st_size, count + 1
        if room < 0 or count > limits.files:
            allowed = f"{limits.files} files, {limits.unpacked:,} bytes"
            raise CaseError([Fault(source.name, 0, 0, "", "too much lies in the folder", allowed)])
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)
    return left_out


def _files(folder: Path, top: bool = True) -> Iterator[Path]:
    """Yield what lies in a folder and below, without hidden things and folders of results."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or (top and path.is_dir() and path.name in RESULTS):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path, top=False)
        else:
            yield path


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file of a copied case, by its name."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): digest(path) for path in paths}


def digest(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def editable_case(folder: Path) -> Scenario:
    """Return the case in ``folder``, if the page can hold it.

    Raises ``CaseError`` with file, line and key of what it cannot hold.
    """
    try:
        root = _scenario_file(folder)
        scenario = load(folder)
        if uneven := list(_uneven(folder, root)):
            raise CaseError(uneven)
    except CaseError as error:
        raise CaseError(_inside(fault, folder) for fault in error.all_faults) from None
    return scenario


def _scenario_file(folder: Path) -> YamlNode:
    """Return scenario.yaml, which must be the whole of its case, in the present format."""
    mark = SourceMark(SCENARIO)
    if not (folder / SCENARIO).is_file():
        raise CaseError([mark.fault("", "is not there", "the folder of a case, with this file")])
    root = read(read_text(folder / SCENARIO, MAX_YAML, mark), SCENARIO)
    if (below := root.get("extends")) is not None:
        wrong = "the case has the tables of another one, which cannot be edited here"
        raise CaseError([below.start.fault("extends", wrong, "a case with tables of its own")])
    form = root.get("format")
    if form is not None and form.data() == 1:
        wrong = "the case is of an older format, which cannot be edited here"
        raise CaseError([form.mark.fault("format", wrong, "2, by `steppe convert FOLDER`")])
    return root


def _inside(fault: Fault, folder: Path) -> Fault:
    def bare(text: str) -> str:
        return text.replace(f"{folder}/", "").replace(str(folder), "the case")

    return Fault(bare(fault.file), fault.line, fault.column, fault.key, bare(fault.message),
                 bare(fault.allowed), fault.nearest)  # fmt: skip


def _uneven(folder: Path, root: YamlNode) -> Iterator[Fault]:
    """Yield the rows of tables that have not as many cells as the header: empty ones."""
    for name in _table_files(root).values():
        text = read_text(folder / name, MAX_TABLE, SourceMark(name))
        lines = (*text.rstrip("\r\n").split("\n"), "")
        (_, header), *rows = records(lines, name)
        for line, cells in rows:
            if len(cells) != len(header):
                wrong = f"{len(cells)} cells under {len(header)} columns"
                yield Fault(name, line, 1, "", wrong, "rows as long as the header, none empty")


def _table_files(root: YamlNode) -> Mapping[str, str]:
    tables = root.get("tables")
    names = tables.value if tables is not None and isinstance(tables.value, Mapping) else {}
    return {key: str(node.value) for key, node in names.items() if key in TABLES}


def outside_of(folder: Path, scenario: Scenario) -> list[Fault]:
    """Return what a case holds beyond what the page edits: it is kept as it is."""
    text = read_text(folder / SCENARIO, MAX_YAML, SourceMark(SCENARIO))
    root = read(text, SCENARIO)
    assert isinstance(root.value, Mapping)  # the reader returns mappings only
    parts = [
        node.start.fault(key, "can be edited in the file itself")
        for key, node in root.value.items()
        if key not in KEYS or (key in ("counterfactuals", "parameters") and _is_more(key, node))
    ]
    triggers = root.get("triggers")
    items = triggers.value if triggers is not None and isinstance(triggers.value, tuple) else ()
    acting = [n for n, one in enumerate(scenario.triggers) if one.enabled and one.size > 0.0]
    parts += [
        one.mark.fault(f"triggers.{n}", "only the first trigger that acts is edited here")
        for n, one in enumerate(items) if n not in acting[:1]
    ]  # fmt: skip
    own = {*OWN_FILES, *(table_file(text, key, "") for key in OWN_TABLES)}
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                   if path.is_file())  # fmt: skip
    parts += [Fault(name, 0, 0, "", "can be edited in the file itself") for name in names
              if name not in own and not name.startswith("import/")]  # fmt: skip
    return parts


def _is_more(key: str, node: YamlNode) -> bool:
    """Return whether an entry says more than that of a new case."""
    if not isinstance(node.value, Mapping):
        return False
    if key == "counterfactuals":
        return bool(node.value)
    return any(
        role != "elite" or (isinstance(one.value, Mapping) and set(one.value) != {"coalition"})
        for role, one in node.value.items()
    )


def local_case(home: Path, name: object) -> Path:
    """Return the case folder ``name`` in ``home``; ``RequestError`` for any other place."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise RequestError("name: a folder of letters, digits, '-', '_' and '.', at most 80")
    folder = home / name
    if folder.is_symlink() or not folder.is_dir() or not (folder / SCENARIO).is_file():
        raise RequestError(f"{name}: there is no folder of a case of this name here")
    return folder
