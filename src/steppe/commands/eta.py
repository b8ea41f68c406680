"""How far a study is, how fast it goes, and how long it will take yet."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.study.events import Planned


@dataclass(slots=True)
class Eta:
    """The count of a study; moments are seconds on one clock.

    ``finished`` runs were made since ``began``, ``failed`` of them in vain, ``elsewhere`` runs
    were made by other processes meanwhile, ``part`` is how much of a run in this process is done,
    ``head_start`` what of it was done when the clock began.
    """

    plan: Planned
    began: float
    marked: float
    finished: int = 0
    failed: int = 0
    elsewhere: int = 0
    part: float = 0.0
    head_start: float = 0.0

    @property
    def done(self) -> int:
        """How many runs need no more work, for whatever reason."""
        return self.plan.stored + self.finished + self.elsewhere

    @property
    def remaining(self) -> int | None:
        """How many runs are neither finished nor stored; None when nobody counted them."""
        return None if self.plan.total < 0 else self.plan.total - self.done

    @property
    def equivalent(self) -> float:
        """How much was made since the beginning, in runs.

        Of runs in other processes nothing is known but that they are on average half done:
        equivalent = finished + part + min(workers - 1, remaining) / 2
        """
        others = self.plan.workers - 1
        if self.remaining is not None:
            others = min(others, self.remaining)
        return self.finished + self.part + (others / 2.0 if self.finished else 0.0)

    def end(self, now: float) -> None:
        """Count a run that has ended."""
        self.finished, self.part, self.marked = self.finished + 1, 0.0, now

    def advance(self, part: float, now: float) -> None:
        """Note how much of the run in this process is done.

        The first hour of all may be spent on machine code: time is counted from its end.
        """
        if not (self.finished or self.part):
            self.began, self.head_start = now, part
        self.part, self.marked = part, now

    @property
    def rate(self) -> float:
        """Runs per second up to the last run that ended; 0 while nothing is known."""
        spent = self.marked - self.began
        return (self.equivalent - self.head_start) / spent if spent > 0.0 else 0.0

    def seconds_left(self, now: float) -> float | None:
        """Return the seconds until the last run will have ended; None while nothing is known."""
        if self.remaining is None or self.rate <= 0.0:
            return None
        rest = self.remaining - (self.equivalent - self.finished)
        return max(0.0, rest / self.rate - (now - self.marked)) if self.remaining else 0.0
