"""Clocks that go wrong, runs that cannot be read, disks and memories that are too small."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

import steppe
from steppe.case.scenario import Scenario
from steppe.commands.run_lookup import of_scenario
from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.leases import PATIENCE
from steppe.results.process_identity import is_alive
from steppe.results.store import Store
from steppe.study import resources
from steppe.study.events import Waiting, Warned
from steppe.study.executors import scheduler
from steppe.study.parameter_draws import draw_parameters
from steppe.study.request import StudyRequest

ELSEWHERE = "deadbeef-1-1"
"""An owner on another machine, of whom only the heartbeat is known."""


@pytest.fixture(scope="module")
def case() -> Scenario:
    return steppe.load("two-valleys").change("clock.hours", 2)


@pytest.mark.parametrize(
    ("owner", "seconds", "alive"),
    [
        (ELSEWHERE, -1.0, True),
        (ELSEWHERE, -2 * PATIENCE, False),
        (ELSEWHERE, PATIENCE / 2, True),  # clocks of machines differ a little
        (ELSEWHERE, 2 * PATIENCE, False),
        (ELSEWHERE, 86_400.0, False),
        (ELSEWHERE, 3e9, False),
        ("", 86_400.0, False),
        ("half-a-name", 86_400.0, False),
    ],
)
def test_a_mark_far_in_the_future_is_dead(owner: str, seconds: float, alive: bool) -> None:
    assert is_alive(owner, time.time() + seconds, PATIENCE) is alive


def test_a_study_does_not_wait_for_a_lease_of_tomorrow(case: Scenario, tmp_path: Path) -> None:
    first = steppe.ensemble(case, 1, scale=0.003, store=tmp_path / "a", workers=1)
    lease = tmp_path / "b" / "leases" / f"{first.keys[1]}.1"
    lease.parent.mkdir(parents=True)
    lease.write_text(ELSEWHERE)
    os.utime(lease, (time.time() + 86_400,) * 2)
    began = time.monotonic()
    assert steppe.ensemble(case, 1, scale=0.003, store=tmp_path / "b", workers=1).complete
    assert time.monotonic() - began < PATIENCE / 2


def test_waiting_for_another_process_is_said(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "SAID_AFTER", 0.2)
    key = steppe.ensemble(case, 1, scale=0.003, store=tmp_path / "a", workers=1).keys[1]
    store = Store(tmp_path / "b")
    lease = store.leases.claim(key)
    assert lease is not None
    events: list[Any] = []

    def watch(event: Any) -> None:
        events.append(event)
        if isinstance(event, Waiting):
            lease.release()

    assert steppe.ensemble(case, 1, scale=0.003, store=store, workers=1, on_event=watch).complete
    assert [event for event in events if isinstance(event, Waiting)] == [Waiting(1)]


@pytest.mark.parametrize("file", ["run.json", "scenario.json.gz"])
@pytest.mark.parametrize("harm", ["append", "empty", "gone", "bytes"])
def test_a_run_that_cannot_be_read_is_counted(
    case: Scenario, tmp_path: Path, file: str, harm: str
) -> None:
    many = steppe.ensemble(case, 3, scale=0.003, store=tmp_path, workers=1)
    path = many.store.folder(many.keys[2]) / file
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        new = {"append": content + b"x", "empty": b"", "bytes": bytes(len(content))}[harm]
        path.write_bytes(new)
    draws = draw_parameters(case, "default")
    if file == "run.json":
        stored = of_scenario(many.store, draws, StudyRequest(case=case.id, scale=0.003))
        assert [run.seed for run in stored.runs] == [1, 3]
        assert "1 stored run cannot be read" in stored.omissions[0]
    else:
        assert many.store.damaged() == [many.keys[2]]


def test_a_store_that_cannot_be_written_is_noticed_before_anything_is_made(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steppe.study.batch.warm_up", lambda _: pytest.fail("compiled for nothing"))
    monkeypatch.setattr("steppe.study.batch.is_warm", lambda *_: False)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "tmp").write_text("in the way")
    with pytest.raises(UnwritableStoreError):
        steppe.ensemble(case, 1, scale=0.003, store=tmp_path / "store", workers=1)


def test_what_does_not_fit_is_said_before(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def watch(event: Any) -> None:
        texts.extend([event.text] if isinstance(event, Warned) else [])

    steppe.ensemble(case, 1, scale=0.003, store=tmp_path, workers=1, on_event=watch)
    assert texts == []
    monkeypatch.setattr(resources, "memory_free", lambda: 1e6)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    steppe.ensemble(case, 2, scale=0.003, store=tmp_path, workers=1, on_event=watch)
    assert [text.split(":")[0] for text in texts] == ["memory", "disk"]


def test_more_people_and_a_larger_pool_need_more_memory(case: Scenario) -> None:
    whole = resources.memory_needed(case, 1.0)
    assert resources.memory_needed(case, 0.1) < whole
    assert whole < resources.memory_needed(
        case.change("parameters.participation.mobilisable", 0.5), 1.0
    )
