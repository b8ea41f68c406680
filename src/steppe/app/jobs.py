"""Jobs: both arms of a comparison run for many seeds, in worker processes, a few jobs at once.

Seeds of the two arms alternate, so pairs are complete from early on. What is finished is in the
store: a cancelled job loses only the runs in flight, and the same job later goes on from there.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from steppe.app import setting_text
from steppe.app.comparison import Comparison
from steppe.app.config import AppLimits
from steppe.app.errors import UnknownError
from steppe.app.quotas import FullError, Quotas
from steppe.app.sessions import TooManyError
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.results.store import Store
from steppe.study.batch import batch
from steppe.study.events import Planned, SeedDone, SeedFailed, StudyEvent
from steppe.study.executors import Finished, LocalPool, Task, Work, WorkerLimits, cores
from steppe.study.task import is_warm

State = Literal["waiting", "compiling", "running", "done", "failed", "cancelled"]
OVER = ("done", "failed", "cancelled")
MOST_OVER = 20
"""Jobs of one user that are remembered after they are over."""

Listener = Callable[[Mapping[str, Any]], None]


@dataclass(slots=True)
class ComparisonJob:
    """One comparison being run; ``total``, ``stored`` and ``simulated`` count runs of both arms."""

    id: str
    owner: str
    comparison: Comparison
    total: int = 0
    stored: int = 0
    simulated: int = 0
    state: State = "waiting"
    failures: list[tuple[int, str]] = field(default_factory=list)
    reason: str = ""
    began: float = 0.0
    seconds: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    listeners: list[Listener] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return what the page is told of the job; ``left`` is an estimate in seconds or None."""
        over = self.state in OVER
        spent = self.seconds if over or not self.began else time.monotonic() - self.began
        remaining = self.total - self.stored - self.simulated - len(self.failures)
        rate = spent / self.simulated if self.simulated else None
        return {
            "id": self.id,
            "title": setting_text.title(self.comparison),
            "case": self.comparison.case.id,
            "state": self.state,
            "total": self.total,
            "done": self.stored + self.simulated,
            "made": self.simulated,
            "failed": [{"seed": seed, "reason": why} for seed, why in self.failures[:20]],
            "reason": self.reason,
            "seconds": round(spent, 2),
            "left": None if over or rate is None else round(remaining * rate, 1),
        }


