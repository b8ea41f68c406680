"""The executor for several machines: Dask carries tasks to workers, the store keeps the results.

A worker has one task at a time and commits it to the store, which lies in a folder that all
machines share; only the key of the run comes back. Each task is bound to one worker, so that this
process, and not the scheduler, decides how often a task whose worker died is tried again, and a
task that never started is never blamed.
"""

from __future__ import annotations

import queue
import threading
import time
import uuid
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from steppe.results.store import Store
from steppe.study.executors.dask_cluster import connect, parse_cluster
from steppe.study.executors.dask_worker import SHARING, TaskError, carry_out, is_visible
from steppe.study.executors.executor import ExecutorError, Finished, Task, Work
from steppe.study.executors.scheduler import Attempt, Reply, pack_work, schedule
from steppe.study.executors.worker import explain

Client = Any
Future = Any
"""Those of ``distributed``, which declares no types."""

_POLL = 0.5
"""Seconds between two looks at who is there."""

PREFIX = "steppe-run"
"""What the names of all tasks begin with, so that the scheduler sees one kind of task."""


class Cluster:
    """The workers of a Dask cluster; see ``Executor``. Close it, or use it in ``with``.

    ``at`` is the address of a running scheduler (``tcp://host:8786``), ``local:N`` for N worker
    processes on this machine, ``slurm`` for jobs of Slurm, or ``slurm:queue=long,cores=4``; with
    Slurm ``workers`` says how many jobs. It connects when it is first used.

    Raises ``ValueError`` for another ``at``, and when used ``ExecutorError`` when nobody answers,
    the scheduler is lost, no worker is left, or the store's folder is not shared.
    """

    def __init__(self, store: Store, at: str, *, workers: int | None = None) -> None:
        self.store = store
        self.address = parse_cluster(at, workers)
        self._client: Client | None = None
        self._resources = ExitStack()

    @property
    def client(self) -> Client:
        """The connection to the scheduler."""
        if self._client is None:
            self._client, self._resources = connect(self.address)
        return self._client

    @property
    def workers(self) -> int:
        """How many runs are made at a time: workers there are, or were asked for."""
        return max(len(worker_threads(self.client)), self.address.workers or 1)

    @property
    def threads(self) -> int:
        """Threads of each worker, of the least where they differ."""
        return min(worker_threads(self.client).values(), default=1)

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        pool = _Workers(
            self.client, zlib.compress(pack_work(work)), self.store, self.address.patience
        )
        return schedule(self.store, tasks, pool, stop)

    def close(self) -> None:
        """Leave the cluster, and end the workers that were started for it."""
        self._client = None
        self._resources.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def worker_threads(client: Client) -> dict[str, int]:
    """Return the threads of every worker by its address; ``ExecutorError`` if nobody answers."""
    address = client.scheduler.address if client.scheduler is not None else "its address"
    try:
        if client.status != "running":
            raise OSError(f"the connection is {client.status}")
        threads: dict[str, int] = client.nthreads()
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise ExecutorError(
            f"the Dask scheduler at {address} is lost ({str(error) or type(error).__name__}). "
            "What was finished is kept: start the scheduler again and give the same command again"
        ) from error
    return threads


@dataclass(frozen=True, slots=True)
class _InFlight:
    """A task that a worker has."""

    attempt: Attempt
    worker: str
    future: Future
    began: float


