"""Killing a worker, the driver, or the study from the keyboard loses nothing that was finished."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import executor_jobs
from executor_jobs import key, log_lines, results, tasks, work

from steppe.results.store import Store
from steppe.study.executors import LocalPool, TaskDone

COUNT = 12
EXPECTED = {number: str(number * number) for number in range(COUNT)}


def drive(root: Path, seconds: float) -> subprocess.Popen[str]:
    program = str(Path(executor_jobs.__file__))
    return subprocess.Popen(
        [sys.executable, program, str(root), str(COUNT), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def workers(root: Path) -> set[int]:
    return {int(pid) for _, pid in log_lines(root, "start")}


def test_kill_9_of_workers_costs_only_the_work_in_flight(tmp_path: Path) -> None:
    rng = random.Random(3)
    store = Store(tmp_path)
    pool = LocalPool(store, workers=2, threads=1)
    found = []
    for finished in pool.run(tasks(COUNT), partial(work, str(tmp_path), 0.05)):
        found.append(finished)
        if len(found) in (2, 4, 6):
            pids = sorted(pid for pid in workers(tmp_path) if alive(pid))
            os.kill(rng.choice(pids), signal.SIGKILL)
    assert all(isinstance(f, TaskDone) for f in found)
    assert {f.key for f in found} == {key(number) for number in range(COUNT)}
    assert results(tmp_path) == EXPECTED
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert COUNT < len(starts) + 1 <= COUNT + 4


def test_kill_9_of_the_driver_leaves_no_orphan_and_a_restart_goes_on(tmp_path: Path) -> None:
    driver = drive(tmp_path, 0.2)
    assert wait_for(lambda: len(results(tmp_path)) >= 3)
    driver.kill()
    driver.communicate()
    assert wait_for(lambda: not any(map(alive, workers(tmp_path))), 2.0)
    kept = set(results(tmp_path))
    assert 3 <= len(kept) < COUNT
    before = len(log_lines(tmp_path, "start"))
    began = time.monotonic()
    out, err = drive(tmp_path, 0.0).communicate()
    assert time.monotonic() - began < 30  # the dead driver's leases are not waited for
    assert err == ""
    assert len(out.splitlines()) == COUNT
    assert results(tmp_path) == EXPECTED
    later = {int(number) for number, _ in log_lines(tmp_path, "start")[before:]}
    assert later == set(EXPECTED) - kept


def test_an_interrupt_from_the_keyboard_is_clean(tmp_path: Path) -> None:
    driver = drive(tmp_path, 0.2)
    assert wait_for(lambda: len(results(tmp_path)) >= 2)
    driver.send_signal(signal.SIGINT)
    _, err = driver.communicate(timeout=20)
    assert driver.returncode != 0
    assert "finished and kept" in err
    assert "give the same command again" in err
    assert not any(map(alive, workers(tmp_path)))
    assert list((tmp_path / "leases").iterdir()) == []
    kept = len(results(tmp_path))
    out, _ = drive(tmp_path, 0.0).communicate()
    assert len(out.splitlines()) == COUNT
    assert results(tmp_path) == EXPECTED
    assert len(log_lines(tmp_path, "end")) == COUNT
    assert kept >= 2


def test_two_drivers_share_the_work(tmp_path: Path) -> None:
    drivers = [drive(tmp_path, 0.05) for _ in range(2)]
    reported = [driver.communicate()[0].splitlines() for driver in drivers]
    assert [sorted(keys) for keys in reported] == [sorted(map(key, range(COUNT)))] * 2
    starts = sorted(int(number) for number, _ in log_lines(tmp_path, "start"))
    assert starts == list(range(COUNT))
