"""What is left of a store after a power cut at any moment, and how a study goes on from there."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import get_args

import pytest
from power_cuts import Disk, Loss
from store_samples import assert_same, trajectory

from steppe.results import atomic_io
from steppe.results.hashing import key_of
from steppe.results.store import Store

RUNS = (1, 2, 3)


@pytest.fixture(autouse=True)
def one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Force files one by one: between any two of them the power may fail."""
    monkeypatch.setattr(atomic_io, "AT_ONCE", 1)


def cut(disk: Disk, reported: list[str], folder: Path, loss: Loss) -> None:
    """Cut the power now: what was reported is there and whole, and the rest can be made again."""
    store = Store(disk.after_cut(folder, loss))
    assert set(reported) <= set(store.keys())
    for key in store.keys():  # noqa: SIM118
        back = store.get(key)
        assert_same(trajectory(back.record.seed), back)
    for seed in RUNS:
        store.put(trajectory(seed))
    assert sorted(store.keys()) == sorted(key_of(trajectory(seed).record) for seed in RUNS)
    shutil.rmtree(folder)


def study(root: Path, folder: Path, loss: Loss, monkeypatch: pytest.MonkeyPatch) -> int:
    """Store runs, with a power cut after every call that changes names; count the cuts."""
    root.mkdir()
    disk, reported, cuts = Disk(root), list[str](), itertools.count()

    def cut_now() -> None:
        cut(disk, reported, folder / str(next(cuts)), loss)

    with disk.record(monkeypatch, cut_now):
        store = Store(root)
        for seed in RUNS:
            reported.append(store.put(trajectory(seed)))
    cut_now()
    return next(cuts)


@pytest.mark.parametrize("loss", get_args(Loss))
def test_a_power_cut_at_any_moment_loses_no_reported_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: Loss
) -> None:
    assert study(tmp_path / "store", tmp_path / "cuts", loss, monkeypatch) > 40


@pytest.mark.parametrize(
    ("forgotten", "loss"),
    [
        ("steppe.results.writer.sync_files", "torn"),
        ("steppe.results.atomic_io.sync_folder", "strict"),
    ],
)
def test_a_store_that_forgets_to_force_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: str, loss: Loss
) -> None:
    monkeypatch.setattr(forgotten, lambda _: None)
    with pytest.raises(Exception, match=r"assert|damaged|bytes"):
        study(tmp_path / "store", tmp_path / "cuts", loss, monkeypatch)
