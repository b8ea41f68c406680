"""The order of forced writes, and what happens when a write fails."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store_samples import assert_same, trajectory

from steppe.core.errors import StoreError
from steppe.results import atomic_io
from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.hashing import key_of
from steppe.results.store import Store


def test_files_and_folders_are_forced_before_a_run_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    real_sync, real_rename = os.fsync, os.rename

    def sync(descriptor: int) -> None:
        calls.append(("sync", os.readlink(f"/proc/self/fd/{descriptor}")))
        real_sync(descriptor)

    def rename(old: Any, new: Any) -> None:
        calls.append(("rename", f"{old} {new}"))
        real_rename(old, new)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    store = Store(tmp_path)
    key = store.put(trajectory())
    (renamed,) = [n for n, call in enumerate(calls) if call[0] == "rename"]
    temp, final = calls[renamed][1].split()
    before = [path for _, path in calls[:renamed]]
    after = [path for _, path in calls[renamed + 1 :]]
    assert Path(final) == store.folder(key)
    for path in store.folder(key).iterdir():
        assert before.index(f"{temp}/{path.name}") < before.index(temp)
    for parent in (tmp_path, tmp_path / "runs"):  # each new name on the way down
        assert str(parent) in before
    assert after == [str(store.folder(key).parent), str(tmp_path / "runs")]


def test_a_file_that_cannot_be_forced_among_others_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def sync(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith("events.parquet"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    store = Store(tmp_path)
    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(UnwritableStoreError, match="the disk reports an error"):
        store.put(trajectory())
    assert store.keys() == []
    assert not list((tmp_path / "tmp").iterdir())


def test_a_run_that_another_process_stored_is_forced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    key = store.put(trajectory())
    synced: list[Path] = []
    monkeypatch.setattr(atomic_io, "sync_folder", synced.append)
    store.put(trajectory())
    assert store.folder(key).parent in synced


def _failing(
    real: Callable[..., Any], turn: int, code: int
) -> tuple[Callable[..., Any], list[int]]:
    seen: list[int] = []

    def call(*args: Any, **options: Any) -> Any:
        seen.append(1)
        if len(seen) == turn:
            raise OSError(code, os.strerror(code))
        return real(*args, **options)

    return call, seen


@pytest.mark.parametrize("name", ["fsync", "rename", "mkdir", "open"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
def test_a_failure_of_any_call_leaves_earlier_runs_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    monkeypatch.setattr(atomic_io, "AT_ONCE", 1)  # the calls are counted
    store, kept = Store(tmp_path), trajectory(1)
    first = store.put(kept)
    refusals: list[str] = []
    for turn in range(1, 60):
        call, seen = _failing(getattr(os, name), turn, code)
        with monkeypatch.context() as patch:
            patch.setattr(os, name, call)
            try:
                store.put(trajectory(2))
            except UnwritableStoreError as error:
                refusals.append(str(error))
        assert_same(kept, store.get(first))
        assert not list((tmp_path / "tmp").iterdir())
        if store.has(key_of(trajectory(2).record)):
            assert_same(trajectory(2), store.get(key_of(trajectory(2).record)))
            store.remove(key_of(trajectory(2).record))
        if len(seen) < turn:
            break
    else:
        pytest.fail("the call never stopped being made")
    assert refusals
    for text in refusals:
        assert str(tmp_path) in text
        assert "same command again" in text


def test_a_disk_that_fills_while_the_tables_are_written(tmp_path: Path) -> None:
    """A limit on file size stands for a full disk: the write fails inside the writer's library."""
    store = Store(tmp_path)
    first = store.put(trajectory(1))
    program = (
        "import resource, signal, sys; sys.path.insert(0, sys.argv[2])\n"
        "from store_samples import trajectory\nfrom steppe.results.store import Store\n"
        "from steppe.core.errors import StoreError\n"
        "store, refused = Store(sys.argv[1]), 0\n"
        "for limit in (0, 100, 700, 1500, 2500):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))\n"
        "    try: store.put(trajectory(2))\n"
        "    except StoreError as error: refused += 'same command again' in str(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "store.put(trajectory(2))\n"
        "print(refused)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("5", "")
    assert_same(trajectory(1), store.get(first))
    assert_same(trajectory(2), store.get(key_of(trajectory(2).record)))
    assert not list((tmp_path / "tmp").iterdir())


def test_a_read_only_store_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Store(tmp_path).put(trajectory(1))

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for name in ("mkdir", "rename", "fsync", "unlink", "rmdir"):
        monkeypatch.setattr(os, name, refuse)
    store = Store(tmp_path)
    assert_same(trajectory(1), store.get(key))
    assert len(store.catalogue()) == 1
    with pytest.raises(StoreError, match="read-only"):
        store.put(trajectory(2))
