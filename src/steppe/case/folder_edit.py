"""Changes to the files of a case folder that leave what the user wrote as it is.

``scenario.yaml`` is edited as text, at the lines that its reader names; comments stay. Nothing is
written before the changed folder has been loaded as a copy and found right.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from steppe.case.load import load
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.case.source_location import YamlNode
from steppe.case.yaml import read
from steppe.core.errors import CaseError

SCENARIO = "scenario.yaml"
_SCALAR = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^#,}]*?(?=\s*(?:$|\s#|,|}))")
_NOT_COPIED = ("import", "runs", "reports", ".*")


def with_table(text: str, key: str, file: str) -> str:
    """Return the text of scenario.yaml with ``tables.key`` naming ``file``, if it names none."""
    root = read(text, SCENARIO)
    tables = root.get("tables")
    if tables is None or tables.key is None or not isinstance(tables.value, Mapping):
        mark = root.mark
        wrong = "the case has no tables of its own to add to"
        raise CaseError([mark.fault("tables", wrong, "tables: in scenario.yaml, not from extends")])
    if key in tables.value:
        return text
    if tables.mark.line == tables.key.line:
        raise CaseError([tables.mark.fault("tables", "in braces", "one table to a line")])
    lines = text.split("\n")
    indent = " " * (tables.mark.column - 1)
    lines.insert(tables.mark.line - 1, f"{indent}{key}: {file}")
    return "\n".join(lines)


def table_file(text: str, key: str, default: str) -> str:
    """Return the name of the file that ``tables.key`` names, or ``default``."""
    tables = read(text, SCENARIO).get("tables")
    node = tables.get(key) if tables else None
    return str(node.value) if node else default


def with_events(text: str, events: Iterable[TimelineEvent], comment: str) -> str:
    """Return the text of scenario.yaml with ``events`` at the end of its timeline."""
    items = list(events)
    if not items:
        return text
    root = read(text, SCENARIO)
    timeline = root.get("timeline")
    lines = text.rstrip("\n").split("\n")
    if timeline is None or timeline.key is None:
        return "\n".join([*lines, "", "timeline:", *_lines(items, "  ", comment), ""])
    entries = timeline.value
    if not isinstance(entries, tuple) or (entries and entries[0].mark.line == timeline.key.line):
        raise CaseError([timeline.mark.fault("timeline", "not one event below the other")])
    indent = " " * (entries[0].mark.column - 3) if entries else "  "
    if not entries:
        lines[timeline.key.line - 1] = "timeline:"
    end = _end_of(timeline, root, lines)
    return "\n".join([*lines[:end], *_lines(items, indent, comment), *lines[end:], ""])


def _end_of(node: YamlNode, root: YamlNode, lines: list[str]) -> int:
    """Return the index of the line after the last one of a top-level entry."""
    assert isinstance(root.value, Mapping)
    assert node.key is not None
    later = [
        one.key.line for one in root.value.values() if one.key and one.key.line > node.key.line
    ]
    end = min(later) - 1 if later else len(lines)
    while lines[end - 1].startswith("#") or not lines[end - 1].strip():
        end -= 1
    return end


def _lines(events: Iterable[TimelineEvent], indent: str, comment: str) -> list[str]:
    lines = [f"{indent}# {comment}"]
    for event in events:
        entries = [
            ("id", event.id),
            ("at", quoted(f"{event.at:%Y-%m-%dT%H:%M}")),
            *([("until", quoted(f"{event.until:%Y-%m-%dT%H:%M}"))] if event.until else []),
            ("actor", event.actor),
            ("do", event.do),
            ("where", f"[{', '.join(event.where)}]"),
            ("value", f"{event.value:g}"),
            ("precision", event.precision),
            ("source", quoted(event.source)),
            ("text", quoted(event.text)),
            ("enabled", "true" if event.enabled else "false"),
        ]
        lines += [
            f"{indent}{'  ' if number else '- '}{name}: {value}"
            for number, (name, value) in enumerate(entries)
        ]
    return lines


def quoted(text: str) -> str:
    """Return ``text`` in the quotes of YAML."""
    return json.dumps(text, ensure_ascii=False)


def with_scalar(text: str, way: tuple[str | int, ...], value: str) -> str:
    """Return the text of scenario.yaml with another value at ``way``, written as YAML."""
    root = read(text, SCENARIO)
    node: YamlNode | None = root
    for name in way:
        node = node.child(name) if node else None
    if node is None:
        wrong = "is not in the case's own scenario.yaml"
        raise CaseError([root.mark.fault(".".join(map(str, way)), wrong)])
    lines = text.split("\n")
    line, start = lines[node.mark.line - 1], node.mark.column - 1
    old = _SCALAR.match(line, start)
    assert old is not None  # the pattern matches anything, also nothing
    lines[node.mark.line - 1] = f"{line[:start]}{value}{line[old.end() :]}"
    edited = "\n".join(lines)
    if not _is_set(root, edited, way, value):
        wrong = "is written over several lines and cannot be set in its place"
        raise CaseError([node.mark.fault(".".join(map(str, way)), wrong, "a value on one line")])
    return edited


def _is_set(root: YamlNode, edited: str, way: tuple[str | int, ...], value: str) -> bool:
    """Return whether ``edited`` says ``value`` at ``way``, and elsewhere what ``root`` says."""
    new = read(f"value: {value}", SCENARIO).get("value")
    try:
        return new is not None and read(edited, SCENARIO).data() == _replaced_value(root, way, new)
    except CaseError:
        return False


def _replaced_value(node: YamlNode, way: tuple[str | int, ...], new: YamlNode) -> object:
    """Return the bare value of ``node`` with that of ``new`` at ``way``."""
    if not way:
        return new.data()
    if isinstance(node.value, Mapping):
        return {
            name: _replaced_value(child, way[1:], new) if name == way[0] else child.data()
            for name, child in node.value.items()
        }
    assert isinstance(node.value, tuple)  # the way was gone before
    return tuple(
        _replaced_value(child, way[1:], new) if number == way[0] else child.data()
        for number, child in enumerate(node.value)
    )


def checked(folder: Path, files: Mapping[str, str]) -> Scenario:
    """Return the case as it would be with ``files`` in its folder; ``CaseError`` if it is wrong."""
    parent = folder.resolve().parent
    with tempfile.TemporaryDirectory(prefix=".steppe-", dir=parent) as temp:
        copy = Path(temp) / folder.resolve().name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        for name, text in files.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            return load(copy)
        except CaseError as error:
            raise CaseError(
                replace(fault, file=fault.file.replace(str(copy), str(folder)))
                for fault in error.all_faults
            ) from None


def commit(folder: Path, files: Mapping[str, str]) -> None:
    """Write ``files`` into the folder, each in one step, after checking the whole."""
    checked(folder, files)
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temp = tempfile.mkstemp(prefix=".steppe-", dir=target.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_in_form_of(target.read_bytes() if target.exists() else b"", text))
        os.chmod(temp, target.stat().st_mode if target.exists() else 0o644)
        os.replace(temp, target)


def _in_form_of(old: bytes, text: str) -> bytes:
    """Return ``text`` with the line ends, and the mark of UTF-8, of the file that it replaces."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").encode().split(b"\n")
    ends = [line.endswith(b"\r") for line in old.split(b"\n")]
    if len(ends) != len(lines):
        ends = [2 * sum(ends) >= len(ends) > 1] * (len(lines) - 1) + [False]
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    pairs = zip(lines, ends, strict=True)
    return mark + b"\n".join(line + b"\r" if end else line for line, end in pairs)


def make_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make a new case folder of ``files``, whole or not at all, after checking it.

    Raises ``CaseError`` for what is wrong in it, and ``FileExistsError`` where there is something.
    """
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".steppe-", dir=parent) as temp:
        content = Path(temp) / folder.name
        content.mkdir()
        for name, text in files.items():
            (content / name).write_text(text, encoding="utf-8", newline="\n")
        load(content)
        if os.path.lexists(folder):
            raise FileExistsError(folder)
        os.rename(content, folder)
