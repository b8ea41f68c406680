"""The options that say who makes the runs: processes of this machine, or a cluster."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from steppe.results.store import Store
    from steppe.study.executors import Executor

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """How many processes make the runs, and on which cluster (None: this machine)."""

    workers: int | None
    cluster: str | None


def _a_cluster(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from steppe.study.executors.dask_cluster import parse_cluster

    if value is not None:
        try:
            parse_cluster(value)
        except ValueError as error:
            raise click.BadParameter(f"{error}.", param=parameter) from None
    return value


def cluster_options(function: F) -> F:
    """Add --workers and --cluster; the command gets ``workers`` and ``cluster``.

    It opens ``executor(store, order)`` around its study and hands on what that yields.
    """
    for option in (
        click.option(
            "--cluster", metavar="WHERE", callback=_a_cluster,
            help="Make the runs on a Dask cluster: HOST:PORT of its scheduler, slurm, or local:N.",
        ),
        click.option(
            "--workers", type=click.IntRange(1), metavar="N",
            help="Processes at once; with slurm, jobs.  [default: as many as there are cores]",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


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
    with all_stops_alike(), _open(store, order) as made:
        yield made


@contextmanager
def _open(store: Store, order: ClusterOptions) -> Iterator[Executor | None]:
    if order.cluster is None:
        yield None
        return
    import logging

    from steppe.study.executors.dask import Cluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said as an error
    try:
        made = Cluster(store, order.cluster, workers=order.workers)
    except ValueError as error:
        raise click.UsageError(f"--workers: {error}.") from None
    with made:
        yield made
