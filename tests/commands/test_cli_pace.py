"""What a study says of its pace: rates, failures and time left that follow from what has ended."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from steppe.commands.eta import Eta
from steppe.commands.progress import ProgressLine, opening
from steppe.study.events import Planned, SeedDone, SeedFailed

from .conftest import Steppe


def pace(total: int, stored: int = 0, workers: int = 1) -> Eta:
    return Eta(Planned(total, stored, workers, 1), 100.0, 100.0)


def test_nothing_is_known_before_anything_was_made() -> None:
    fresh = pace(10)
    assert (fresh.rate, fresh.seconds_left(105.0), fresh.remaining, fresh.done) == (
        0.0,
        None,
        10,
        0,
    )


def test_one_worker_at_a_steady_rate() -> None:
    steady = pace(10, stored=4)
    for moment in (102.0, 104.0):
        steady.end(moment)
    assert (steady.done, steady.remaining, steady.rate) == (6, 4, 0.5)
    assert steady.seconds_left(104.0) == 8.0
    assert steady.seconds_left(105.0) == 7.0
    steady.advance(0.5, 105.0)
    assert steady.seconds_left(105.0) == 7.0


def test_runs_in_other_processes_count_as_half_made() -> None:
    crew = pace(8, workers=4)
    crew.end(110.0)
    assert crew.equivalent == 1 + 3 / 2
    assert crew.seconds_left(110.0) == pytest.approx((7 - 1.5) / 0.25)
    for _ in range(7):
        crew.end(120.0)
    assert (crew.equivalent, crew.seconds_left(120.0)) == (8, 0.0)


def test_runs_made_elsewhere_shorten_the_rest_and_not_the_rate() -> None:
    shared = pace(10)
    shared.end(102.0)
    shared.elsewhere += 4
    assert (shared.done, shared.remaining, shared.rate) == (5, 5, 0.5)
    assert shared.seconds_left(102.0) == 10.0


def test_of_uncounted_runs_no_time_left_is_claimed() -> None:
    endless = pace(-1, workers=3)
    endless.end(101.0)
    assert (endless.remaining, endless.seconds_left(101.0)) == (None, None)
    assert opening(Planned(-1, 0, 3, 1), "run") == "runs to do, 3 at a time, 1 thread each"


def test_each_part_of_a_study_is_told_by_itself() -> None:
    said = io.StringIO()
    with ProgressLine(Console(file=said, width=100), 1e6, "agent-hours", quiet=False) as watch:
        for seed in (1, 2):
            watch(Planned(3, 1, 1, 2))
            watch(SeedDone(seed, "key", 1.5, False))
            watch(SeedFailed(seed + 10, "no bread"))
    lines = said.getvalue().splitlines()
    assert lines[: len(lines) // 2][0] == lines[len(lines) // 2]
    assert lines[0] == "1 of 3 already done, 2 seeds to do, 2 threads"
    assert lines[1].startswith("seed 1 done in 1.5 s   2/3 seeds")
    assert lines[2] == "seed 11 failed: no bread"
    assert lines[3].endswith("1 failed")


def test_a_quiet_command_shows_no_progress(toy: Path, steppe: Steppe) -> None:
    words = ("pair", toy, "--set", "prices.shock=0.5", "--seeds", 2, "--store")
    assert "done in" in steppe(*words, "spoken").err
    assert steppe(*words, "silent", "--quiet").err == ""
