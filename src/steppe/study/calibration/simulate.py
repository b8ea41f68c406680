"""The simulations of a calibration: a search by cohorts, then runs by citizens.

Runs by citizens are stored, what they showed in a CSV table, so that none is ever repeated.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from steppe.case.scenario import Scenario
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import view
from steppe.results.store import Store
from steppe.study.batch import Batch, BatchJob, batch, job_key
from steppe.study.calibration.design import ParameterDesign, seed_of
from steppe.study.calibration.effort import SPARE, Effort
from steppe.study.calibration.screening import (
    ScreeningSettings,
    ScreeningTask,
    nearest_vectors,
    read_search,
    refine,
    screening_task,
    search_prior,
    write_search,
)
from steppe.study.calibration.smc import SMALLEST, SmcResult
from steppe.study.calibration.start import first_population
from steppe.study.calibration.table import SimulationTable, empty, read_simulations
from steppe.study.calibration.targets import figures
from steppe.study.parameters import priors, with_parameters
from steppe.study.settings import ExecutionOptions, ScaledOptions, StudySettings

LARGEST_CROWD = "peak_active"
"""The measure that is noted besides the targets: most persons on the street at once."""

SEED_STEP = 1000
"""By how much the seeds of searches differ that know nothing of each other."""

SAVED_EVERY = 100
"""Runs after which the table is written while others go on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A run to be made: its vector's number and values, which replicate it is, and its seed."""

    vector: int
    replicate: int
    seed: int
    values: tuple[float, ...]


Failures = tuple[tuple[Trial, str], ...]
"""Trials that could not be made, and why."""


@dataclass(frozen=True, slots=True)
class SimulatedVectors:
    """The runs by citizens, how many histories the search had by cohorts, and what failed."""

    runs: SimulationTable
    tried: int
    failures: Failures


def trials(vary: ParameterDesign, vectors: Sequence[int], replicates: int) -> list[Trial]:
    """Return the trials of ``vectors``: the first seed of each, then the second, and so on."""
    values = dict(zip(vectors, vary.values()[list(vectors)].tolist(), strict=True))
    return [
        Trial(vector, again, seed_of(vector, again), tuple(values[vector]))
        for again in range(replicates)
        for vector in vectors
    ]


def measures(targets: Iterable[ResolvedTarget]) -> tuple[str, ...]:
    """Return the names of what is noted of a run, in the order of the columns."""
    return (*(one.target.id for one in targets), LARGEST_CROWD)


@dataclass(frozen=True, slots=True)
class VectorNote:
    """What one run showed: the trial, the version of the model, and a value for each measure."""

    trial: Trial
    model: str
    results: tuple[float, ...]


def read_notes(
    scenario: Scenario, targets: Sequence[ResolvedTarget], store: Store, key: str, trial: Trial
) -> VectorNote:
    """Return what the stored run ``key`` of ``trial`` showed, in the order of ``measures``."""
    run = store.get(key)
    data = view(scenario, run)
    values = (*(one.value(data) for one in targets), float(run.outcome[LARGEST_CROWD]))
    return VectorNote(trial, run.record.engine_version, values)


@dataclass(slots=True)
class _Notes:
    """What runs have shown so far; written to ``path`` now and then, and when a study ends."""

    path: Path
    paths: tuple[str, ...]
    names: tuple[str, ...]
    rows: dict[str, VectorNote] = field(default_factory=dict)
    unsaved: int = 0

    def __post_init__(self) -> None:
        if not self.path.is_file():
            return
        table = read_simulations(self.path, self.paths, self.names)
        for at, key in enumerate(table.keys):
            trial = Trial(
                int(table.vectors[at]), int(table.replicates[at]), int(table.seeds[at]),
                tuple(table.values[at].tolist()),
            )  # fmt: skip
            self.rows[key] = VectorNote(trial, table.models[at], tuple(table.results[at].tolist()))

    def add(self, key: str, note: VectorNote) -> None:
        """Keep what a run showed."""
        self.rows[key] = note
        self.unsaved += 1
        if self.unsaved >= SAVED_EVERY:
            self.save()

    def save(self) -> None:
        """Write every note, in the order of vectors and replicates."""
        if self.unsaved:
            self.table(sorted(self.rows, key=self._place)).write(self.path)
            self.unsaved = 0

    def _place(self, key: str) -> tuple[int, int, str]:
        trial = self.rows[key].trial
        return trial.vector, trial.replicate, key

    def table(self, keys: Sequence[str]) -> SimulationTable:
        """Return the table of the runs named."""
        if not keys:
            return empty(self.paths, self.names)
        notes = [self.rows[key].trial for key in keys]
        return SimulationTable(
            self.paths, self.names, tuple(keys), tuple(self.rows[key].model for key in keys),
            np.array([one.vector for one in notes], dtype=np.int64),
            np.array([one.replicate for one in notes], dtype=np.int64),
            np.array([one.seed for one in notes], dtype=np.int64),
            np.array([one.values for one in notes], dtype=np.float64),
            np.array([self.rows[key].results for key in keys], dtype=np.float64),
        )  # fmt: skip


