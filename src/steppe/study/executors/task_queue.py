"""Which task is taken by whom, how often it was tried, and what is noted when it ends."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from steppe.results.failures import Failure
from steppe.results.leases import Lease
from steppe.results.store import Store
from steppe.study.executors.protocol import MAX_ATTEMPTS, Task, TaskDone, TaskFailed

WAIT = 0.5
"""Seconds between two looks at a task that another process is working on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task that is being worked on; ``reasons`` are those of earlier attempts that failed."""

    task: Task
    lease: Lease
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class TaskQueue:
    """Hands out the tasks of one study, each to one process at a time."""

    store: Store
    tasks: Iterable[Task]
    held: dict[str, Lease] = field(default_factory=dict)
    finished: int = 0
    _again: deque[Attempt] = field(default_factory=deque)
    _elsewhere: deque[Task] = field(default_factory=deque)
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self.tasks = iter(self.tasks)

    def next(self) -> Attempt | TaskDone | None:
        """Return a task to work on, or one that is in the store already, or None for now.

        Tasks that killed a worker come last, after all others have had their turn.
        """
        for task in self.tasks:
            taken = self._take(task)
            if taken is not None:
                return taken
            self._elsewhere.append(task)
        if self._again:
            return self._again.popleft()
        return self._look_elsewhere()

    @property
    def waiting(self) -> bool:
        """True while tasks are in the hands of other processes or wait for another attempt."""
        return bool(self._again or self._elsewhere)

    def _look_elsewhere(self) -> Attempt | TaskDone | None:
        if not self._elsewhere or time.monotonic() - self._looked < WAIT:
            return None
        for _ in range(len(self._elsewhere)):
            task = self._elsewhere.popleft()
            taken = self._take(task)
            if taken is not None:
                return taken
            self._elsewhere.append(task)
        self._looked = time.monotonic()
        return None

    def _take(self, task: Task) -> Attempt | TaskDone | None:
        if self.store.has(task.key):
            return self._stored(task)
        lease = self.store.leases.claim(task.key)
        if lease is None:
            return None
        if self.store.has(task.key):  # finished elsewhere between the two looks
            lease.release()
            return self._stored(task)
        self.held[task.key] = lease
        return Attempt(task, lease)

    def _stored(self, task: Task) -> TaskDone:
        self.finished += 1
        return TaskDone(task.key, 0.0, stored=True)

    def done(self, attempt: Attempt, seconds: float) -> TaskDone:
        """Close a task whose run is in the store."""
        self.store.failures.clear(attempt.task.key)
        self.give_up(attempt)
        self.finished += 1
        return TaskDone(attempt.task.key, seconds)

    def failed(self, attempt: Attempt, reason: str, *, again: bool) -> TaskFailed | None:
        """Close a task that failed, or keep it for another attempt and return None."""
        attempt = replace(attempt, reasons=(*attempt.reasons, reason))
        if again and len(attempt.reasons) < MAX_ATTEMPTS:
            self._again.append(attempt)
            return None
        task = attempt.task
        self.store.failures.note(Failure(task.key, task.seed, attempt.reasons))
        self.give_up(attempt)
        self.finished += 1
        return TaskFailed(task.key, reason, len(attempt.reasons))

    def give_up(self, attempt: Attempt) -> None:
        """Let other processes have the task."""
        self.held.pop(attempt.task.key, None)
        attempt.lease.release()

    def release_all(self) -> None:
        """Give back every lease that is still held."""
        for lease in self.held.values():
            lease.release()
        self.held.clear()
