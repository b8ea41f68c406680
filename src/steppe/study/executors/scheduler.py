"""The loop that all executors with workers share: hand out tasks, judge what became of each.

A crew is a set of workers that have one task each; so a worker that dies blames exactly its own
task. What a worker finished is in the store, not in memory, so no death can take it back.
"""

from __future__ import annotations

import operator
import pickle
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.leases import heartbeat
from steppe.results.store import Store
from steppe.study.executors.protocol import ExecutorError, Finished, Interrupted, Task, Work
from steppe.study.executors.task_queue import Attempt, TaskQueue


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a task: done, failed, again, stop, gone (worker died), or unusable."""

    kind: str
    detail: Any = None


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


def schedule(
    store: Store, tasks: Iterable[Task], crew: WorkerPool, stop: threading.Event | None
) -> Iterator[Finished]:
    """Have ``crew`` work through ``tasks``; yield each as it is finished. See ``Executor.run``."""
    total = operator.length_hint(tasks, -1)
    claims = TaskQueue(store, tasks)
    try:
        with heartbeat(claims.held):
            yield from _rounds(claims, crew, stop or threading.Event())
    except KeyboardInterrupt:
        raise interrupted(claims, total) from None
    finally:
        try:
            crew.close()
        finally:
            claims.release_all()


def interrupted(claims: TaskQueue, total: int) -> Interrupted:
    """Return what is said on Ctrl-C; ``total`` is negative where the tasks were not counted."""
    return Interrupted(claims.finished, None if total < 0 else total - claims.finished)


def _rounds(claims: TaskQueue, crew: WorkerPool, stop: threading.Event) -> Iterator[Finished]:
    while not stop.is_set():
        none_left = False
        while crew.free and not none_left:
            taken = claims.next()
            none_left = taken is None
            if isinstance(taken, Attempt):
                crew.give(taken)
            elif taken is not None:
                yield taken
        if none_left and not crew.at_work and not claims.waiting:
            return
        answer = crew.wait()
        if answer is not None:
            finished = judge_reply(claims, *answer)
            if finished is not None:
                yield finished


def judge_reply(claims: TaskQueue, attempt: Attempt, reply: Reply) -> Finished | None:
    """Turn a worker's reply into a result; the store has the last word."""
    if reply.kind == "stop":
        raise UnwritableStoreError(str(reply.detail))
    if reply.kind == "done":
        return settle(claims, attempt, float(reply.detail))
    if claims.store.has(attempt.task.key):  # committed just before its worker died
        return claims.done(attempt, 0.0)
    return claims.failed(attempt, str(reply.detail), again=reply.kind in ("gone", "again"))


def settle(claims: TaskQueue, attempt: Attempt, seconds: float) -> Finished | None:
    """Close a task whose work returned: done if the store has its run, else failed."""
    if claims.store.has(attempt.task.key):
        return claims.done(attempt, seconds)
    return claims.failed(attempt, NOTHING_STORED, again=False)


NOTHING_STORED = "the work ended without storing its run"


def pack_task(work: Work) -> bytes:
    """Return the work as it is sent to other processes; raises ``ExecutorError`` if it cannot."""
    function = getattr(work, "func", work)
    if getattr(function, "__module__", "__main__") == "__main__":
        raise ExecutorError("work for other processes must be a function of an importable module")
    try:
        return pickle.dumps(work)
    except Exception as error:  # pickle passes on whatever an object raises
        raise ExecutorError(f"the work cannot be sent to other processes: {error}") from error
