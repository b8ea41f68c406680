"""A study on a disk that fills up: told clearly, nothing lost; it goes on when there is room."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from steppe.cli import cli
from steppe.results.store import Store

SMALL, LARGE = "size=700k", "size=32m"
SEEDS = 12
STUDY = (
    "run", "kazakhstan-2022", "--scale", "0.0005", "--set", "clock.hours=12", "--seeds", SEEDS,
    "--json", "--no-report",
)  # fmt: skip


def mount(*options: str) -> bool:
    try:
        done = subprocess.run(["mount", *options], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory with very little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", SMALL, "tmpfs", str(folder)):
        pytest.skip("only an administrator of a system with tmpfs can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_is_told_and_the_study_goes_on_when_there_is_room(
    disk: Path, workers: int
) -> None:
    store = Store(disk / "runs")
    order = (*STUDY, "--store", store.path, "--workers", workers)
    full = call(*order)
    assert full.exit_code == 1
    assert full.stdout == ""
    assert "the disk is full; free some space, then give the same command again" in full.stderr
    assert "Traceback" not in full.stderr
    kept = store.keys()
    assert 0 < len(kept) < SEEDS
    assert len(json.loads(call("runs", "--store", store.path, "--json").stdout)) == len(kept)
    for key in kept:
        store.verify(key)
    assert list((store.path / "tmp").iterdir()) == []
    assert store.leases.held() == []
    assert call(*order).exit_code == 1  # and again: nothing is lost by trying
    assert set(store.keys()) >= set(kept)
    assert mount("-o", f"remount,{LARGE}", str(disk))
    kept = store.keys()
    more = call(*order)
    assert more.exit_code == 0
    assert f"{len(kept)} of {SEEDS} already done" in more.stderr
    assert len(store.keys()) == SEEDS
