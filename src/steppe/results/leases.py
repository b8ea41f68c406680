"""Leases: which process is working on which run, as files with a heartbeat.

A lease file is named ``<key>.<generation>``. The lease of a dead owner is never changed: whoever
wants it makes the next generation, which only one can do, and looks again: if another living owner
shows up, it steps back. So two living processes of one machine never hold the same lease. Between
machines that rests on heartbeats; should it fail, a run is computed twice with the same bits.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steppe.results.atomic_io import explained
from steppe.results.process_identity import is_alive

BEAT = 10.0
"""Seconds between two heartbeats."""

PATIENCE = 60.0
"""Seconds without a heartbeat after which an owner on another machine counts as dead."""

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one run, from when it is taken until it is released or its owner dies.

    ``mark`` is a file of this lease alone; its name, which begins with that of the owner, is what
    the lease file says. So a lease can be noted before it is taken, and released in any case.
    """

    key: str
    path: Path
    mark: Path

    def beat(self) -> None:
        """Show that the owner lives."""
        with contextlib.suppress(FileNotFoundError, PermissionError):  # not taken, or by another
            os.utime(self.path)

    def release(self) -> None:
        """Give the lease back if it was taken, with the leftovers of dead owners under it."""
        self.mark.unlink(missing_ok=True)
        if _text(self.path) != self.mark.name:
            return
        own = int(self.path.suffix[1:])
        for generation, path in _generations(self.path.parent, self.key):
            if generation <= own:  # its own file last: until then this can be repeated
                path.unlink(missing_ok=True)


class Leases:
    """The folder of leases of one store."""

    def __init__(self, folder: Path, temp_name: Callable[[], Path]) -> None:
        self.folder = folder
        self._temp_name = temp_name

    def claim(self, key: str) -> Lease | None:
        """Return the lease of a run, taken, or None while a living process holds it."""
        lease = self.offer(key)
        return lease if lease is not None and self.take(lease) else None

    def offer(self, key: str) -> Lease | None:
        """Return a lease that may be taken, or None while a living process holds it.

        No file is made: who notes the lease before taking it leaves none when interrupted.
        """
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            generations = _generations(self.folder, key)
            if generations and _is_held(generations[-1][1]):
                return None
        number = generations[-1][0] + 1 if generations else 1
        return Lease(key, self.folder / f"{key}.{number}", self._temp_name())

    def take(self, lease: Lease) -> bool:
        """Make the file of a lease; False when another process was quicker."""
        with explained(self.folder):
            if not _make(lease):
                return False
            generations = _generations(self.folder, lease.key)
            if any(_is_held(other) for _, other in generations if other != lease.path):
                lease.path.unlink(missing_ok=True)
                return False
        return True

    def held(self) -> list[str]:
        """Return the keys that living processes are working on, sorted."""
        return sorted({path.stem for path in self._files() if _is_held(path)})

    def sweep(self) -> int:
        """Remove the leases of dead owners; return how many."""
        dead = [path for path in self._files() if not _is_held(path)]
        for key in sorted({path.stem for path in dead}):
            lease = self.claim(key)
            if lease is not None:
                lease.release()
        return len(dead)

    def _files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


def _generations(folder: Path, key: str) -> list[tuple[int, Path]]:
    files = ((path.suffix[1:], path) for path in folder.glob(f"{key}.*"))
    return sorted((int(suffix), path) for suffix, path in files if suffix.isdigit())


def _make(lease: Lease) -> bool:
    """Make a lease file with its owner's name in one step; False when it exists."""
    try:
        lease.mark.parent.mkdir(parents=True, exist_ok=True)
        lease.mark.write_text(lease.mark.name)
        os.link(lease.mark, lease.path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A death between making and writing leaves no name: then PATIENCE decides.
        try:
            with lease.path.open("x") as stream:
                stream.write(lease.mark.name)
        except FileExistsError:
            return False
    finally:
        lease.mark.unlink(missing_ok=True)
    return True


def _text(path: Path) -> str:
    """Return what a lease file says; nothing when it is gone."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _is_held(path: Path) -> bool:
    try:
        owner = path.read_text().partition(".")[0]
        return is_alive(owner, path.stat().st_mtime, PATIENCE)
    except FileNotFoundError:
        return False


@contextmanager
def heartbeat(leases: dict[str, Lease]) -> Iterator[None]:
    """Beat for all leases in ``leases`` while the block runs; the caller adds and removes them."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT):
            for lease in list(leases.values()):
                lease.beat()

    thread = threading.Thread(target=beat, name="steppe-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
