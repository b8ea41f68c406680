"""Runs that could not be made: the reason of each is kept until the run succeeds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from steppe.core.errors import StoreError
from steppe.results.atomic_io import explained, make_folders, replace_file


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its key and seed, and the reason of each attempt."""

    key: str
    seed: int
    reasons: tuple[str, ...]


class Failures:
    """The folder of notes about failed runs of one store."""

    def __init__(self, folder: Path, temp_name: Callable[[], Path]) -> None:
        self.folder = folder
        self._temp_name = temp_name

    def note(self, failure: Failure) -> None:
        """Keep a failure, replacing an earlier one of the same run."""
        text = json.dumps(asdict(failure), indent=1, ensure_ascii=True) + "\n"
        with explained(self.folder):
            temp = self._temp_name()
            make_folders(temp.parent)
            make_folders(self.folder)
            replace_file(self._path(failure.key), text.encode(), temp)

    def clear(self, key: str) -> None:
        """Forget the failure of a run, for it has succeeded."""
        self._path(key).unlink(missing_ok=True)

    def all(self) -> list[Failure]:
        """Return every failure that has been kept, sorted by key."""
        paths = sorted(self.folder.glob("*.json"))
        return [_read(path) for path in paths]

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _read(path: Path) -> Failure:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Failure(values["key"], values["seed"], tuple(values["reasons"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: this note cannot be read; it may be deleted") from error
