"""What executors have in common: tasks, what is reported of them, and how a study ends early."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from steppe.core.errors import SteppeError

MAX_ATTEMPTS = 3
"""A task whose worker dies is tried again, at most this often in all."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run to simulate: its key in the store, its seed, and what else the work needs.

    ``payload`` must be picklable. What all tasks share belongs into the work function instead
    (``functools.partial``): it is sent to each worker once.
    """

    key: str
    seed: int
    payload: object = None


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A run is in the store; ``stored`` when it was there before, ``seconds`` what it took."""

    key: str
    seconds: float
    stored: bool = False


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A run failed; the reason of every attempt is kept in the store's failures."""

    key: str
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class TasksElsewhere:
    """No task has ended: those that are left, so many, are in the hands of other processes."""

    count: int


Finished = TaskDone | TaskFailed | TasksElsewhere
Work = Callable[[Task], None]


class ExecutorError(SteppeError):
    """Workers cannot be started, or the work cannot be sent to them."""


class Interrupted(KeyboardInterrupt):
    """The user stopped the study; what was finished is in the store."""

    def __init__(self, finished: int, remaining: int | None) -> None:
        self.finished = finished
        self.remaining = remaining
        rest = "" if remaining is None else f", {remaining} left"
        super().__init__(
            f"stopped: {finished} finished and kept{rest}; give the same command again to go on"
        )


class Executor(Protocol):
    """Has runs simulated; yields each as it is finished, in the order of completion.

    Tasks are taken from the iterable only as they can be worked on, so a long or endless iterable
    costs no memory. A task whose key is in the store is not computed. ``stop`` ends the iteration
    early from another thread; what is in flight is given up.
    """

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield ``TaskDone`` or ``TaskFailed`` for every task; now and then what is waited for.

        Raises ``Interrupted`` on Ctrl-C, ``UnwritableStoreError`` when nothing more can be stored.
        """
        ...


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share_cores(tasks: int, workers: int | None = None) -> tuple[int, int]:
    """Return (workers, threads of each) for so many tasks, so that they fit on the cores.

    Across runs first: it scales without the cost of threads meeting. ``workers`` are at most so
    many, even if there are fewer cores.
    """
    total = cores()
    count = max(1, min(tasks, total if workers is None else workers))
    return count, max(1, total // count)
