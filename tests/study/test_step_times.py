"""The steps of a study follow each other, and together they are the whole."""

from __future__ import annotations

import time

import pytest
from click.testing import CliRunner

from steppe.cli import cli
from steppe.study.step_times import StepTimes


def test_a_step_ends_the_one_before() -> None:
    times, start = StepTimes(), time.perf_counter()
    times.begin("idle")
    time.sleep(0.05)
    times.begin("busy")
    while times._cpu + 0.05 > time.process_time():
        pass
    times.end()
    times.end()
    whole = time.perf_counter() - start
    idle, busy = times.steps
    assert (idle.name, busy.name) == ("idle", "busy")
    assert idle.wall_s >= 0.05 > idle.cpu_s
    assert busy.cpu_s >= 0.05
    assert times.wall_s == pytest.approx(whole, abs=0.02)


def test_a_judgement_tells_where_its_time_went(tmp_path: pytest.TempPathFactory) -> None:
    words = ["judge", "two-valleys", "--engine", "cohorts", "--seeds", "3", "--no-report"]
    done = CliRunner().invoke(cli, [*words, "--store", str(tmp_path), "--profile"])
    assert done.exit_code == 0, done.output
    steps = ("runs and verdicts", "runs under other rules", "runs with other parameters")
    assert all(step in done.stderr for step in steps)
    assert "Where the time went" not in done.stdout
