"""The options that say who makes the runs: processes of this machine, or a cluster."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands.console import err
from steppe.commands.exit_codes import INTERRUPTED
from steppe.commands.options import combine
from steppe.commands.progress import ProgressLine
from steppe.commands.request_options import workload

if TYPE_CHECKING:
    from steppe.results.store import Store
    from steppe.study.executors import Executor
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.settings import BatchOptions, StudyOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """How many processes make runs, on which cluster (None: this machine), whether in silence."""

    workers: int | None
    cluster: str | None
    quiet: bool


def _a_cluster(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from steppe.study.executors.dask_cluster import parse_cluster

    if value is not None:
        try:
            parse_cluster(value)
        except ValueError as error:
            raise click.BadParameter(f"{error}.", param=parameter) from None
    return value


cluster_options = combine(
    click.option(
        "--workers", type=click.IntRange(1), metavar="N",
        help="Processes at once; with slurm, jobs.  [default: as many as there are cores]",
    ),
    click.option(
        "--cluster", metavar="WHERE", callback=_a_cluster,
        help="Make the runs on a Dask cluster: HOST:PORT of its scheduler, slurm, or local:N.",
    ),
)  # fmt: skip
"""Adds --workers and --cluster, which make ``ClusterOptions``."""


@contextmanager
def runs_with_progress(
    order: ClusterOptions,
    store: Store,
    work: tuple[float, str],
    *,
    quiet: bool = False,
    noun: str = "run",
) -> Iterator[BatchOptions]:
    """Yield the arguments of a study whose runs are each ``work``: an amount and its unit.

    Inside, progress is shown unless the order is ``quiet`` or this is, and every way to stop the
    program is as Ctrl-C.
    """
    with (
        executor(store, order) as workers,
        ProgressLine(err(), *work, quiet=quiet or order.quiet, noun=noun) as watch,
    ):
        yield {"store": store, "workers": order.workers, "executor": workers, "on_event": watch}


@contextmanager
def study_with_progress(
    order: ClusterOptions,
    study: ResolvedRequest,
    *,
    histories: int = 1,
    quiet: bool = False,
    noun: str = "seed",
) -> Iterator[StudyOptions]:
    """Yield the arguments of a study of a request; each seed has so many ``histories``."""
    from steppe.results.store import Store

    request = study.request
    work, unit = workload(study.baseline, request.scale, request.engine)
    store = Store(Path(request.store))
    with runs_with_progress(order, store, (work * histories, unit), quiet=quiet, noun=noun) as by:
        yield {
            **by, "scale": request.scale, "engine": request.engine,
            "parameters": study.parameters, "fixed": study.held,
        }  # fmt: skip


@contextmanager
def stoppable(repeat: str) -> Iterator[None]:
    """On Ctrl-C say what is kept and how to go on, and end with the exit code for that."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        click.echo(str(stopped) or "stopped; what is finished is kept", err=True)
        if repeat:
            click.echo(f"  {repeat}", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None


@contextmanager
def all_stops_alike() -> Iterator[None]:
    """Take a closed terminal or a request to end as Ctrl-C: what is finished is kept."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def executor(store: Store, order: ClusterOptions) -> Iterator[Executor | None]:
    """Yield what makes the runs on a cluster; None without one: then this machine does.

    Inside, every way to stop the program is as Ctrl-C.
    """
    with all_stops_alike(), _open(store, order) as cluster:
        yield cluster


@contextmanager
def _open(store: Store, order: ClusterOptions) -> Iterator[Executor | None]:
    if order.cluster is None:
        yield None
        return
    import logging

    from steppe.study.executors.dask import Cluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said as an error
    try:
        cluster = Cluster(store, order.cluster, workers=order.workers)
    except ValueError as error:
        raise click.UsageError(f"--workers: {error}.") from None
    with cluster:
        yield cluster
