"""What executors cost: the share of the workers' time in which no task was worked on.

    python -m benchmarks.executors [--tasks 200] [--seconds 1] [--many 100000]

run in the folder of the repository. Tasks are loops of about a second that wait for nothing; each
notes how long it took by itself, so the ratio is of one run and a busy machine slows both sides:

    overhead = workers * time on the clock / sum of the tasks' own times - 1

The start of the workers counts. ``--many`` also sends so many empty tasks through the local pool
and prints how many were drawn ahead and the memory of this process. Returns 1 above 5 %.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

from benchmarks.executor_tasks import own_seconds, spin, tasks, work

from steppe.results.store import Store
from steppe.study.executors import Executor, Inline, LocalPool, Task, TaskDone, cores
from steppe.study.executors.dask import Cluster

GOAL = 0.05


def turns_for(seconds: float) -> int:
    """Return how many turns of the loop take so long here."""
    trial, fastest = 1_000_000, float("inf")
    for _ in range(3):
        began = time.perf_counter()
        spin(trial)
        fastest = min(fastest, time.perf_counter() - began)
    return int(trial * seconds / fastest)


def overhead(make: Callable[[Store], Executor], workers: int, count: int, turns: int) -> float:
    """Run the tasks on an executor; return its overhead as a share."""
    with tempfile.TemporaryDirectory() as root:
        executor = make(Store(root))
        began = time.perf_counter()
        done = sum(isinstance(one, TaskDone) for one in executor.run(
            tasks(count), partial(work, root, turns)
        ))  # fmt: skip
        elapsed = time.perf_counter() - began
        if isinstance(executor, Cluster):
            executor.close()
        if done != count:
            raise RuntimeError(f"{count - done} of {count} tasks failed")
        return workers * elapsed / own_seconds(root) - 1.0


def many(count: int, workers: int) -> str:
    """Send empty tasks through the local pool; return what was held of them."""
    drawn = finished = ahead = 0

    def counted() -> Iterator[Task]:
        nonlocal drawn
        for task in tasks(count):
            drawn += 1
            yield task

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as root:
        pool = LocalPool(Store(root), workers=workers)
        for _ in pool.run(counted(), partial(work, root, 0)):
            finished += 1
            ahead = max(ahead, drawn - finished)
    elapsed = time.perf_counter() - began
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return (
        f"{finished} empty tasks: at most {ahead} drawn ahead, {more:.1f} MiB more memory, "
        f"{1000 * elapsed / finished:.1f} ms each"
    )


def main() -> int:
    """Measure every executor there is and print one line each."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--many", type=int, default=0)
    asked = parser.parse_args()
    crew, turns = cores(), turns_for(asked.seconds)
    executors: dict[str, tuple[Callable[[Store], Executor], int]] = {
        "in this process": (Inline, 1),
        f"{crew} local workers": (partial(LocalPool, workers=crew), crew),
    }
    if find_spec("distributed"):
        executors[f"Dask, local:{crew}"] = (partial(Cluster, at=f"local:{crew}"), crew)
    worst = 0.0
    for name, (make, workers) in executors.items():
        share = overhead(make, workers, asked.tasks, turns)
        worst = max(worst, share)
        print(f"{name:<20} {asked.tasks} tasks of about {asked.seconds:g} s: {share:7.2%}",
              flush=True)  # fmt: skip
    if asked.many:
        print(many(asked.many, crew))
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
