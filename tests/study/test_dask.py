"""A Dask cluster leaves the same bits as this process, whoever dies meanwhile."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import types
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from dask_machines import all_there, machines
from executor_jobs import key, log_lines, results, tasks, work

from steppe.case.scenario import Scenario
from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.hashing import content_hash
from steppe.results.store import Store
from steppe.study.ensemble import Ensemble, ensemble
from steppe.study.events import Planned, SeedDone, StudyEvent
from steppe.study.executors import (
    ExecutorError,
    Finished,
    Interrupted,
    Task,
    TaskDone,
    TaskFailed,
    dask,
    dask_cluster,
    dask_worker,
)
from steppe.study.executors.dask import Cluster
from steppe.study.executors.dask_cluster import ClusterAddress, parse_cluster

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def here() -> Iterator[Cluster]:
    """Two workers on this machine that are started again when they die."""
    with Cluster(Store("unused"), "local:2") as cluster:
        yield cluster


@pytest.fixture
def cluster(here: Cluster, tmp_path: Path) -> Cluster:
    here.store = Store(tmp_path)
    return here


def contents(made: Ensemble) -> dict[int, str]:
    return {run.record.seed: content_hash(run) for run in made.trajectories()}


def test_all_seeds_arrive_bit_for_bit_though_a_worker_is_killed(
    kazakhstan: Scenario, tmp_path: Path
) -> None:
    day, seeds = kazakhstan.change("clock.hours", 12), range(1, 7)
    expected = ensemble(day, seeds, store=Store(tmp_path / "a"), scale=0.0005, workers=1)
    with machines(tmp_path, 2) as made, Cluster(Store(tmp_path / "b"), made.address) as cluster:
        all_there(cluster, 2)
        events: list[StudyEvent] = []

        def kill_one(event: StudyEvent) -> None:
            events.append(event)
            if isinstance(event, SeedDone) and sum(isinstance(e, SeedDone) for e in events) == 2:
                made.workers[0].send_signal(signal.SIGKILL)

        found = ensemble(
            day, seeds, store=cluster.store, scale=0.0005, executor=cluster, on_event=kill_one
        )
        assert len(cluster.client.nthreads()) == 1
    assert events[0] == Planned(6, 0, 2, 1)
    assert found.complete
    assert contents(found) == contents(expected)
    assert cluster.store.leases.held() == []


def test_a_killed_worker_costs_only_the_task_it_had(cluster: Cluster, tmp_path: Path) -> None:
    root, gate = str(tmp_path), tmp_path / "gate"
    gate.touch()
    found = cluster.run(tasks(30, {0: gate}), partial(work, root, 0.0))
    done = [next(found) for _ in range(5)]  # the other worker's
    (pid,) = [int(pid) for number, pid in log_lines(root, "start") if number == "0"]
    os.kill(pid, signal.SIGKILL)
    gate.unlink()
    done += found
    assert all(isinstance(one, TaskDone) for one in done)
    assert {one.key for one in done} == {key(number) for number in range(30)}
    starts = [int(number) for number, _ in log_lines(root, "start")]
    assert [starts.count(number) for number in range(30)] == [2] + [1] * 29


def test_a_lost_scheduler_ends_the_study_and_says_what_to_do(tmp_path: Path) -> None:
    root = str(tmp_path)
    with machines(tmp_path, 1) as made, Cluster(Store(root), made.address) as cluster:
        found = cluster.run(tasks(50), partial(work, root, 0.0))
        done = [next(found) for _ in range(3)]
        made.scheduler.kill()
        with pytest.raises(ExecutorError, match=r"lost.*start the scheduler again") as caught:
            done.extend(found)
        assert made.address in str(caught.value)
    assert {one.key for one in done} <= {key(number) for number in results(root)}
    assert Store(root).leases.held() == []


def test_every_task_is_done_once_and_never_again(cluster: Cluster, tmp_path: Path) -> None:
    assert (cluster.workers, cluster.threads) == (2, max(1, (os.cpu_count() or 1) // 2))
    job = partial(work, str(tmp_path), 0.0)
    done = list(cluster.run(tasks(12), job))
    assert {one.key for one in done} == {key(number) for number in range(12)}
    assert results(tmp_path) == {number: str(number * number) for number in range(12)}
    again = list(cluster.run(tasks(14), job))
    assert sum(isinstance(one, TaskDone) and one.stored for one in again) == 12
    assert sorted(int(number) for number, _ in log_lines(tmp_path, "start")) == list(range(14))
    assert list((tmp_path / "leases").iterdir()) == []


GUILTY = {
    1: ("exit", "was lost", 3),
    3: ("raise", "ValueError: a bad number (executor_jobs.py:", 1),
    4: ("nothing", "SystemExit", 1),
}


def test_exactly_the_guilty_tasks_are_blamed(cluster: Cluster, tmp_path: Path) -> None:
    special: dict[int, object] = {number: how for number, (how, _, _) in GUILTY.items()}
    found = list(cluster.run(tasks(8, special), partial(work, str(tmp_path), 0.0)))
    failed = {one.key: one for one in found if isinstance(one, TaskFailed)}
    assert set(failed) == {key(number) for number in GUILTY}
    for number, (_, reason, attempts) in GUILTY.items():
        assert reason in failed[key(number)].reason
        assert failed[key(number)].attempts == attempts
    notes = {note.key: len(note.reasons) for note in cluster.store.failures.all()}
    assert notes == {k: one.attempts for k, one in failed.items()}
    starts = [int(number) for number, _ in log_lines(tmp_path, "start")]
    assert [starts.count(number) for number in range(8)] == [1, 3, 1, 1, 1, 1, 1, 1]


def test_only_tasks_in_flight_are_held(cluster: Cluster, tmp_path: Path) -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield Task(key(number), number)

    found = cluster.run(endless(), partial(work, str(tmp_path), 0.0))
    for finished in range(1, 30):
        next(found)
        assert taken <= finished + 2
    found.close()  # type: ignore[attr-defined]
    assert cluster.store.leases.held() == []


def test_a_full_disk_ends_the_study(cluster: Cluster, tmp_path: Path) -> None:
    found: list[Finished] = []
    full = tasks(80, dict.fromkeys(range(3, 80), "full"))
    with pytest.raises(UnwritableStoreError, match="disk is full"):
        found.extend(cluster.run(full, partial(work, str(tmp_path), 0.0)))
    assert 2 <= len(found) <= 3
    assert cluster.store.leases.held() == []


def test_an_interrupt_says_what_is_kept_and_left(cluster: Cluster, tmp_path: Path) -> None:
    found = cluster.run(tasks(9), partial(work, str(tmp_path), 0.0))
    next(found)
    with pytest.raises(Interrupted, match="1 finished and kept, 8 left"):
        found.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert cluster.store.leases.held() == []


def test_work_that_stores_nothing_is_a_failure(cluster: Cluster) -> None:
    (failed,) = cluster.run(tasks(1), os.fspath)  # type: ignore[arg-type]
    assert isinstance(failed, TaskFailed)
    assert "TypeError" in failed.reason
    (failed,) = cluster.run(tasks(1), repr)  # type: ignore[arg-type]
    assert failed == TaskFailed(key(0), "the work ended without storing its run", 1)


def _refuse_to_load(text: str) -> None:
    raise ImportError(text)


class _Unloadable:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return _refuse_to_load, ("no such program here",)


def test_a_worker_that_cannot_do_the_work_ends_the_study(cluster: Cluster) -> None:
    with pytest.raises(ExecutorError, match=r"cannot be used: .*no such program here"):
        list(cluster.run(tasks(1), partial(work, _Unloadable())))
    assert cluster.store.failures.all() == []


def test_a_machine_with_another_folder_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_worker, "BEGINNING", 0.0)
    monkeypatch.setenv(dask_worker.THREADS, "1")
    with pytest.raises(dask_worker.TaskError, match="is not the folder of this study") as caught:
        dask_worker.carry_out(
            b"", str(tmp_path), str(tmp_path / "leases" / "a.1"), 1, Task(key(1), 1)
        )
    assert caught.value.kind == "unusable"


def test_a_run_that_a_slow_folder_shows_late_is_waited_for(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = iter([False] * 3)
    monkeypatch.setattr(dask, "is_visible", lambda path: next(hidden, True) and path.exists())
    done = list(cluster.run(tasks(5), partial(work, str(tmp_path), 0.0)))
    assert all(isinstance(one, TaskDone) for one in done)
    monkeypatch.setattr(dask, "is_visible", lambda path: False)
    monkeypatch.setattr(dask, "SHARING", 0.0)
    with pytest.raises(ExecutorError, match="must lie in a folder that all machines share"):
        list(cluster.run([Task(key(7), 7)], partial(work, str(tmp_path), 0.0)))


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "CONNECTING", "300ms")
    with pytest.raises(ExecutorError, match=r"no Dask scheduler answers at .*:9.*dask sched"):
        list(Cluster(Store(tmp_path), "127.0.0.1:9").run(tasks(1), work))  # type: ignore[arg-type]


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutorError, match=r"pip install 'steppe\[cluster\]'"):
        _ = Cluster(Store(tmp_path), "127.0.0.1:9").workers
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    monkeypatch.delitem(sys.modules, "distributed")
    with pytest.raises(ExecutorError, match=r"pip install 'steppe\[cluster\]'"):
        _ = Cluster(Store(tmp_path), "slurm").workers


def test_slurm_gets_its_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class SLURMCluster:
        """Stands for that of dask-jobqueue; refuses at the end, as it does without sbatch."""

        def __init__(self, **options: Any) -> None:
            asked.append(options)

        def scale(self, *, jobs: int) -> None:
            asked.append(jobs)
            raise RuntimeError("sbatch: not found")

    fake = types.ModuleType("dask_jobqueue")
    fake.SLURMCluster = SLURMCluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask_jobqueue", fake)
    at = "slurm:queue=long,walltime=02:00:00,cores=4"
    with pytest.raises(ExecutorError, match="slurm cluster cannot be started: sbatch"):
        _ = Cluster(Store(tmp_path), at, workers=20).workers
    options = {"queue": "long", "walltime": "02:00:00", "cores": 4}
    pages = {"scheduler_options": {"dashboard_address": dask_cluster.LOOPBACK}}
    assert asked == [{"processes": 1, "memory": "4GiB", **pages, **options}, 20]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_cluster_on_this_machine_is_seen_by_no_other(here: Cluster) -> None:
    workers = here.client.run(os.getpid).values()
    inodes = {
        os.readlink(path).removeprefix("socket:[").rstrip("]")
        for pid in (os.getpid(), *workers)
        for path in Path(f"/proc/{pid}/fd").iterdir()
        if path.is_symlink() and "socket" in os.readlink(path)
    }
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    listening = [fields[1] for fields in lines if fields[3] == "0A" and fields[9] in inodes]
    assert len(listening) >= 3
    assert {address.partition(":")[0] for address in listening} == {"0100007F"}  # 127.0.0.1


@pytest.mark.parametrize(
    ("text", "workers", "expected"),
    [
        ("tcp://10.0.0.1:8786", None, ClusterAddress("address", "tcp://10.0.0.1:8786")),
        ("node-1.cluster:8786", None, ClusterAddress("address", "node-1.cluster:8786")),
        ("tls://[::1]:8786", None, ClusterAddress("address", "tls://[::1]:8786")),
        ("local:3", None, ClusterAddress("local", workers=3)),
        ("slurm", None, ClusterAddress("slurm", workers=8)),
        ("slurm:queue=a", 2, ClusterAddress("slurm", workers=2, options={"queue": "a"})),
    ],
)
def test_what_a_cluster_is_called(text: str, workers: int | None, expected: ClusterAddress) -> None:
    assert parse_cluster(text, workers) == expected


@pytest.mark.parametrize(
    "text", ["", "host", "local", "local:", "local:0", "local:x", "slurm:queue", "slurm:=1", "a b:"]
)
def test_what_is_no_cluster_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: HOST:PORT of a running Dask scheduler, local:N"):
        parse_cluster(text)


def test_workers_are_counted_by_slurm_alone() -> None:
    with pytest.raises(ValueError, match="a number of workers is for slurm alone"):
        parse_cluster("local:2", 3)
