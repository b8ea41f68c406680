"""The store: one folder per run, named by what decides the run's numbers.

``runs/ab/ab12.../`` holds ``run.json``, ``scenario.json.gz``, flat Parquet files of the series and
``events.parquet``. A folder that exists is complete, and a run reported as stored survives a power
cut. Nothing else is remembered anywhere: lists of runs are read from the folders.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steppe.core.errors import StoreError
from steppe.results import atomic_io
from steppe.results.failures import Failures
from steppe.results.hashing import content_hash, key_of
from steppe.results.leases import Leases
from steppe.results.process_identity import is_alive, token
from steppe.results.reader import check_files, load_record, read_run
from steppe.results.run_index import RunSummary, StoreTable, query_store, summarize
from steppe.results.run_record import EVENTS, SCENARIO, DamagedError, RunDraw
from steppe.results.trajectory import Trajectory
from steppe.results.writer import Beside, write_run

ABANDONED = 3600.0
"""Seconds after which a temp folder made on another machine counts as left over."""

_KEY = re.compile(r"[0-9a-f]{64}")
_COUNTER = itertools.count()


@dataclass(frozen=True, slots=True)
class GarbageReport:
    """What ``gc`` removed: unfinished folders and leases of processes that died, damaged runs."""

    folders: int
    leases: int
    damaged: tuple[str, ...] = ()


class Store:
    """A content-addressed store of runs in a folder; any number of processes may use it at once.

    Opening removes the leftovers of dead processes and writes nothing else, so a store that is
    read-only can be opened and read.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).absolute()
        if self.path.exists() and not self.path.is_dir():
            raise StoreError(f"{self.path}: not a folder")
        self.leases = Leases(self.path / "leases", self._temp_name)
        self.failures = Failures(self.path / "failures", self._temp_name)
        self._swept = self._sweep()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def folder(self, key: str) -> Path:
        """Return the folder of a run, whether it exists or not."""
        if not _KEY.fullmatch(key):
            raise StoreError(f"{key!r} is not the key of a run (64 hexadecimal digits)")
        return self.path / "runs" / key[:2] / key

    def has(self, key: str) -> bool:
        """Say whether a run is stored, and so complete."""
        return self.folder(key).is_dir()

    def keys(self) -> list[str]:
        """Return the keys of all stored runs, sorted."""
        keys = (self.path / "runs").glob("??/*")
        return sorted(path.name for path in keys if _KEY.fullmatch(path.name))

    def resolve(self, prefix: str) -> str:
        """Return the one stored key that begins with ``prefix``."""
        folders = [key for key in self.keys() if key.startswith(prefix)]
        if len(folders) != 1 or not prefix:
            what = "no run" if not folders else f"{len(folders)} runs"
            raise StoreError(f"{self.path}: {what} with a key that begins with {prefix!r}")
        return folders[0]

    def put(
        self, trajectory: Trajectory, draw: RunDraw | None = None, beside: Beside | None = None
    ) -> str:
        """Store a run and return its key; on return it is on disk and survives a power cut.

        ``draw`` says of which draw its parameters are; ``beside`` are files of the run that hold
        no series (see ``beside``). A run that is already there is kept as it is, after a check
        that it is intact and left the same numbers. Raises ``UnwritableStoreError`` (full disk, no
        permission) with all earlier runs intact, and ``StoreError`` when the stored run is damaged
        or differs.
        """
        key = key_of(trajectory.record)
        final = self.folder(key)
        if not self.has(key):
            with atomic_io.explained(self.path), self._temp_folder() as temp:
                write_run(temp, key, trajectory, draw, beside or {})
                if atomic_io.commit_folder(temp, final):
                    return key
        self._confirm(key, trajectory)
        return key

    def _confirm(self, key: str, trajectory: Trajectory) -> None:
        content = self.verify(key)
        if content != content_hash(trajectory):
            raise StoreError(
                f"{self.folder(key)}: the same scenario, seed and version left other numbers "
                "before. The stored run was kept. A run must not depend on anything else: please "
                "report this with both machines' details."
            )
        with atomic_io.explained(self.path):  # another process may not have come to this yet
            atomic_io.sync_names(self.folder(key))

    def get(self, key: str, names: Collection[str] | None = None) -> Trajectory:
        """Return a stored run, every file and array checked; or only the series in ``names``.

        Raises ``StoreError`` naming the file when the run is missing or not what was stored.
        """
        return read_run(self.folder(key), key, names)

    def beside(self, key: str) -> dict[str, Path]:
        """Return the files of a run that hold neither series nor events, checked, by name."""
        folder = self.folder(key)
        record = load_record(folder, key)
        own = {EVENTS, SCENARIO, *(series["file"] for series in record["series"])}
        files = sorted(set(record["files"]) - own)
        check_files(folder, record, files)
        return {file: folder / file for file in files}

    def scratch(self) -> Path:
        """Return a new name for a temp file or folder; what a dead process left is removed."""
        path = self._temp_name()
        atomic_io.make_folders(path.parent)
        return path

    def try_writing(self) -> None:
        """Raise ``UnwritableStoreError`` unless a run can be stored: before time is spent on it."""
        with atomic_io.explained(self.path), self._temp_folder() as temp:
            atomic_io.write_file(temp / "try", b"")

    def verify(self, key: str) -> str:
        """Check every file of a run against its hash; return the fingerprint of its content."""
        folder = self.folder(key)
        record = load_record(folder, key)
        check_files(folder, record, record["files"])
        return str(record["content"])

    def sort_out(self, keys: Iterable[str]) -> tuple[list[str], dict[str, str]]:
        """Return which of the runs are as they were stored, and why each of the others is not."""
        intact: list[str] = []
        others: dict[str, str] = {}
        for key in keys:
            try:
                self.verify(key)
                intact.append(key)
            except StoreError as error:
                others[key] = str(error)
        return intact, others

    def survey(self) -> tuple[list[RunSummary], list[StoreError]]:
        """Return what every readable run says of itself, and an error for every other."""
        runs: list[RunSummary] = []
        problems: list[StoreError] = []
        for key in self.keys():
            try:
                runs.append(summarize(load_record(self.folder(key), key)))
            except StoreError as error:
                if self.has(key):  # else removed by somebody since it was listed
                    problems.append(error)
        return runs, problems

    def catalogue(self) -> list[RunSummary]:
        """Return what every run says of itself, sorted by key; the first bad record is raised."""
        runs, problems = self.survey()
        if problems:
            raise problems[0]
        return runs

    def query(self, sql: str) -> StoreTable:
        """Return the answer to one SQL SELECT over the tables of the store (see ``run_index``).

        Every file that it reads is checked first; ``StoreError`` names one that was changed.
        """
        return query_store(self.path, self.catalogue(), sql, self._checked)

    def _checked(self, key: str, file: str) -> Path:
        folder = self.folder(key)
        check_files(folder, load_record(folder, key), [file])
        return folder / file

    def remove(self, key: str) -> bool:
        """Remove a run; returns False when it was not there."""
        final = self.folder(key)
        if not self.has(key):
            return False
        with atomic_io.explained(self.path), self._temp_folder() as temp:
            try:
                os.rename(final, temp / key)  # gone in one step, so never half a run
            except FileNotFoundError:
                return False
            atomic_io.sync_folder(final.parent)
        return True

    def damaged(self) -> list[str]:
        """Return the keys of runs that are not what was stored; every file is read.

        Runs of another format are none of them.
        """
        rows = []
        for key in self.keys():
            try:
                self.verify(key)
            except DamagedError:
                rows.append(key)
            except StoreError:  # of another format, or removed meanwhile
                continue
        return rows

    def gc(self, *, damaged: bool = False) -> GarbageReport:
        """Remove what dead processes left: unfinished folders (as opening did) and leases.

        With ``damaged``, also every run that is not what was stored, so that it is made again.
        """
        removed = [key for key in self.damaged() if self.remove(key)] if damaged else []
        self._swept, folders = 0, self._swept + self._sweep()
        return GarbageReport(folders, self.leases.sweep(), tuple(removed))

    def _temp_name(self) -> Path:
        return self.path / "tmp" / f"{token()}.{threading.get_ident()}.{next(_COUNTER)}"

    @contextmanager
    def _temp_folder(self) -> Iterator[Path]:
        temp = self._temp_name()
        atomic_io.make_folders(temp.parent)
        temp.mkdir()
        try:
            yield temp
        finally:
            atomic_io.discard(temp)

    def _sweep(self) -> int:
        folder = self.path / "tmp"
        swept = 0
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not _abandoned(path):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif os.access(folder, os.W_OK):
                path.unlink(missing_ok=True)
            swept += not path.exists()
        return swept


def _abandoned(path: Path) -> bool:
    try:
        return not is_alive(path.name.partition(".")[0], path.stat().st_mtime, ABANDONED)
    except FileNotFoundError:
        return False
