"""The executor for one machine: a small pool of worker processes whose only truth is the store.

Each worker has one task at a time, so a worker that dies blames exactly its own task; the others
go on. What a worker finished is in the store, not in memory, so no death can take it back.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from steppe.results.store import Store
from steppe.study.executors.protocol import ExecutorError, Finished, Task, Work
from steppe.study.executors.scheduler import Reply, pack_task, schedule
from steppe.study.executors.task_queue import Attempt
from steppe.study.executors.worker_process import WorkerConfig, WorkerHandle

_LOOK = 0.1


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share_cores(tasks: int, available: int | None = None) -> tuple[int, int]:
    """Return (workers, threads of each) for so many tasks; their product is at most the cores.

    Across runs first: it scales without the cost of threads meeting.
    """
    total = cores() if available is None else available
    workers = max(1, min(tasks, total))
    return workers, max(1, total // workers)


class LocalPool:
    """Worker processes on this machine; see ``Executor``.

    ``workers`` defaults to one per core, ``threads`` (of each worker) to an equal share of the
    cores; ``memory_mib`` and ``time_limit`` (seconds) bound a task; a worker is renewed after
    ``recycle_after`` tasks or when its memory has grown much.
    """

    def __init__(
        self,
        store: Store,
        *,
        workers: int | None = None,
        threads: int | None = None,
        memory_mib: int | None = None,
        time_limit: float | None = None,
        recycle_after: int = 64,
    ) -> None:
        self.store = store
        self.workers = cores() if workers is None else workers
        each = max(1, cores() // max(1, self.workers)) if threads is None else threads
        if min(self.workers, each, recycle_after) < 1:
            raise ValueError("workers, threads and recycle_after are at least 1")
        self.setting = WorkerConfig(each, memory_mib, time_limit, recycle_after)

    @property
    def threads(self) -> int:
        """Threads of each worker."""
        return self.setting.threads

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        return schedule(self.store, tasks, _Crew(self.workers, self.setting, pack_task(work)), stop)


@dataclass(slots=True)
class _Crew:
    """The seats of a pool, filled only as there are tasks for them."""

    size: int
    setting: WorkerConfig
    work: bytes
    replies: queue.SimpleQueue[tuple[WorkerHandle, Reply]] = field(
        default_factory=queue.SimpleQueue
    )
    seats: list[WorkerHandle] = field(default_factory=list)
    idle: list[WorkerHandle] = field(default_factory=list)
    busy: dict[WorkerHandle, Attempt] = field(default_factory=dict)

    @property
    def free(self) -> bool:
        return bool(self.idle) or len(self.seats) < self.size

    @property
    def at_work(self) -> bool:
        return bool(self.busy)

    def give(self, attempt: Attempt) -> None:
        if not self.idle:
            self.seats.append(WorkerHandle(self.work, self.setting, self.replies))
            self.idle.append(self.seats[-1])
        seat = self.idle.pop()
        self.busy[seat] = attempt
        seat.inbox.put(attempt.task)

    def wait(self) -> tuple[Attempt, Reply] | None:
        try:
            seat, reply = self.replies.get(timeout=_LOOK)
        except queue.Empty:
            return None
        if reply.kind == "unusable":
            raise ExecutorError(f"a worker cannot be started: {reply.detail}")
        self.idle.append(seat)
        return self.busy.pop(seat), reply

    def close(self) -> None:
        for seat in self.seats:
            seat.close()
