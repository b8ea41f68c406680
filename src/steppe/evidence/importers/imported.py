"""What a row of a file gives, and what became of all rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from steppe.case.schema import Actor, Lever
from steppe.case.tables import Observation
from steppe.evidence.importers.cells import RowError, UnknownNameError
from steppe.evidence.importers.records import Record

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TimelineCandidate:
    """What somebody did, as one row of a file says: a candidate for the case's timeline."""

    at: datetime
    region: str
    do: Lever
    value: float
    text: str
    source: str
    actor: Actor = "government"
    until: datetime | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What of an imported row was not read, and why."""

    reason: str


Imported = Observation | TimelineCandidate | Remark


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that was not imported, or not all of it: first line, reason, its start as text.

    In ``text`` a replacement mark stands for what is not printable text.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file: ``imported`` rows gave observations and candidates.

    ``partial`` lists what of imported rows was not read; ``unknown`` counts the names of regions
    that no region is known by.
    """

    observations: tuple[Observation, ...]
    imported: int
    quarantined: tuple[QuarantinedRow, ...]
    candidates: tuple[TimelineCandidate, ...] = ()
    partial: tuple[QuarantinedRow, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the file after its header."""
        return self.imported + len(self.quarantined)

    @property
    def reasons(self) -> Counter[str]:
        """Reasons for which rows were left out, and how many rows each holds for."""
        return Counter(row.reason for row in self.quarantined)


class Gathering:
    """What was read so far, row by row."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.candidates: list[TimelineCandidate] = []
        self.partial: list[QuarantinedRow] = []
        self.quarantined: list[QuarantinedRow] = []
        self.unknown: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.imported = 0

    def add(self, items: Sequence[Imported], record: Record) -> None:
        observations = [one for one in items if isinstance(one, Observation)]
        twice = sorted({one.id for one in observations} & self.ids)
        if twice:
            raise RowError(f"id '{twice[0]}' is used before")
        self.ids.update(one.id for one in observations)
        self.observations += observations
        self.candidates += [one for one in items if isinstance(one, TimelineCandidate)]
        self.partial += [_listed(record, one.reason) for one in items if isinstance(one, Remark)]
        self.imported += 1

    def refuse(self, record: Record, error: RowError) -> None:
        if isinstance(error, UnknownNameError):
            self.unknown[error.name] += 1
        self.quarantined.append(_listed(record, str(error)))

    def result(self) -> ImportResult:
        return ImportResult(
            tuple(self.observations), self.imported, tuple(self.quarantined),
            tuple(self.candidates), tuple(self.partial), dict(self.unknown),
        )  # fmt: skip


def _listed(record: Record, reason: str) -> QuarantinedRow:
    return QuarantinedRow(record.line, reason, _CONTROL.sub("\ufffd", ",".join(record.cells))[:120])
