"""What a study tells those who watch it, as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """The first event: how many runs there are, how many are stored, who does the rest."""

    total: int
    stored: int
    workers: int
    threads: int

    @property
    def left(self) -> int:
        """Return how many runs are left to simulate."""
        return self.total - self.stored


@dataclass(frozen=True, slots=True)
class Compiling:
    """The model is being turned into machine code, which is done once and kept."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The model is machine code now; it took so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HourDone:
    """A run in this process has simulated so many of its hours."""

    seed: int
    hour: int
    hours: int


@dataclass(frozen=True, slots=True)
class SeedDone:
    """A run is in the store: simulated now, or by another process meanwhile (``elsewhere``)."""

    seed: int
    key: str
    seconds: float
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class SeedFailed:
    """A run failed."""

    seed: int
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is left to do here but to wait for so many runs that other processes work on."""

    count: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that the study goes on in spite of: too little memory, a disk nearly full."""

    text: str


StudyEvent = Planned | Compiling | Compiled | HourDone | SeedDone | SeedFailed | Waiting | Warned
OnEvent = Callable[[StudyEvent], None]
