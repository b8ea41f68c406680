"""Small versions of the long trials in ``validation``, and that each of them can fail."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
from pathlib import Path

import httpx
import pytest

import steppe
from steppe.app import security
from steppe.app.config import Config
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from validation import hostile_requests, kills, mutations, soak


@pytest.fixture(scope="module")
def run() -> Trajectory:
    return steppe.run(steppe.load("two-valleys").change("clock.hours", 2), 1, scale=0.003)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_writers_lose_and_tear_nothing(tmp_path: Path, run: Trajectory) -> None:
    found = kills.trial(Store(tmp_path), run, 24, 5, first=170)
    assert (found["lost"], found["torn"]) == (0, 0)
    assert found["reported runs"] >= 12


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_copy_in_place_of_a_rename_is_torn(
    tmp_path: Path, run: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "rename", shutil.copytree)
    assert kills.trial(Store(tmp_path), run, 24, 5, first=176)["torn"] > 0


def test_mutated_files_of_every_format_are_answered(tmp_path: Path) -> None:
    forms = [form(tmp_path) for form in mutations.FORMATS]
    counts = mutations.trial(forms, 150, random.Random(11))
    assert set(counts) == {"accepted", "refused"}


def test_a_reader_that_fails_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = mutations.Patches(tmp_path)
    monkeypatch.setattr(mutations, "read_patch", lambda path: path.read_text())
    assert mutations.trial([form], 20, random.Random(1))["traceback"] > 0


def hostile(folder: Path, count: int) -> dict[str, int]:
    service = AppService(Config(store=folder, port=hostile_requests.PORT))
    try:
        return asyncio.run(hostile_requests.outcomes(service, count, 3))
    finally:
        service.close()


def test_no_hostile_request_gets_through(tmp_path: Path) -> None:
    found = hostile(tmp_path, 200)
    assert set(found) == {"refused", "answered"}
    assert found["refused"] > 100


def test_a_guard_that_asks_for_less_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security.Guard, "_check_source", lambda *_: None)
    assert hostile(tmp_path, 200)["got through"] > 0


def test_a_user_stays_at_the_app_without_a_fault(tmp_path: Path) -> None:
    """Signing in, reading, keeping, leaving; what simulates is left to the hour itself."""
    service = AppService(Config(store=tmp_path, host="0.0.0.0", port=80, names=("lab",),
                                password=soak.PASSWORD))  # fmt: skip
    notes = soak.Notes(minutes=60.0, pause=1.0)

    async def stay() -> None:
        transport = httpx.ASGITransport(make_app(service))
        headers = {"origin": "http://lab", "x-steppe": "1"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://lab", headers=headers
        ) as client:
            user = soak.User(client, notes, 1)
            await user.enter()
            for act in (user.read, user.keep, user.leave):
                await act()

    try:
        asyncio.run(stay())
    finally:
        service.close()
    assert notes.faults == []
    assert notes.answers["POST session 204"] == 2
    assert notes.answers["POST experiments 201"] == 1


def test_an_app_that_grows_is_seen() -> None:
    notes = soak.Notes(minutes=60.0, pause=1.0)
    for quarter, (memory, files) in enumerate(((900, 20), (1_000, 20), (1_200, 22), (1_260, 24))):
        notes.sizes.append((quarter, float(memory), files, 10))
    assert soak.growing(soak.table(notes)) == {"memory grows": True, "files grow": False}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_the_size_of_a_process_is_read() -> None:
    memory, files, threads = soak.size(os.getpid())
    assert memory > 10
    assert files > 2
    assert threads >= 1
