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
from steppe.results.process_identity import is_alive, token

BEAT = 10.0
"""Seconds between two heartbeats."""

PATIENCE = 60.0
"""Seconds without a heartbeat after which an owner on another machine counts as dead."""

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one run, until released or the owner dies."""

    key: str
    path: Path

    def beat(self) -> None:
        """Show that the owner lives."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path)

    def release(self) -> None:
        """Give the lease back, with the leftovers of dead owners under it."""
        mine = int(self.path.suffix[1:])
        for generation, path in _generations(self.path.parent, self.key):
            if generation <= mine:
                path.unlink(missing_ok=True)


class Leases:
    """The folder of leases of one store."""

    def __init__(self, folder: Path, temp_name: Callable[[], Path]) -> None:
        self.folder = folder
        self._temp_name = temp_name

    def claim(self, key: str) -> Lease | None:
        """Return the lease of a run, or None while a living process holds it."""
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            taken = _generations(self.folder, key)
            if taken and _held(taken[-1][1]):
                return None
            path = self.folder / f"{key}.{taken[-1][0] + 1 if taken else 1}"
            if not self._make(path):
                return None
            lease = Lease(key, path)
            if any(_held(other) for _, other in _generations(self.folder, key) if other != path):
                path.unlink(missing_ok=True)
                return None
        return lease

    def _make(self, path: Path) -> bool:
        """Make a lease file with its owner's name in one step; False when it exists."""
        temp = self._temp_name()
        temp.parent.mkdir(parents=True, exist_ok=True)
        temp.write_text(token())
        try:
            os.link(temp, path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A death between making and writing leaves no name: then PATIENCE decides.
            try:
                with path.open("x") as stream:
                    stream.write(token())
            except FileExistsError:
                return False
        finally:
            temp.unlink(missing_ok=True)
        return True

    def held(self) -> list[str]:
        """Return the keys that living processes are working on, sorted."""
        return sorted({path.stem for path in self._files() if _held(path)})

    def sweep(self) -> int:
        """Remove the leases of dead owners; return how many."""
        dead = [path for path in self._files() if not _held(path)]
        for key in sorted({path.stem for path in dead}):
            lease = self.claim(key)
            if lease is not None:
                lease.release()
        return len(dead)

    def _files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


def _generations(folder: Path, key: str) -> list[tuple[int, Path]]:
    found = ((path.suffix[1:], path) for path in folder.glob(f"{key}.*"))
    return sorted((int(suffix), path) for suffix, path in found if suffix.isdigit())


def _held(path: Path) -> bool:
    try:
        return is_alive(path.read_text(), path.stat().st_mtime, PATIENCE)
    except FileNotFoundError:
        return False


@contextmanager
def heartbeat(held: dict[str, Lease]) -> Iterator[None]:
    """Beat for all leases in ``held`` while the block runs; the caller adds and removes them."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT):
            for lease in list(held.values()):
                lease.beat()

    thread = threading.Thread(target=beat, name="steppe-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
