"""Where a value was written, and what is wrong with it.

Readers keep the place of every value: ``YamlNode`` that of a value in a YAML file, ``CaseTable``
those of the cells of a table. ``Sources`` leads from the way to a value in a scenario to its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from steppe.case.scalars import Scalar
from steppe.case.spelling import difference_in_letters
from steppe.core.errors import MAX_FAULTS, Fault, nearest

R = TypeVar("R", bound=BaseModel)
Where = tuple[str | int, ...]
"""Way to a value in a scenario: field names, mapping keys and positions in lists."""

ENOUGH = 5 * MAX_FAULTS
"""So many problems are looked for; they are sorted before the first of them are shown."""

MAX_CANDIDATES = 2_000
"""A nearest name is looked for among at most this many: the search is quadratic in their length."""


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A position in a file; lines and columns are counted from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def fault(self, key: str, message: str, allowed: str = "", nearest: str = "") -> Fault:
        """Return the fault of what stands here."""
        return Fault(self.file, self.line, self.column, key, message, allowed, nearest)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the value at ``where`` in a scenario, before its file is looked up.

    ``at_key`` says that the name is wrong and not its value.
    """

    where: Where
    message: str
    allowed: str = ""
    nearest: str = ""
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value with its place; ``key`` is the place of its key when it belongs to a mapping."""

    value: Scalar | tuple[YamlNode, ...] | Mapping[str, YamlNode]
    mark: SourceMark
    key: SourceMark | None = None

    @property
    def start(self) -> SourceMark:
        """Where the entry begins: its key, or the value itself."""
        return self.key or self.mark

    def get(self, name: str) -> YamlNode | None:
        """Return the child ``name`` of a mapping; None if there is none or it is no mapping."""
        return self.value.get(name) if isinstance(self.value, Mapping) else None

    def child(self, part: str | int) -> YamlNode | None:
        """Return the child of that key or, in a list, at that position; None if there is none."""
        if isinstance(self.value, tuple):
            return self.value[part] if isinstance(part, int) and part < len(self.value) else None
        return self.get(str(part))

    def data(self) -> Any:
        """Return the bare value: dicts, tuples and scalars."""
        if isinstance(self.value, Mapping):
            return {name: child.data() for name, child in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(child.data() for child in self.value)
        return self.value


@dataclass(frozen=True, slots=True)
class CaseTable(Generic[R]):
    """The rows of one file, and where each of them stands."""

    file: str
    header: tuple[str, ...]
    rows: tuple[R, ...]
    starts: tuple[int, ...]
    lines: tuple[str, ...]

    def mark(self, row: int | None, column: str = "") -> SourceMark:
        """Return the place of a cell; of the row, or of the header, if the rest is unknown."""
        first = 1 if row is None else self.starts[row]
        position = self.header.index(column) if column in self.header else 0
        return cell_mark(self.file, self.lines, first, position)


def cell_mark(file: str, lines: tuple[str, ...], first: int, position: int) -> SourceMark:
    """Return where cell number ``position`` of the record that begins in line ``first`` stands."""
    line, column, quoted, cell = first, 1, False, 0
    while cell < position and line <= len(lines):
        text = lines[line - 1]
        for character in text[column - 1 :]:
            column += 1
            quoted ^= character == '"'
            cell += character == "," and not quoted
            if cell == position:
                break
        else:
            line, column = line + 1, 1
    return SourceMark(file, min(line, len(lines)), column)


@dataclass(frozen=True, slots=True)
class Sources:
    """The tree of the scenario file and the tables read so far, by field of the scenario."""

    tree: YamlNode
    tables: dict[str, CaseTable[Any]]

    def faults(self, problems: Iterable[Problem]) -> list[Fault]:
        """Return the problems with their places."""
        return [self.fault(problem) for problem in problems]

    def fault(self, problem: Problem) -> Fault:
        """Return the problem with its place and a key in the words of the file."""
        if problem.where[0] in self.tables:
            mark, key = self._cell(problem.where)
        else:
            mark, key = self._node(problem.where, problem.at_key)
        return mark.fault(key, problem.message, problem.allowed, problem.nearest)

    def _cell(self, where: Where) -> tuple[SourceMark, str]:
        table = self.tables[str(where[0])]
        row = where[1] if len(where) > 1 and isinstance(where[1], int) else None
        column = str(where[2]) if len(where) > 2 else ""
        return table.mark(row, column), column

    def _node(self, where: Where, at_key: bool) -> tuple[SourceMark, str]:
        """Walk as far as the tree goes: a value has its own place, a missing key its parent's."""
        node, parts = self.tree, []
        mark = node.mark
        for depth, part in enumerate(where):
            child = node.child(part)
            parts.append(_label(child, part))
            if child is None:
                parts += [str(rest) for rest in where[depth + 1 :]]
                break
            is_value = depth == len(where) - 1 and not at_key and not _is_group(child)
            mark = child.mark if is_value else child.start
            node = child
        return mark, ".".join(parts)


def _is_group(node: YamlNode) -> bool:
    return isinstance(node.value, Mapping | tuple)


def _label(node: YamlNode | None, part: str | int) -> str:
    """Return the id of a list item, or its key; a place in a list counts from 1."""
    name = node.get("id") if node and isinstance(part, int) else None
    if name is not None and isinstance(name.value, str):
        return name.value
    return str(part + 1) if isinstance(part, int) else part


def near(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``name``, or ''; long names and lists are not searched."""
    names = list(candidates)
    if len(name) > 80 or len(names) > MAX_CANDIDATES:
        return ""
    return nearest(name, names)


def name_list(names: Iterable[str], limit: int = 12) -> str:
    """Return ``names`` for a message, at most ``limit`` of them."""
    all_names = list(names)
    text = ", ".join(all_names[:limit])
    return text if len(all_names) <= limit else f"{text}, ... ({len(all_names)} in all)"


def unknown_name(where: Where, name: str, names: Iterable[str], kind: str) -> Iterator[Problem]:
    """Yield a problem unless ``name`` is one of ``names``; ``kind`` says what they name."""
    valid = names if isinstance(names, Collection) else set(names)
    if name not in valid:
        choices = sorted(set(valid))
        allowed = name_list(choices, 20)
        close = near(name, choices)
        wrong = f"there is no {kind} '{name}'{difference_in_letters(name, close)}"
        yield Problem(where, wrong, allowed, close)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return ``faults`` file by file as first met, in the order of their lines."""
    items = list(faults)
    files = list(dict.fromkeys(fault.file for fault in items))
    return sorted(items, key=lambda fault: (files.index(fault.file), fault.line, fault.column))
