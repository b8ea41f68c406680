"""Whatever happens to a stored file is noticed, and the file is named."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from store_samples import assert_same, trajectory

from steppe.core.errors import StoreError
from steppe.results.hashing import key_of
from steppe.results.run_record import RECORD, render
from steppe.results.store import Store


def test_every_flipped_bit_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    store, run = Store(tmp_path), trajectory()
    key = store.put(run)
    files = sorted(store.folder(key).iterdir())
    assert len(files) == 7
    rng = random.Random(20220102)
    for number in range(105):
        path = files[number % len(files)]
        whole = path.read_bytes()
        place = rng.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        with pytest.raises(StoreError) as caught:
            store.get(key)
        assert str(path) in str(caught.value)
        with pytest.raises(StoreError, match=path.name):
            store.verify(key)
        path.write_bytes(whole)
    assert_same(run, store.get(key))


def test_truncated_and_missing_files_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = store.put(trajectory())
    rng = random.Random(1)
    for path in sorted(store.folder(key).iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[: rng.randrange(len(whole))])
        with pytest.raises(StoreError, match=path.name):
            store.get(key)
        path.unlink()
        with pytest.raises(StoreError, match=path.name):
            store.get(key)
        path.write_bytes(whole)


def test_a_forged_array_is_caught_by_its_own_hash(tmp_path: Path) -> None:
    """Another run's file, with the file's hash in the record made to fit."""
    store = Store(tmp_path)
    key, other = store.put(trajectory(1)), store.put(trajectory(2))
    name = "series-hour.parquet"
    forged = (store.folder(other) / name).read_bytes()
    (store.folder(key) / name).write_bytes(forged)
    contents = [json.loads((store.folder(k) / RECORD).read_bytes()) for k in (key, other)]
    content = contents[0]
    content["files"][name] = contents[1]["files"][name]
    del content["checksum"]
    (store.folder(key) / RECORD).write_bytes(render(content))
    with pytest.raises(StoreError, match="values of 'threat'"):
        store.get(key)


def test_a_record_in_another_runs_folder_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key, other = store.put(trajectory(1)), store.put(trajectory(2))
    (store.folder(key) / RECORD).write_bytes((store.folder(other) / RECORD).read_bytes())
    with pytest.raises(StoreError, match="belongs to another run"):
        store.get(key)


def test_only_damaged_runs_are_removed_on_request(tmp_path: Path) -> None:
    store = Store(tmp_path)
    whole, torn, bare, newer = (store.put(trajectory(seed)) for seed in range(4))
    (store.folder(torn) / "events.parquet").write_bytes(b"PAR1")
    (store.folder(bare) / RECORD).unlink()
    content = json.loads((store.folder(newer) / RECORD).read_bytes())
    del content["checksum"]
    (store.folder(newer) / RECORD).write_bytes(render(content | {"format": 99}))
    assert store.gc().damaged == ()
    assert set(store.gc(damaged=True).damaged) == {torn, bare}
    assert set(store.keys()) == {whole, newer}
    assert store.put(trajectory(1)) == torn
    assert_same(trajectory(1), store.get(torn))


def test_gc_tells_what_opening_the_store_has_swept(tmp_path: Path) -> None:
    Store(tmp_path).put(trajectory())
    dead = tmp_path / "tmp" / "0badc0de-1-1.2.3"
    dead.mkdir()
    os.utime(dead, (0, 0))
    store = Store(tmp_path)
    assert not dead.exists()
    assert [store.gc().folders, store.gc().folders] == [1, 0]


def test_kill_9_of_the_writer_loses_and_tears_nothing(tmp_path: Path) -> None:
    program = Path(__file__).with_name("crash_writer.py")
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path), "30", "7"],
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    reported = dict(line.split() for line in said["reported"])
    assert len(reported) >= 30  # every writer got somewhere
    assert said["interrupted"] > 0  # kills did fall into the middle of writing
    store = Store(tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []
    keys = set(store.keys())
    assert set(reported) <= keys
    for key, seed in reported.items():
        assert key == key_of(trajectory(int(seed)).record)
    for key in sorted(keys):
        back = store.get(key)
        assert_same(trajectory(back.record.seed), back)


def killed_at(turn: int, store: Store, seed: int) -> bool:
    """Store a run in a process that is killed at its call number ``turn``; False if it ended."""
    child = os.fork()
    if child == 0:
        calls = itertools.count(1)

        def count(event: str, _: object) -> None:
            if event.startswith(("open", "os.", "shutil.")) and next(calls) == turn:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        store.put(trajectory(seed))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def kill_at_every_call(store: Store) -> int:
    """Kill the writer at every call in turn; no run is ever torn. Return the number of kills."""
    first = store.put(trajectory(1))
    second = key_of(trajectory(2).record)
    for turn in itertools.count(1):
        killed = killed_at(turn, store, 2)
        for key in store.keys():  # noqa: SIM118
            store.verify(key)
            assert key in (first, second)
        if not killed:
            assert store.has(second)
            return turn - 1
        store.remove(second)
    raise AssertionError


def test_kill_9_at_every_call_of_the_writer_tears_nothing(tmp_path: Path) -> None:
    assert kill_at_every_call(Store(tmp_path)) > 15


def test_a_copy_in_place_of_the_rename_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "rename", shutil.copytree)
    with pytest.raises(StoreError):
        kill_at_every_call(Store(tmp_path))


def test_a_query_refuses_a_file_that_was_changed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = store.put(trajectory())
    path = store.folder(key) / "series-hour-place.parquet"
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 12):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(StoreError, match=path.name):
            store.query("SELECT sum(deaths) FROM series_hour_place")
        assert store.query("SELECT count(*) FROM series_hour").rows == ((5,),)
    path.write_bytes(whole)
    assert store.query("SELECT count(*) > 0 FROM series_hour_place").rows == ((True,),)


def test_what_living_processes_are_writing_is_not_swept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store._temp_folder() as temp:
        Store(tmp_path)
        assert temp.exists()
        dead = temp.with_name("0badc0de-1-1.2.3")
        dead.mkdir()
        assert store.gc().folders == 0  # of another machine, and young
        os.utime(dead, (0, 0))
        assert store.gc().folders == 1
        assert temp.exists()
