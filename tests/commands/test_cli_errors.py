"""Mistakes are answered in words, with the nearest right name, exit code 2, and nothing written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.case.broken import BROKEN

from .conftest import Answer, Steppe, process


def refused(answer: Answer, *said: str) -> None:
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err
    for words in said:
        assert words in answer.err


def files() -> set[str]:
    return {path.as_posix() for path in Path().rglob("*")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rn", "Did you mean 'run'?"),
        ("run", "Missing argument 'CASE'"),
        ("run kazakstan-2022", "did you mean 'kazakhstan-2022'?"),
        ("run kazakhstan-2022 --seds 3", "--seeds"),
        ("run kazakhstan-2022 --seeds 0", "x>=1"),
        ("run kazakhstan-2022 --seeds many", "'many' is not a valid integer"),
        ("run kazakhstan-2022 --scale 0", "0<x<=100"),
        ("run kazakhstan-2022 --scale nan", "nan"),
        ("run kazakhstan-2022 --workers 0", "x>=1"),
        ("run kazakhstan-2022 --seed-from -1", "x>=0"),
        ("run kazakhstan-2022 --seeds 99999999999999999999", "more than 10,000,000"),
        ("pair kazakhstan-2022 no-troops --seed-from 99999999999999999999", "is more than"),
        ("run kazakhstan-2022 -c no-blakout", "did you mean 'no-blackout'?"),
        ("run kazakhstan-2022 --set price.shock=1", "did you mean 'prices'?"),
        ("run kazakhstan-2022 --set prices.shock", "path=value"),
        ("run kazakhstan-2022 --set prices.shock=11", "0 to 10"),
        ("run kazakhstan-2022 --set mechanisms.risk=none", "cannot be switched off"),
        ("run kazakhstan-2022 --patch nowhere.yaml", "No such file"),
        ("check nowhere", "there is no case 'nowhere'"),
        ("cases kazakhstan-2023", "did you mean 'kazakhstan-2022'?"),
        ("pair epstein-2002 no-jail", "scenario.yaml:2:7: kind: a toy is a published model"),
        ("plan kazakhstan-2023", "did you mean 'kazakhstan-2022'?"),
        ("mechanisms loyality", "Did you mean 'loyalty'?"),
        ("runs", "there are no stored runs here"),
        ("show abc", "there are no stored runs here"),
        ("export abc", "--output"),
        ("export abc --format xls -o out", "'xls'"),
        ("report abc", "there are no stored runs here"),
        ("repeat abc", "there are no stored runs here"),
        ("repeat nowhere.zip", "nowhere.zip: there is no such file"),
        ("new Ecuador old --date 1870-01-01", "--date 1870-01-01: give a year from 1901"),
        ("gc", "there are no stored runs here"),
    ],
)
def test_a_mistake_is_explained(steppe: Steppe, words: str, said: str) -> None:
    refused(steppe(*words.split()), said)
    assert files() == set()


# Those about parameters are made for roles of their own, which the command line does not have.
@pytest.mark.parametrize("name", sorted(n for n in BROKEN if not n.startswith("parameter")))
def test_a_broken_case_is_refused_before_anything_is_written(
    steppe: Steppe, toy: Path, name: str
) -> None:
    old, new, file, said = BROKEN[name]
    path = toy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new.replace("^", ""), 1), encoding="utf-8")
    before = files()
    for command in ("check", "run"):
        answer = steppe(command, toy)
        refused(answer, said[0])
        assert re.search(r"\.(yaml|csv|geojson):\d+:\d+: ", answer.err)
    assert files() == before


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "scenario.yaml:1:4"),
        ("extends: ../toy\n", "extend each other"),
        ("format: 1\n" * 2, "scenario.yaml:2:1"),
        ("a: " + "[" * 200 + "]" * 200, "scenario.yaml:1:"),
        ("\0", "U+0000"),
    ],
)
def test_text_made_to_harm_is_refused(steppe: Steppe, toy: Path, text: str, said: str) -> None:
    (toy / "scenario.yaml").write_text(text, encoding="utf-8")
    before = files()
    refused(steppe("run", toy), said)
    assert files() == before


def test_a_file_of_100_megabytes_is_refused_unread(steppe: Steppe, toy: Path) -> None:
    for name in ("regions.csv", "scenario.yaml"):
        os.truncate(toy / name, 100_000_000)
        refused(steppe("run", toy), f"{name}:1:1: 100,000,000 bytes are too many")
    assert not Path("runs").exists()


def test_a_table_outside_the_case_is_refused(steppe: Steppe, toy: Path) -> None:
    path = toy / "scenario.yaml"
    text = path.read_text(encoding="utf-8").replace("regions.csv", "../regions.csv")
    path.write_text(text, encoding="utf-8")
    refused(steppe("run", toy), "'../regions.csv' lies outside the folder of the case")


def test_faults_are_listed_together(steppe: Steppe, toy: Path) -> None:
    path = toy / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("shock: 1.0", "shock: 11").replace("gini: 0.3", "gini: 3")
    path.write_text(text, encoding="utf-8")
    answer = steppe("check", toy)
    refused(answer, "2 faults", "country.gini", "prices.shock")
    assert len(answer.err.splitlines()) == 3


def test_a_target_that_cannot_be_measured_is_found_before_the_run(
    steppe: Steppe, toy: Path
) -> None:
    path = toy / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("peak_on_day", "peek_on_day"), encoding="utf-8")
    before = files()
    for command in ("check", "run"):
        refused(steppe(command, toy), "did you mean 'peak_on_day'?")
    assert files() == before


def test_a_report_below_a_file_is_refused_before_anything_is_run(steppe: Steppe, toy: Path) -> None:
    Path("file").write_text("")
    before = files()
    for words in (("run", toy), ("pair", toy, "no-shock"), ("judge", toy)):
        refused(steppe(*words, "--report", "file/below/r.html"), "'--report': file is not a folder")
    sweep = ("sweep", toy, "--over", "prices.shock=0,1", "--output", "file/a.csv")
    refused(steppe(*sweep), "'--output'")
    assert files() == before


@pytest.mark.parametrize("name", ["claims.yaml", "aftermath.csv", "posterior.csv"])
def test_a_folder_in_place_of_a_file_is_not_taken_for_none(
    steppe: Steppe, toy: Path, name: str
) -> None:
    if name == "aftermath.csv":
        assert steppe("claims", "new", toy).code == 0
    (toy / name).mkdir()
    refused(steppe("check", toy), f"{name}' is not a file")


def test_a_posterior_sample_that_cannot_be_used_is_found_by_check(
    steppe: Steppe, toy: Path
) -> None:
    sample = toy / "posterior.csv"
    for text, said in (
        ("", "1:1: the file is empty"),
        ("participation.noise\n", "1:1: the sample has no draws"),
        ("participation.noise\n'\"\n", "2:1: participation.noise: "),
        ('participation.noise\n"0.1\n', "2:1: not a table"),
        ("participation.noise\n" + "1" * 200_000, "2:1: not a table"),
        ("participation.noise,participation.nois\n", "1:21: participation.nois: is no parameter"),
        ("participation.noise,participation.threshold\n0.01,x\n", "2:6: participation.threshold"),
        ("participation.noise\n0.01,0.02\n", "2:1: 2 values for 1 parameters"),
    ):
        sample.write_text(text, encoding="utf-8")
        refused(steppe("check", toy), f"posterior.csv:{said}")
    sample.write_text("participation.noise\n0.01\n0.02\n", encoding="utf-8")
    assert steppe("check", toy, "--json").document["posterior_draws"] == 2


def test_options_that_make_no_sense_together(steppe: Steppe, study_store: Path) -> None:
    words = ["--store", study_store, "--set", "prices.shock=0"]
    refused(steppe("report", "abc", "def", *words), "need a CASE")


@pytest.fixture
def study_store(tmp_path: Path) -> Path:
    (tmp_path / "store" / "runs").mkdir(parents=True)
    return tmp_path / "store"


@pytest.mark.skipif(os.name != "posix", reason="needs a folder nobody can write to")
def test_a_store_that_cannot_be_written_is_not_called_a_mistake(tmp_path: Path, toy: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ["run", toy, "--seeds", 1, "--store", "file/below"]
    running = process(*words, cwd=tmp_path)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 1
    assert err.rstrip().splitlines()[-1].startswith("error")
    assert "a part of the path is no folder; choose another store" in err
    assert "Traceback" not in err
