"""The executor for one machine: a small pool of worker processes whose only truth is the store.

Each worker is kept alive by a thread of its own, which stays with the process until its end,
because Linux sends the signal of a parent's death when the starting *thread* ends. Written by hand
because no library's pool keeps the rest when a worker is killed and blames exactly its own task.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from steppe.results.store import Store
from steppe.study.executors import worker
from steppe.study.executors.executor import ExecutorError, Finished, Task, Work, cores, share_cores
from steppe.study.executors.process import NO_LIMITS, Process, WorkerConfig, WorkerLimits
from steppe.study.executors.scheduler import Attempt, Reply, pack_work, schedule

_POLL = 0.1
_START_ATTEMPTS = 5
_GROWTH_MIB = 512.0


Replies = queue.SimpleQueue[tuple["WorkerHandle", Reply]]


class LocalPool:
    """Worker processes on this machine; see ``Executor``.

    ``workers`` defaults to one per core, ``threads`` (of each worker) to an equal share of the
    cores; a worker is renewed after as many tasks as ``limits`` say, or when its memory has grown
    much.
    """

    def __init__(
        self,
        store: Store,
        *,
        workers: int | None = None,
        threads: int | None = None,
        limits: WorkerLimits = NO_LIMITS,
    ) -> None:
        self.store = store
        self.workers = cores() if workers is None else workers
        each = share_cores(self.workers, self.workers)[1] if threads is None else threads
        if min(self.workers, each, limits.tasks) < 1:
            raise ValueError("workers, threads and tasks are at least 1")
        self.config = WorkerConfig(each, limits)

    @property
    def threads(self) -> int:
        """Threads of each worker."""
        return self.config.threads

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        pool = _Processes(self.workers, self.config, pack_work(work))
        return schedule(self.store, tasks, pool, stop)


@dataclass(slots=True)
class _Processes:
    """The workers of a pool, started only as there are tasks for them; see ``WorkerPool``."""

    size: int
    config: WorkerConfig
    work: bytes
    replies: Replies = field(default_factory=queue.SimpleQueue)
    workers: list[WorkerHandle] = field(default_factory=list)
    idle: list[WorkerHandle] = field(default_factory=list)
    busy: dict[WorkerHandle, Attempt] = field(default_factory=dict)

    @property
    def free(self) -> bool:
        return bool(self.idle) or len(self.workers) < self.size

    @property
    def at_work(self) -> bool:
        return bool(self.busy)

    def give(self, attempt: Attempt) -> None:
        if not self.idle:
            self.workers.append(WorkerHandle(self.work, self.config, self.replies))
            self.idle.append(self.workers[-1])
        handle = self.idle.pop()
        self.busy[handle] = attempt
        handle.inbox.put(attempt.task)

    def wait(self) -> tuple[Attempt, Reply] | None:
        try:
            handle, reply = self.replies.get(timeout=_POLL)
        except queue.Empty:
            return None
        if reply.kind == "unusable":
            raise ExecutorError(f"a worker cannot be started: {reply.detail}")
        self.idle.append(handle)
        return self.busy.pop(handle), reply

    def close(self) -> None:
        for handle in self.workers:
            handle.close()


class WorkerHandle:
    """A thread that keeps a worker process alive and talks with it.

    ``inbox`` takes tasks (None ends it), replies go to ``replies``.
    """

    def __init__(self, work: bytes, config: WorkerConfig, replies: Replies) -> None:
        self.inbox: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._work, self._config, self._replies = work, config, replies
        self._process: Process | None = None
        self._next: Task | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="steppe-worker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the worker at once, whatever it is doing, and the thread."""
        self._closing = True
        self.inbox.put(None)
        process = self._process
        if process is not None:
            process.kill()
        self._thread.join()

    def _serve(self) -> None:
        try:
            while not self._closing:
                self._serve_one_process()
        except Exception as error:  # must reach the driver, or it would wait for ever
            self._replies.put((self, Reply("unusable", worker.explain(error))))

    def _serve_one_process(self) -> None:
        process = self._start()
        if process is None:
            self._closing = True
            return
        try:
            first = 0.0
            for number in range(1, self._config.limits.tasks + 1):
                task = self._next or self.inbox.get()
                if task is None:
                    self._closing = True
                    return
                if process.ended:  # while idle: no task is to blame
                    self._next = task
                    return
                self._next = None
                reply, memory = process.ask(task, self._config.limits.seconds)
                self._replies.put((self, reply))
                first = first or memory
                has_grown = number > 1 and memory > first + _GROWTH_MIB
                if process.gone or has_grown:
                    return
        finally:
            process.end()
            self._process = None

    def _start(self) -> Process | None:
        """Return a worker that is ready; a worker killed while starting is started again."""
        reason = ""
        for _ in range(_START_ATTEMPTS):
            process = Process(self._config)
            self._process = process
            if self._closing:
                process.end()
                return None
            reply = process.prepare(self._work, self._config.limits.memory_mib)
            if reply.kind == "ready":
                return process
            process.end()
            reason = str(reply.detail)
            if reply.kind == "unusable" or self._closing:
                break
        if not self._closing:
            self._replies.put((self, Reply("unusable", reason)))
        return None
