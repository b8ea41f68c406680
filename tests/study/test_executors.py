"""Executors finish every task once, blame exactly the guilty one, and hold few tasks."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from executor_jobs import key, log_lines, results, tasks, work

from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.store import Store
from steppe.study.executors import (
    ExecutorError,
    Finished,
    Inline,
    Interrupted,
    LocalPool,
    Task,
    TaskDone,
    TaskFailed,
    WorkerLimits,
    share_cores,
)


def pool(store: Store, **options: object) -> LocalPool:
    return LocalPool(store, **({"workers": 2, "threads": 1} | options))  # type: ignore[arg-type]


def squares(numbers: range | list[int]) -> dict[int, str]:
    return {number: str(number * number) for number in numbers}


@pytest.mark.parametrize("make", [Inline, pool])
def test_every_task_is_done_once_and_never_again(tmp_path: Path, make: type[Inline]) -> None:
    store, job = Store(tmp_path), partial(work, str(tmp_path), 0.0)
    done = list(make(store).run(tasks(12), job))
    assert {d.key for d in done} == {key(n) for n in range(12)}
    assert all(isinstance(d, TaskDone) and not d.stored for d in done)
    assert results(tmp_path) == squares(range(12))
    again = list(make(store).run(tasks(14), job))
    assert sum(isinstance(d, TaskDone) and d.stored for d in again) == 12
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert sorted(starts) == list(range(14))
    assert store.leases.held() == []
    assert list((tmp_path / "leases").iterdir()) == []


class InterruptAt:
    """A trace that interrupts at one bytecode of those that claim a task."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.depth = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        if self.depth == 0 and code.co_name != "_claim":
            return None
        if not code.co_filename.endswith(("scheduler.py", "leases.py", "store.py")):
            return None
        self.depth += 1
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, _: FrameType, event: str, __: object) -> Any:
        if event == "return":
            self.depth -= 1
        elif event == "opcode":
            self.at -= 1
            if self.at == 0:
                raise KeyboardInterrupt
        return self._step


def test_an_interrupt_at_any_bytecode_of_a_claim_leaves_nothing(tmp_path: Path) -> None:
    before = sys.gettrace()
    for at in itertools.count(1):
        root = tmp_path / str(at)
        store, trace = Store(root), InterruptAt(at)
        try:
            sys.settrace(trace)
            list(Inline(store).run(tasks(1), partial(work, str(root), 0.0)))
        except Interrupted:
            assert results(root) == {}
        finally:
            sys.settrace(before)
        left = [path for name in ("leases", "tmp") for path in (root / name).glob("*")]
        assert left == [], at
        if trace.at > 0:  # the whole claim was shorter
            break
    assert at > 200
    assert results(root) == squares(range(1))


def test_workers_are_reused_and_have_their_threads(tmp_path: Path) -> None:
    list(pool(Store(tmp_path), threads=3).run(tasks(20), partial(work, str(tmp_path), 0.01)))
    assert len({pid for _, pid in log_lines(tmp_path, "start")}) == 2
    assert {threads for _, threads in log_lines(tmp_path, "end")} == {"3"}


def test_a_worker_that_dies_idle_blames_no_task(tmp_path: Path) -> None:
    job = partial(work, str(tmp_path), 0.0)
    found = pool(Store(tmp_path), workers=1).run(tasks(4, {2: "raise"}), job)
    assert {next(found).key, next(found).key} == {key(0), key(1)}
    (pid,) = {int(pid) for _, pid in log_lines(tmp_path, "start")}
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert [type(f).__name__ for f in found] == ["TaskFailed", "TaskDone"]
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert starts == [0, 1, 2, 3]


def test_workers_are_renewed(tmp_path: Path) -> None:
    one = pool(Store(tmp_path), workers=1, limits=WorkerLimits(tasks=2))
    assert len(list(one.run(tasks(5), partial(work, str(tmp_path), 0.0)))) == 5
    assert len({pid for _, pid in log_lines(tmp_path, "start")}) == 3


