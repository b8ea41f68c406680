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

    from numpy.typing import NDArray

    from steppe.core.params import ParameterInfo
    from steppe.results.store import Store
    from steppe.study.calibration.fit import PosteriorFit
    from steppe.study.calibration.holdout import HeldOut
    from steppe.study.calibration.predictive import Predictive
    from steppe.study.calibration.simulate import Effort, SimulatedVectors
    from steppe.study.calibration.table import SimulationTable
    from steppe.study.calibration.targets import CalibrationTarget
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

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
    held: tuple[str, ...]
    neural: bool
    netcdf: bool
    plots: bool
    as_json: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """What a calibration came to."""

    fit: PosteriorFit
    sample: NDArray[Any]
    runs: SimulationTable
    predicted_runs: SimulationTable | None
    predicted: Predictive | None
    held: tuple[HeldOut, ...]
    failures: tuple[tuple[Any, str], ...]


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
    "held",
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
    held: tuple[str, ...],
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

    splits = SPLIT_NAMES if "all" in held else tuple(dict.fromkeys(held))
    order = CalibrateOptions(
        predict=not no_predict, plots=not no_plots, held=splits,
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

    targets, infos = calibration_targets(study.baseline), priors(study.baseline)
    effort = Effort(order.vectors, study.request.seeds, study.request.scale)
    store = Store(Path(study.request.store))
    talk = err() if order.as_json else out()
    if not order.quiet:
        calibrate_output.header(talk, study, targets, infos, effort, order.draws, order.table)
    try:
        with executor(store, order) as hands:
            done = _calibrate(order, study, targets, infos, effort, store, {
                "workers": order.workers, "executor": hands,
            })  # fmt: skip
    except KeyboardInterrupt as stopped:
        calibrate_output.stopped(err(), stopped, repeat_command(order, study))
        return INTERRUPTED
    account = _account(order, study, effort, done)
    paths = _write(order, study, store, done, account)
    if order.as_json:
        options.print_json(account)
    elif order.quiet:
        click.echo(options.shown(paths[0]))
    else:
        calibrate_output.results(talk, done, study.baseline)
        calibrate_output.footer(talk, paths, repeat_command(order, study))
    calibrate_output.failures(err(), done.failures)
    return FAILED if done.failures else DONE


def _calibrate(
    order: CalibrateOptions,
    study: ResolvedRequest,
    targets: Sequence[CalibrationTarget],
    infos: Mapping[str, ParameterInfo],
    effort: Effort,
    store: Store,
    by: dict[str, Any],
) -> CalibrationResult:
    from steppe.commands import calibrate_output
    from steppe.research.climatology import other_crises
    from steppe.study.calibration.fit import fit
    from steppe.study.calibration.holdout import SPLITS, hold_out
    from steppe.study.calibration.inference import rejection, sample
    from steppe.study.calibration.npe import neural

    made = _simulations(order, study, targets, infos, effort, store, by)
    try:
        fitted = fit(made.runs, infos, targets, other=neural if order.neural else rejection)
    except ValueError as error:
        raise click.UsageError(f"{error}; more --vectors are needed.") from None
    draws = sample(infos, fitted.draws, order.draws, DRAW_SEED)
    shown = predicted = None
    failures = made.failures
    if order.predict:
        from steppe.study.calibration.predictive import predict, predictive

        with calibrate_output.watch(study, study.request.scale, order.quiet, "run") as watch:
            shown, failed = predict(
                study.baseline, tuple(infos), draws, study.request.scale,
                store=store, notes=_folder(store, study), on_event=watch, **by,
            )  # fmt: skip
        failures = (*failures, *failed)
        predicted = predictive(study.baseline, shown) if len(shown) else None
    held = tuple(
        hold_out(study.baseline, made.runs, infos, targets, SPLITS[name], other_crises)
        for name in order.held
    )
    return CalibrationResult(fitted, draws, made.runs, shown, predicted, held, failures)


def _simulations(
    order: CalibrateOptions,
    study: ResolvedRequest,
    targets: Sequence[CalibrationTarget],
    infos: Mapping[str, ParameterInfo],
    effort: Effort,
    store: Store,
    by: dict[str, Any],
) -> SimulatedVectors:
    from steppe.commands import calibrate_output
    from steppe.study.calibration.design import design
    from steppe.study.calibration.simulate import SimulatedVectors, measures, simulate
    from steppe.study.calibration.table import read_simulations
    from steppe.study.calibration.targets import figures

    if order.table is not None:
        names = measures(figures(study.baseline))
        return SimulatedVectors(
            read_simulations(order.table, tuple(infos), names), order.vectors, ()
        )
    made = design(study.baseline, effort.vectors, effort.seed)
    with calibrate_output.watch(study, study.request.scale, order.quiet, "run") as watch:
        return simulate(
            study.baseline,
            targets,
            made,
            effort,
            store=store,
            notes=_folder(store, study),
            on_event=watch,
            on_stage=lambda noun: setattr(watch, "noun", noun),
            **by,
        )


def _account(
    order: CalibrateOptions, study: ResolvedRequest, effort: Effort, done: CalibrationResult
) -> dict[str, Any]:
    from datetime import UTC, datetime

    from steppe.study.calibration.metadata import metadata

    today = datetime.now(UTC).date().isoformat()
    return metadata(
        study.baseline.id, repeat_command(order, study), today, effort, order.vectors, done.fit,
        draw_seed=DRAW_SEED, predicted=done.predicted, held_out=done.held,
    )  # fmt: skip


def _write(
    order: CalibrateOptions,
    study: ResolvedRequest,
    store: Store,
    done: CalibrationResult,
    account: Mapping[str, Any],
) -> tuple[Path, ...]:
    from steppe.study.calibration.metadata import write_metadata, write_sample

    folder = order.out or _folder(store, study)
    paths = [
        write_sample(folder, tuple(done.fit.evidence.infos), done.sample),
        write_metadata(folder, account),
    ]
    if order.netcdf:
        from steppe.study.calibration.export import write_netcdf

        to = folder / "posterior.nc"
        paths.append(write_netcdf(done.fit, done.sample, done.predicted_runs, to))
    if order.plots:
        from steppe.plot.calibration import draw_all

        scores = done.predicted.scores if done.predicted else ()
        paths += draw_all(done.fit, scores, folder)
    return tuple(paths)


def _folder(store: Store, study: ResolvedRequest) -> Path:
    """Return where tables and results of a study lie by default."""
    return store.path / "calibration" / study.label


def repeat_command(order: CalibrateOptions, study: ResolvedRequest) -> str:
    """Return the exact command that makes the same calibration again."""
    own: list[object] = ["--vectors", order.vectors, "--draws", order.draws]
    own += ["--table", order.table] if order.table is not None else []
    own += ["--second", "sbi"] if order.neural else []
    own += ["--no-predict"] if not order.predict else []
    own += [word for name in order.held for word in ("--hold-out", name)]
    return study.request.as_command("calibrate", own)
