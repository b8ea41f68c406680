"""An ensemble makes what is missing, keeps what is finished, and leaves the same bits any way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numba.core import event
from tests.case.toy import write_toy_of_choice

from steppe.case.canonical import scenario_hash
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine import run as engine
from steppe.engine.plan import Plan, plan
from steppe.engine.run import run
from steppe.results.hashing import content_hash, key_of
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.study import batch as module
from steppe.study import task
from steppe.study.ensemble import Ensemble, ensemble
from steppe.study.events import (
    Compiled,
    Compiling,
    HourDone,
    Planned,
    SeedDone,
    SeedFailed,
    StudyEvent,
)
from steppe.study.executors import Interrupted


@pytest.fixture
def toy(tmp_path: Path) -> Scenario:
    return load(write_toy_of_choice(tmp_path / "toy")).change("clock.hours", 12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def contents(made: Ensemble) -> dict[int, str]:
    return {run.record.seed: content_hash(run) for run in made.trajectories()}


def of_kind(events: list[StudyEvent], *kinds: type) -> list[StudyEvent]:
    return [event for event in events if isinstance(event, kinds)]


def failing(*seeds: int, error: BaseException) -> Callable[..., Trajectory]:
    def sometimes(scenario: Scenario, seed: int = 1, **options: Any) -> Trajectory:
        if seed in seeds:
            raise error
        return run(scenario, seed, **options)

    return sometimes


def test_workers_this_process_and_a_single_run_leave_the_same_bits(
    toy: Scenario, tmp_path: Path
) -> None:
    seeds = (3, 1, 2)
    by_workers = ensemble(toy, seeds, store=Store(tmp_path / "a"), workers=2)
    inline = ensemble(toy, seeds, store=Store(tmp_path / "b"), workers=1)
    assert by_workers.complete
    assert by_workers.keys == inline.keys
    assert list(by_workers.keys) == list(seeds)
    assert contents(by_workers) == contents(inline)
    single = run(toy, 2)
    assert key_of(single.record) == inline.keys[2]
    assert content_hash(single) == contents(inline)[2]
    assert inline.store.put(single) == inline.keys[2]  # refused if a bit were different


def test_seeds_in_the_store_are_not_run_again(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ensemble(toy, [1, 2], store=store, workers=1)
    assert (first.stored, len(first.keys)) == (0, 2)
    monkeypatch.setattr(engine, "run", failing(1, 2, error=AssertionError("run again")))
    events: list[StudyEvent] = []
    more = ensemble(toy, [1, 2, 3], store=store, workers=1, on_event=events.append)
    assert (more.stored, more.failures, more.complete) == (2, (), True)
    (planned,) = of_kind(events, Planned)
    assert isinstance(planned, Planned)
    assert (planned.total, planned.stored, planned.left) == (3, 2, 1)
    assert [e.seed for e in of_kind(events, SeedDone)] == [3]  # type: ignore[union-attr]
    events.clear()
    nothing = ensemble(toy, [2, 1], store=store, on_event=events.append)
    assert (nothing.stored, list(nothing.keys)) == (2, [2, 1])
    assert len(events) == 1


def test_another_scale_or_scenario_is_another_run(toy: Scenario, store: Store) -> None:
    for scenario, scale in ((toy, 1.0), (toy, 0.5), (toy.change("prices.shock", 2.0), 1.0)):
        assert ensemble(scenario, [1], store=store, scale=scale).stored == 0
    assert len(store.keys()) == 3


def test_words_of_a_case_do_not_make_it_run_again(toy: Scenario, store: Store) -> None:
    made = ensemble(toy, [1], store=store)
    renamed = toy.model_copy(update={"title": "Another title"})
    again = ensemble(renamed, [1], store=store)
    assert (again.stored, again.keys) == (1, made.keys)


def test_events_follow_each_hour_of_a_run_in_this_process(toy: Scenario, store: Store) -> None:
    events: list[StudyEvent] = []
    ensemble(toy, [5], store=store, on_event=events.append)
    hours = [(e.seed, e.hour, e.hours) for e in events if isinstance(e, HourDone)]
    assert hours == [(5, hour, 12) for hour in range(1, 13)]
    done = events[-1]
    assert isinstance(done, SeedDone)
    assert store.has(done.key)
    assert done.seconds > 0
    assert not done.elsewhere


def test_failures_are_kept_with_their_reason_and_the_others_go_on(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "run", failing(1, 3, error=ArithmeticError("below nothing")))
    events: list[StudyEvent] = []
    made = ensemble(toy, [1, 2, 3, 4], store=store, workers=1, on_event=events.append)
    assert not made.complete
    assert list(made.keys) == [2, 4]
    assert [seed for seed, _ in made.failures] == [1, 3]
    assert all("below nothing" in reason for _, reason in made.failures)
    assert [e.seed for e in of_kind(events, SeedFailed)] == [1, 3]  # type: ignore[union-attr]
    assert [t.record.seed for t in made.trajectories()] == [2, 4]
    monkeypatch.undo()
    assert ensemble(toy, [1, 2, 3, 4], store=store, workers=1).complete


def test_an_interrupt_in_a_run_says_what_is_kept(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble(toy, [9], store=store)
    monkeypatch.setattr(engine, "run", failing(2, error=KeyboardInterrupt()))
    with pytest.raises(Interrupted) as stop:
        ensemble(toy, [9, 1, 2, 3], store=store, workers=1)
    assert (stop.value.finished, stop.value.remaining) == (2, 2)
    assert store.leases.held() == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_in_whoever_is_told_is_no_different(
    toy: Scenario, store: Store, workers: int
) -> None:
    def stop(event: StudyEvent) -> None:
        if isinstance(event, SeedDone):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        ensemble(toy, range(8), store=store, workers=workers, on_event=stop)
    assert caught.value.finished == len(store.keys()) >= 1
    assert caught.value.finished + (caught.value.remaining or 0) == 8
    assert store.leases.held() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seeds": []}, "at least one seed"),
        ({"seeds": [1, 2, 1]}, "seed 1 is given twice"),
        ({"seeds": [-1]}, "got -1"),
        ({"seeds": [2**63]}, "2\\*\\*63-1"),
        ({"scale": 0.0}, "scale"),
        ({"scale": float("nan")}, "scale"),
        ({"scale": 101.0}, "scale"),
        ({"workers": 0}, "workers"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    toy: Scenario, store: Store, options: dict[str, Any], said: str
) -> None:
    arguments: dict[str, Any] = {"seeds": [1], "store": store, **options}
    with pytest.raises(ValueError, match=said):
        ensemble(toy, **arguments)
    assert not store.path.exists()


def test_a_changed_program_is_noticed(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steppe.study.batch_job.engine_version", lambda _: "1.before")
    made = ensemble(toy, [1], store=store)
    ((seed, reason),) = made.failures
    assert seed == 1
    assert "the program was changed" in reason


def test_what_is_not_compiled_is_compiled_once_before_any_worker_starts(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm: list[Scenario] = []
    monkeypatch.setattr(module, "is_warm", lambda custom, engine: bool(warm))
    monkeypatch.setattr(module, "warm_up", lambda scenario, engine: warm.append(scenario))
    events: list[StudyEvent] = []
    ensemble(toy, [1, 2], store=store, on_event=events.append)
    ensemble(toy, [3, 4], store=store, on_event=events.append)
    assert warm == [toy]
    kinds = [type(event) for event in events[:3]]
    assert kinds == [Planned, Compiling, Compiled]
    assert len(of_kind(events, Compiling)) == 1


def test_one_hour_of_few_citizens_compiles_everything(toy: Scenario) -> None:
    task.warm_up(toy)
    assert task.is_warm()
    with event.install_recorder("numba:compile") as compiling:
        run(toy, 1)
    assert not compiling.buffer


def test_the_plan_is_built_once_for_a_study_and_once_for_each_run(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Scenario] = []

    def counted(scenario: Scenario) -> Plan:
        built.append(scenario)
        return plan(scenario)

    for module_name, imported in list(sys.modules.items()):
        if module_name.startswith("steppe.") and getattr(imported, "plan", None) is plan:
            monkeypatch.setattr(imported, "plan", counted)
    monkeypatch.setattr(module, "is_warm", lambda custom, engine: True)
    before_runs: list[int] = []

    def note(event: StudyEvent) -> None:
        if isinstance(event, Planned):
            before_runs.append(len(built))

    runs = ensemble(toy, 8, store=store, workers=1, parameters="prior", on_event=note)
    assert runs.complete
    assert before_runs == [1]
    assert len(built) == 1 + 8
    assert len({scenario_hash(scenario) for scenario in built[1:]}) == 8  # a draw of its own each
