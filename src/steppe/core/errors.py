"""Errors that name the file, the line, the key, what is wrong and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MAX_FAULTS = 20
"""At most this many faults of one case are reported together."""


class SteppeError(Exception):
    """A mistake or condition that is explained to the user, never shown as a traceback."""


class StoreError(SteppeError):
    """A stored run is missing, damaged, or of a version that cannot be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a case: where it is, what it is, and what would be right."""

    file: str
    line: int
    column: int
    key: str
    message: str
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = [f"{where}: "]
        if self.key:
            parts.append(f"{self.key}: ")
        parts.append(self.message)
        if self.allowed:
            parts.append(f"; allowed: {self.allowed}")
        if self.nearest:
            parts.append(f"; did you mean '{self.nearest}'?")
        return "".join(parts)


class CaseError(SteppeError):
    """A case or patch that cannot be used, with up to ``MAX_FAULTS`` of its faults.

    Raised by everything that reads what a user wrote; ``faults`` keeps the order of the file.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.all_faults = tuple(faults)
        if not self.all_faults:
            raise ValueError("a CaseError needs at least one fault")
        self.faults = self.all_faults[:MAX_FAULTS]
        lines = [str(fault) for fault in self.faults]
        hidden = len(self.all_faults) - len(self.faults)
        if hidden:
            lines.append(f"... and {hidden} more")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[CaseError], tuple[tuple[Fault, ...]]]:
        """Cross process borders by the faults, not by the text made from them."""
        return type(self), (self.all_faults,)


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``name``, or '' when none is near."""
    near = difflib.get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return near[0] if near else ""
