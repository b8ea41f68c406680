"""Running the arms that claims need, each once, and measuring what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.results.trajectory import EngineName
from steppe.study.batch import BatchJob, batch
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
        jobs = [(arm, seed) for arm in arms for seed in seeds]
        if not jobs:
            return {}
        runs = batch(
            [self._job(arm, seed) for arm, seed in jobs],
            store=self.store,
            workers=self.workers,
            executor=self.executor,
            on_event=self.on_event,
        )
        self.tally.reused += runs.stored
        self.tally.made += len(runs.keys) - runs.stored - len(runs.failures)
        self.tally.failures += [reason for _, reason in runs.failures]
        table: Table = {(arm, q): {} for arm in arms for q in quantities[arm]}
        for at, key in runs.finished():
            arm, seed = jobs[at]
            run = self.store.get(key, None if cohorts else series_needed(quantities[arm]))
            for quantity in quantities[arm]:
                if (arm, quantity) not in table:
                    continue
                try:
                    table[arm, quantity][seed] = measure(quantity, self._of(arm), run)
                except KeyError:
                    if not cohorts:
                        raise
                    del table[arm, quantity]
        return table

    def _of(self, arm: Arm) -> Scenario:
        bare = _bare(arm)
        if bare not in self._scenarios:
            self._scenarios[bare] = self.resolver.scenario_of(bare)
        return self._scenarios[bare]

    def _job(self, arm: Arm, seed: int) -> BatchJob:
        if arm not in self._draws:
            fixed = [path for path, _ in arm.changes]  # what a test sets is not drawn
            self._draws[arm] = draw_parameters(self._of(arm), arm.source, fixed)
        draws = self._draws[arm]
        return BatchJob(
            draws.scenario_of(seed), seed, self.scale, draws.draw_of(seed),
            engine=self.resolver.engine,
        )  # fmt: skip


def _bare(arm: Arm) -> Arm:
    return arm.with_source("default")


def union(parts: list[ArmQuantities]) -> ArmQuantities:
    """Return all that is wanted of each arm, each arm once."""
    by_arm: dict[Arm, frozenset[ClaimQuantity]] = {}
    for one in parts:
        for arm, quantities in one.items():
            by_arm[arm] = by_arm.get(arm, frozenset()) | quantities
    return by_arm