GUILTY = {
    1: ("exit", "exit status 7", 3),
    3: ("segfault", "signal 11 (SIGSEGV): File ", 3),
    5: ("raise", "ValueError: a bad number (executor_jobs.py:", 1),
    6: ("nothing", "SystemExit", 1),
    8: ("loop", "time limit of 1.5 s", 1),
    9: ("memory", "MemoryError", 3),
}


def test_exactly_the_guilty_tasks_are_blamed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    special: dict[int, object] = {number: how for number, (how, _, _) in GUILTY.items()}
    special[2] = "print"  # must not disturb the pool's own messages
    careful = pool(store, limits=WorkerLimits(memory_mib=1024, seconds=1.5))
    found = list(careful.run(tasks(12, special), partial(work, str(tmp_path), 0.0)))
    failed = {f.key: f for f in found if isinstance(f, TaskFailed)}
    assert set(failed) == {key(number) for number in GUILTY}
    for number, (_, reason, attempts) in GUILTY.items():
        assert reason in failed[key(number)].reason
        assert failed[key(number)].attempts == attempts
    innocent = [number for number in range(12) if number not in GUILTY]
    assert results(tmp_path) == squares(innocent)
    notes = {note.key: note for note in store.failures.all()}
    assert {k: len(note.reasons) for k, note in notes.items()} == {
        k: f.attempts for k, f in failed.items()
    }
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert [starts.count(number) for number in innocent] == [1] * len(innocent)


def test_a_repaired_task_loses_its_note(tmp_path: Path) -> None:
    store, job = Store(tmp_path), partial(work, str(tmp_path), 0.0)
    (failed,) = Inline(store).run(tasks(1, {0: "raise"}), job)
    assert isinstance(failed, TaskFailed)
    assert [note.seed for note in store.failures.all()] == [0]
    (done,) = Inline(store).run(tasks(1), job)
    assert isinstance(done, TaskDone)
    assert store.failures.all() == []


@pytest.mark.parametrize("make", [Inline, pool])
def test_work_that_stores_nothing_is_a_failure(tmp_path: Path, make: type[Inline]) -> None:
    (failed,) = make(Store(tmp_path)).run(tasks(1), os.fspath)  # type: ignore[arg-type]
    assert isinstance(failed, TaskFailed)
    (failed,) = make(Store(tmp_path)).run(tasks(1), repr)  # type: ignore[arg-type]
    assert failed == TaskFailed(key(0), "the work ended without storing its run", 1)


@pytest.mark.parametrize("make", [Inline, pool])
def test_a_full_disk_ends_the_study(tmp_path: Path, make: type[Inline]) -> None:
    store, job = Store(tmp_path), partial(work, str(tmp_path), 0.0)
    found: list[Finished] = []
    with pytest.raises(UnwritableStoreError, match="disk is full"):
        found.extend(make(store).run(tasks(80, dict.fromkeys(range(3, 80), "full")), job))
    assert 2 <= len(found) <= 3
    kept = results(tmp_path)
    assert {key(number) for number in kept} >= {finished.key for finished in found}
    assert 3 not in kept
    assert store.leases.held() == []


@pytest.mark.parametrize(("make", "most"), [(Inline, 1), (pool, 2)])
def test_only_tasks_in_flight_are_held(tmp_path: Path, make: type[Inline], most: int) -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield Task(key(number), number)

    found = make(Store(tmp_path)).run(endless(), partial(work, str(tmp_path), 0.0))
    for finished in range(1, 9):
        next(found)
        assert taken <= finished + most
    found.close()  # type: ignore[attr-defined]
    assert Store(tmp_path).leases.held() == []


class _NearlyFull(Store):
    """A store that has all runs but a few."""

    def has(self, key: str) -> bool:
        return key not in MISSING or super().has(key)


