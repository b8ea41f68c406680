"""Quick looks: by cohorts, paired, made once, given up when overtaken, refused in words."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from numba.core.event import trigger_event

from steppe.app import setting_text
from steppe.app.comparison import Comparison
from steppe.app.config import Config
from steppe.app.dose import DoseRuns
from steppe.app.look import FIRST_SEEDS, MOST_SEEDS, LookRequest, LookRuns, engine_for
from steppe.app.look_pickle import from_bytes, to_bytes
from steppe.app.preview import ATTEMPTS, HOUSE, Previews, SupersededError
from steppe.app.preview_worker import LookOrder, PreviewWorker, _answer
from steppe.app.service import AppService, LookWish
from steppe.core.errors import SteppeError
from steppe.engine.cohort_run import run_many
from steppe.engine.run import run
from steppe.report.encode import unpacked
from steppe.results.trajectory import Trajectory
from steppe.study.parameter_draws import draw_parameters

PATIENCE = 120.0
SHORT = (
    "extends: kazakhstan-2022\nid: short\ntitle: Short\nclock:\n"
    '  start: "2021-12-30T00:00"\n  hours: 120\ncounterfactuals:\n  alliance-late: null\n'
)
WISH = LookWish()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppService]:
    root = tmp_path_factory.mktemp("looks")
    (root / "short").mkdir()
    (root / "short" / "scenario.yaml").write_text(SHORT, encoding="utf-8")
    made = AppService(Config(store=root / "runs", cases=(root / "short",)))
    yield made
    made.close()


def setting(desk: AppService, **changes: Any) -> Comparison:
    case = next(one.id for one in desk.book.seen_by("") if one.origin == "folder")
    return desk.comparison({"case": case, **changes}, "")


def arms(one: Comparison, seeds: int) -> LookRequest:
    return LookRequest(
        tuple(replace(arm, seeds=tuple(range(1, seeds + 1)), scale=1.0) for arm in one.arms)
    )


def kill_in_hand(looks: Previews, answer: Future[bytes], *, again: bool) -> None:
    """Kill the process that makes a look, as the system does where memory runs out."""
    killed: set[int] = set()
    end = time.monotonic() + PATIENCE
    while not answer.done() and time.monotonic() < end and (again or not killed):
        for wish in looks._pending:
            if wish.worker is not None and wish.worker.alive:
                process = wish.worker._popen
                process.kill()
                process.wait()
                killed.add(process.pid)
        time.sleep(0.01)
    assert len(killed) == (ATTEMPTS if again else 1)


def nobody_waits() -> None:
    """Nobody gives the look up."""


def read(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(content))
    return found


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[LookOrder]:
    """The looks that processes of quick looks are told to make."""
    sent: list[LookOrder] = []
    send = PreviewWorker.send

    def noted(self: PreviewWorker, order: LookOrder | None) -> None:
        if order is not None and order.look is not None:
            sent.append(order)
        send(self, order)

    monkeypatch.setattr(PreviewWorker, "send", noted)
    return sent


@pytest.fixture
def looks() -> Iterator[Previews]:
    made = Previews(workers=1)
    yield made
    made.close()


def test_look_is_the_runs_of_cohorts_and_their_paired_differences(desk: AppService) -> None:
    one = setting(desk, set={"prices.shock": 3.0})
    found = read(LookRuns().document(arms(one, 4), nobody_waits))
    assert (found["engine"], found["scale"], found["seeds"]) == ("cohorts", 1.0, 4)
    runs: list[list[Trajectory]] = [
        [run(draws.scenario_of(seed), seed, engine="cohorts") for seed in range(1, 5)]
        for draws in (draw_parameters(a.scenario, a.parameters, a.fixed) for a in one.arms)
    ]
    crowds = [np.array([t.active().sum(axis=1) for t in arm]) for arm in runs]
    for name, crowd in zip(("baseline", "variant"), crowds, strict=True):
        layer = next(layer for layer in found[name]["layers"] if layer["key"] == "active")
        shown = unpacked(layer["national"], (120,), layer["step"])
        assert np.abs(shown - np.median(crowd, axis=0)).max() <= 0.5
        assert found[name]["engine"] == "cohorts"
    peaks = [[t.outcome["peak_active"] for t in arm] for arm in runs]
    row = next(row for row in found["differences"]["effects"] if row["name"] == "peak_active")
    gaps = [float(a) - float(b) for a, b in zip(*peaks, strict=True)]
    assert row["gaps"] == gaps
    assert row["difference"] == pytest.approx(np.mean(gaps))
    gap = next(gap for gap in found["differences"]["gaps"] if gap["key"] == "active")
    mean = unpacked(gap["national"]["values"], (3, 120), gap["step"])[0] + gap["national"]["floor"]
    assert np.abs(mean - (crowds[0] - crowds[1]).mean(axis=0)).max() <= gap["step"]


def test_a_look_brings_what_is_said_of_its_own_setting(desk: AppService) -> None:
    """Of two settings with the same histories each has the command that repeats it."""
    for seeds in (4, 7):
        one = setting(desk, set={"prices.shock": 3.0}, seeds=seeds)
        found = read(desk.look(one, LookWish(first=True), "user").result(PATIENCE))
        assert found["head"] == setting_text.head(one, [desk.draws.of(arm) for arm in one.arms])
        assert f"--seeds {seeds}" in found["head"]["command"]


def test_histories_are_equal_until_they_part(desk: AppService) -> None:
    one = setting(desk, set={"prices.shock": 3.0})
    found = read(LookRuns().document(arms(one, 3), nobody_waits))
    parted = found["differences"]["parted"]
    assert 0 < parted < 120
    for layer, twin in zip(found["baseline"]["layers"], found["variant"]["layers"], strict=True):
        one_row, other = (unpacked(x["national"], (120,), x["step"]) for x in (layer, twin))
        assert (one_row[:parted] == other[:parted]).all()


def test_nothing_is_said_of_what_cohorts_do_not_know(desk: AppService) -> None:
    found = read(
        LookRuns().document(arms(setting(desk, set={"prices.shock": 0.0}), 3), nobody_waits)
    )
    assert {cause["name"] for cause in found["differences"]["causes"]} == {"large_protest"}
    keys = {layer["key"] for layer in found["baseline"]["layers"]}
    assert not keys & {"obeying", "force"}
    assert "regime" not in " ".join(found["baseline"]["answer"])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds that looks simulate, in their order."""
    seeds: list[int] = []

    def counted(scenario: Any, of: list[int], vectors: Any, **options: Any) -> Any:
        seeds.extend(of)
        return run_many(scenario, of, vectors, **options)

    monkeypatch.setattr("steppe.app.look.run_many", counted)
    return seeds


