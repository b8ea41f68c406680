"""Lists of runs and SQL over the store; leases and notes of failure beside them."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_samples import trajectory

from steppe.core.errors import StoreError
from steppe.results import leases as leases_module
from steppe.results.failures import Failure
from steppe.results.leases import heartbeat
from steppe.results.process_identity import is_alive, token
from steppe.results.run_record import RECORD
from steppe.results.store import Store


def test_the_catalogue_says_what_the_records_say(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [store.put(trajectory(seed)) for seed in (3, 1, 2)]
    runs = store.catalogue()
    assert [run.key for run in runs] == sorted(keys)
    by_seed = {run.seed: run for run in runs}
    assert sorted(by_seed) == [1, 2, 3]
    assert by_seed[2].outcome == trajectory(2).outcome
    assert by_seed[2].warnings == ("a warning",)
    assert by_seed[2].size == sum(
        path.stat().st_size for path in store.folder(keys[2]).iterdir() if path.name != RECORD
    )


def test_a_damaged_record_does_not_hide_the_other_runs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    bad, good = store.put(trajectory(1)), store.put(trajectory(2))
    (store.folder(bad) / RECORD).write_text("{")
    runs, problems = store.survey()
    assert [run.key for run in runs] == [good]
    assert [bad in str(problem) for problem in problems] == [True]
    with pytest.raises(StoreError, match=bad):
        store.catalogue()


def test_sql_over_runs_series_and_events(tmp_path: Path) -> None:
    store = Store(tmp_path)
    runs = [trajectory(seed) for seed in (1, 2)]
    extra = replace(runs[0], outcome={"seed": 9, "fate": "falls"})
    keys = [store.put(run) for run in runs]
    store.put(replace(extra, record=replace(extra.record, seed=5)))
    table = store.query("SELECT seed, fate, peak_active, outcome_seed FROM runs ORDER BY seed")
    assert table.columns == ("seed", "fate", "peak_active", "outcome_seed")
    assert table.rows == ((1, "stays", 41, None), (2, "stays", 42, None), (5, "falls", None, 9))
    total = store.query(f"SELECT sum(deaths) FROM series_hour_place WHERE run = '{keys[1]}'")
    assert total.rows == ((int(runs[1]["deaths"].sum()),),)
    price = store.query(
        "SELECT price FROM series_hour_region JOIN runs USING (run) "
        "WHERE seed = 2 AND region = 'mangystau' ORDER BY hour"
    )
    np.testing.assert_array_equal([row[0] for row in price.rows], runs[1]["price"][:, 1])
    assert store.query("SELECT count(*) FROM events").rows == ((6,),)
    when = store.query("SELECT max(time) FROM series_hour").rows[0][0]
    assert when.isoformat() == "2022-01-02T04:00:00"
    assert Store(tmp_path / "empty").query("SELECT count(*) FROM runs").rows == ((0,),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '{folder}/runs/x.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/runs/x.csv'",
        "SELECT 1; DROP TABLE runs",
        "ATTACH '{folder}/x.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT nothing FROM runs",
        "not sql",
        "",
    ],
)
def test_a_query_can_only_read_the_store(tmp_path: Path, sql: str) -> None:
    store = Store(tmp_path)
    store.put(trajectory())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match="query"):
        store.query(sql.replace("{folder}", str(tmp_path)))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_lease_is_held_by_one_until_released(tmp_path: Path) -> None:
    leases = Store(tmp_path).leases
    key = "ab" * 32
    lease = leases.claim(key)
    assert lease is not None
    assert leases.claim(key) is None
    assert leases.held() == [key]
    other = leases.claim("cd" * 32)
    assert other is not None
    lease.release()
    assert leases.held() == ["cd" * 32]
    assert leases.claim(key) is not None


def test_the_lease_of_a_dead_process_is_free_at_once(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom steppe.results.store import Store\n"
        "assert Store(sys.argv[1]).leases.claim('ab' * 32)\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    leases = Store(tmp_path).leases
    assert len(list(leases.folder.iterdir())) == 1
    assert leases.held() == []
    lease = leases.claim("ab" * 32)
    assert lease is not None
    assert leases.claim("ab" * 32) is None
    lease.release()
    assert list(leases.folder.iterdir()) == list((tmp_path / "tmp").iterdir()) == []


def test_the_lease_of_another_machine_lives_by_its_heartbeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = Store(tmp_path).leases
    leases.folder.mkdir()
    path = leases.folder / ("ab" * 32 + ".1")
    path.write_text("0badc0de-1-1")
    assert leases.claim("ab" * 32) is None
    os.utime(path, (0, 0))
    monkeypatch.setattr(leases_module, "BEAT", 0.01)
    lease = leases_module.Lease("ab" * 32, path, tmp_path / "none")
    with heartbeat({"ab": lease}):
        for _ in range(500):
            if leases.held():
                break
            time.sleep(0.01)
    assert leases.claim("ab" * 32) is None
    os.utime(path, (0, 0))
    assert leases.sweep() == 1
    assert list(leases.folder.iterdir()) == []


def test_leases_work_where_files_cannot_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    leases = Store(tmp_path).leases
    lease = leases.claim("ab" * 32)
    assert lease is not None
    assert lease.path.read_text().startswith(f"{token()}.")
    assert leases.claim("ab" * 32) is None
    lease.release()
    assert list(leases.folder.iterdir()) == []


def test_a_lease_that_was_not_taken_releases_nothing_of_another(tmp_path: Path) -> None:
    leases = Store(tmp_path).leases
    first, second = leases.offer("ab" * 32), leases.offer("ab" * 32)
    assert first is not None
    assert second is not None
    assert first.path == second.path
    assert leases.take(first)
    assert not leases.take(second)
    second.release()
    assert leases.held() == ["ab" * 32]
    first.release()
    assert list(leases.folder.iterdir()) == []


def test_owners_are_told_from_later_processes_with_their_number() -> None:
    machine, pid, _ = token().split("-")
    assert is_alive(token(), 0.0, 0.0)
    assert not is_alive(f"{machine}-{pid}-1", 0.0, 0.0)
    assert not is_alive("", 0.0, 60.0)


def test_reasons_of_failure_are_kept_until_success(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = Failure("ab" * 32, 4, ("a", "b \ud800")), Failure("aa" * 32, 5, ("c",))
    store.failures.note(first)
    store.failures.note(second)
    store.failures.note(replace(second, reasons=("d", "e")))
    assert Store(tmp_path).failures.all() == [replace(second, reasons=("d", "e")), first]
    store.failures.clear(first.key)
    store.failures.clear(second.key)
    assert store.failures.all() == []
    assert list((tmp_path / "tmp").iterdir()) == []
