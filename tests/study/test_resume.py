"""A study killed again and again goes on where it was and ends as if it had never been stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import resume_driver
from tests.case.toy import write_toy_of_choice

from steppe.results.hashing import content_hash
from steppe.results.store import Store

KILLS = 6


def contents(store: Store) -> dict[str, str]:
    return {key: content_hash(store.get(key)) for key in sorted(store.keys())}


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")
def test_kill_9_at_random_moments_loses_and_repeats_nothing_finished(tmp_path: Path) -> None:
    case = write_toy_of_choice(tmp_path / "toy")
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    resume_driver.study(str(whole), str(case))
    done = subprocess.run(
        [sys.executable, resume_driver.__file__, str(broken), str(case), str(KILLS), "5"],
        capture_output=True,
        text=True,
        check=False,
        # one thread of the layer that may be forked
        env=os.environ | {"NUMBA_THREADING_LAYER": "workqueue", "NUMBA_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    kept: list[dict[str, int]] = json.loads(done.stdout)
    assert len(kept) == KILLS
    assert 0 < len(kept[-1]) < resume_driver.SEEDS
    for before, after in pairwise(kept):
        assert before.items() <= after.items()  # neither lost nor written again
    store = Store(broken)
    unfinished = set(contents(Store(whole))) - set(store.keys())
    assert len(unfinished) == resume_driver.SEEDS - len(kept[-1])
    resume_driver.study(str(broken), str(case))
    assert contents(store) == contents(Store(whole))
    assert store.leases.held() == []
    assert list((broken / "tmp").iterdir()) == []
