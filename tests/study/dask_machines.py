"""A Dask scheduler and its workers as processes of their own, as on a cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from steppe.study.executors.dask import Cluster, worker_threads

TESTS = Path(__file__).parent


@dataclass
class Machines:
    """The address of a scheduler, and its process and those of its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


def _start(*words: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
    )


@contextmanager
def machines(folder: Path, workers: int) -> Iterator[Machines]:
    """Start a scheduler and workers without anyone to start them again; end them afterwards."""
    file = folder / "scheduler.json"
    made = Machines(
        "",
        _start(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(file),
        ),
    )  # fmt: skip
    try:
        while not (file.exists() and file.read_text()):
            assert made.scheduler.poll() is None
            time.sleep(0.02)
        made.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            made.workers.append(
                _start(
                    "distributed.cli.dask_worker", made.address, "--no-nanny", "--no-dashboard",
                    "--nthreads", "1", "--host", "127.0.0.1", "--local-directory", str(folder),
                )
            )  # fmt: skip
        yield made
    finally:
        for process in (*made.workers, made.scheduler):
            process.kill()
            process.wait()


def all_there(cluster: Cluster, workers: int) -> None:
    """Wait until so many workers have reported to the scheduler."""
    end = time.monotonic() + 300
    while len(worker_threads(cluster.client)) < workers:
        assert time.monotonic() < end
        time.sleep(0.02)
