"""Looks by cohorts: many short histories, what each shows noted and kept, in several processes.

What a part of the looks shows is kept in a file named by everything that it depends on, so that a
nowcast that was stopped goes on, and one of a neighbouring question makes nothing twice. Which
process makes a look changes no bit of it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_many
from steppe.engine.version import engine_version
from steppe.results.atomic_io import make_folders, replace_file
from steppe.results.trajectory import Trajectory

Floats = NDArray[np.float64]
OnProgress = Callable[[str, int, int], None]
"""Told what is being made, how many are, and how many there are in all."""

PART = 20
"""Histories that are made, kept and told of together."""


class Reader(Protocol):
    """What is noted of a history."""

    def read(self, scenario: Scenario, run: Trajectory) -> Floats:
        """Return the notes (value,)."""
        ...

    @property
    def key(self) -> str:
        """Everything that the notes depend on besides the history."""
        ...


@dataclass(frozen=True, slots=True)
class LookJob:
    """Histories of one scenario, each with its parameters and seed, and what is noted of them."""

    scenario: Scenario
    reader: Reader
    name: str = "looks"

    @property
    def key(self) -> str:
        """What every part depends on."""
        parts = scenario_hash(self.scenario), engine_version(self.scenario), self.reader.key
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LookPart:
    """Some rows of parameters, with their seeds."""

    rows: tuple[Mapping[str, float], ...]
    seeds: tuple[int, ...]

    def name(self, key: str) -> str:
        """Return the name of the file that keeps it."""
        text = f"{key}\n{[sorted(row.items()) for row in self.rows]!r}\n{self.seeds!r}"
        return hashlib.sha256(text.encode()).hexdigest()[:32] + ".npy"


@dataclass(frozen=True, slots=True)
class LookMaker:
    """Who makes looks: a pool of processes (None: this one), a folder where they are kept.

    Made by ``look_maker``.
    """

    pool: ProcessPoolExecutor | None = None
    folder: Path | None = None
    on_progress: OnProgress | None = None

    def make(
        self, job: LookJob, rows: Sequence[Mapping[str, float]], seeds: Sequence[int]
    ) -> Floats:
        """Return the notes (history, value), in the order of the rows."""
        parts = [
            LookPart(tuple(rows[at : at + PART]), tuple(seeds[at : at + PART]))
            for at in range(0, len(rows), PART)
        ]
        key = job.key
        files = [None if self.folder is None else self.folder / one.name(key) for one in parts]
        notes = [_read(path) for path in files]
        missing = [at for at, one in enumerate(notes) if one is None]
        make = map if self.pool is None else self.pool.map
        results = make(functools.partial(make_part, job), [parts[at] for at in missing])
        for at, result in zip(missing, results, strict=True):
            notes[at] = result
            _write(files[at], result)
            if self.on_progress is not None:
                done = sum(len(p.seeds) for p, n in zip(parts, notes, strict=True) if n is not None)
                self.on_progress(job.name, done, len(rows))
        return np.concatenate([one for one in notes if one is not None])


@contextmanager
def look_maker(
    workers: int, folder: Path | None = None, on_progress: OnProgress | None = None
) -> Iterator[LookMaker]:
    """Give who makes looks, in so many processes, which end with the block."""
    if workers <= 1:
        yield LookMaker(None, folder, on_progress)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        try:
            yield LookMaker(pool, folder, on_progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _read(path: Path | None) -> Floats | None:
    if path is None or not path.is_file():
        return None
    return np.asarray(np.load(path, allow_pickle=False), dtype=np.float64)


def _write(path: Path | None, notes: Floats) -> None:
    if path is None:
        return
    data = io.BytesIO()
    np.save(data, notes, allow_pickle=False)
    make_folders(path.parent)
    replace_file(path, data.getvalue(), path.with_name(f".{path.name}.{os.getpid()}"))


def make_part(job: LookJob, part: LookPart) -> Floats:
    """Return the notes (history, value) of one part."""
    notes = []
    for row, seed in zip(part.rows, part.seeds, strict=True):
        (run,) = run_many(job.scenario, [seed], [row])
        notes.append(job.reader.read(job.scenario, run))
    return np.array(notes, dtype=np.float64)
