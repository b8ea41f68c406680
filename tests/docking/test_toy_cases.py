"""Every shipped toy case: read with care, run, and in agreement with what was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from steppe.case.cases import is_toy, shipped_cases
from steppe.case.inheritance import SHIPPED
from steppe.cli import cli
from steppe.commands import toy
from steppe.commands.toy import bars, columns
from steppe.core.errors import CaseError
from steppe.toys.models import MODELS, load, run

TOYS = [info.id for info in shipped_cases() if is_toy(info.id)]
QUICK = [name for name in TOYS if name != "epstein-2002"]


def test_every_model_has_its_case() -> None:
    assert sorted(load(name).model for name in TOYS) == sorted(MODELS)
    assert not is_toy("kazakhstan-2022")


@pytest.mark.parametrize("name", QUICK)
def test_the_case_agrees_with_what_was_published(name: str) -> None:
    """Source, expectation, tolerance and seeds: in the scenario.yaml of the case."""
    result = run(load(name))
    assert [one for one in result.comparisons if not one.met] == []
    dataset = result.to_xarray()
    for line in result.lines:
        assert dataset[line.name].attrs["units"] == line.unit
        assert dataset[line.name].size == len(line.x)
        assert bars(line) or columns(line)


def invoke(*words: str) -> Any:
    return CliRunner().invoke(cli, list(words), catch_exceptions=False, standalone_mode=False)


def test_a_run_on_the_command_line() -> None:
    done = invoke("run", "kuran-1991")
    assert done.return_value == 0
    assert "agrees: 4 of 4 published results met" in done.output
    assert "publicly opposed" in done.output


def test_one_json_document() -> None:
    done = invoke("run", "kuran-1991", "--json")
    found = json.loads(done.output)
    assert found["agrees"] is True
    assert found["measures"]["first_bolder"] == 90.0
    assert [one["met"] for one in found["comparisons"]] == [True] * 4


def test_epstein_on_the_command_line() -> None:
    """Short: 200 steps of one seed are no test of the article, and the output says so."""
    done = invoke("run", "epstein-2002", "--set", "steps=200", "--seeds", "1", "--quiet")
    assert done.return_value == 0
    assert "not the published one (steps=200)" in done.output


def test_a_missed_result_is_said_and_the_exit_code_tells(tmp_path: Path) -> None:
    text = (SHIPPED / "kuran-1991" / "scenario.yaml").read_text()
    (tmp_path / "scenario.yaml").write_text(text.replace("value: 90\n", "value: 80\n"))
    done = invoke("run", str(tmp_path), "--quiet")
    assert done.return_value == 1
    assert done.output == "differs: 3 of 4 published results met\n"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("model: kuran", "model: kurran", r":4:8: model: .*did you mean 'kuran'\?"),
        ("unit: percent", "unit: persons", r"parameters\.first\.unit: .*allowed: percent"),
        ("  first_bolder:", "  first_bulder:", r"parameters\.first_bulder: unknown key"),
        ("[0, 20, 20", "[0, 200, 20", r"200 is out of range"),
        ("measure: second\n", "measure: secnd\n", r"did you mean 'second'\?"),
        ("    tolerance: 0\n", "", r"value and tolerance, or low"),
        ("agents: 10,", "agents: 11,", r"size: .*agents 10, steps 10"),
        ("format: 1", "format: 2", r":1:9: format"),
    ],
)
def test_faults_name_their_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (SHIPPED / "kuran-1991" / "scenario.yaml").read_text()
    assert old in text
    (tmp_path / "scenario.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(CaseError, match=fault):
        load(tmp_path)


@pytest.mark.parametrize("setting", ["firs=3", "seeds=3", "first.unit=persons"])
def test_a_wrong_setting_is_refused(setting: str) -> None:
    with pytest.raises(CaseError, match="--set"):
        load("kuran-1991", [setting])


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_can_be_checked_and_shown_without_being_run(name: str) -> None:
    for function, words in ((toy.check, ["ok  " + name]), (toy.describe, [name, "published"])):
        for as_json in (False, True):
            command = click.Command("x", callback=lambda: None)
            context = click.Context(command)
            context.params = {"case": name, "as_json": as_json}
            with CliRunner().isolation() as streams:
                assert function(context) == 0
                said = streams[0].getvalue().decode()
            if as_json:
                assert json.loads(said)["id"] == name
            else:
                assert all(word in said for word in words)


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(click.UsageError, match="--workers means nothing for a toy"):
        invoke("run", "kuran-1991", "--workers", "2")
