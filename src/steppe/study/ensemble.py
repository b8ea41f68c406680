"""An ensemble: one scenario, many seeds, every finished run in the store.

The store is the only memory: seeds that are there are not run again, so a study that was stopped
goes on where it was when the same call is made again.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import cast

from steppe.engine.plan import plan
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.scenario.canonical import canonical, scenario_hash
from steppe.scenario.config import Scenario
from steppe.study.events import (
    Compiled,
    Compiling,
    HourDone,
    OnEvent,
    Planned,
    SeedDone,
    SeedFailed,
)
from steppe.study.executors import (
    Finished,
    Inline,
    Interrupted,
    LocalPool,
    Task,
    TaskDone,
    cores,
    share_cores,
)
from steppe.study.work import is_warm, keys_for, make_run, rules_of, warm_up

LAST_SEED = 2**63 - 1
"""Seeds run from 0 to this, so that every program that reads results can hold them."""


LARGEST_SCALE = 100.0
"""Most agents for one citizen."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The runs of one scenario: ``keys`` by seed, in the order asked, of those in the store.

    ``failures`` are (seed, reason); ``stored`` how many runs were there before; ``seconds`` what
    the rest took on the clock.
    """

    store: Store
    scenario_hash: str
    seeds: tuple[int, ...]
    keys: dict[int, str]
    failures: tuple[tuple[int, str], ...]
    stored: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every seed is in the store."""
        return len(self.keys) == len(self.seeds)

    def trajectories(self) -> Iterator[Trajectory]:
        """Yield the runs in the order of their seeds, read from the store one at a time."""
        return (self.store.get(self.keys[seed]) for seed in sorted(self.keys))


def ensemble(
    scenario: Scenario,
    seeds: Iterable[int],
    *,
    store: Store,
    scale: float = 1.0,
    workers: int | None = None,
    on_event: OnEvent | None = None,
) -> Ensemble:
    """Run ``scenario`` with every seed that is not in ``store`` yet; seeds in the order given.

    ``workers`` processes (by default as many as there are cores and runs to make) share the
    cores; with one, the runs are made in this process. Raises ``ValueError`` for seeds, a scale
    or a plan that cannot be run, ``Interrupted`` on Ctrl-C with what was finished in the store,
    ``UnwritableStoreError`` when nothing more can be stored. A run that fails is in ``failures``
    and the others go on.
    """
    began = perf_counter()
    asked = _checked(tuple(seeds), scale, workers)
    plan(scenario)
    of = dict(zip(asked, keys_for(scenario, asked, scale), strict=True))
    tasks = [Task(of[seed], seed) for seed in asked if not store.has(of[seed])]
    stored = len(asked) - len(tasks)
    tell: OnEvent = on_event or _nobody
    crew, threads = _shares(len(tasks), workers)
    tell(Planned(len(asked), stored, crew, threads))
    try:
        reasons = _make(scenario, tasks, _executor(store, crew, threads), scale, tell)
    except KeyboardInterrupt:  # in a worker's turn, or in that of whoever is told
        finished = sum(map(store.has, of.values()))
        raise Interrupted(finished, len(asked) - finished) from None
    return Ensemble(
        store,
        scenario_hash(scenario),
        asked,
        {seed: key for seed, key in of.items() if seed not in reasons},
        tuple((seed, reasons[seed]) for seed in asked if seed in reasons),
        stored,
        perf_counter() - began,
    )


def _nobody(event: object) -> None:
    """Tell nobody."""


def _checked(seeds: tuple[int, ...], scale: float, workers: int | None) -> tuple[int, ...]:
    if not seeds:
        raise ValueError("an ensemble needs at least one seed")
    for seed in seeds:
        if not 0 <= seed <= LAST_SEED:
            raise ValueError(f"seed must be in 0..2**63-1, got {seed}")
    if len(set(seeds)) < len(seeds):
        twice = next(seed for seed in seeds if seeds.count(seed) > 1)
        raise ValueError(f"seed {twice} is given twice")
    if not 0.0 < scale <= LARGEST_SCALE:
        raise ValueError(f"scale must be in (0, {LARGEST_SCALE:g}], got {scale:g}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    return seeds


def _shares(runs: int, workers: int | None) -> tuple[int, int]:
    """Return (workers, threads of each) so that they fit on the cores of this machine."""
    crew = share_cores(runs)[0] if workers is None else max(1, min(workers, runs))
    return crew, max(1, cores() // crew)


def _executor(store: Store, crew: int, threads: int) -> Inline | LocalPool:
    return Inline(store) if crew == 1 else LocalPool(store, workers=crew, threads=threads)


def _make(
    scenario: Scenario,
    tasks: Sequence[Task],
    executor: Inline | LocalPool,
    scale: float,
    tell: OnEvent,
) -> dict[int, str]:
    """Make the runs of ``tasks``, tell of each, and return why seeds failed."""
    if not tasks:
        return {}
    custom = rules_of(scenario)
    if not is_warm(custom):  # in this process, so that no two workers do the same work at once
        began = perf_counter()
        tell(Compiling())
        warm_up(scenario)
        tell(Compiled(perf_counter() - began))
    path = str(executor.store.path)
    work = partial(make_run, path, canonical(scenario), scale, custom=custom)
    if isinstance(executor, Inline):
        work = partial(work, watch=lambda *hour: tell(HourDone(*hour)))
    seeds = {task.key: task.seed for task in tasks}
    reasons: dict[int, str] = {}
    # Closed at once when whoever is told stops the study, so that no worker goes on.
    with closing(cast("Generator[Finished, None, None]", executor.run(tasks, work))) as finished:
        for one in finished:
            seed = seeds[one.key]
            if isinstance(one, TaskDone):
                tell(SeedDone(seed, one.key, one.seconds, one.stored))
            else:
                reasons[seed] = one.reason
                tell(SeedFailed(seed, one.reason))
    return reasons
