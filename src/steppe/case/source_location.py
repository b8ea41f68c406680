"""Where a value was written, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from steppe.core.errors import MAX_FAULTS, Fault, nearest

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


def near(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``name``, or ''; long names and lists are not searched."""
    names = list(candidates)
    if len(name) > 80 or len(names) > MAX_CANDIDATES:
        return ""
    return nearest(name, names)


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Return ``names`` for a message, at most ``limit`` of them."""
    all_names = list(names)
    shown = ", ".join(all_names[:limit])
    return shown if len(all_names) <= limit else f"{shown}, ... ({len(all_names)} in all)"
