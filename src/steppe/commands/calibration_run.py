"""A calibration from its options to its results: simulate, fit, predict, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from numpy.typing import NDArray

from steppe.commands import calibrate_output, options
from steppe.commands.cluster import executor, stoppable
from steppe.commands.console import err, text_console
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.profile import show_steps
from steppe.commands.progress import ProgressLine
from steppe.core.extras import require
from steppe.core.params import ParameterInfo
from steppe.plot.calibration import draw_all
from steppe.research.climatology import other_crises
from steppe.results.store import Store
from steppe.study.calibration.effort import Effort
from steppe.study.calibration.export import write_netcdf
from steppe.study.calibration.fit import CalibratedFigures, PosteriorFit, fit
from steppe.study.calibration.held_out_runs import held_out_runs
from steppe.study.calibration.holdout import SPLITS, HeldOut, Split, hold_out, training_of
from steppe.study.calibration.inference import regression, sample
from steppe.study.calibration.metadata import (
    CalibrationOrigin,
    metadata,
    write_metadata,
    write_sample,
)
from steppe.study.calibration.npe import neural
from steppe.study.calibration.predictive import Predictive, predict, predictive
from steppe.study.calibration.simulate import Failures, SimulatedVectors, measures, simulate
from steppe.study.calibration.table import SimulationTable, read_simulations
from steppe.study.calibration.targets import CalibrationTarget, calibration_targets, figures
from steppe.study.executors import Executor
from steppe.study.parameters import priors
from steppe.study.posterior import Posterior, read_sample
from steppe.study.resolve import ResolvedRequest
from steppe.study.step_times import StepTimes

if TYPE_CHECKING:
    from steppe.commands.calibrate import CalibrateOptions

DRAW_SEED = 1

STEPS = {"search": "search by cohorts", "run": "runs by citizens"}
"""Stages of the simulations, as a profile names them."""


@dataclass(frozen=True)
class CalibrationTask:
    """What is fitted to what, and how much is simulated for it."""

    order: CalibrateOptions
    study: ResolvedRequest
    times: StepTimes = field(default_factory=StepTimes)

    @cached_property
    def targets(self) -> tuple[CalibrationTarget, ...]:
        """The figures that count."""
        return tuple(calibration_targets(self.study.baseline))

    @cached_property
    def infos(self) -> Mapping[str, ParameterInfo]:
        """The parameters that are fitted."""
        return priors(self.study.baseline)

    @property
    def effort(self) -> Effort:
        """How much is simulated."""
        request = self.study.request
        return Effort(self.order.vectors, request.seeds, request.scale, start=self.start)

    @cached_property
    def start(self) -> Posterior | None:
        """The sample at which the search begins."""
        return None if self.order.start is None else read_sample(self.order.start)

    @cached_property
    def store(self) -> Store:
        """Where the runs are kept."""
        return Store(Path(self.study.request.store))

    @property
    def folder(self) -> Path:
        """Where tables and results lie by default."""
        return self.store.path / "calibration" / self.study.label

    @property
    def repeat(self) -> str:
        """The exact command that makes the same calibration again."""
        return self.study.request.as_command("calibrate", self.order.repeat())

    def progress(self) -> ProgressLine:
        """Return what follows the runs."""
        scenario, scale = self.study.baseline, self.study.request.scale
        work = scenario.country.citizens * scenario.clock.hours * scale
        return ProgressLine(err(), work, "agent-hours", quiet=self.order.quiet, noun="run")


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """What a calibration came to; ``predictions`` are of the runs of its posterior sample."""

    fit: PosteriorFit
    tried: int
    sample: NDArray[Any]
    sample_runs: SimulationTable | None
    predictions: Predictive | None
    held_out: tuple[HeldOut, ...]
    failures: Failures


def carry_out(order: CalibrateOptions, study: ResolvedRequest) -> int:
    """Calibrate, report, and return the exit code."""
    if order.start is not None and order.table is not None:
        raise click.UsageError("--start is for a search, and --table takes runs that were made.")
    if not order.no_plots:
        require("matplotlib", "plot", "figures (--no-plots leaves them out)")
    task, talk = CalibrationTask(order, study), text_console(order.as_json)
    if not order.quiet:
        calibrate_output.header(talk, task)
    with stoppable(task.repeat), executor(task.store, order) as workers:
        result = _calibrate(task, workers)
    origin = CalibrationOrigin(
        study.baseline.id, task.repeat, datetime.now(UTC).date().isoformat(), task.effort,
        result.tried, DRAW_SEED,
    )  # fmt: skip
    account = metadata(origin, result.fit, result.predictions, result.held_out)
    task.times.begin("files and pictures")
    paths = _write(task, result, account)
    if order.as_json:
        options.print_json(account)
    elif order.quiet:
        click.echo(options.short_path(paths[0]))
    else:
        calibrate_output.results(talk, result)
        calibrate_output.footer(talk, paths, task.repeat)
    calibrate_output.failures(err(), result.failures)
    if order.profile:
        show_steps(err(), task.times)
    return FAILED if result.failures else DONE


def _calibrate(task: CalibrationTask, workers: Executor | None) -> CalibrationResult:
    order, scenario, infos = task.order, task.study.baseline, task.infos
    vectors = _simulate(task, workers)
    task.times.begin("fit and its tests")
    try:
        posterior = fit(
            vectors.runs, infos, CalibratedFigures(figures(scenario), task.targets),
            other=neural if order.second == "sbi" else regression,
        )  # fmt: skip
    except ValueError as error:
        raise click.UsageError(f"{error}; more --vectors are needed.") from None
    draws = sample(infos, posterior.draws, order.draws, DRAW_SEED)
    runs, failures = None, vectors.failures
    if not order.no_predict:
        task.times.begin("runs of the sample")
        with task.progress() as watch:
            runs, failed = predict(
                scenario, tuple(infos), draws, scale=task.effort.scale, store=task.store,
                notes=task.folder, on_event=watch, workers=order.workers, executor=workers,
            )  # fmt: skip
        failures = (*failures, *failed)
    predictions = predictive(scenario, runs) if runs else None
    task.times.begin("parts held out")
    held_out = tuple(_held_out(task, SPLITS[name], vectors.runs) for name in order.splits)
    return CalibrationResult(posterior, vectors.tried, draws, runs, predictions, held_out, failures)


def _held_out(task: CalibrationTask, split: Split, runs: SimulationTable) -> HeldOut:
    """Return what one part of the figures foretells of the rest.

    Unless a table was given, the vectors are searched for anew with that part alone.
    """
    scenario, order = task.study.baseline, task.order
    if order.table is None:
        training = training_of(scenario, task.targets, split)
        runs = held_out_runs(scenario, training, task.effort.held_out, task.folder, order.workers)
    return hold_out(scenario, runs, task.targets, split, other_crises)


def _simulate(task: CalibrationTask, workers: Executor | None) -> SimulatedVectors:
    order, scenario, effort = task.order, task.study.baseline, task.effort
    if order.table is not None:
        names = measures(figures(scenario))
        runs = read_simulations(order.table, tuple(task.infos), names)
        return SimulatedVectors(runs, order.vectors, ())
    with task.progress() as watch:

        def begin(stage: str) -> None:
            task.times.begin(STEPS[stage])
            watch.rename(stage)

        return simulate(
            scenario, effort, store=task.store, notes=task.folder,
            on_event=watch, on_stage=begin, workers=order.workers, executor=workers,
        )  # fmt: skip


def _write(
    task: CalibrationTask, result: CalibrationResult, account: Mapping[str, Any]
) -> tuple[Path, ...]:
    folder = task.order.out or task.folder
    paths = [
        write_sample(folder, tuple(result.fit.evidence.infos), result.sample),
        write_metadata(folder, account),
    ]
    if task.order.netcdf:
        target = folder / "posterior.nc"
        paths.append(write_netcdf(result.fit, result.sample, result.sample_runs, target))
    if not task.order.no_plots:
        scores = result.predictions.scores if result.predictions else ()
        paths += draw_all(result.fit, scores, folder)
    return tuple(paths)
