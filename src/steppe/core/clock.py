"""The one clock: hour h of a run covers [start + h, start + h + 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Local time of a run: ``hours`` steps of one hour from ``start`` (naive local time)."""

    start: datetime
    hours: int

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None:
            raise ValueError("start is local time without offset")
        if self.start.minute or self.start.second or self.start.microsecond:
            raise ValueError("start must be a full hour")
        if not 1 <= self.hours <= 24 * 366:
            raise ValueError(f"hours must be 1..8784, got {self.hours}")

    def hour_of(self, when: datetime) -> int:
        """Return the hour in which ``when`` lies; negative before the start."""
        return (when - self.start) // timedelta(hours=1)

    def time_of(self, hour: int) -> datetime:
        """Return the local time at which ``hour`` begins."""
        return self.start + timedelta(hours=hour)

    def hour_of_day(self, hour: int) -> int:
        """Return the hour of the local day, 0..23."""
        return (self.start.hour + hour) % 24

    def day_of(self, hour: int) -> int:
        """Return the calendar day of ``hour``, counted from the day of the start."""
        return (self.start.hour + hour) // 24

    @property
    def days(self) -> int:
        """Number of calendar days touched by the run."""
        return self.day_of(self.hours - 1) + 1
