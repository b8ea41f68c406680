"""Commands on stored runs: list, show, export, report, repeat, clean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from steppe.commands.repeat import differences
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory

from .conftest import SMALL, Steppe, Study


@pytest.fixture
def key(study: Study) -> str:
    return str(study.answer.document["seeds"][0]["hash"])


@pytest.fixture
def run(study: Study, key: str) -> Trajectory:
    return Store(study.store).get(key)


def test_runs_are_listed(study: Study, steppe: Steppe) -> None:
    said = steppe("runs", "--store", study.store).out
    found = steppe("runs", "--store", study.store, "--json").document
    assert {run["hash"] for run in found} == {s["hash"] for s in study.answer.document["seeds"]}
    assert all(run["hash"][:10] in said for run in found)
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "2 runs" in said
    assert steppe("runs", "--store", study.store, "--case", "kazakhstan-2023").code == 2


def test_the_store_is_taken_from_the_environment(
    study: Study, steppe: Steppe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPPE_STORE", str(study.store))
    assert "2 runs" in steppe("runs").out


def test_a_run_is_shown_in_three_levels_of_detail(study: Study, steppe: Steppe, key: str) -> None:
    levels = [
        steppe("show", key[:12], "--store", study.store, *level).out
        for level in (["--brief"], [], ["--full"])
    ]
    brief, page, full = levels
    assert len(brief.splitlines()) == 1
    assert key[:10] in brief
    assert "seed 1, citizens, scale 0.002" in brief
    assert "clock.hours: 552 → 24" in page
    assert "On the street at the peak" in page
    assert "officers_shirking" not in page
    assert "officers_shirking" in full
    assert "zhanaozen-2011: memory in zhanaozen" in " ".join(page.split())
    assert "Roads are closed" in " ".join(full.split())  # the words of a scripted event
    assert steppe("show", key, "--store", study.store, "--json").document["hash"] == key


def test_a_key_that_is_too_short_or_unknown_is_refused(study: Study, steppe: Steppe) -> None:
    for name, said in (("zz", "there is no run 'zz'"), ("", "could be any of 2 runs")):
        answer = steppe("show", name, "--store", study.store)
        assert answer.code == 2
        assert said in answer.err


@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("parquet", ["runs.parquet", "run-*/series-hour-region.parquet", "run-*/events.parquet"]),
        ("csv", ["runs.csv", "run-*/series-hour-region.csv", "run-*/events.csv"]),
        ("netcdf", ["runs.csv", "run-*.nc"]),
    ],
)
def test_runs_are_exported(
    study: Study, steppe: Steppe, key: str, form: str, files: list[str]
) -> None:
    words = ["export", key[:8], "--store", study.store, "--format", form, "--output", "out"]
    answer = steppe(*words)
    assert (answer.code, answer.out) == (0, "1 run in out\n")
    for pattern in files:
        assert list(Path("out").glob(pattern)), pattern
    assert steppe(*words).code == 2  # a folder with content is never overwritten


def test_all_runs_are_exported_by_one_word(study: Study, steppe: Steppe) -> None:
    answer = steppe("export", "all", "--store", study.store, "--output", "out", "--format", "csv")
    assert answer.out == "2 runs in out\n"
    assert len((Path("out") / "runs.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize(("form", "table"), [("csv", "csv"), ("netcdf", "csv")])
@pytest.mark.parametrize("file", ["run.json", "events.parquet", "scenario.json.gz"])
def test_of_all_runs_those_that_cannot_be_read_are_listed_and_counted(
    steppe: Steppe, tmp_path: Path, run: Trajectory, file: str, form: str, table: str
) -> None:
    store = Store(tmp_path / "copy")
    store.put(run)
    other = replace(run, record=replace(run.record, seed=run.record.seed + 1))
    spoilt = store.put(other)
    path = store.folder(spoilt) / file
    path.write_bytes(path.read_bytes() + b"x")
    words = ["export", "all", "--store", store.path, "--format", form, "--output"]
    answer = steppe(*words, "out")
    assert (answer.code, answer.out) == (1, "1 run in out\n")
    assert "1 run left out" in answer.err
    _, listed = (Path("out") / f"omitted.{table}").read_text(encoding="utf-8").splitlines()
    assert listed.startswith(spoilt)
    assert file in listed
    assert steppe("export", spoilt, *words[2:], "named").code != 0  # asked for by name
    assert not Path("named").exists()


def test_a_report_is_the_same_from_the_run_the_case_and_the_keys(
    study: Study, steppe: Steppe, key: str
) -> None:
    first = Path(study.answer.document["report"]).read_bytes()
    keys = [seed["hash"] for seed in study.answer.document["seeds"]]
    by_case = ["report", "kazakhstan-2022", *SMALL, "--store", study.store, "-o", "case.html"]
    by_key = ["report", *keys, "--store", study.store, "-o", "keys.html"]
    for words, name in ((by_case, "case.html"), (by_key, "keys.html")):
        assert steppe(*words).out == f"{name}\n"
        made = Path(name).read_bytes()
        assert _without_command(made) == _without_command(first)


def _without_command(page: bytes) -> list[bytes]:
    # Each command names the store as it was typed; policies are hashes of the page's own texts.
    commands = (b"steppe run", b"steppe pair")
    return [line for line in page.splitlines() if not any(one in line for one in commands)]


def test_a_case_without_runs_has_no_report(study: Study, steppe: Steppe) -> None:
    answer = steppe("report", "kazakhstan-2022", "--store", study.store)
    assert answer.code == 2
    assert "no run of this scenario by citizens" in answer.err


def test_a_run_repeated_from_its_record_has_the_same_bits(
    study: Study, steppe: Steppe, key: str
) -> None:
    answer = steppe("repeat", key[:10], "--store", study.store, "--threads", 1)
    assert answer.code == 0
    assert "the same bits in all" in answer.out


def test_what_differs_is_named(run: Trajectory) -> None:
    assert differences(run, run) == []
    values = np.array(run["arrests"])
    values[0, 0] += 1
    series = dict(run.series) | {"arrests": replace(run.series["arrests"], values=values)}
    assert differences(run, replace(run, series=series)) == ["arrests"]
    assert differences(run, replace(run, outcome={**run.outcome, "killed": -1})) == ["outcome"]
    assert differences(run, replace(run, events=run.events[1:])) == ["events"]


def test_a_repetition_that_differs_fails(
    study: Study, steppe: Steppe, key: str, run: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store(study.store).get(study.answer.document["seeds"][1]["hash"])
    monkeypatch.setattr("steppe.engine.run.run", lambda *_, **__: other)
    answer = steppe("repeat", key, "--store", study.store)
    assert answer.code == 1
    assert "differs in" in answer.out
    assert "grievance" in answer.out


def test_gc_says_what_it_removed(study: Study, steppe: Steppe) -> None:
    answer = steppe("gc", "--store", study.store)
    assert answer.code == 0
    assert "removed 0 unfinished folders and 0 claims" in answer.out


def test_a_damaged_run_is_named_and_the_others_are_listed(
    study: Study, steppe: Steppe, tmp_path: Path, run: Trajectory
) -> None:
    store = Store(tmp_path / "copy")
    kept = store.put(run)
    spoilt = store.put(Store(study.store).get(study.answer.document["seeds"][1]["hash"]))
    (store.folder(spoilt) / "run.json").write_text("{}", encoding="utf-8")
    answer = steppe("runs", "--store", store.path)
    assert answer.code == 0
    assert kept[:10] in answer.out
    assert spoilt[:10] in answer.err.replace("\n", "").replace(" ", "")
    assert steppe("show", spoilt, "--store", store.path).code == 2
