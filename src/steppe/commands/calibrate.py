"""``steppe calibrate``: which parameters could have made what was observed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options, executor
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.request_options import takes_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from steppe.core.params import ParameterInfo
    from steppe.study.calibration.fit import PosteriorFit
    from steppe.study.calibration.holdout import HeldOut
    from steppe.study.calibration.predictive import Predictive
    from steppe.study.calibration.simulate import Effort, Failures, SimulatedVectors
    from steppe.study.calibration.table import SimulationTable
    from steppe.study.calibration.targets import CalibrationTarget
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.settings import ExecutionOptions

EPILOG = """\b
Examples
  steppe calibrate kazakhstan-2022
  steppe calibrate kazakhstan-2022 --vectors 256 --no-predict
  steppe calibrate kazakhstan-2022 --table runs.csv --hold-out all

Every run is kept: the same command goes on where it was stopped, and a larger --vectors repeats
nothing. Exit codes: 0 done, 1 some runs failed, 2 bad input, 130 stopped and resumable.
"""

VECTORS, SEEDS, DRAWS = 3072, 2, 200
DRAW_SEED = 1
SPLIT_NAMES = ("days", "regions", "deaths")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateOptions(ClusterOptions):
    """How a calibration is made, and where its results are written."""

    vectors: int
    draws: int
    table: Path | None
    out: Path | None
    predict: bool
    splits: tuple[str, ...]
    neural: bool
    netcdf: bool
    plots: bool
    as_json: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """What a calibration came to."""

    fit: PosteriorFit
    sample: NDArray[np.float64]
    runs: SimulationTable
    predicted_runs: SimulationTable | None
    predicted: Predictive | None
    held_out: tuple[HeldOut, ...]
    failures: Failures


@dataclass(frozen=True, slots=True)
class CalibrationTask:
    """What is fitted to what, and how much is simulated for it."""

    order: CalibrateOptions
    study: ResolvedRequest
    targets: Sequence[CalibrationTarget]
    infos: Mapping[str, ParameterInfo]
    effort: Effort

    @property
    def store(self) -> Path:
        """The folder of stored runs."""
        return Path(self.study.request.store)

    @property
    def folder(self) -> Path:
        """Where tables and results of the study lie by default."""
        return self.store / "calibration" / self.study.label


@click.command(short_help="Fit a case's parameters and say how sure one may be.", epilog=EPILOG)
@options.case_argument
@click.option(
    "--vectors",
    type=click.IntRange(1),
    default=VECTORS,
    metavar="N",
    show_default=True,
    help="Parameter vectors of the design; powers of two cover the prior best.",
)
@click.option(
    "--seeds",
    type=click.IntRange(1),
    default=SEEDS,
    metavar="N",
    show_default=True,
    help="Full runs of each vector that is not ruled out.",
)
@options.scale_option
@options.change_options
@options.allow_code_option
@options.store_option
@cluster_options
@click.option(
    "--draws",
    type=click.IntRange(10),
    default=DRAWS,
    metavar="N",
    show_default=True,
    help="Draws of the posterior sample; each is run once to see what it predicts.",
)
@click.option(
    "--table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take the simulations from this table instead of making them.",
)
@click.option("--no-predict", is_flag=True, help="Do not run the posterior sample.")
@click.option(
    "--hold-out",
    "splits",
    multiple=True,
    type=click.Choice([*SPLIT_NAMES, "all"]),
    help="Also fit to a part of the figures and predict the rest; may be repeated.",
)
@click.option(
    "--second",
    type=click.Choice(["rejection", "sbi"]),
    default="rejection",
    show_default=True,
    help="The method that the posterior is held against.",
)
@click.option(
    "--output",
    "-o",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where sample, account and pictures go.  [default: in the store]",
)
@click.option("--netcdf", is_flag=True, help="Also write ArviZ InferenceData.")
@click.option("--no-plots", is_flag=True, help="Draw no pictures.")
@options.json_option
@click.option("--quiet", "-q", is_flag=True, help="Print the path of the sample and nothing else.")
@takes_request
def command(
    request: StudyRequest,
    no_predict: bool,
    no_plots: bool,
    splits: tuple[str, ...],
    second: str,
    **rest: Any,
) -> int:
    """Fit the parameters of CASE to what was observed, and say how sure one may be.

    Never one best vector: a sample of vectors that could have made what was observed, first
    tested on runs whose parameters are known, then run to see what it predicts. What is missed
    is listed first. `calibration.csv` in the folder of the case says which figures count, and how
    exactly.
    """
    from steppe.study.resolve import resolve

    splits = SPLIT_NAMES if "all" in splits else tuple(dict.fromkeys(splits))
    order = CalibrateOptions(
        predict=not no_predict, plots=not no_plots, splits=splits,
        neural=second == "sbi", **rest,
    )  # fmt: skip
    return carry_out(order, resolve(request))


def carry_out(order: CalibrateOptions, study: ResolvedRequest) -> int:
    """Calibrate, report, and return the exit code."""
    from steppe.commands import calibrate_output
    from steppe.commands.console import err, out
    from steppe.results.store import Store
    from steppe.study.calibration.simulate import Effort
    from steppe.study.calibration.targets import calibration_targets
    from steppe.study.parameters import priors

    effort = Effort(order.vectors, study.request.seeds, study.request.scale)
    targets, infos = calibration_targets(study.baseline), priors(study.baseline)
    task = CalibrationTask(order, study, targets, infos, effort)
    talk = err() if order.as_json else out()
    if not order.quiet:
        calibrate_output.header(talk, task)
    try:
        store = Store(task.store)
        with executor(store, order) as workers:
            by: ExecutionOptions = {"store": store, "workers": order.workers, "executor": workers}
            result = _calibrate(task, by)
    except KeyboardInterrupt as reason:
        calibrate_output.stopped(err(), reason, repeat_command(order, study))
        return INTERRUPTED
    account = _account(task, result)
    paths = _write(task, result, account)
    if order.as_json:
        options.print_json(account)
    elif order.quiet:
        click.echo(options.shown(paths[0]))
    else:
        calibrate_output.results(talk, result, study.baseline)
        calibrate_output.footer(talk, paths, repeat_command(order, study))
    calibrate_output.failures(err(), result.failures)
    return FAILED if result.failures else DONE


def _calibrate(task: CalibrationTask, by: ExecutionOptions) -> CalibrationResult:
    from steppe.research.climatology import other_crises
    from steppe.study.calibration.fit import fit
    from steppe.study.calibration.holdout import SPLITS, hold_out
    from steppe.study.calibration.inference import rejection, sample
    from steppe.study.calibration.npe import neural
    from steppe.study.calibration.predictive import predictive

    order, study = task.order, task.study
    simulations = _simulations(task, by)
    other = neural if order.neural else rejection
    try:
        posterior = fit(simulations.runs, task.infos, task.targets, other=other)
    except ValueError as error:
        raise click.UsageError(f"{error}; more --vectors are needed.") from None
    draws = sample(task.infos, posterior.draws, order.draws, DRAW_SEED)
    runs, failures = _predict(task, draws, by) if order.predict else (None, ())
    return CalibrationResult(
        posterior,
        draws,
        simulations.runs,
        runs,
        predictive(study.baseline, runs) if runs is not None and len(runs) else None,
        tuple(
            hold_out(study.baseline, simulations.runs, task.targets, SPLITS[name], other_crises)
            for name in order.splits
        ),
        (*simulations.failures, *failures),
    )


def _predict(
    task: CalibrationTask, draws: NDArray[np.float64], by: ExecutionOptions
) -> tuple[SimulationTable, Failures]:
    from steppe.commands import calibrate_output
    from steppe.study.calibration.predictive import predict

    with calibrate_output.watch(task.study, task.order.quiet) as watch:
        return predict(
            task.study.baseline, tuple(task.infos), draws, notes=task.folder,
            scale=task.effort.scale, **(by | {"on_event": watch}),
        )  # fmt: skip


def _simulations(task: CalibrationTask, by: ExecutionOptions) -> SimulatedVectors:
    from steppe.commands import calibrate_output
    from steppe.study.calibration.simulate import SimulatedVectors, measures, simulate
    from steppe.study.calibration.table import read_simulations
    from steppe.study.calibration.targets import figures

    scenario, path = task.study.baseline, task.order.table
    if path is not None:
        names = measures(figures(scenario))
        table = read_simulations(path, tuple(task.infos), names)
        return SimulatedVectors(table, task.order.vectors, ())
    with calibrate_output.watch(task.study, task.order.quiet) as watch:
        return simulate(
            scenario, task.targets, task.effort, notes=task.folder,
            on_stage=lambda noun: setattr(watch, "noun", noun), **(by | {"on_event": watch}),
        )  # fmt: skip


def _account(task: CalibrationTask, result: CalibrationResult) -> dict[str, Any]:
    from datetime import UTC, datetime

    from steppe.study.calibration.metadata import CalibrationOrigin, metadata

    origin = CalibrationOrigin(
        task.study.baseline.id, repeat_command(task.order, task.study),
        datetime.now(UTC).date().isoformat(), task.effort, task.order.vectors, DRAW_SEED,
    )  # fmt: skip
    return metadata(origin, result.fit, result.predicted, result.held_out)


def _write(
    task: CalibrationTask, result: CalibrationResult, account: Mapping[str, Any]
) -> tuple[Path, ...]:
    from steppe.study.calibration.metadata import write_metadata, write_sample

    folder = task.order.out or task.folder
    paths = [
        write_sample(folder, tuple(result.fit.evidence.infos), result.sample),
        write_metadata(folder, account),
    ]
    if task.order.netcdf:
        from steppe.study.calibration.export import write_netcdf

        path = folder / "posterior.nc"
        paths.append(write_netcdf(result.fit, result.sample, result.predicted_runs, path))
    if task.order.plots:
        from steppe.plot.calibration import draw_all

        scores = result.predicted.scores if result.predicted else ()
        paths += draw_all(result.fit, scores, folder)
    return tuple(paths)


def repeat_command(order: CalibrateOptions, study: ResolvedRequest) -> str:
    """Return the exact command that makes the same calibration again."""
    own: list[object] = ["--vectors", order.vectors, "--draws", order.draws]
    own += ["--table", order.table] if order.table is not None else []
    own += ["--second", "sbi"] if order.neural else []
    own += ["--no-predict"] if not order.predict else []
    own += [word for name in order.splits for word in ("--hold-out", name)]
    return study.request.as_command("calibrate", own)
