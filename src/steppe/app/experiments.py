"""Experiments: settings that a user gave a name, kept in the store beside the runs."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from steppe.app.errors import RequestError, UnknownError
from steppe.app.sessions import TooManyError
from steppe.results.atomic_io import explained, make_folders, replace_file

FOLDER = "experiments"
MOST = 200
"""Experiments of one user."""

LONGEST = 80
"""Characters of a name."""

_ID = re.compile(r"[0-9a-f]{16}")
_KEYS = {"name": str, "saved": str, "setting": dict}


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named setting: what is run, as the page asks for it; ``saved`` is a time of UTC."""

    id: str
    name: str
    saved: str
    setting: Mapping[str, Any]
    board: bool = False
    """Whether everybody sees it: it hangs on the board of the class."""

    def document(self) -> dict[str, Any]:
        """Return it as the file and the page have it."""
        return {"name": self.name, "saved": self.saved, "setting": dict(self.setting),
                "board": self.board}  # fmt: skip


@dataclass(slots=True)
class Experiments:
    """The experiments of a store, one file each.

    With ``private`` an experiment is seen by the user who saved it until the app ends; those that
    lay in the store before are common, as runs are.
    """

    store: Path
    private: bool
    _owners: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, owner: str) -> list[Experiment]:
        """Return the experiments a user sees, newest first."""
        every = filter(None, map(_read, self._folder.glob("*.json")))
        own = [one for one in every if one.board or self._sees(owner, one.id)]
        return sorted(own, key=lambda one: (one.saved, one.id), reverse=True)

    def save(
        self, owner: str, name: str, setting: Mapping[str, Any], *, board: bool = False
    ) -> Experiment:
        """Keep a setting under a name, on the ``board`` for everybody.

        Raises ``TooManyError`` past the share of a user.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST:
            raise RequestError(f"name: expected a text of up to {LONGEST} characters")
        with self._lock:
            own = sum(one == owner for one in self._owners.values())
            if (own if self.private else len(self.of(owner))) >= MOST:
                raise TooManyError(f"{MOST} experiments are kept; remove one first")
            saved = datetime.now(UTC).isoformat(timespec="seconds")
            one = Experiment(secrets.token_hex(8), name, saved, setting, board)
            path, content = self._path(one.id), json.dumps(one.document(), indent=1).encode()
            with explained(self._folder):
                make_folders(self._folder)
                replace_file(path, content, path.with_suffix(".new"))
            self._owners[one.id] = owner
        return one

    def remove(self, owner: str, name: str) -> None:
        """Remove an experiment; ``UnknownError`` for one that this user does not see."""
        if _ID.fullmatch(name) is None or not self._sees(owner, name):
            raise UnknownError("there is no such experiment")
        with self._lock, explained(self._folder):
            if not self._path(name).is_file():
                raise UnknownError("there is no such experiment")
            self._path(name).unlink()
            self._owners.pop(name, None)

    @property
    def _folder(self) -> Path:
        return self.store / FOLDER

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _sees(self, owner: str, name: str) -> bool:
        return not self.private or self._owners.get(name, owner) == owner


def _read(path: Path) -> Experiment | None:
    """Return the experiment in a file, None for a file that holds none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if _ID.fullmatch(path.stem) is None or not isinstance(document, dict):
        return None
    if not all(isinstance(document.get(key), kind) for key, kind in _KEYS.items()):
        return None
    board = document.get("board") is True
    return Experiment(path.stem, document["name"], document["saved"], document["setting"], board)
