"""kill -9 of writers of a store, at every call in turn and at random moments: lost and torn runs.

    python -m validation.kills [--count 1000] [--seed 1]

run in the folder of the repository (Linux or macOS). Half of the kills hit a writer at its first,
second, ... call that opens, makes or renames something, over and over; the others at a random
moment. After each kill every run that was reported is there, and every run that is there is as it
was stored. The last line is a JSON object; the exit code is 1 when a run was lost or torn.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import replace

import steppe
from steppe.core.errors import StoreError
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory

CALLS = 110
"""More calls than a writer makes for one run."""


def write_for_ever(store: Store, run: Trajectory, first: int, pipe: int) -> None:
    """Store runs with one seed after the other and report each, until killed."""
    for seed in itertools.count(first):
        one = replace(run, record=replace(run.record, seed=seed))
        os.write(pipe, f"{store.put(one)}\n".encode())


def killed(store: Store, run: Trajectory, number: int, draw: random.Random) -> list[str]:
    """Let a writer begin, kill it, and return the keys that it reported."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        if number % 2:
            _die_at_call(1 + number // 2 % CALLS)
        write_for_ever(store, run, 1_000 * number, writing)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = [] if number % 2 else [stream.readline()]  # it is at work
        if not number % 2:
            time.sleep(draw.uniform(0.0, 0.05))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [line.strip() for line in [*said, *stream]]


def _die_at_call(turn: int) -> None:
    calls = itertools.count(1)

    def watch(event: str, _: object) -> None:
        if event.startswith(("open", "os.", "shutil.")) and next(calls) == turn:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def trial(store: Store, run: Trajectory, count: int, seed: int, first: int = 0) -> dict[str, int]:
    """Kill so many writers, from number ``first`` on; count runs reported, lost and torn."""
    draw, reported = random.Random(seed), 0
    lost = torn = 0
    for number in range(first, first + count):
        keys = killed(store, run, number, draw)
        reported += len(keys)
        Store(store.path)  # sweeps what the dead writer left
        lost += len(set(keys) - set(store.keys()))
        for key in store.keys():  # noqa: SIM118
            try:
                store.verify(key)
            except StoreError as error:
                print(f"kill {number}: {error}", flush=True)
                torn += 1
            store.remove(key)
    return {"kills": count, "reported runs": reported, "lost": lost, "torn": torn}


def main() -> int:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    run = steppe.run(steppe.load("two-valleys").change("clock.hours", 2), 1, scale=0.003)
    with tempfile.TemporaryDirectory() as folder:
        found = trial(Store(folder), run, asked.count, asked.seed)
    print(json.dumps(found))
    return int(bool(found["lost"] or found["torn"]))


if __name__ == "__main__":
    sys.exit(main())
