"""A disk that forgets in a power cut whatever was not forced to it, as far as a program can tell.

``Disk.record`` notes at every call of ``fsync`` what is now safe: the content of a file, or the
names in a folder. ``Disk.after_cut`` lays out a folder as it may be found afterwards.

- ``strict``: a name that was not forced is gone, a file that was not forced is empty.
- ``torn``: all names are there, as file systems often keep them, but files that were not forced
  are empty.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

Loss = Literal["strict", "torn"]


@dataclass
class Disk:
    """What is safe of the folder ``root``, by inode."""

    root: Path
    files: dict[int, bytes] = field(default_factory=dict)
    folders: dict[int, dict[str, tuple[int, bool]]] = field(default_factory=dict)

    @contextmanager
    def record(self, monkeypatch: pytest.MonkeyPatch, cut: Callable[[], None]) -> Iterator[None]:
        """Note what this process forces to disk; ``cut`` is called after every call.

        Within ``cut`` nothing is noted, nor really forced.
        """
        quiet = False

        def around(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **options: Any) -> Any:
                nonlocal quiet
                if quiet:
                    return None if name == "fsync" else real(*args, **options)
                answer = real(*args, **options)
                if name == "fsync":
                    self._note(args[0])
                quiet = True
                cut()
                quiet = False
                return answer

            return call

        with monkeypatch.context() as patch:
            for name in ("fsync", "rename", "replace", "mkdir"):
                patch.setattr(os, name, around(name, getattr(os, name)))
            yield

    def _note(self, descriptor: int) -> None:
        about = os.fstat(descriptor)
        if stat.S_ISDIR(about.st_mode):
            self.folders[about.st_ino] = _names(descriptor)
        else:
            self.files[about.st_ino] = Path(f"/proc/self/fd/{descriptor}").read_bytes()

    def after_cut(self, target: Path, loss: Loss) -> Path:
        """Lay out in ``target`` what a power cut at this moment leaves."""
        self._lay_out(self.root, self.root.stat().st_ino, target, loss)
        return target

    def _lay_out(self, source: Path, inode: int, target: Path, loss: Loss) -> None:
        target.mkdir(parents=True)
        names = self.folders.get(inode, {}) if loss == "strict" else _names(source)
        for name, (child, is_folder) in names.items():
            if is_folder:
                self._lay_out(source / name, child, target / name, loss)
            else:
                (target / name).write_bytes(self.files.get(child, b""))


def _names(folder: int | Path) -> dict[str, tuple[int, bool]]:
    with os.scandir(folder) as entries:
        return {one.name: (one.inode(), one.is_dir(follow_symlinks=False)) for one in entries}
