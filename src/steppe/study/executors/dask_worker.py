"""What runs in a worker of a cluster: one task, committed to the shared store.

Dask loads it beforehand in workers that it starts on this machine (``dask_setup``).
"""

from __future__ import annotations

import functools
import os
import pickle
import platform
import signal
import time
import zlib
from pathlib import Path

from steppe.results.store import Store
from steppe.study.executors.executor import Task, Work
from steppe.study.executors.scheduler import NOTHING_STORED
from steppe.study.executors.worker import explain, kind_of

SHARING = 60.0
"""Seconds until a run that a worker wrote into the shared folder must be seen by the driver."""

BEGINNING = 4.0
"""Seconds until a worker must see that it was given a task; no longer, for it may be revoked."""

THREADS = "NUMBA_NUM_THREADS"


def dask_setup(worker: object) -> None:
    """Ignore the interrupt that a terminal sends to every process: Ctrl-C is for the driver."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class TaskError(Exception):
    """A task that could not be done: what became of it (see ``Reply``), and why."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason


def carry_out(work: bytes, root: str, lease: str, threads: int, task: Task) -> str:
    """Do a task and return its key; the run itself goes into the store at ``root``.

    ``work`` is compressed and pickled; ``lease`` the file by which the driver holds the task: a
    machine that does not see it has another folder under that name, or the task was given up.
    Raises ``TaskError`` and nothing else.
    """
    os.environ.setdefault(THREADS, str(threads))
    _check_shared(Path(lease))
    try:
        job = _unpack(work)
    except Exception as error:
        raise TaskError("unusable", f"on {platform.node()}: {explain(error)}") from None
    try:
        job(task)
    except BaseException as error:
        raise TaskError(kind_of(error), explain(error)) from None
    if not Store(root).has(task.key):
        raise TaskError("failed", NOTHING_STORED)
    return task.key


def _check_shared(lease: Path) -> None:
    end = time.monotonic() + BEGINNING
    while not is_visible(lease):
        if time.monotonic() > end:
            what = f"{lease.parent.parent} on {platform.node()} is not the folder of this study"
            raise TaskError("unusable", f"{what}; every worker needs the same folder by that name")
        time.sleep(0.2)


def is_visible(path: Path) -> bool:
    """Say whether a path that another machine made is there.

    A network folder may answer from memory that it is not; listing the folders above it makes it
    ask again.
    """
    if path.exists():
        return True
    for folder in (path.parent.parent, path.parent):
        if folder.is_dir():
            os.listdir(folder)
    return path.exists()


@functools.lru_cache(maxsize=2)
def _unpack(work: bytes) -> Work:
    job: Work = pickle.loads(zlib.decompress(work))
    return job