@dataclass(slots=True)
class _Workers:
    """The workers of a cluster, each with at most one task; they may come and go."""

    client: Client
    work: bytes
    store: Store
    patience: float | None
    threads: dict[str, int] = field(default_factory=dict)
    idle: deque[str] = field(default_factory=deque)
    busy: dict[Any, _InFlight] = field(default_factory=dict)
    ended: queue.SimpleQueue[Future] = field(default_factory=queue.SimpleQueue)
    lost: deque[_InFlight] = field(default_factory=deque)
    invisible: deque[tuple[float, float, _InFlight]] = field(default_factory=deque)
    refreshed: float = -_POLL
    last_worker: float = field(default_factory=time.monotonic)

    @property
    def free(self) -> bool:
        self._refresh()
        return bool(self.idle)

    @property
    def at_work(self) -> bool:
        return bool(self.busy or self.lost or self.invisible)

    def give(self, attempt: Attempt) -> None:
        worker = self.idle.popleft()
        future = self.client.submit(
            carry_out, self.work, str(self.store.path), str(attempt.lease.path),
            self.threads[worker], attempt.task,
            key=(PREFIX, uuid.uuid4().hex), workers=[worker], allow_other_workers=False,
            retries=0, pure=False,
        )  # fmt: skip
        self.busy[future.key] = _InFlight(attempt, worker, future, time.perf_counter())
        future.add_done_callback(self.ended.put)

    def wait(self) -> tuple[Attempt, Reply] | None:
        if self.lost:
            flight = self.lost.popleft()
            return flight.attempt, Reply("gone", f"the worker at {flight.worker} was lost")
        if self.invisible and (answer := self._await_visible()) is not None:
            return answer
        try:
            future = self.ended.get(timeout=0.1 if self.invisible else _POLL)
        except queue.Empty:
            self._refresh()
            return None
        ended = self.busy.pop(future.key, None)
        if ended is None:  # its worker was lost, or it was given up
            return None
        if ended.worker in self.threads:
            self.idle.append(ended.worker)
        reply = _reply(ended)
        future.release()
        if reply.kind == "done" and not is_visible(self.store.folder(ended.attempt.task.key)):
            self.invisible.append((time.monotonic() + SHARING, reply.seconds, ended))
            return None
        return ended.attempt, reply

    def close(self) -> None:
        """Give up what is in flight; a run that a worker is making may still be stored."""
        futures = [flight.future for flight in self.busy.values()]
        self.busy.clear()
        if futures and self.client.status == "running":
            with suppress(Exception):  # the scheduler may just be lost
                self.client.cancel(futures, force=True)

    def _refresh(self) -> None:
        """See which workers have come and gone, now and then."""
        now = time.monotonic()
        if now - self.refreshed < _POLL:
            return
        self.refreshed = now
        threads = worker_threads(self.client)
        self.idle.extend(sorted(threads.keys() - self.threads.keys()))
        self.idle = deque(worker for worker in self.idle if worker in threads)
        self.threads = threads
        for key, flight in list(self.busy.items()):
            if flight.worker not in threads:
                del self.busy[key]
                flight.future.cancel()
                self.lost.append(flight)
        if threads:
            self.last_worker = now
        elif self.patience is not None and now - self.last_worker > self.patience:
            raise ExecutorError(
                f"the cluster has had no workers for {self.patience:.0f} s. What was finished is "
                "kept: give the same command again when there are some (`dask worker ADDRESS "
                "--nthreads 1` starts one)"
            )

    def _await_visible(self) -> tuple[Attempt, Reply] | None:
        """Return the longest missing run that a worker stored if it is seen here now."""
        end, seconds, flight = self.invisible[0]
        folder = self.store.folder(flight.attempt.task.key)
        if is_visible(folder):
            self.invisible.popleft()
            return flight.attempt, Reply("done", seconds)
        if time.monotonic() > end:
            raise ExecutorError(
                f"the worker at {flight.worker} has stored a run that is not seen here as "
                f"{folder}; the store must lie in a folder that all machines share by that name"
            )
        return None


def _reply(flight: _InFlight) -> Reply:
    """Return what became of a task whose future has ended."""
    from distributed import KilledWorker

    if flight.future.status == "finished":
        return Reply("done", time.perf_counter() - flight.began)
    if flight.future.status != "error":
        return Reply("gone", "the scheduler lost the task")
    error = flight.future.exception()
    if isinstance(error, TaskError):
        if error.kind == "unusable":
            raise ExecutorError(f"the worker at {flight.worker} cannot be used: {error.reason}")
        return Reply(error.kind, error.reason)
    if isinstance(error, KilledWorker):  # restarted under its address, and killed again and again
        return Reply("failed", f"workers at {flight.worker} were lost again and again")
    raise ExecutorError(
        f"the worker at {flight.worker} cannot take tasks: {explain(error)}; every worker needs "
        "the same version of steppe as this process"
    )
