"""Files that survive a power cut: written whole, forced to disk, then named.

A rename alone is not enough: without a forced file *and* a forced folder an acknowledged result
can vanish. The order is always: files, their folder, rename, the folder of the new name.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from steppe.core.errors import StoreError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the quota of disk space is used up; free some space",
    errno.EFBIG: "the limit on file size is reached; raise it",
    errno.ENOENT: "the folder cannot be made, or is gone; choose another store",
    errno.EEXIST: "a part of the path is no folder; choose another store",
    errno.ENOTDIR: "a part of the path is no folder; choose another store",
    errno.EROFS: "the folder is read-only; choose another store",
    errno.EACCES: "there is no permission to write; change it or choose another store",
    errno.EPERM: "there is no permission to write; change it or choose another store",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine; close some programs",
    errno.EIO: "the disk reports an error; check it",
}


AT_ONCE = 16
"""Most files or folders that are forced to disk at the same time."""


class UnwritableStoreError(StoreError):
    """The store cannot be written; what it already holds is intact.

    A study stops at this error, for every further run would meet it too.
    """

    stops_study = True


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn errors of the system or of DuckDB while writing into ``UnwritableStoreError``."""
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error.errno, error.strerror or str(error)) from error
    except UnicodeEncodeError as error:
        raise StoreError(f"{error.object!r} is not text that can be stored") from error
    except Exception as error:
        if not _is_duckdb(error):
            raise
        text = str(error)
        codes = (code for code in _ADVICE if os.strerror(code) in text)
        raise _unwritable(folder, next(codes, None), text.splitlines()[0]) from error


def _is_duckdb(error: Exception) -> bool:
    # By name, so that DuckDB need not be loaded to handle an error it did not raise.
    return type(error).__module__ in ("duckdb", "_duckdb")


def _unwritable(folder: Path, code: int | None, text: str) -> UnwritableStoreError:
    advice = _ADVICE.get(code or 0, f"{text}; see to that")
    return UnwritableStoreError(
        f"{folder}: {advice}, then give the same command again. "
        "This run was not stored; runs stored earlier are intact and are not repeated."
    )


def sync_file(path: Path) -> None:
    """Force the content of a file to disk."""
    _sync(path, os.O_RDWR)


def sync_files(paths: Sequence[Path]) -> None:
    """Force the contents of files to disk, all at once: a disk writes many as fast as one."""
    _at_once(sync_file, paths)


def _at_once(sync: Callable[[Path], None], paths: Sequence[Path]) -> None:
    if AT_ONCE == 1 or len(paths) < 2:
        for path in paths:
            sync(path)
        return
    with ThreadPoolExecutor(min(len(paths), AT_ONCE)) as pool:
        for _ in pool.map(sync, paths):
            pass


def sync_folder(path: Path) -> None:
    """Force the names in a folder to disk (Windows has no such call; its rename is logged)."""
    if os.name != "nt":
        _sync(path, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, content: bytes) -> None:
    """Write a whole new file and force it to disk."""
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def replace_file(path: Path, content: bytes, temp: Path) -> None:
    """Put a file in place of another in one step, by way of ``temp`` in the same file system."""
    write_file(temp, content)
    os.replace(temp, path)
    sync_folder(path.parent)


def make_folders(path: Path) -> None:
    """Make a folder and its parents, forcing each name that did not exist to disk."""
    if path.is_dir():
        return
    make_folders(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def commit_folder(temp: Path, final: Path) -> bool:
    """Give a finished temp folder its final name; its files are already on disk.

    Returns False, and leaves ``temp`` where it is, when ``final`` exists with content.
    """
    sync_folder(temp)
    make_folders(final.parent)
    try:
        os.rename(temp, final)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY) or final.is_dir():
            return False
        raise
    sync_names(final)
    return True


def sync_names(final: Path) -> None:
    """Force the name of a folder and of its parent to disk, whoever made them."""
    _at_once(sync_folder, [final.parent, final.parent.parent])


def discard(folder: Path) -> None:
    """Remove a folder with its content; what is already gone is no error."""
    shutil.rmtree(folder, ignore_errors=True)
