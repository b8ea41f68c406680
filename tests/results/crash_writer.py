"""Forks writers that store runs until they are killed; prints what they reported as stored.

Arguments: folder of the store, number of kills, seed. One line of JSON is printed at the end: the
lines ``reported``, and how many kills fell into the middle of writing (``interrupted``).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import duckdb  # noqa: F401  (loaded once, before the forks)
from store_samples import trajectory

from steppe.results.store import Store


def write_for_ever(folder: str, first_seed: int, pipe: int) -> None:
    store = Store(folder)
    seed = first_seed
    while True:
        key = store.put(trajectory(seed))
        os.write(pipe, f"{key} {seed}\n".encode())
        seed += 1


def main(folder: str, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    reported: list[str] = []
    interrupted = 0
    for number in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            write_for_ever(folder, 1000 * number, writing)
        os.close(writing)
        with os.fdopen(reading) as stream:
            reported.append(stream.readline().strip())  # it is at work
            time.sleep(rng.uniform(0.0, 0.12))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            reported += stream.read().splitlines()
        # the next writer sweeps what this one left
        interrupted += any((Path(folder) / "tmp").iterdir())
    print(json.dumps({"reported": reported, "interrupted": interrupted}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
