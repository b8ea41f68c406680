"""The loop that all executors share: hand out tasks, judge what became of each.

A pool is a set of workers that have one task each, so a worker that dies blames exactly its own
task. What a worker finished is in the store, not in memory, so no death can take it back. Written
by hand because concurrent.futures and loky give up every task of a pool when one worker is killed.
"""

from __future__ import annotations

import operator
import pickle
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.failures import Failure
from steppe.results.leases import Lease, heartbeat
from steppe.results.store import Store
from steppe.study.executors.executor import (
    MAX_ATTEMPTS,
    ExecutorError,
    Finished,
    Interrupted,
    Task,
    TaskDone,
    TaskFailed,
    TasksElsewhere,
    Work,
)
from steppe.study.executors.worker import explain, kind_of, stops_study

WAIT = 0.5
"""Seconds between two looks at a task that another process is working on."""

SAID_AFTER, SAID_AGAIN = 5.0, 60.0
"""Seconds of waiting for other processes after which it is said, and said again."""

NOTHING_STORED = "the work ended without storing its run"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task that is being worked on; ``reasons`` are those of earlier attempts that failed."""

    task: Task
    lease: Lease
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a task: done, failed, again, stop, gone (worker died), or unusable."""

    kind: str
    detail: str | float | None = None

    @property
    def seconds(self) -> float:
        """How long the work took, if it is done."""
        return self.detail if isinstance(self.detail, float) else 0.0


class WorkerPool(Protocol):
    """Workers, each with at most one task."""

    @property
    def free(self) -> bool:
        """Whether a worker waits for a task."""
        ...

    @property
    def at_work(self) -> bool:
        """Whether there are tasks of which nothing is known yet."""
        ...

    def give(self, attempt: Attempt) -> None:
        """Let a free worker have a task."""
        ...

    def wait(self) -> tuple[Attempt, Reply] | None:
        """Return what became of a task, or None when nothing has happened for a moment."""
        ...

    def close(self) -> None:
        """Give up what is in flight."""
        ...


@dataclass(slots=True)
class TaskQueue:
    """Hands out the tasks of one study, each to one process at a time.

    It knows who works on which task, how often it was tried, and what is noted when it ends.
    """

    store: Store
    tasks: Iterable[Task]
    leases: dict[str, Lease] = field(default_factory=dict)
    finished: int = 0
    _again: deque[Attempt] = field(default_factory=deque)
    _elsewhere: deque[Task] = field(default_factory=deque)
    _last_look: float = 0.0
    _silent_until: float = 0.0

    def __post_init__(self) -> None:
        self.tasks = iter(self.tasks)

    def next(self) -> Attempt | TaskDone | None:
        """Return a task to work on, or one that is in the store already, or None for now.

        Tasks that killed a worker come last, after all others have had their turn.
        """
        for task in self.tasks:
            claim = self._claim(task)
            if claim is not None:
                return claim
            self._elsewhere.append(task)
        if self._again:
            return self._again.popleft()
        return self._look_elsewhere()

    @property
    def waiting(self) -> bool:
        """True while tasks are in the hands of other processes or wait for another attempt."""
        return bool(self._again or self._elsewhere)

    def tasks_elsewhere(self) -> int:
        """Return how many tasks are waited for, if it is time to say so again, else 0."""
        now = time.monotonic()
        if not self._silent_until:
            self._silent_until = now + SAID_AFTER
        if not self._elsewhere or self._again or now < self._silent_until:
            return 0
        self._silent_until = now + SAID_AGAIN
        return len(self._elsewhere)

    def _look_elsewhere(self) -> Attempt | TaskDone | None:
        if not self._elsewhere or time.monotonic() - self._last_look < WAIT:
            return None
        for _ in range(len(self._elsewhere)):
            task = self._elsewhere.popleft()
            claim = self._claim(task)
            if claim is not None:
                return claim
            self._elsewhere.append(task)
        self._last_look = time.monotonic()
        return None

    def _claim(self, task: Task) -> Attempt | TaskDone | None:
        if self.store.has(task.key):
            return self._stored(task)
        lease = self.store.leases.offer(task.key)
        if lease is None:
            return None
        self.leases[task.key] = lease  # before there is a file: an interrupt leaves none behind
        if not self.store.leases.take(lease):
            del self.leases[task.key]
            return None
        if self.store.has(task.key):  # finished elsewhere between the two looks
            self._release(lease)
            return self._stored(task)
        return Attempt(task, lease)

    def _stored(self, task: Task) -> TaskDone:
        self.finished += 1
        return TaskDone(task.key, 0.0, stored=True)

    def settle(self, attempt: Attempt, reply: Reply) -> Finished | None:
        """Close a task by the reply of its worker, or keep it for another attempt.

        The store has the last word: a run may be there though its worker died just after.
        """
        if reply.kind == "stop":
            raise UnwritableStoreError(str(reply.detail))
        if self.store.has(attempt.task.key):
            self.store.failures.clear(attempt.task.key)
            self._close(attempt)
            return TaskDone(attempt.task.key, reply.seconds)
        reason = NOTHING_STORED if reply.kind == "done" else str(reply.detail)
        attempt = replace(attempt, reasons=(*attempt.reasons, reason))
        if reply.kind in ("gone", "again") and len(attempt.reasons) < MAX_ATTEMPTS:
            self._again.append(attempt)
            return None
        task = attempt.task
        self.store.failures.note(Failure(task.key, task.seed, attempt.reasons))
        self._close(attempt)
        return TaskFailed(task.key, reason, len(attempt.reasons))

    def _close(self, attempt: Attempt) -> None:
        self._release(attempt.lease)
        self.finished += 1

    def _release(self, lease: Lease) -> None:
        lease.release()
        del self.leases[lease.key]

    def release_all(self) -> None:
        """Let other processes have every task that is not finished."""
        for lease in self.leases.values():
            lease.release()
        self.leases.clear()


