"""``steppe run``: the document, the summary, the store, and what changes a scenario."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from steppe.engine import run as engine
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory

from .conftest import SMALL, Steppe, Study

KEYS = {
    "case", "scenario_hash", "version", "scale", "citizens", "hours", "seeds", "targets", "report",
}  # fmt: skip
SEED_KEYS = {
    "seed", "hash", "build_seconds", "run_seconds", "peak_memory_mib", "peak_active", "outcome",
}  # fmt: skip


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers(part)]
    if isinstance(value, list):
        return [n for part in value for n in numbers(part)]
    return [value] if isinstance(value, float) else []


def test_the_document_says_everything_and_nothing_else_is_on_standard_output(study: Study) -> None:
    answer = study.answer
    assert answer.code == 0
    found = answer.document
    assert set(found) >= KEYS
    assert (found["case"], found["citizens"]) == ("kazakhstan-2022", 19_503_159)
    assert (found["scale"], found["hours"]) == (0.002, 24)
    assert re.fullmatch("[0-9a-f]{64}", found["scenario_hash"])
    assert [seed["seed"] for seed in found["seeds"]] == [1, 2]
    for seed in found["seeds"]:
        assert set(seed) >= SEED_KEYS
        assert seed["peak_active"] == seed["outcome"]["peak_active"]
        assert seed["run_seconds"] > 0
        assert seed["peak_memory_mib"] > 1
    assert found["seeds"][0]["content"] != found["seeds"][1]["content"]
    assert all(math.isfinite(n) for n in numbers(found))
    assert "NaN" not in answer.out
    assert Path(found["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "quick look" in answer.err
    assert "seed 2 done" in answer.err


def test_targets_have_ranges_quantiles_and_a_verdict(study: Study) -> None:
    targets = study.answer.document["targets"]
    assert len(targets) > 50
    by_verdict: dict[str, int] = {}
    for target in targets:
        low, _, high = target["observed"]
        assert low is None or high is None or low <= high
        by_verdict[target["verdict"]] = by_verdict.get(target["verdict"], 0) + 1
        if target["simulated"] == [None, None, None]:
            assert target["verdict"] == "untested"
        else:
            q05, median, q95 = target["simulated"]
            assert q05 <= median <= q95
            inside = (low is None or low <= median) and (high is None or median <= high)
            assert (target["verdict"] == "met") == inside
    assert "untested" in by_verdict  # one day reaches the first figures only
    assert len(by_verdict) > 1


def test_a_look_at_the_whole_country_meets_more_figures_than_it_misses(steppe: Steppe) -> None:
    words = ("run", "kazakhstan-2022", "--engine", "cohorts", "--seeds", 6, "--no-report", "--json")
    found = steppe(*words).document
    verdicts = [target["verdict"] for target in found["targets"]]
    assert verdicts.count("met") > verdicts.count("missed")
    assert set(verdicts) >= {"met", "near"}
    assert "untested" not in verdicts  # the whole crisis is lived through
    assert found["scale"] == 1.0


def test_runs_are_stored_under_the_hash_they_are_reported_with(study: Study) -> None:
    found = study.answer.document
    store = Store(study.store)
    assert sorted(seed["hash"] for seed in found["seeds"]) == store.keys()
    kept = {run.key: run for run in store.catalogue()}
    for seed in found["seeds"]:
        run = kept[seed["hash"]]
        base = run.draw.base if run.draw else run.scenario_hash
        assert (run.seed, base) == (seed["seed"], found["scenario_hash"])
        assert store.verify(seed["hash"]) == seed["content"]


def test_the_second_time_everything_is_served_from_the_store(
    study: Study, steppe: Steppe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Trajectory:
        raise AssertionError("simulated again")

    monkeypatch.setattr(engine, "run", refuse)
    words = ["kazakhstan-2022", *SMALL, "--seeds", 2, "--store", study.store, "--json"]
    again = steppe("run", *words)
    assert again.code == 0
    assert "all 2 done already" in again.err
    assert again.document == study.answer.document


def test_only_what_is_missing_is_run(study: Study, steppe: Steppe, tmp_path: Path) -> None:
    store = Store(tmp_path / "part")
    first = study.answer.document["seeds"][0]["hash"]
    store.put(Store(study.store).get(first))
    words = ["kazakhstan-2022", *SMALL, "--seeds", 2, "--store", store.path]
    answer = steppe("run", *words, "--json", "--no-report")
    assert "1 of 2 already done, 1 seed to do" in answer.err
    assert "seed 1 done" not in answer.err
    assert answer.document["report"] is None
    # One seed is left, so it is run in this process: the same bits as from a worker.
    assert [seed["content"] for seed in answer.document["seeds"]] == [
        seed["content"] for seed in study.answer.document["seeds"]
    ]


def test_the_summary_fits_80_columns_and_leads_from_the_answer_to_the_command(
    study: Study, steppe: Steppe
) -> None:
    answer = steppe(
        "run", "kazakhstan-2022", *SMALL, "--seeds", 2, "--store", study.store, "--all-targets"
    )
    assert answer.code == 0
    said = answer.out
    order = [
        "Kazakhstan, January 2022", "19,503,159 citizens", "17 regions", "24 hours",
        "quick look", "The street peaks at", "What happened in 2 seeds", "The regime falls",
        "Held against what was observed", "All tests of the model", "Inputs that follow the script",
        "All figures, misses first", "Killed, all, by 15 January", "each agent stands for 500",
        "intervals over fewer than 20 are rough", "report", "repeat",
    ]  # fmt: skip
    places = [said.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    free = ("report", "repeat", "store")
    long = [line for line in said.splitlines() if len(line) > 80 and not line.startswith(free)]
    assert long == []
    assert "\x1b" not in said
    repeat = said.splitlines()[-1].removeprefix("repeat").strip()
    words = repeat.split()
    assert words[:2] == ["steppe", "run"]
    assert steppe(*words[1:], "--json").document["seeds"] == study.answer.document["seeds"]


def test_quiet_prints_the_path_of_the_report_alone(study: Study, steppe: Steppe) -> None:
    words = ["kazakhstan-2022", *SMALL, "--seeds", 2, "--store", study.store]
    answer = steppe("run", *words, "--report", "deep/down.html", "--quiet")
    assert (answer.out, answer.err) == ("deep/down.html\n", "")
    assert Path("deep/down.html").stat().st_size > 100_000


def test_three_ways_of_changing_one_value_are_one_scenario(steppe: Steppe) -> None:
    Path("no.yaml").write_text("set:\n  alliance.rule: decline\n", encoding="utf-8")
    ways = [
        ["--set", "alliance.rule=decline"],
        ["--patch", "no.yaml"],
        ["--counterfactual", "no-intervention"],
    ]
    found = [steppe("check", "kazakhstan-2022", *way, "--json").document for way in ways]
    assert len({one["scenario_hash"] for one in found}) == 1
    as_it_is = steppe("check", "kazakhstan-2022", "--json").document
    assert as_it_is["scenario_hash"] != found[0]["scenario_hash"]


def test_a_setting_wins_over_a_patch_and_a_patch_over_a_counterfactual(
    steppe: Steppe, toy: Path
) -> None:
    Path("a.yaml").write_text("set:\n  prices.shock: 0.5\n  alliance.troops: false\n")
    words = ["--counterfactual", "no-shock", "--patch", "a.yaml", "--set", "prices.shock=2"]
    answer = steppe("check", toy, *words)
    assert "prices.shock: 1 → 2" in answer.out
    assert "alliance.troops: true → false" in answer.out


def test_a_seed_that_fails_is_named_and_the_others_count(
    steppe: Steppe, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine.run

    def sometimes(scenario: Any, seed: int = 1, **options: Any) -> Trajectory:
        if seed == 2:
            raise ArithmeticError("police went below nothing")
        return real(scenario, seed, **options)

    monkeypatch.setattr(engine, "run", sometimes)
    words = ["run", toy, "--seeds", 3, "--workers", 1]
    answer = steppe(*words, "--json")
    assert answer.code == 1
    assert [seed["seed"] for seed in answer.document["seeds"]] == [1, 3]
    (failure,) = answer.document["failures"]
    assert failure["seed"] == 2
    assert "police went below nothing" in failure["reason"]
    assert "seed 2" in answer.err
    listed = steppe("runs", "--failed")
    assert "police went below nothing" in " ".join(listed.out.split())
    monkeypatch.setattr(engine, "run", real)
    assert steppe(*words, "--json").document["failures"] == []
    assert "no seed has failed" in steppe("runs", "--failed").out


def test_when_every_seed_fails_there_is_nothing_to_compare(
    steppe: Steppe, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Trajectory:
        raise ArithmeticError("no")

    monkeypatch.setattr(engine, "run", never)
    answer = steppe("run", toy, "--seeds", 2, "--workers", 1, "--json")
    assert answer.code == 1
    assert (answer.document["seeds"], answer.document["targets"]) == ([], [])
    assert not Path("runs/reports").exists()


def test_outcomes_that_are_not_finite_become_null() -> None:
    from steppe.commands.run_json import finite

    found = finite({"a": [float("nan"), 1.5], "b": float("inf"), "c": (2, "x", None, True)})
    assert json.dumps(found, allow_nan=False) == (
        '{"a": [null, 1.5], "b": null, "c": [2, "x", null, true]}'
    )
