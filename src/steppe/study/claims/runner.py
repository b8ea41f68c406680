"""Running the arms that claims need, each once, and measuring what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.results.trajectory import EngineName
from steppe.study.batch import BatchJob, batch, job_key
from steppe.study.claims.arms import Arm, ArmResolver
from steppe.study.claims.measure import measure, series_needed
from steppe.study.events import OnEvent
from steppe.study.executors import Executor
from steppe.study.parameter_draws import ParameterDraws, draw_parameters

ArmQuantities = Mapping[Arm, frozenset[ClaimQuantity]]
"""The quantities needed of each arm."""

ArmTransform = Callable[[Arm], Arm]
"""A change of every arm alike: another rule in a role, other parameters."""

Table = dict[tuple[Arm, ClaimQuantity], dict[int, float]]
"""(arm, quantity) -> seed -> number; what cohorts do not tell is not in it."""


class Runner(Protocol):
    """Whoever can say what arms would show: the store with its runs, or planted numbers."""

    def __call__(self, quantities: ArmQuantities, seeds: Sequence[int]) -> Table:
        """Return the ``quantities`` of each arm for ``seeds``; a seed that failed is left out."""


@dataclass(slots=True)
class RunTally:
    """How many runs were ``made`` and ``reused``, and why others failed."""

    made: int = 0
    reused: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoreRunner:
    """Makes the runs that are missing, in one batch, and reads each run once."""

    resolver: ArmResolver
    store: Store
    scale: float = 1.0
    workers: int | None = None
    executor: Executor | None = None
    on_event: OnEvent | None = None
    tally: RunTally = field(default_factory=RunTally)
    _scenarios: dict[Arm, Scenario] = field(default_factory=dict)
    _draws: dict[Arm, ParameterDraws] = field(default_factory=dict)

    def by(self, engine: EngineName) -> StoreRunner:
        """Return a runner of the same arms by another engine, with the same tally."""
        return replace(self, resolver=self.resolver.by(engine))

    def __call__(self, quantities: ArmQuantities, seeds: Sequence[int]) -> Table:
        """Return the ``quantities`` of each arm that its engine tells; errors as for ``batch``."""
        cohorts = self.resolver.engine == "cohorts"
        arms = [arm for arm in quantities if not cohorts or self.resolver.fits(_bare(arm))]
        jobs = rules_first([(arm, self._job(arm, seed)) for arm in arms for seed in seeds])
        if not jobs:
            return {}
        of_key: dict[str, list[Arm]] = {}
        for arm, job in jobs:
            of_key.setdefault(job_key(job), []).append(arm)
        readings = _Readings(self, quantities, {(a, q): {} for a in arms for q in quantities[a]})

        def read(key: str) -> None:
            for arm in of_key[key]:
                readings.add(arm, key)

        runs = batch(
            [job for _, job in jobs],
            store=self.store,
            workers=self.workers,
            executor=self.executor,
            on_event=self.on_event,
            on_run=read,
        )
        self.tally.reused += runs.stored
        self.tally.made += len(runs.keys) - runs.stored - len(runs.failures)
        self.tally.failures += [reason for _, reason in runs.failures]
        return readings.in_order(seeds)

    def scenario_of(self, arm: Arm) -> Scenario:
        """Return the scenario of an arm with the parameters that the case gives."""
        bare = _bare(arm)
        if bare not in self._scenarios:
            self._scenarios[bare] = self.resolver.scenario_of(bare)
        return self._scenarios[bare]

    def _job(self, arm: Arm, seed: int) -> BatchJob:
        if arm not in self._draws:
            fixed = [path for path, _ in arm.changes]  # what a test sets is not drawn
            self._draws[arm] = draw_parameters(self.scenario_of(arm), arm.source, fixed)
        draws = self._draws[arm]
        return BatchJob(
            draws.scenario_of(seed), seed, self.scale, draws.draw_of(seed),
            engine=self.resolver.engine,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Readings:
    """What is read of the runs of a runner, as they come."""

    runner: StoreRunner
    quantities: ArmQuantities
    table: Table

    def add(self, arm: Arm, key: str) -> None:
        """Read the quantities of an arm from a run; one that cohorts do not tell is dropped."""
        cohorts = self.runner.resolver.engine == "cohorts"
        asked = self.quantities[arm]
        run = self.runner.store.get(key, None if cohorts else series_needed(asked))
        scenario = self.runner.scenario_of(arm)
        for quantity in asked:
            if (arm, quantity) not in self.table:
                continue
            try:
                self.table[arm, quantity][run.record.seed] = measure(quantity, scenario, run)
            except KeyError:
                if not cohorts:
                    raise
                del self.table[arm, quantity]

    def in_order(self, seeds: Sequence[int]) -> Table:
        """Return the table, seeds in their order and not as runs came."""
        return {
            key: {seed: row[seed] for seed in seeds if seed in row}
            for key, row in self.table.items()
        }


def rules_first(jobs: Sequence[tuple[Arm, BatchJob]]) -> list[tuple[Arm, BatchJob]]:
    """Return ``jobs`` with one of every set of rules first, the others behind in their order.

    Each set has its own machine code: so no two workers compile the same at the same time.
    """
    first: dict[tuple[tuple[str, str], ...], int] = {}
    for at, (_, job) in enumerate(jobs):
        first.setdefault(tuple(sorted(job.scenario.mechanisms.items())), at)
    ahead = set(first.values())
    return [jobs[at] for at in sorted(range(len(jobs)), key=lambda at: at not in ahead)]


def _bare(arm: Arm) -> Arm:
    return arm.with_source("default")


def union(parts: list[ArmQuantities]) -> ArmQuantities:
    """Return all that is wanted of each arm, each arm once."""
    by_arm: dict[Arm, frozenset[ClaimQuantity]] = {}
    for one in parts:
        for arm, quantities in one.items():
            by_arm[arm] = by_arm.get(arm, frozenset()) | quantities
    return by_arm
