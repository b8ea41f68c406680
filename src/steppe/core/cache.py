"""The folder of all caches: the user's, or one under the temporary folder where that is closed.

Containers and clusters run programs for users who have no home, or one that cannot be written.
Machine code read from a cache is run, so a folder that somebody else could write is never used.
"""

from __future__ import annotations

import functools
import logging
import os
import stat
import sys
import tempfile
from pathlib import Path

VARIABLE = "STEPPE_CACHE"


def cache_root() -> Path:
    """Return the folder of all caches: ``STEPPE_CACHE``, else the user's cache folder.

    One that cannot be written is replaced by a folder under the temporary one, with one line.
    """
    return _usable(_preferred())


def _preferred() -> str:
    setting = os.environ.get(VARIABLE)
    if setting:
        return setting
    home = _home()
    if sys.platform == "darwin":
        return str(home / "Library" / "Caches" / "steppe")
    if sys.platform == "win32":
        return str(Path(os.environ.get("LOCALAPPDATA", home)) / "steppe")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or ".")
    return str((caches if caches.is_absolute() else home / ".cache") / "steppe")


def _home() -> Path:
    """Return the user's home, or a folder that nobody can make where there is none."""
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user without an entry
        home = Path()
    return home if home.is_absolute() else Path(os.devnull) / "home"


@functools.cache
def _usable(preferred: str) -> Path:
    if can_write(Path(preferred)):
        return Path(preferred)
    other = _temporary()
    logging.getLogger("steppe").warning(
        "%s cannot be written; machine code is kept in %s (%s names another folder)",
        preferred, other, VARIABLE,
    )  # fmt: skip
    os.environ[VARIABLE] = str(other)  # for the processes that this one starts
    return other


def can_write(folder: Path) -> bool:
    """Return whether a file can be made in ``folder``, which is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False


def _temporary() -> Path:
    """Return a folder that is this user's alone: the same in every process, if it can be."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folder = Path(tempfile.gettempdir()) / f"steppe-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="steppe-"))
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    if os.name == "posix" and not (private and status.st_uid == user):
        return Path(tempfile.mkdtemp(prefix="steppe-"))
    return folder if can_write(folder) else Path(tempfile.mkdtemp(prefix="steppe-"))