def schedule(
    store: Store, tasks: Iterable[Task], pool: WorkerPool, stop: threading.Event | None
) -> Iterator[Finished]:
    """Have ``pool`` work through ``tasks``; yield each as it is finished. See ``Executor.run``."""
    total = operator.length_hint(tasks, -1)
    queue = TaskQueue(store, tasks)
    try:
        with heartbeat(queue.leases):
            yield from _rounds(queue, pool, stop or threading.Event())
    except KeyboardInterrupt:
        raise Interrupted(queue.finished, None if total < 0 else total - queue.finished) from None
    finally:
        try:
            pool.close()
        finally:
            queue.release_all()


def _rounds(queue: TaskQueue, pool: WorkerPool, stop: threading.Event) -> Iterator[Finished]:
    while not stop.is_set():
        free = pool.free
        claim = queue.next() if free else None
        if isinstance(claim, Attempt):
            pool.give(claim)
        elif claim is not None:
            yield claim
        elif free and not pool.at_work and not queue.waiting:
            return
        elif free and not pool.at_work and (count := queue.tasks_elsewhere()):
            yield TasksElsewhere(count)
        elif (answer := pool.wait()) and (finished := queue.settle(*answer)):
            yield finished


class Inline:
    """Computes tasks in this process; a crash of the work ends this process too."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        return schedule(self.store, tasks, _ThisProcess(work), stop)


@dataclass(slots=True)
class _ThisProcess:
    """A pool of one worker, which is this process: a task is done while it is waited for."""

    work: Work
    attempt: Attempt | None = None

    @property
    def free(self) -> bool:
        return self.attempt is None

    @property
    def at_work(self) -> bool:
        return self.attempt is not None

    def give(self, attempt: Attempt) -> None:
        self.attempt = attempt

    def wait(self) -> tuple[Attempt, Reply] | None:
        attempt, self.attempt = self.attempt, None
        if attempt is None:
            time.sleep(WAIT)
            return None
        began = time.perf_counter()
        try:
            self.work(attempt.task)
        except Exception as error:  # one run that fails must not end the others
            if stops_study(error):
                raise
            return attempt, Reply(kind_of(error), explain(error))
        return attempt, Reply("done", time.perf_counter() - began)

    def close(self) -> None:
        """Nothing is in flight between two tasks."""


def pack_work(work: Work) -> bytes:
    """Return the work as it is sent to other processes; raises ``ExecutorError`` if it cannot."""
    function = getattr(work, "func", work)
    if getattr(function, "__module__", "__main__") == "__main__":
        raise ExecutorError("work for other processes must be a function of an importable module")
    try:
        return pickle.dumps(work)
    except Exception as error:  # pickle passes on whatever an object raises
        raise ExecutorError(f"the work cannot be sent to other processes: {error}") from error
