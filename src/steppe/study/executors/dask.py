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
from steppe.study.executors import clusters
from steppe.study.executors.protocol import ExecutorError, Finished, Task, Work
from steppe.study.executors.remote import SHARING, carry_out, seen
from steppe.study.executors.scheduler import Reply, pack_task, schedule
from steppe.study.executors.task_queue import Attempt
from steppe.study.executors.worker import explain

Client = Any
Future = Any
"""Those of ``distributed``, which declares no types."""

_LOOK = 0.5
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
        self.where = clusters.where(at, workers)
        self._client: Client | None = None
        self._opened = ExitStack()

    @property
    def client(self) -> Client:
        """The connection to the scheduler."""
        if self._client is None:
            self._client, self._opened = clusters.connect(self.where)
        return self._client

    @property
    def workers(self) -> int:
        """How many runs are made at a time: workers there are, or were asked for."""
        return max(len(roster(self.client)), self.where.workers or 1)

    @property
    def threads(self) -> int:
        """Threads of each worker, of the least where they differ."""
        return min(roster(self.client).values(), default=1)

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        frame = zlib.compress(pack_task(work))
        crew = _Crew(self.client, frame, self.store, self.where.patience)
        return schedule(self.store, tasks, crew, stop)

    def close(self) -> None:
        """Leave the cluster, and end the workers that were started for it."""
        self._client = None
        self._opened.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def roster(client: Client) -> dict[str, int]:
    """Return the threads of every worker by its address; ``ExecutorError`` if nobody answers."""
    address = client.scheduler.address if client.scheduler is not None else "its address"
    try:
        if client.status != "running":
            raise OSError(f"the connection is {client.status}")
        found: dict[str, int] = client.nthreads()
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise ExecutorError(
            f"the Dask scheduler at {address} is lost ({str(error) or type(error).__name__}). "
            "What was finished is kept: start the scheduler again and give the same command again"
        ) from error
    return found


@dataclass(frozen=True, slots=True)
class _Hand:
    """A task in the hands of a worker."""

    attempt: Attempt
    worker: str
    future: Future
    began: float


@dataclass(slots=True)
class _Crew:
    """The workers of a cluster, each with at most one task; they may come and go."""

    client: Client
    work: bytes
    store: Store
    patience: float | None
    there: dict[str, int] = field(default_factory=dict)
    idle: deque[str] = field(default_factory=deque)
    busy: dict[Any, _Hand] = field(default_factory=dict)
    ended: queue.SimpleQueue[Future] = field(default_factory=queue.SimpleQueue)
    lost: deque[_Hand] = field(default_factory=deque)
    unseen: deque[tuple[float, float, _Hand]] = field(default_factory=deque)
    looked: float = -_LOOK
    peopled: float = field(default_factory=time.monotonic)

    @property
    def free(self) -> bool:
        self._look()
        return bool(self.idle)

    @property
    def at_work(self) -> bool:
        return bool(self.busy or self.lost or self.unseen)

    def give(self, attempt: Attempt) -> None:
        worker = self.idle.popleft()
        future = self.client.submit(
            carry_out, self.work, str(self.store.path), str(attempt.lease.path),
            self.there[worker], attempt.task,
            key=(PREFIX, uuid.uuid4().hex), workers=[worker], allow_other_workers=False,
            retries=0, pure=False,
        )  # fmt: skip
        self.busy[future.key] = _Hand(attempt, worker, future, time.perf_counter())
        future.add_done_callback(self.ended.put)

    def wait(self) -> tuple[Attempt, Reply] | None:
        if self.lost:
            hand = self.lost.popleft()
            return hand.attempt, Reply("gone", f"the worker at {hand.worker} was lost")
        if self.unseen and (shown := self._look_again()) is not None:
            return shown
        try:
            future = self.ended.get(timeout=0.1 if self.unseen else _LOOK)
        except queue.Empty:
            self._look()
            return None
        ended = self.busy.pop(future.key, None)
        if ended is None:  # its worker was lost, or it was given up
            return None
        if ended.worker in self.there:
            self.idle.append(ended.worker)
        reply = _reply(ended)
        future.release()
        if reply.kind == "done" and not seen(self.store.folder(ended.attempt.task.key)):
            self.unseen.append((time.monotonic() + SHARING, float(reply.detail), ended))
            return None
        return ended.attempt, reply

    def close(self) -> None:
        """Give up what is in flight; a run that a worker is making may still be stored."""
        futures = [hand.future for hand in self.busy.values()]
        self.busy.clear()
        if futures and self.client.status == "running":
            with suppress(Exception):  # the scheduler may just be lost
                self.client.cancel(futures, force=True)

    def _look(self) -> None:
        """See which workers have come and gone, now and then."""
        now = time.monotonic()
        if now - self.looked < _LOOK:
            return
        self.looked = now
        there = roster(self.client)
        self.idle.extend(sorted(there.keys() - self.there.keys()))
        self.idle = deque(worker for worker in self.idle if worker in there)
        self.there = there
        for key, hand in list(self.busy.items()):
            if hand.worker not in there:
                del self.busy[key]
                hand.future.cancel()
                self.lost.append(hand)
        if there:
            self.peopled = now
        elif self.patience is not None and now - self.peopled > self.patience:
            raise ExecutorError(
                f"the cluster has had no workers for {self.patience:.0f} s. What was finished is "
                "kept: give the same command again when there are some (`dask worker ADDRESS "
                "--nthreads 1` starts one)"
            )

    def _look_again(self) -> tuple[Attempt, Reply] | None:
        """Return the longest missing run that a worker stored if it is seen here now."""
        end, seconds, hand = self.unseen[0]
        folder = self.store.folder(hand.attempt.task.key)
        if seen(folder):
            self.unseen.popleft()
            return hand.attempt, Reply("done", seconds)
        if time.monotonic() > end:
            raise ExecutorError(
                f"the worker at {hand.worker} has stored a run that is not seen here as {folder}; "
                "the store must lie in a folder that all machines share under the same name"
            )
        return None


def _reply(hand: _Hand) -> Reply:
    """Return what became of a task whose future has ended."""
    from distributed import KilledWorker

    from steppe.study.executors.remote import TaskError

    if hand.future.status == "finished":
        return Reply("done", time.perf_counter() - hand.began)
    if hand.future.status != "error":
        return Reply("gone", "the scheduler lost the task")
    error = hand.future.exception()
    if isinstance(error, TaskError):
        if error.kind == "unusable":
            raise ExecutorError(f"the worker at {hand.worker} cannot be used: {error.reason}")
        return Reply(error.kind, error.reason)
    if isinstance(error, KilledWorker):  # restarted under its address, and killed again and again
        return Reply("failed", f"workers at {hand.worker} were lost again and again")
    raise ExecutorError(
        f"the worker at {hand.worker} cannot take tasks: {explain(error)}; every worker needs the "
        "same version of steppe as this process"
    )
