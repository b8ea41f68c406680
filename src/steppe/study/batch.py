"""A batch: runs of any scenarios and seeds; those that are stored are not simulated again.

Ensembles, pairs, sweeps and calibrations are batches. Jobs become tasks one at a time, as workers
come free, so that a study of a hundred thousand runs needs no more memory than one of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from time import perf_counter
from typing import cast

from steppe.case.canonical import canonical
from steppe.engine.cohort_scope import refuse
from steppe.engine.plan import mechanisms_of, plan
from steppe.model.custom import CustomRules
from steppe.results.store import Store
from steppe.study.batch_job import BatchJob, job_key
from steppe.study.events import (
    Compiled,
    Compiling,
    HourDone,
    OnEvent,
    Planned,
    SeedDone,
    SeedFailed,
    Waiting,
    Warned,
)
from steppe.study.executors import (
    Executor,
    Finished,
    Inline,
    Interrupted,
    LocalPool,
    Task,
    TaskDone,
    TasksElsewhere,
    cores,
    share_cores,
)
from steppe.study.resources import warnings
from steppe.study.task import RunSpec, is_warm, make_run, rules_of, warm_up

__all__ = ["Batch", "BatchJob", "batch", "job_key"]

OnRun = Callable[[str], None]
"""Told the key of a run that is in the store."""

LIGHT = 50
"""A process is worth its start for so many runs by cohorts."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of jobs: ``keys`` of all of them, in their order, also of those that failed.

    ``failures`` are (position of the job, reason); ``stored`` how many runs were in the store
    before; ``seconds`` what the rest took on the clock.
    """

    store: Store
    keys: tuple[str, ...]
    failures: tuple[tuple[int, str], ...]
    stored: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether the run of every job is in the store."""
        return not self.failures

    def finished(self) -> Iterator[tuple[int, str]]:
        """Yield (position of the job, key) of every run that is in the store, in order."""
        failed = {position for position, _ in self.failures}
        return ((at, key) for at, key in enumerate(self.keys) if at not in failed)


def batch(
    jobs: Iterable[BatchJob],
    *,
    store: Store,
    workers: int | None = None,
    executor: Executor | None = None,
    on_event: OnEvent | None = None,
    on_run: OnRun | None = None,
) -> Batch:
    """Make the run of every job that is not in ``store`` yet, in the order given.

    ``on_run`` is told the key of every run once, as soon as it is in the store: whoever reads runs
    does so while others are made.

    A collection is gone through once beforehand, so that it is known how many runs are left; of
    an iterator nothing is known (``Planned.total`` is -1). ``workers`` processes (by default as
    many as there are cores and runs to make) share the cores; with one, runs are made in this
    process. An ``executor`` of this ``store`` replaces them. Jobs that mean the same run are made
    once.

    Raises ``ValueError`` for a plan that cannot be run, ``Interrupted`` on Ctrl-C with what was
    finished in the store, ``UnwritableStoreError`` when nothing more can be stored. A run that
    fails is in ``failures`` and the others go on.
    """
    began = perf_counter()
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    tell: OnEvent = on_event or _nobody
    work = _Work(jobs, store, tell, on_run)
    missing = work.survey()
    runner, count, threads = _executor(store, work.tasks_for(missing), workers, executor)
    tell(Planned(work.total, work.stored, count, threads))
    if missing != 0:
        store.try_writing()
    try:
        work.run(runner)
    except KeyboardInterrupt:  # in a worker's turn, or in that of whoever is told
        finished = sum(map(store.has, work.keys))
        rest = None if work.total < 0 else work.total - finished
        raise Interrupted(finished, rest) from None
    reasons = work.reasons
    result = Batch(
        store,
        tuple(work.keys),
        tuple((at, reasons[key]) for at, key in enumerate(work.keys) if key in reasons),
        work.stored,
        perf_counter() - began,
    )
    for key in dict.fromkeys(key for _, key in result.finished()):
        work.tell_run(key)
    return result


def _nobody(event: object) -> None:
    """Tell nobody."""


def _executor(
    store: Store, missing: int | None, workers: int | None, executor: Executor | None
) -> tuple[Executor, int, int]:
    """Return who makes the runs, how many work at once, and with how many threads each."""
    if executor is not None:
        return executor, getattr(executor, "workers", 1), getattr(executor, "threads", 1)
    count, threads = share_cores(cores() if missing is None else missing, workers)
    local = Inline(store) if count == 1 else LocalPool(store, workers=count, threads=threads)
    return local, count, threads


