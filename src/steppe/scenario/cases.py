"""The cases that come with the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steppe.scenario.extend import SCENARIO, SHIPPED, read_merged, shipped_ids
from steppe.scenario.units import Refusal, whole_hours
from steppe.scenario.yaml import Node


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What a list of cases shows: id, title, number of citizens, hours, folder."""

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


def _info(name: str, folder: Path) -> CaseInfo:
    tree = read_merged(folder / SCENARIO)
    title = _value(tree, "title")
    citizens = _value(tree, "country", "citizens")
    try:
        hours = whole_hours(_value(tree, "clock", "hours"))
    except Refusal:
        hours = 0
    return CaseInfo(name, str(title or name), _whole(citizens), _whole(hours), folder)


def _value(tree: Node, *way: str) -> Any:
    node: Node | None = tree
    for name in way:
        node = node.get(name) if node else None
    return node.data() if node else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
