"""Which cluster is meant, and how it is reached; Dask is imported only when one is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal

from steppe.study.executors.executor import ExecutorError, cores

MISSING = "a cluster needs more packages: pip install 'steppe[cluster]'"
FORMS = "HOST:PORT of a running Dask scheduler, local:N, slurm, or slurm:queue=NAME,walltime=H:M:S"
CONNECTING = "30s"
"""How long a scheduler may take to answer the first time."""

STARTING = 300.0
"""Seconds that a worker on this machine, which may be very busy, has to start."""

SLURM_WORKERS = 8
"""Jobs that are asked of Slurm unless a number is given."""

LOOPBACK = "127.0.0.1:0"
"""Where Dask's own pages are served: seen by this machine alone, at any free port."""

_ADDRESS = re.compile(r"((tcp|tls|ucx|ws|wss)://)?(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}")
_JOB: Mapping[str, Any] = {
    "cores": 1,
    "processes": 1,
    "memory": "4GiB",
    "scheduler-options": {"dashboard_address": LOOPBACK},
}


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """A cluster: the address of a scheduler, ``workers`` processes here, or jobs of Slurm.

    ``options`` are those of ``dask_jobqueue.SLURMCluster``.
    """

    kind: Literal["address", "local", "slurm"]
    address: str = ""
    workers: int | None = None
    options: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def patience(self) -> float | None:
        """Seconds without a single worker after which a study ends; a queue may take for ever."""
        return {"address": 60.0, "local": STARTING, "slurm": None}[self.kind]


def parse_cluster(text: str, workers: int | None = None) -> ClusterAddress:
    """Return the cluster that ``text`` means; ``workers`` is how many jobs Slurm shall run.

    Raises ``ValueError`` that says what is allowed.
    """
    kind, _, rest = text.partition(":")
    if kind == "slurm":
        return ClusterAddress("slurm", workers=workers or SLURM_WORKERS, options=_options(rest))
    if workers is not None:
        raise ValueError(f"a number of workers is for slurm alone; {text!r} has its own")
    if kind == "local" and rest.isdigit() and int(rest) > 0:
        return ClusterAddress("local", workers=int(rest))
    if kind != "local" and _ADDRESS.fullmatch(text):
        return ClusterAddress("address", address=text)
    raise ValueError(f"{text!r} is no cluster; allowed: {FORMS}")


def _options(text: str) -> dict[str, str | int]:
    options: dict[str, str | int] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not (name.isidentifier() and equals and value):
            raise ValueError(f"{part!r}: an option of slurm is NAME=VALUE; allowed: {FORMS}")
        options[name] = int(value) if value.isdigit() else value
    return options


def connect(at: ClusterAddress) -> tuple[Any, ExitStack]:
    """Return a client of the cluster, and what closes all that was stack for it.

    Raises ``ExecutorError`` when packages are missing, nobody answers, or jobs are refused.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ExecutorError(MISSING) from None
    with ExitStack() as stack:
        target = at.address
        if at.kind != "address":
            target = stack.enter_context(_start(_local if at.kind == "local" else _slurm, at))
        try:
            client = stack.enter_context(
                Client(target, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise ExecutorError(
                f"no Dask scheduler answers at {target}: {str(error) or type(error).__name__}. "
                "Start one with `dask scheduler`, workers with `dask worker ADDRESS --nthreads 1`"
            ) from error
        return client, stack.pop_all()


def _start(start: Callable[[ClusterAddress], Any], at: ClusterAddress) -> Any:
    try:
        return start(at)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise ExecutorError(f"the {at.kind} cluster cannot be started: {error}") from error


def _local(at: ClusterAddress) -> Any:
    import logging

    import dask.config
    from distributed import LocalCluster

    # A worker that is too slow to report would never be started again.
    with dask.config.set({"distributed.comm.timeouts.connect": f"{STARTING:.0f}s"}):
        return LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=at.workers,
            threads_per_worker=max(1, cores() // (at.workers or 1)),
            host="127.0.0.1",
            dashboard_address=LOOPBACK,
            worker_dashboard_address=LOOPBACK,
            silence_logs=logging.CRITICAL,
            preload="steppe.study.executors.dask_worker",
        )


def _slurm(at: ClusterAddress) -> Any:
    """Return a cluster of Slurm jobs; what is not given is taken from Dask's own configuration."""
    try:
        import dask.config
        from dask_jobqueue import SLURMCluster
    except ImportError:
        raise ExecutorError(MISSING) from None
    unset = {
        name.replace("-", "_"): value
        for name, value in _JOB.items()
        if not dask.config.get(f"jobqueue.slurm.{name}", None)
    }
    cluster = SLURMCluster(**{**unset, **at.options})
    cluster.scale(jobs=at.workers)
    return cluster