def tabulate(
    scenario: Scenario,
    paths: Sequence[str],
    runs: Sequence[Trial],
    targets: Sequence[ResolvedTarget],
    *,
    notes: Path,
    **options: Unpack[ScaledOptions],
) -> tuple[SimulationTable, Failures]:
    """Return what the runs of ``runs`` show, each made if it is neither noted nor stored.

    ``paths`` names the parameters of a trial's values; options are those of ``ensemble``. Raises
    what ``batch`` raises.
    """
    settings = StudySettings.of(**options)
    jobs = [_job(scenario, paths, trial, settings.scale) for trial in runs]
    keys = [job_key(one) for one in jobs]
    of = dict(zip(keys, runs, strict=True))
    table = _Notes(notes, tuple(paths), measures(targets))

    def note(key: str) -> None:
        table.add(key, read_notes(scenario, targets, settings.store, key, of[key]))

    missing = [one for one, key in zip(jobs, keys, strict=True) if key not in table.rows]
    try:
        ran = batch(missing, **settings.batch_options, on_run=note)
    finally:
        table.save()
    return table.table([key for key in keys if key in table.rows]), _failed(ran, of)


def _job(scenario: Scenario, paths: Sequence[str], trial: Trial, scale: float) -> BatchJob:
    row = dict(zip(paths, trial.values, strict=True))
    return BatchJob(with_parameters(scenario, row), trial.seed, scale)


def _failed(ran: Batch, of: dict[str, Trial]) -> Failures:
    return tuple((of[ran.keys[at]], reason) for at, reason in ran.failures)


def simulate(
    scenario: Scenario,
    effort: Effort,
    *,
    notes: Path,
    on_stage: Callable[[str], None] | None = None,
    **options: Unpack[ExecutionOptions],
) -> SimulatedVectors:
    """Return the runs of a calibration: a search by cohorts, then runs by citizens of its vectors.

    First seeds of all vectors come before second seeds, so that a study that is stopped has seen
    as many vectors as it could. ``notes`` is the folder of the tables, one for each scenario;
    ``on_stage`` is told what is made from now on, "search" or "run". Raises what ``batch`` raises.
    """
    begin: Callable[[str], None] = on_stage or (lambda stage: None)
    begin("search")
    result = search(scenario, effort, notes, options.get("workers"))
    vary = ParameterDesign(priors(scenario), result.unit)
    begin("run")
    runs, failed = tabulate(
        scenario, vary.paths, trials(vary, range(len(vary)), effort.replicates), figures(scenario),
        notes=notes / "runs.csv", scale=effort.scale, **options,
    )  # fmt: skip
    return SimulatedVectors(runs, sum(one.tried for one in result.generations), failed)


def search(
    scenario: Scenario, effort: Effort, notes: Path, workers: int | None,
    targets: Sequence[ResolvedTarget] | None = None,
) -> SmcResult:  # fmt: skip
    """Return the possible vectors, from ``notes`` where the same search was made before.

    Several searches begin anew, each with a seed of its own; one that was stopped goes on from its
    last generation. Vectors are held against ``targets``, by default every figure of the case.
    """
    count = max(min(effort.searches, effort.vectors // SMALLEST), 1)
    parts = [effort.vectors // count + (n < effort.vectors % count) for n in range(count)]
    alone = [
        replace(effort, vectors=size, seed=effort.seed + SEED_STEP * n)
        for n, size in enumerate(parts)
    ]
    searches = [_one_search(_task(scenario, one, workers, targets), notes) for one in alone]
    return nearest_vectors(searches, effort.vectors)


def _one_search(task: ScreeningTask, notes: Path) -> SmcResult:
    infos, settings = priors(task.scenario), task.settings
    path, coarse = (notes / f"search-{task.key}{part}.npz" for part in ("", "-prior"))

    def both(**options: Any) -> SmcResult:
        if task.start is not None:
            size = max(settings.refinement.particles, len(task.start))
            population = first_population(task.scenario, task.start, size, settings.seed)
        else:
            population = _resumable(coarse, functools.partial(search_prior, task, infos))
        return refine(task, infos, population, **options)

    result = _resumable(path, both)
    coarse.unlink(missing_ok=True)
    return result


def _resumable(path: Path, go: Callable[..., SmcResult]) -> SmcResult:
    """Return what ``go`` makes, from ``path`` if it was made; what is begun is kept beside it."""
    if (result := read_search(path)) is not None:
        return result
    begun = path.with_suffix(".begun.npz")
    result = go(begun=read_search(begun), on_generation=lambda now: write_search(begun, now))
    write_search(path, result)
    begun.unlink(missing_ok=True)
    return result


def _task(
    scenario: Scenario, effort: Effort, workers: int | None,
    targets: Sequence[ResolvedTarget] | None,
) -> ScreeningTask:  # fmt: skip
    size = max(2 * effort.vectors, SMALLEST)
    settings = ScreeningSettings(
        population=replace(effort.population, particles=SPARE * size),
        refinement=replace(effort.refinement, particles=size),
        seed=effort.seed,
        workers=workers,
    )
    training = figures(scenario) if targets is None else targets
    return replace(
        screening_task(scenario, training, priors(scenario), settings), start=effort.start
    )
