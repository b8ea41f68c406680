"""A batch makes what is missing of any scenarios, one task at a time, and nothing twice."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.case.toy import write_toy_of_choice

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine import run as engine
from steppe.results.hashing import content_hash, key_of
from steppe.results.store import Store
from steppe.study.batch import BatchJob, batch, job_key
from steppe.study.ensemble import ensemble
from steppe.study.events import Planned, SeedDone, StudyEvent
from steppe.study.executors import Finished, Inline, Task, TaskDone, Work


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(write_toy_of_choice(tmp_path_factory.mktemp("case") / "toy")).change(
        "clock.hours", 6
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def jobs_of(toy: Scenario) -> list[BatchJob]:
    """Three scenarios by two seeds at two scales, in an order of no help."""
    scenarios = [toy, toy.change("prices.shock", 2.0), toy.change("clock.hours", 3)]
    return [BatchJob(s, seed, scale) for seed in (2, 1) for s in scenarios for scale in (1.0, 0.5)]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_has_the_run_that_it_would_have_alone(
    toy: Scenario, tmp_path: Path, workers: int
) -> None:
    jobs = jobs_of(toy)
    made = batch(jobs, store=Store(tmp_path / "many"), workers=workers)
    assert made.complete
    assert len(made.keys) == len(set(made.keys)) == len(jobs)
    for (at, key), job in zip(made.finished(), jobs, strict=True):
        run = made.store.get(key)
        assert key == made.keys[at] == job_key(job) == key_of(run.record)
        assert (run.record.seed, run.record.scale) == (job.seed, job.scale)
        assert run.record.hours == job.scenario.clock.hours
    alone = ensemble(jobs[-1].scenario, [1], store=Store(tmp_path / "one"), scale=0.5)
    (run,) = alone.trajectories()
    assert content_hash(run) == content_hash(made.store.get(made.keys[-1]))


def test_only_what_is_missing_is_made(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = jobs_of(toy)
    first = batch(jobs[:5], store=store, workers=1)
    events: list[StudyEvent] = []
    second = batch(jobs, store=store, workers=1, on_event=events.append)
    assert (first.stored, second.stored) == (0, 5)
    assert second.keys[:5] == first.keys
    assert isinstance(events[0], Planned)
    assert (events[0].total, events[0].left) == (12, 7)
    assert sum(isinstance(event, SeedDone) for event in events) == 7


def test_every_run_is_told_of_once_and_as_soon_as_it_can_be_read(
    toy: Scenario, store: Store
) -> None:
    jobs = jobs_of(toy)
    batch(jobs[:5], store=store, workers=1)
    in_store: list[int] = []
    told: list[str] = []

    def on_run(key: str) -> None:
        store.get(key)
        told.append(key)
        in_store.append(len(store.keys()))

    result = batch([*jobs, jobs[0]], store=store, workers=1, on_run=on_run)
    assert in_store[:7] == list(range(6, 13))
    assert len(told) == len(set(told)) == 12
    assert set(told) == set(result.keys)


def test_jobs_that_mean_the_same_run_are_made_once(toy: Scenario, store: Store) -> None:
    same = toy.change("prices.shock", 1.0)
    events: list[StudyEvent] = []
    made = batch(
        [BatchJob(toy, 1), BatchJob(same, 1), BatchJob(toy, 1)],
        store=store,
        workers=1,
        on_event=events.append,
    )
    assert len(set(made.keys)) == 1
    assert made.complete
    assert sum(isinstance(event, SeedDone) for event in events) == 1


class Recorder(Inline):
    """Does a few tasks and remembers how many jobs had been asked for at each."""

    def __init__(self, store: Store, asked: list[int]) -> None:
        super().__init__(store)
        self.asked = asked
        self.seen: list[int] = []

    def run(
        self, tasks: Iterable[Task], work: Work, *, stop: threading.Event | None = None
    ) -> Iterator[Finished]:
        for one in tasks:
            self.seen.append(len(self.asked))
            yield TaskDone(one.key, 0.0)


def test_an_endless_study_takes_one_job_at_a_time(toy: Scenario, store: Store) -> None:
    """A hundred thousand jobs are never in memory at once: each is asked for when it is due."""
    asked: list[int] = []

    def stream() -> Iterator[BatchJob]:
        for seed in range(2_000):
            asked.append(seed)
            yield BatchJob(toy, seed)

    executor = Recorder(store, asked)
    events: list[StudyEvent] = []
    made = batch(stream(), store=store, executor=executor, on_event=events.append)
    assert executor.seen == list(range(1, 2_001))
    assert len(made.keys) == 2_000
    assert isinstance(events[0], Planned)
    assert events[0].total == -1


def test_failures_name_their_jobs(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steppe.engine.run import run

    def sometimes(scenario: Scenario, seed: int = 1, **options: object) -> object:
        if scenario.prices.shock == 2.0:
            raise ArithmeticError("below nothing")
        return run(scenario, seed, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "run", sometimes)
    jobs = [BatchJob(toy, 1), BatchJob(toy.change("prices.shock", 2.0), 1), BatchJob(toy, 2)]
    made = batch(jobs, store=store, workers=1)
    assert not made.complete
    ((at, reason),) = made.failures
    assert at == 1
    assert "below nothing" in reason
    assert [position for position, _ in made.finished()] == [0, 2]


def test_a_plan_that_cannot_be_run_is_refused_before_anything_is_made(
    toy: Scenario, store: Store
) -> None:
    broken = toy.model_copy(update={"mechanisms": {"participation": "none"}})
    with pytest.raises(ValueError, match=r"mechanisms\.participation cannot be switched off"):
        batch([BatchJob(toy, 1), BatchJob(broken, 1)], store=store)
    assert not store.path.exists()


@pytest.mark.parametrize(("seed", "scale"), [(-1, 1.0), (2**63, 1.0), (1, 0.0), (1, 101.0)])
def test_a_job_that_no_run_can_have_is_refused(toy: Scenario, seed: int, scale: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        BatchJob(toy, seed, scale)


def test_a_scenario_is_written_out_once_however_many_seeds_it_has(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = importlib.import_module("steppe.case.canonical")  # the package has a function so called
    values, scenario = forms._values, toy.model_copy()
    calls: list[object] = []

    def counting(model: object) -> object:
        if model is scenario:
            calls.append(model)
        return values(model)

    monkeypatch.setattr(forms, "_values", counting)
    assert ensemble(scenario, 6, store=store, workers=1).complete
    assert len(calls) == 1
