"""From the way to a value in a scenario to the place where it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from steppe.case.source_location import Problem, SourceMark, Where
from steppe.case.tables_io import CaseTable
from steppe.case.yaml import YamlNode
from steppe.core.errors import Fault


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
            child = self._child(node, part)
            parts.append(_label(child, part))
            if child is None:
                parts += [str(rest) for rest in where[depth + 1 :]]
                break
            is_value = depth == len(where) - 1 and not at_key and not _is_group(child)
            mark = child.mark if is_value else child.start
            node = child
        return mark, ".".join(parts)

    @staticmethod
    def _child(node: YamlNode, part: str | int) -> YamlNode | None:
        if isinstance(node.value, tuple):
            return node.value[part] if isinstance(part, int) and part < len(node.value) else None
        return node.get(str(part))


def _is_group(node: YamlNode) -> bool:
    return isinstance(node.value, Mapping | tuple)


def _label(node: YamlNode | None, part: str | int) -> str:
    """Return the id of a list item, or its key; a place in a list counts from 1."""
    name = node.get("id") if node and isinstance(part, int) else None
    if name is not None and isinstance(name.value, str):
        return name.value
    return str(part + 1) if isinstance(part, int) else part