MISSING = frozenset(key(number) for number in range(0, 100_000, 10_000))


@pytest.mark.parametrize("make", [Inline, pool])
def test_a_hundred_thousand_tasks_take_no_memory(tmp_path: Path, make: type[Inline]) -> None:
    taken = finished = ahead = 0

    def many() -> Iterator[Task]:
        nonlocal taken
        for number in range(100_000):
            taken += 1
            yield Task(key(number), number)

    made = set()
    tracemalloc.start()
    try:
        for one in make(_NearlyFull(tmp_path)).run(many(), partial(work, str(tmp_path), 0.0)):
            finished += 1
            ahead = max(ahead, taken - finished)
            assert isinstance(one, TaskDone)
            if not one.stored:
                made.add(one.key)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (finished, made) == (100_000, MISSING)
    assert ahead <= 2
    assert peak < 4 << 20


def test_stop_ends_the_iteration_from_another_thread(tmp_path: Path) -> None:
    stop = threading.Event()
    job = partial(work, str(tmp_path), 0.0)
    found = pool(Store(tmp_path)).run(tasks(3, {0: "loop", 1: "loop"}), job, stop=stop)
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    assert list(found) == []
    assert time.monotonic() - began < 60
    assert Store(tmp_path).leases.held() == []


def test_a_task_in_the_hands_of_another_process_is_waited_for(tmp_path: Path) -> None:
    store, job = Store(tmp_path), partial(work, str(tmp_path), 0.0)
    lease = store.leases.claim(key(1))
    assert lease is not None
    found = pool(store).run(tasks(3), job)
    assert {next(found).key, next(found).key} == {key(0), key(2)}
    work(str(tmp_path), 0.0, Task(key(1), 1))  # the other process finishes it
    lease.release()
    assert next(found) == TaskDone(key(1), 0.0, stored=True)
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert sorted(starts) == [0, 1, 2]
    found.close()  # type: ignore[attr-defined]


def test_an_interrupt_says_what_is_kept_and_left(tmp_path: Path) -> None:
    def interrupt(task: Task) -> None:
        if task.seed == 2:
            raise KeyboardInterrupt
        work(str(tmp_path), 0.0, task)

    with pytest.raises(Interrupted, match="2 finished and kept, 3 left") as caught:
        list(Inline(Store(tmp_path)).run(tasks(5), interrupt))
    assert (caught.value.finished, caught.value.remaining) == (2, 3)
    assert Store(tmp_path).leases.held() == []


def test_work_that_cannot_be_sent_is_refused_at_once(tmp_path: Path) -> None:
    def local(task: Task) -> None: ...

    store = Store(tmp_path)
    with pytest.raises(ExecutorError, match="cannot be sent"):
        next(pool(store).run(tasks(1), local))
    local.__module__ = "__main__"
    with pytest.raises(ExecutorError, match="importable module"):
        next(pool(store).run(tasks(1), local))
    with pytest.raises(ExecutorError, match="cannot be started"):
        next(pool(store).run(tasks(1), partial(work, _Unloadable())))
    assert store.failures.all() == []


class _Unloadable:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return _refuse_to_load, ("never",)


def _refuse_to_load(text: str) -> None:
    raise ImportError(text)


@pytest.mark.parametrize(
    ("available", "runs", "workers", "expected"),
    [
        (8, 1, None, (1, 8)), (8, 3, None, (3, 2)), (8, 100, None, (8, 1)), (8, 0, None, (1, 8)),
        (8, 100, 4, (4, 2)), (8, 2, 4, (2, 4)), (8, 100, 16, (16, 1)), (2, 8, None, (2, 1)),
    ],
)  # fmt: skip
def test_cores_are_shared(
    available: int,
    runs: int,
    workers: int | None,
    expected: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("steppe.study.executors.executor.cores", lambda: available)
    assert share_cores(runs, workers) == expected
