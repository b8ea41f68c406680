"""Which vectors are possible: a search through the whole prior with the engine of cohorts.

In most of the prior nothing happens, or the country is never quiet. A population of vectors moves
through it by sequential Monte Carlo (``smc``). Its distance (``distance``) covers every figure of
the case, several runs of each vector, and runs without the trigger. The best of it move on as a
smaller population that is judged by more runs, so that none remains by the luck of one. Of a
parameter that cohorts do not read nothing was learnt: it is drawn from its prior anew. Searches
with other seeds know nothing of each other; citizens are run with the best vectors of all.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.params import ParameterInfo
from steppe.engine.cohort_run import run_many, same_history
from steppe.engine.version import engine_version
from steppe.evidence.targets import ResolvedTarget, resolve
from steppe.evidence.view import view
from steppe.results.atomic_io import make_folders, replace_file
from steppe.study.calibration.design import ParameterDesign, design
from steppe.study.calibration.distance import PLACEBO, placebo_of, run_distances
from steppe.study.calibration.smc import SmcGeneration, SmcResult, SmcSettings, smc
from steppe.study.posterior import Posterior

Floats = NDArray[np.float64]

FIRST_SEED = 50_000_001
"""Seeds of the search begin here, apart from those of users and of designs."""

SEEDS, MOST_VECTORS = 100, 10_000
"""Seeds kept for each vector of a round, and vectors of a round: no two share a seed."""

Judges = Callable[[Floats, NDArray[np.int64], float], Floats]
"""Distances of vectors (n, parameter) with the seeds and the bound given."""

LAST_TIMES = 3
"""How many times as many runs judge the vectors in the end as while they move."""

FIRST_VECTORS = 3
"""Vectors of the prior that are judged first, for each vector of the population."""


@dataclass(frozen=True, slots=True)
class ScreeningSettings:
    """The search: runs of each vector with the trigger and without, and the population.

    The ``refinement`` is the population that goes on, judged by ``last_runs`` of both kinds.
    """

    population: SmcSettings
    refinement: SmcSettings
    runs: int = 2
    quiet_runs: int = 4
    last_runs: int = 12
    seed: int = 1
    workers: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        size, all_of_them = self.refinement.particles, self.population.particles
        if size > all_of_them:
            raise ValueError(f"{size} of {all_of_them} vectors cannot be kept")


@dataclass(frozen=True, slots=True)
class ScreeningTask:
    """What a vector is judged by: a case, the same without its trigger, and figures by id.

    The search begins with ``start`` where there is one, else with the prior.
    """

    scenario: Scenario
    without_trigger: Scenario
    targets: tuple[str, ...]
    paths: tuple[str, ...]
    settings: ScreeningSettings
    start: Posterior | None = None

    @property
    def figures(self) -> tuple[ResolvedTarget, ...]:
        """The targets, tied to their observables."""
        return tuple(one for one in resolve(self.scenario) if one.target.id in self.targets)

    @property
    def key(self) -> str:
        """What the result of the search depends on, as a short name."""
        settings = replace(self.settings, workers=None)
        parts = (
            scenario_hash(self.scenario), scenario_hash(self.without_trigger),
            engine_version(self.scenario),
            *map(repr, (*(one.target for one in self.figures), self.paths, settings)),
            *(() if self.start is None else (self.start.digest,)),
        )  # fmt: skip
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def screening_task(
    scenario: Scenario,
    targets: Sequence[ResolvedTarget],
    infos: dict[str, ParameterInfo],
    settings: ScreeningSettings,
) -> ScreeningTask:
    """Return what vectors of ``infos`` are judged by.

    Raises ``CaseError`` where the case does not say what takes its trigger away.
    """
    return ScreeningTask(
        scenario,
        placebo_of(scenario),
        tuple(one.target.id for one in targets),
        tuple(infos),
        settings,
    )


def judge(task: ScreeningTask, values: Sequence[float], seed: int, bound: float) -> float:
    """Return the mean distance of the runs of one vector, infinite once it must exceed ``bound``.

    Runs with the trigger come first: most vectors are out after one.
    """
    vector = dict(zip(task.paths, map(float, values), strict=True))
    settings, targets, far = task.settings, task.figures, 0.0
    seeds = range(seed, seed + settings.runs)
    for run in run_many(task.scenario, seeds, [vector]):
        data = view(task.scenario, run)
        results = np.array([[target.value(data) for target in targets]])
        far += float(run_distances(targets, results)[0]) / settings.runs
        if far > bound:
            return float("inf")
    seeds = range(seed, seed + settings.quiet_runs)
    for run in run_many(task.without_trigger, seeds, [vector]):
        peak = np.array([float(run.outcome["peak_active"])])
        far += float(PLACEBO(peak)[0]) / settings.quiet_runs
        if far > bound:
            return float("inf")
    return far


def distinct(unit: Floats, least: int = 0) -> Floats:
    """Return the vectors without copies of others, and copies only where there are not ``least``.

    Copies are what a population is left with where few vectors move: they say nothing new.
    """
    first = np.sort(np.unique(unit, axis=0, return_index=True)[1])
    copies = np.setdiff1d(np.arange(len(unit)), first)
    vectors: Floats = unit[np.concatenate([first, copies])[: max(len(first), least)]]
    return vectors


def nearest_vectors(searches: Sequence[SmcResult], most: int) -> SmcResult:
    """Return the ``most`` nearest vectors of what searches found, the best first."""
    unit = np.concatenate([one.unit for one in searches])
    far = np.concatenate([one.distance for one in searches])
    best = np.argsort(far, kind="stable")[:most]
    generations = (generation for one in searches for generation in one.generations)
    return SmcResult(unit[best], far[best], tuple(generations))


def search_prior(
    task: ScreeningTask,
    infos: dict[str, ParameterInfo],
    *,
    begun: SmcResult | None = None,
    on_generation: Callable[[SmcResult], None] | None = None,
) -> SmcResult:
    """Return the population that started from the whole prior.

    ``begun`` and ``on_generation`` are those of ``smc``.
    """
    settings = task.settings
    population = replace(settings.population, seed=settings.seed)
    first = design(task.scenario, FIRST_VECTORS * population.particles, settings.seed)
    with judges(task) as judged:
        distance = functools.partial(_distances, judged, infos)
        return smc(first.unit, distance, population, begun=begun, on_generation=on_generation)


def refine(
    task: ScreeningTask,
    infos: dict[str, ParameterInfo],
    coarse: SmcResult,
    *,
    begun: SmcResult | None = None,
    on_generation: Callable[[SmcResult], None] | None = None,
) -> SmcResult:
    """Return the vectors to which the best of the population ``coarse`` have moved.

    They are judged once more, by many runs; copies are left out.
    """
    settings = task.settings
    more = replace(settings, runs=settings.last_runs, quiet_runs=settings.last_runs)
    population = replace(settings.refinement, seed=settings.seed + 1)
    with judges(replace(task, settings=more)) as judged:
        distance = functools.partial(_distances, judged, infos)
        first = distinct(coarse.unit, population.particles)
        fine = smc(first, distance, population, begun=begun, on_generation=on_generation)
    most, unit = LAST_TIMES * settings.last_runs, distinct(fine.unit)
    more = replace(settings, runs=most, quiet_runs=most)
    with judges(replace(task, settings=more)) as judged:
        far = _distances(judged, infos, unit, fine.rounds + 1, np.inf)
    unread = [not one for one in read_by_cohorts(task.scenario, infos)]
    unit[:, unread] = design(task.scenario, len(unit), settings.seed + 1).unit[:, unread]
    return SmcResult(unit, far, (*coarse.generations, *fine.generations))


def _distances(
    judged: Judges, infos: dict[str, ParameterInfo], unit: Floats, number: int, bound: float
) -> Floats:
    values = ParameterDesign(infos, unit.copy()).values()
    seeds = FIRST_SEED + SEEDS * (number * MOST_VECTORS + np.arange(len(unit)))
    return judged(values, seeds, bound)


def read_by_cohorts(scenario: Scenario, infos: dict[str, ParameterInfo]) -> tuple[bool, ...]:
    """Return for each parameter whether a figure by cohorts can depend on it.

    It can if the country, its levers, its rules or its people of one seed differ between two values
    of the parameter, or if it says how events are recorded.
    """
    middle = np.full((3, len(infos)), 0.5)
    read = []
    for at, path in enumerate(infos):
        unit = middle.copy()
        unit[:, at] = (0.1, 0.5, 0.9)
        low, _, high = (
            dict(zip(infos, map(float, row), strict=True))
            for row in ParameterDesign(infos, unit).values()
        )
        differ = not same_history(scenario, low, high)
        read.append(differ or path.startswith("observation."))
    return tuple(read)


@contextmanager
def judges(task: ScreeningTask) -> Iterator[Judges]:
    """Give a function that judges many vectors at once, in the processes of the settings."""
    workers = task.settings.workers or os.cpu_count() or 1
    if workers == 1:
        one = functools.partial(judge, task)
        yield lambda values, seeds, bound: np.array(
            [one(row, int(seed), bound) for row, seed in zip(values, seeds, strict=True)]
        )
        return
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(task,)
    ) as pool:

        def judged(values: Floats, seeds: NDArray[np.int64], bound: float) -> Floats:
            bounds = [bound] * len(values)
            result = pool.map(_judge, values, map(int, seeds), bounds, chunksize=4)
            return np.fromiter(result, dtype=np.float64, count=len(values))

        yield judged


_TASK: list[ScreeningTask] = []


def _begin(task: ScreeningTask) -> None:
    _TASK[:] = [task]


def _judge(values: Floats, seed: int, bound: float) -> float:
    return judge(_TASK[0], list(values), seed, bound)


def write_search(path: Path, result: SmcResult) -> None:
    """Write the result of a search, whole or not at all."""
    rows = [(one.tolerance, one.accepted, one.tried) for one in result.generations]
    data = io.BytesIO()
    np.savez_compressed(
        data, unit=result.unit, distance=result.distance, generations=np.array(rows)
    )
    make_folders(path.parent)
    replace_file(path, data.getvalue(), path.with_name(f".{path.name}.{os.getpid()}"))


def read_search(path: Path) -> SmcResult | None:
    """Return the result of a search that was written; None if there is none."""
    if not path.is_file():
        return None
    with np.load(path) as data:
        rows = data["generations"].reshape(-1, 3)
        generations = tuple(SmcGeneration(float(t), float(a), int(n)) for t, a, n in rows)
        return SmcResult(data["unit"], data["distance"], generations)
