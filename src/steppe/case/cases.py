"""The cases that come with the package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steppe.case.files import MAX_YAML, read_text
from steppe.case.inheritance import SCENARIO, SHIPPED, case_file, read_merged, shipped_ids
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.units import Refusal, whole_hours


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What a list of cases shows: id, title, citizens and hours (of a toy agents and steps)."""

    id: str
    title: str
    citizens: int
    hours: int
    path: Path


def shipped_cases() -> tuple[CaseInfo, ...]:
    """Return the shipped cases by id; reads their scenario files and no table.

    Raises ``CaseError`` if a scenario file cannot be read; its content is checked by ``load``.
    """
    return tuple(_info(name, SHIPPED / name) for name in shipped_ids())


def is_toy(case: str | Path) -> bool:
    """Return whether ``case`` is a published model made small (``kind: toy``)."""
    file = case_file(case)
    text = read_text(file, MAX_YAML, SourceMark(str(file)))
    return re.search(r"^kind: *[\"']?toy[\"']?[ \r]*(#.*)?$", text, re.MULTILINE) is not None


def _info(name: str, folder: Path) -> CaseInfo:
    tree = read_merged(folder / SCENARIO)
    title = _value(tree, "title")
    toy = _value(tree, "kind") == "toy"
    citizens = _value(tree, *(("size", "agents") if toy else ("country", "citizens")))
    try:
        hours = whole_hours(_value(tree, *(("size", "steps") if toy else ("clock", "hours"))))
    except Refusal:
        hours = 0
    return CaseInfo(name, str(title or name), _whole(citizens), _whole(hours), folder)


def _value(tree: YamlNode, *way: str) -> Any:
    node: YamlNode | None = tree
    for name in way:
        node = node.get(name) if node else None
    return node.data() if node else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
