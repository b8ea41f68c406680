"""Work for the tests of executors: leaves a folder in the store, misbehaves when told to.

As a script: a driver of a pool. Arguments: folder of the store, number of tasks, seconds of each.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.store import Store
from steppe.study.executors import LocalPool, Task


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def tasks(count: int, special: dict[int, object] | None = None) -> list[Task]:
    return [Task(key(n), n, (special or {}).get(n)) for n in range(count)]


def work(root: str, seconds: float, task: Task) -> None:
    """Log the start, misbehave by ``task.payload``, else leave the task's run in the store."""
    log(root, f"start {task.seed} {os.getpid()}")
    misbehave(task.payload)
    time.sleep(seconds)
    store = Store(root)
    folder = store.folder(task.key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temp = folder.with_name(f"temp-{task.key}-{os.getpid()}")
    temp.mkdir()
    (temp / "result").write_text(f"{task.seed * task.seed}")
    os.rename(temp, folder)
    log(root, f"end {task.seed} {os.environ.get('NUMBA_NUM_THREADS')}")


def misbehave(how: object) -> None:
    if how == "exit":
        os._exit(7)
    elif how == "segfault":
        ctypes.string_at(0)
    elif how == "raise":
        raise ValueError("a bad number")
    elif how == "loop":
        time.sleep(600)
    elif isinstance(how, Path):
        while how.exists():
            time.sleep(0.01)
    elif how == "memory":
        bytearray(2 << 30)
    elif how == "full":
        raise UnwritableStoreError("the disk is full")
    elif how == "nothing":
        sys.exit(0)
    elif how == "print":
        print("text on standard output", flush=True)
        os.write(1, b"more of it\n")


def log(root: str, line: str) -> None:
    with open(Path(root) / "log", "a", encoding="utf-8") as stream:
        stream.write(line + "\n")


def log_lines(root: str | Path, kind: str) -> list[list[str]]:
    path = Path(root) / "log"
    lines = path.read_text().splitlines() if path.exists() else []
    return [line.split()[1:] for line in lines if line.split()[0] == kind]


def results(root: str | Path) -> dict[int, str]:
    """Return what every finished task left, by its number."""
    store = Store(root)
    paths = {number: store.folder(key(number)) / "result" for number in range(100)}
    return {number: path.read_text() for number, path in paths.items() if path.exists()}


def main(root: str, count: int, seconds: float) -> None:
    pool = LocalPool(Store(root), workers=2, threads=1)
    for finished in pool.run(tasks(count), partial(work, root, seconds)):
        print(finished.key, flush=True)


if __name__ == "__main__":
    import executor_jobs  # workers import the work by this name

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job may ignore it
    executor_jobs.main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
