"""Forks studies that are killed at random moments, each going on where the last one was.

Arguments: folder of the store, folder of a case, number of kills, seed. One line of JSON is
printed at the end: for each kill how many runs there were, and whether it fell into a run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from steppe.case.load import load
from steppe.results.store import Store
from steppe.study.ensemble import ensemble
from steppe.study.events import HourDone, StudyEvent
from steppe.study.task import warm_up

SEEDS = 8
HOURS = 12


def study(store: str, case: str, pipe: int | None = None) -> None:
    """Run the study; write a byte for every hour that has been lived."""

    def tell(event: StudyEvent) -> None:
        if pipe is not None and isinstance(event, HourDone):
            os.write(pipe, b".")
            time.sleep(0.002)  # so that moments differ

    scenario = load(case).change("clock.hours", HOURS)
    ensemble(scenario, range(SEEDS), store=Store(store), workers=1, on_event=tell)


def killed_at(hours: int, delay: float, store: str, case: str) -> None:
    """Start the study and kill it so many hours and seconds later; it must not have ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        study(store, case, writing)
        os._exit(0)
    os.close(writing)
    for _ in range(hours):
        assert os.read(reading, 1), "the study ended by itself"
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)


def main(store: str, case: str, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    warm_up(load(case))  # machine code is loaded once, before the forks
    kept: list[dict[str, float]] = []
    for _ in range(kills):
        killed_at(rng.randrange(1, 2 * HOURS), rng.uniform(0.0, 0.01), store, case)
        runs = (Path(store) / "runs").glob("??/*/run.json")
        kept.append({path.parent.name: path.stat().st_mtime_ns for path in runs})
    print(json.dumps(kept))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
