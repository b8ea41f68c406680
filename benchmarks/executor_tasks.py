"""A task of so many turns of a loop, which leaves a folder with its own duration in the store."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from steppe.results.atomic_io import commit_folder, write_file
from steppe.results.store import Store
from steppe.study.executors import Task


def spin(turns: int) -> int:
    """Keep a processor busy without waiting for anything."""
    state = 1
    for _ in range(turns):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
    return state


def tasks(count: int) -> Iterator[Task]:
    """Yield so many tasks, one after the other."""
    for number in range(count):
        yield Task(hashlib.sha256(str(number).encode()).hexdigest(), number)


def work(root: str, turns: int, task: Task) -> None:
    """Spin, commit the result, and note beside the store how long both took."""
    began = time.perf_counter()
    final = Store(root).folder(task.key)
    temp = Path(root) / "tmp" / f"{task.seed}.{os.getpid()}"
    temp.mkdir(parents=True)
    write_file(temp / "result", str(spin(turns)).encode())
    commit_folder(temp, final)
    note = Path(root) / "seconds" / task.key
    note.parent.mkdir(exist_ok=True)
    note.write_text(str(time.perf_counter() - began))


def own_seconds(root: str) -> float:
    """Return the time that all tasks took by themselves."""
    return sum(float(path.read_text()) for path in (Path(root) / "seconds").iterdir())