@dataclass(slots=True)
class _Work:
    """The jobs of a batch on their way through the store.

    ``keys`` grows with the jobs looked at, ``out`` holds the seeds of tasks given out.
    """

    jobs: Iterable[BatchJob]
    store: Store
    tell: OnEvent
    on_run: OnRun | None = None
    keys: list[str] = field(default_factory=list)
    total: int = -1
    stored: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    _out: dict[str, int] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _warm: set[CustomRules] = field(default_factory=set)
    _checked: set[tuple[str, ...]] = field(default_factory=set)

    def survey(self) -> int | None:
        """Go through a collection of jobs; return how many runs are left, None of an iterator."""
        if not isinstance(self.jobs, Sized):
            return None
        for job in self.jobs:
            self.keys.append(self._key(job))
            self.stored += self.store.has(self.keys[-1])
        self.total = len(self.keys)
        return self.total - self.stored

    def tasks_for(self, missing: int | None) -> int | None:
        """Return how many processes ``missing`` runs are worth; None where nobody counted."""
        light = isinstance(self.jobs, Sized) and self.total and next(iter(self.jobs)).is_light
        return -(-missing // LIGHT) if light and missing is not None else missing

    def run(self, executor: Executor) -> None:
        """Have every missing run made, and tell of each."""
        tasks = self._tasks()
        first = next(tasks, None)
        if first is None:
            return
        common = cast(RunSpec, first.payload)
        self._warn(executor)
        watch = (lambda *hour: self.tell(HourDone(*hour))) if isinstance(executor, Inline) else None
        work = partial(make_run, str(self.store.path), common, watch=watch)
        slim = (_slim(task, common) for task in chain((first,), tasks))
        running = cast("Generator[Finished, None, None]", executor.run(slim, work))
        with closing(running):  # at once when whoever is told stops it, so no worker goes on
            for one in running:
                self._settle(one)

    def _warn(self, executor: Executor) -> None:
        """Say what will not fit into memory or onto the disk, by the first job of a collection."""
        if isinstance(self.jobs, Sized):
            job, workers = next(iter(self.jobs)), getattr(executor, "workers", 1)
            runs = self.total - self.stored
            scale = 0.0 if job.is_light else job.scale
            for text in warnings(job.scenario, scale, self.store, runs, min(workers, runs)):
                self.tell(Warned(text))

    def _settle(self, one: Finished) -> None:
        if isinstance(one, TasksElsewhere):
            self.tell(Waiting(one.count))
            return
        seed = self._out.pop(one.key)
        if isinstance(one, TaskDone):
            self.tell(SeedDone(seed, one.key, one.seconds, one.stored))
            self.tell_run(one.key)
        else:
            self.reasons[one.key] = one.reason
            self.tell(SeedFailed(seed, one.reason))

    def tell_run(self, key: str) -> None:
        """Tell of a run that is in the store, once."""
        if self.on_run is not None and key not in self._told:
            self._told.add(key)
            self.on_run(key)

    def _tasks(self) -> Iterator[Task]:
        """Yield a task for every run that is missing, whose spec is its payload."""
        is_counted = self.total >= 0
        for at, job in enumerate(self.jobs):
            key = self.keys[at] if is_counted else self._key(job)
            if not is_counted:
                self.keys.append(key)
            if self.store.has(key):
                self.stored += not is_counted
            elif key not in self._out and key not in self.reasons:
                spec = self._whole(job)
                self._warm_up(job, spec.custom)
                self._out[key] = job.seed
                yield Task(key, job.seed, spec)

    def _warm_up(self, job: BatchJob, custom: CustomRules) -> None:
        """Compile in this process, so that no two workers do the same work at once."""
        if custom in self._warm:
            return
        if not is_warm(custom, job.engine):
            began = perf_counter()
            self.tell(Compiling())
            warm_up(job.scenario, job.engine)
            self.tell(Compiled(perf_counter() - began))
        self._warm.add(custom)

    def _whole(self, job: BatchJob) -> RunSpec:
        """Return what makes the run of ``job`` and those along with it."""
        also = tuple(map(self._spec, job.also))
        root = None if job.root is None else self._spec(job.root)
        return replace(self._spec(job), also=also, root=root, at=job.at, citizens=job.citizens)

    def _spec(self, job: BatchJob) -> RunSpec:
        """Return what makes the run of ``job`` alone; errors as for ``_key``."""
        self._check(job)
        text = job.text or canonical(job.scenario)
        return RunSpec(text, job.scale, rules_of(job.scenario), job.draw, engine=job.engine)

    def _check(self, job: BatchJob) -> None:
        """Build the plan of a scenario, unless one with the same rules has been built."""
        one = job.scenario
        rules = (f"{rule.role}: {rule.name}" for rule in mechanisms_of(one)[0])
        kind = (job.engine, one.mode, one.regime_rule, one.alliance_rule, *rules)
        if kind not in self._checked:
            steps = plan(one)
            if job.is_light:
                refuse(one, steps)
            self._checked.add(kind)

    def _key(self, job: BatchJob) -> str:
        """Return the key of a job; errors for a plan that cannot be run, or not by its engine."""
        self._check(job)
        return job_key(job)


def _slim(task: Task, common: RunSpec) -> Task:
    """Return ``task`` without a payload that the workers have already."""
    return Task(task.key, task.seed) if task.payload == common else task
