"""Runs that cannot be read are left out and named; the case given at the start opens first."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from steppe.app.config import Config
from steppe.app.errors import OWN_FAULT, answer_to
from steppe.app.service import AppService
from steppe.case.load import load
from steppe.results.store import Store
from steppe.study.batch import BatchJob, job_key

from .conftest import SCALE, SEEDS

DAMAGED = ("run.json", "series-hour-region.parquet")
"""A file that is read to list runs, and one that is read to draw them."""


@pytest.mark.parametrize("file", DAMAGED)
def test_damaged_runs_are_left_out_and_named(
    store: Store, folder: Path, tmp_path: Path, file: str
) -> None:
    own, case = tmp_path / "runs", load(folder)
    keys = [job_key(BatchJob(case, seed, SCALE)) for seed in range(1, SEEDS + 1)]
    for key in keys:
        shutil.copytree(store.folder(key), own / "runs" / key[:2] / key)
    broken = own / "runs" / keys[0][:2] / keys[0] / file
    broken.write_bytes(b"not what was stored")
    desk = AppService(Config(store=own, cases=(folder,)))
    setting = {"case": desk.book.front("").id, "seeds": SEEDS, "scale": SCALE}
    try:
        found = json.loads(desk.arms.comparison(desk.comparison(setting, "")))
        again = json.loads(desk.arms.comparison(desk.comparison(setting, "")))
    finally:
        desk.close()
    assert found["baseline"]["seedList"] == [2]
    (left_out,) = found["head"]["unreadable"]
    assert keys[0].startswith(left_out["run"])
    assert broken.name in left_out["why"]
    assert str(own) not in left_out["why"]
    assert again == found


def test_folder_given_at_the_start_opens_first(folder: Path, tmp_path: Path) -> None:
    desk = AppService(Config(store=tmp_path / "runs", cases=(folder,)))
    try:
        assert desk.book.front("somebody").title == "A small crisis"
    finally:
        desk.close()


def test_no_failure_is_without_words(capsys: pytest.CaptureFixture[str]) -> None:
    status, document = answer_to(ZeroDivisionError("a secret"))
    assert (status, document["error"]["message"]) == (500, f"{OWN_FAULT} (ZeroDivisionError)")
    assert "a secret" in capsys.readouterr().err
    status, document = answer_to(OSError(28, "No space left on device", "/srv/steppe-zip"))
    assert (status, document["error"]["message"]) == (
        507, "the machine refuses: No space left on device: steppe-zip",
    )  # fmt: skip