@dataclass(slots=True)
class Jobs:
    """All jobs of a running app; ``warm_up`` compiles the model in a process of its own.

    ``over`` is told of every job whose runs are all stored.
    """

    store: Store
    limits: AppLimits
    warm_up: Callable[[Scenario], None]
    holdings: Quotas
    over: Callable[[ComparisonJob], None] = lambda job: None
    workers: int = field(default_factory=cores)
    _jobs: dict[str, ComparisonJob] = field(default_factory=dict)
    _waiting: list[ComparisonJob] = field(default_factory=list)
    _running: list[ComparisonJob] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)
    _closed: bool = False

    def start(self, comparison: Comparison, owner: str) -> ComparisonJob:
        """Put a job into the line and return it; one that does the same already is that job.

        Raises ``TooManyError`` past the user's share of jobs, ``FullError`` past that of bytes.
        """
        self.holdings.check(owner)
        with self._changed:
            mine = [job for job in self._jobs.values() if job.owner == owner]
            for job in mine:
                if job.state not in OVER and _is_same(job.comparison, comparison):
                    return job
            if sum(job.state not in OVER for job in mine) >= self.limits.jobs_each:
                raise TooManyError(
                    f"you have {self.limits.jobs_each} runs waiting or going; cancel one first"
                )
            for old in [job for job in mine if job.state in OVER][:-MOST_OVER]:
                del self._jobs[old.id]
            job = ComparisonJob(secrets.token_hex(8), owner, comparison)
            self._jobs[job.id] = job
            self._waiting.append(job)
            if len(self._threads) < self.limits.jobs_at_once:
                thread = threading.Thread(target=self._serve, name="steppe-job", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()
        return job

    def of(self, owner: str) -> list[ComparisonJob]:
        """Return a user's jobs, oldest first."""
        with self._changed:
            return [job for job in self._jobs.values() if job.owner == owner]

    def job(self, name: str, owner: str) -> ComparisonJob:
        """Return a user's job; ``UnknownError`` if this user has no such job."""
        job = self._jobs.get(name)
        if job is None or job.owner != owner:
            raise UnknownError("there is no such run")
        return job

    def cancel(self, job: ComparisonJob) -> None:
        """Stop a job; finished seeds stay in the store."""
        job.stop.set()
        with self._changed:
            waiting = job in self._waiting
            if waiting:
                self._waiting.remove(job)
        if waiting:
            self._tell(job, "cancelled")

    def forget(self, owner: str) -> None:
        """Stop and forget the jobs of a user who left."""
        for job in self.of(owner):
            if job.state not in OVER:
                self.cancel(job)
            self._jobs.pop(job.id, None)

    def listen(self, job: ComparisonJob, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` of every change of a job; returns what ends it."""
        with self._changed:
            job.listeners.append(listener)
        return partial(self._deafen, job, listener)

    def close(self) -> None:
        """Stop all jobs and wait until their workers are gone."""
        with self._changed:
            self._closed = True
            for job in (*self._waiting, *self._running):
                job.stop.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10.0)

    def _deafen(self, job: ComparisonJob, listener: Listener) -> None:
        with self._changed:
            if listener in job.listeners:
                job.listeners.remove(listener)

    def _tell(self, job: ComparisonJob, state: State | None = None) -> None:
        if state is not None:
            job.state = state
        with self._changed:
            listeners = tuple(job.listeners)
        document = job.document()
        for listener in listeners:
            listener(document)

    def _next(self) -> ComparisonJob | None:
        """Return the job to do next: of the user with fewest running, the oldest."""
        with self._changed:
            while not (free := self._free()) and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            owners = [job.owner for job in self._running]
            job = min(free, key=lambda one: owners.count(one.owner))
            self._waiting.remove(job)
            self._running.append(job)
            return job

    def _free(self) -> list[ComparisonJob]:
        """Return the waiting jobs whose users have not their share running yet."""
        owners = [job.owner for job in self._running]
        most = self.limits.running_each
        return [job for job in self._waiting if owners.count(job.owner) < most]

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            job.began = time.monotonic()
            try:
                self._make(job)
            except SteppeError as error:
                job.reason = str(error)
            except Exception as error:
                job.reason = f"{type(error).__name__}: {error}"
            job.seconds = time.monotonic() - job.began
            with self._changed:
                self._running.remove(job)
                self._changed.notify_all()
            self._tell(job, _end_of(job))

    def _make(self, job: ComparisonJob) -> None:
        comparison = job.comparison
        runs = comparison.runs
        if not is_warm():
            self._tell(job, "compiling")
            self.warm_up(comparison.baseline)
        self._tell(job, "running")
        pool = LocalPool(
            self.store,
            workers=min(self.workers, len(runs)),
            threads=1,
            limits=WorkerLimits(
                None if math.isinf(self.limits.memory_mib) else int(self.limits.memory_mib),
                self.limits.run_seconds,
            ),
        )
        batch(
            runs,
            store=self.store,
            executor=_Stoppable(pool, job.stop),
            on_event=partial(self._on_event, job),
        )
        if job.stored:  # they were another's perhaps, and are this user's now
            self.over(job)

    def _on_event(self, job: ComparisonJob, event: StudyEvent) -> None:
        if isinstance(event, Planned):
            job.total, job.stored = event.total, event.stored
        elif isinstance(event, SeedDone):
            job.simulated += 1
            if not event.elsewhere:
                self.holdings.charge_run(job.owner, event.key)
            self._stop_when_full(job)
        elif isinstance(event, SeedFailed):
            job.failures.append((event.seed, event.reason))
        self._tell(job)

    def _stop_when_full(self, job: ComparisonJob) -> None:
        if job.stored + job.simulated >= job.total:
            return
        try:
            self.holdings.check(job.owner)
        except FullError as error:
            job.reason = str(error)
            job.stop.set()


def _is_same(one: Comparison, other: Comparison) -> bool:
    """Return whether two comparisons of a user ask for the same runs."""
    return (one.case, one.request, one.parameters) == (other.case, other.request, other.parameters)


def _end_of(job: ComparisonJob) -> State:
    if job.stop.is_set() and not job.reason and job.stored + job.simulated < job.total:
        return "cancelled"
    return "failed" if job.reason or job.failures else "done"


@dataclass(frozen=True, slots=True)
class _Stoppable:
    """A pool that also ends when its job is cancelled."""

    pool: LocalPool
    stop: threading.Event

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        """Yield each finished task; see ``Executor.run``."""
        return self.pool.run(tasks, work, stop=self.stop)
