"""The executor without workers: every task in this process, one after the other."""

from __future__ import annotations

import operator
import threading
import time
from collections.abc import Iterable, Iterator

from steppe.results.leases import heartbeat
from steppe.results.store import Store
from steppe.study.executors.protocol import Finished, Task, Work
from steppe.study.executors.scheduler import interrupted, settle
from steppe.study.executors.task_queue import WAIT, Attempt, TaskQueue
from steppe.study.executors.worker import explain, is_passing, stops_study


class Inline:
    """Computes tasks in this process; a crash of the work ends this process too."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        total = operator.length_hint(tasks, -1)
        claims = TaskQueue(self.store, tasks)
        try:
            with heartbeat(claims.held):
                yield from _work_through(claims, work, stop or threading.Event())
        except KeyboardInterrupt:
            raise interrupted(claims, total) from None
        finally:
            claims.release_all()


def _work_through(claims: TaskQueue, work: Work, stop: threading.Event) -> Iterator[Finished]:
    while not stop.is_set():
        taken = claims.next()
        if taken is None:
            if not claims.waiting:
                return
            stop.wait(WAIT)
        elif isinstance(taken, Attempt):
            finished = _attempt(claims, taken, work)
            if finished is not None:
                yield finished
        else:
            yield taken


def _attempt(claims: TaskQueue, attempt: Attempt, work: Work) -> Finished | None:
    began = time.perf_counter()
    try:
        work(attempt.task)
    except Exception as error:  # one run that fails must not end the others
        if stops_study(error):
            raise
        return claims.failed(attempt, explain(error), again=is_passing(error))
    seconds = time.perf_counter() - began
    return settle(claims, attempt, seconds)
