"""What each user of a shared app has stored, and which runs only they may see.

A run made for a user is theirs until the app ends: nobody else is shown it, nor told that it is
there, but by a link that the user gave away. Asking for the same run makes it one's own, for it
is the same to the last bit whoever asks. Runs that were stored before the app began are common.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from steppe.app.config import MIB, AppLimits
from steppe.core.errors import SteppeError
from steppe.results.store import Store

LINKS = 64
"""Links of one user that are remembered."""


class FullError(SteppeError):
    """There is no room for more; the message says whose."""


@dataclass(slots=True)
class Quotas:
    """Who made which run, how many bytes each user has stored, and what links show.

    With ``private`` runs are shown to those they were made for only.
    """

    store: Store
    limits: AppLimits
    private: bool
    _owners: dict[str, set[str]] = field(default_factory=dict)
    _bytes: dict[str, int] = field(default_factory=dict)
    _links: dict[str, OrderedDict[str, frozenset[str]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, owner: str) -> None:
        """Raise ``FullError`` when the user, or the disk, has no room for more."""
        if self.of(owner) >= self.limits.stored:
            raise FullError(
                f"you have stored {self.of(owner) // MIB:,} MiB, the share of one user is "
                f"{int(self.limits.stored) // MIB:,} MiB; ask whoever runs the laboratory"
            )
        if _free(self.store.path) < self.limits.spare:
            raise FullError("the disk of the store is nearly full; nothing more is stored")

    def of(self, owner: str) -> int:
        """Return how many bytes were stored for a user."""
        with self._lock:
            return self._bytes.get(owner, 0)

    def charge(self, owner: str, size: int) -> None:
        """Count bytes stored for a user; negative when they are given back."""
        with self._lock:
            self._bytes[owner] = self._bytes.get(owner, 0) + size

    def charge_run(self, owner: str, key: str) -> None:
        """Take note of a run that was made for a user."""
        files = self.store.folder(key).rglob("*")
        self.charge(owner, sum(path.stat().st_size for path in files if path.is_file()))
        with self._lock:
            self._owners.setdefault(key, set()).add(owner)

    def grant(self, owner: str, keys: Iterable[str]) -> None:
        """Show runs to a user too, who asked for the same ones."""
        with self._lock:
            for key in keys:
                if key in self._owners:
                    self._owners[key].add(owner)

    def sees(self, owner: str, key: str, link: str = "") -> bool:
        """Return whether a user may see a run, by a ``link`` of another if one is given."""
        if not self.private:
            return True
        with self._lock:
            owners = self._owners.get(key)
            return owners is None or owner in owners or self._shows(link, key)

    def _shows(self, link: str, key: str) -> bool:
        return bool(link) and any(key in links.get(link, ()) for links in self._links.values())

    def share(self, owner: str, keys: Iterable[str]) -> str:
        """Return a link that shows ``keys`` to whoever has it, until its giver leaves."""
        link = secrets.token_urlsafe(16)
        with self._lock:
            links = self._links.setdefault(owner, OrderedDict())
            links[link] = frozenset(keys)
            while len(links) > LINKS:
                links.popitem(last=False)
        return link

    def forget(self, owner: str) -> None:
        """Forget a user who left, and the links they gave; their runs stay hidden from others."""
        with self._lock:
            self._links.pop(owner, None)
            self._bytes.pop(owner, None)


def _free(path: Path) -> int:
    """Return the free bytes where a folder is, or will be."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(existing).free