def test_baseline_is_neither_simulated_nor_sent_again(desk: AppService, made: list[int]) -> None:
    memory = LookRuns()
    first = read(memory.document(arms(setting(desk, set={"prices.shock": 0.5}), 3), nobody_waits))
    made.clear()
    other = arms(setting(desk, set={"prices.shock": 0.6}), 3)
    second = read(memory.document(replace(other, cached=first["name"]), nobody_waits))
    assert made == [1, 2, 3]
    assert (second["name"], second["baseline"]) == (first["name"], None)


def test_changes_of_a_whole_class_leave_the_baseline_in_memory(
    desk: AppService, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steppe.app.look.MOST_CHANGED_RUNS", 2)
    memory = LookRuns()
    for shock in (0.5, 0.6, 0.7):
        memory.document(arms(setting(desk, set={"prices.shock": shock}), 2), nobody_waits)
    assert made == [1, 2] * 4  # the baseline once, each change once
    memory.document(arms(setting(desk, set={"prices.shock": 0.5}), 2), nobody_waits)
    assert made == [1, 2] * 5


def test_order_that_was_written_and_read_gives_the_same_look(desk: AppService) -> None:
    look = arms(setting(desk, set={"prices.shock": 0.5}), 2)
    case = look.arms[0].scenario
    first, second = (from_bytes(to_bytes(look, case)) for _ in range(2))
    assert first == look
    assert isinstance(first, LookRequest)
    assert isinstance(second, LookRequest)
    assert first.arms[1].scenario.set_parameters == look.arms[1].scenario.set_parameters
    assert second.arms[0].scenario is first.arms[0].scenario  # the case was read once
    assert second.arms[1].scenario.places[0] is first.arms[0].scenario.places[0]
    alone, read_back = (LookRuns().document(one, nobody_waits) for one in (look, first))
    assert alone == read_back


def test_seconds_of_compiling_are_no_fault_of_a_look(
    desk: AppService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(self: LookRuns, look: LookRequest, check: Any) -> bytes:
        with trigger_event("numba:compile") if compiles else nullcontext():
            time.sleep(0.2)
        check()
        return b"made"

    monkeypatch.setattr(LookRuns, "document", slow)
    order = LookOrder(arms(setting(desk), 1), most=0.1)
    memory, inbox = (LookRuns(), DoseRuns()), SimpleQueue[bytes | None]()
    compiles = True
    assert _answer(order, memory, inbox).content == b"made"
    compiles = False
    refused = _answer(order, memory, inbox)
    assert (refused.outcome, "takes too long" in refused.reason) == ("refused", True)


def test_what_cohorts_cannot_show_is_refused_or_run_by_few_citizens(desk: AppService) -> None:
    rival = {"mechanisms.participation": "logit"}
    with pytest.raises(SteppeError, match="Press Run"):
        engine_for(setting(desk, set={"mechanisms.news": "finds-a-way"}).arms)
    with pytest.raises(SteppeError, match="weighs every citizen"):
        engine_for(setting(desk, set=rival, parameters="default").arms)  # a pair has one engine
    arm = setting(desk, set=rival, parameters="default").arms[1]
    how = engine_for((arm,))
    assert (how.engine, how.scale, how.seeds) == ("citizens", 0.01, 1)
    assert "weighs every citizen" in how.reason


def test_look_that_is_awaited_or_kept_is_not_made_again(
    desk: AppService, looks: Previews, orders: list[LookOrder]
) -> None:
    look = arms(setting(desk), FIRST_SEEDS)
    first, again = looks.look("user", look, ("a",)), looks.look("user", look, ("a",))
    content = first.result(PATIENCE)
    assert again.result(PATIENCE) == content
    assert looks.look("another", look, ("a",)).result(PATIENCE) == content
    assert len(orders) == 1


def test_newer_look_overtakes_the_older_one_of_its_user_only(
    desk: AppService, looks: Previews
) -> None:
    look = arms(setting(desk), MOST_SEEDS)
    old, other = looks.look("user", look, ("a",)), looks.look("other", look, ("b",))
    new = looks.look("user", look, ("c",))
    with pytest.raises(SupersededError):
        old.result(PATIENCE)
    assert new.result(PATIENCE) == other.result(PATIENCE)


def test_look_that_two_wait_for_is_given_up_by_both_or_not_at_all(
    desk: AppService, looks: Previews
) -> None:
    look = arms(setting(desk), FIRST_SEEDS)
    shared = looks.look("user", look, ("a",))
    same = looks.look("other", look, ("a",))
    newer = looks.look("user", look, ("b",))
    assert same.result(PATIENCE) == shared.result(PATIENCE) == newer.result(PATIENCE)


def test_first_answers_go_before_the_seeds_of_others(
    desk: AppService, looks: Previews, orders: list[LookOrder]
) -> None:
    one = setting(desk)
    running = looks.look("a", arms(one, 3), ("a",))
    while not orders:
        time.sleep(0.01)
    refining = looks.look("b", arms(one, MOST_SEEDS), ("b",))
    quick = looks.look("c", arms(one, FIRST_SEEDS), ("c",))
    for answer in (running, refining, quick):
        answer.result(PATIENCE)
    sizes = [order.look and order.look.seeds for order in orders]
    assert (sizes[:2], sizes[-1]) == ([3, FIRST_SEEDS], MOST_SEEDS)  # the first may be put off


def test_nobody_overtakes_the_looks_of_the_app_itself(desk: AppService, looks: Previews) -> None:
    look = arms(setting(desk), FIRST_SEEDS)
    own = looks.look(HOUSE, look, ("a",))
    shared = looks.look("user", look, ("a",))
    looks.look("user", look, ("b",)).result(PATIENCE)
    assert own.result(PATIENCE) == shared.result(PATIENCE)


def test_desk_looks_at_the_seeds_of_the_setting(desk: AppService) -> None:
    one = setting(desk, first=5, set={"prices.shock": 0.0})
    found = read(desk.look(one, replace(WISH, first=True), "user").result(PATIENCE))
    assert found["variant"]["seedList"] == [5, 6]
    assert found["variant"]["targets"] is None
    assert (found["seeds"], found["whole"]) == (FIRST_SEEDS, False)
    whole = read(desk.look(one, replace(WISH, evidence=True), "user").result(PATIENCE))
    assert (whole["seeds"], whole["whole"]) == (MOST_SEEDS, True)
    assert whole["variant"]["targets"]


def test_empty_store_opens_on_everybody_and_the_first_change(tmp_path: Path) -> None:
    empty = AppService(Config(store=tmp_path / "runs"))
    try:
        front = empty.front(empty.book.seen_by("")[0].id, "")
        assert (front["scale"], len(front["counterfactuals"])) == (1.0, 1)
    finally:
        empty.close()


def test_look_is_answered_though_its_process_is_killed(desk: AppService, looks: Previews) -> None:
    one = arms(setting(desk, set={"prices.shock": 0.55}), 2)
    answer = looks.look("me", one, ("killed once",))
    kill_in_hand(looks, answer, again=False)
    assert read(answer.result(PATIENCE))["seeds"] == 2


def test_look_that_kills_its_processes_is_refused_in_words_and_the_next_is_made(
    desk: AppService, looks: Previews
) -> None:
    one = arms(setting(desk, set={"prices.shock": 0.55}), 2)
    answer = looks.look("me", one, ("killed always",))
    kill_in_hand(looks, answer, again=True)
    with pytest.raises(SteppeError, match="ended without an answer"):
        answer.result(PATIENCE)
    later = looks.look("me", one, ("after it",))
    assert read(later.result(PATIENCE))["seeds"] == 2


def test_refinement_is_put_off_and_goes_on_with_the_histories_it_has(
    desk: AppService, looks: Previews, orders: list[LookOrder]
) -> None:
    one = setting(desk, set={"prices.shock": 0.45})
    alone = LookRuns().document(arms(one, MOST_SEEDS), nobody_waits)
    refining = looks.look("a", arms(one, MOST_SEEDS), ("a",))
    while not any(wish.is_sent for wish in looks._pending):
        time.sleep(0.01)
    quick = looks.look("b", arms(setting(desk), FIRST_SEEDS), ("b",))
    quick.result(PATIENCE)
    assert not refining.done()
    assert read(refining.result(PATIENCE)) == read(alone)
    sizes = [order.look and order.look.seeds for order in orders]
    assert sizes == [MOST_SEEDS, FIRST_SEEDS, MOST_SEEDS]


def test_histories_are_kept_when_a_look_is_put_off(desk: AppService, made: list[int]) -> None:
    def until_three() -> None:
        if len(made) == 3:
            raise InterruptedError

    memory = LookRuns()
    with pytest.raises(InterruptedError):
        memory.document(arms(setting(desk), 5), until_three)
    memory.document(arms(setting(desk), 5), nobody_waits)
    assert made == [1, 2, 3, 4, 5]


def test_baseline_with_other_parameters_has_another_name(desk: AppService) -> None:
    memory = LookRuns()
    sources = [setting(desk, parameters=source) for source in ("default", "prior")]
    first, other = (read(memory.document(arms(one, 2), nobody_waits)) for one in sources)
    assert first["name"] != other["name"]
    assert first["baseline"] != other["baseline"]


def test_shared_app_has_its_processes_before_they_are_needed(desk: AppService) -> None:
    looks = Previews(workers=2, eager=True)
    try:
        looks.look(HOUSE, arms(setting(desk), 2), ("house",)).result(PATIENCE)
        assert len(looks._threads) == 2
    finally:
        looks.close()
