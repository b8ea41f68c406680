"""Stopping a study keeps what is finished; the same command goes on as if never stopped."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from .conftest import process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")

SEEDS = 6
STUDY = ("run", "kazakhstan-2022", "--scale", "0.002", "--set", "clock.hours=120", "--seeds", SEEDS)


def stopped(folder: Path, seeds: int, number: signal.Signals, workers: int) -> tuple[int, str, str]:
    """Run the study, send a signal once so many seeds are done; return code and outputs."""
    with process(*STUDY, "--workers", workers, "--json", cwd=folder) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        said, done = "", 0
        for line in running.stderr:
            said += line
            done += " done in " in line
            if done == seeds:
                break
        running.send_signal(number)
        said += running.stderr.read()
        out = running.stdout.read()
    return running.returncode, out, said


@pytest.mark.parametrize(
    ("number", "workers"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 2), (signal.SIGHUP, 1)],
)
def test_every_way_of_stopping_keeps_what_is_finished(
    tmp_path: Path, number: signal.Signals, workers: int
) -> None:
    code, out, said = stopped(tmp_path, 2, number, workers)
    assert (code, out) == (130, "")
    assert "Traceback" not in said
    kept = list((tmp_path / "runs" / "runs").glob("??/*"))
    assert 2 <= len(kept) < SEEDS
    assert f"{len(kept)} of {SEEDS} seeds finished; repeat the command to go on" in said
    assert said.rstrip().splitlines()[-1].strip().startswith("steppe run kazakhstan-2022")
    assert list((tmp_path / "runs" / "leases").iterdir()) == []


def test_the_same_command_goes_on_and_ends_as_if_never_stopped(tmp_path: Path) -> None:
    stopped(tmp_path, 2, signal.SIGINT, 2)
    kept = len(list((tmp_path / "runs" / "runs").glob("??/*")))
    answers = []
    for store in ("runs", "other"):
        again = process(*STUDY, "--json", "--no-report", "--store", store, cwd=tmp_path)
        out, err = again.communicate(timeout=120)
        assert again.returncode == 0
        assert (f"{kept} of {SEEDS} already done" in err) == (store == "runs")
        answers.append(json.loads(out))
    resumed, unbroken = ([(s["seed"], s["content"]) for s in a["seeds"]] for a in answers)
    assert resumed == unbroken
    assert answers[0]["targets"] == answers[1]["targets"]
