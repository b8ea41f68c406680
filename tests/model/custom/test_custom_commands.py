"""The command line: leave is asked for, the rule is shown, and a run is repeated or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands.conftest import Answer, call
from tests.model.custom.conftest import COMPANY

from steppe.results.store import Store

Use = Callable[..., Path]
SETTING = ("--set", "mechanisms.participation=toy/company.py:COMPANY")
LEAVE = "--allow-code"


@pytest.fixture
def steppe(case: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Call the command line in the folder that holds the toy case."""
    monkeypatch.chdir(case.parent)
    monkeypatch.setenv("COLUMNS", "100")
    return call


@pytest.fixture
def done(steppe: Callable[..., Answer]) -> str:
    """The key of a stored run with the rule of the guide."""
    made = steppe("run", "./toy", *SETTING, LEAVE, "--seeds", 1, "--scale", 0.2, "--json", "-q")
    assert made.code == 0, made.err
    (key,) = Store(Path("runs")).keys()
    return str(key)


@pytest.mark.parametrize("command", ["run", "plan", "check", "report", "removals", "pair"])
def test_every_command_asks_for_leave(steppe: Callable[..., Answer], command: str) -> None:
    Path("runs", "runs").mkdir(parents=True)
    answer = steppe(command, "./toy", *SETTING)
    assert answer.code == 2
    assert "--set: mechanisms.participation: 'toy/company.py:COMPANY' is Python code" in answer.err
    assert LEAVE in answer.err
    assert "Traceback" not in answer.err


def test_a_case_asks_for_leave(steppe: Callable[..., Answer], use: Use) -> None:
    use("./company.py:COMPANY")
    for words in (("check", "./toy"), ("cases", "./toy"), ("mechanisms", "--case", "./toy")):
        refused = steppe(*words)
        assert refused.code == 2
        assert "toy/scenario.yaml:44:18: mechanisms.participation: " in refused.err
        assert steppe(*words, LEAVE).code == 0


def test_the_plan_and_the_mechanisms_show_the_rule(steppe: Callable[..., Answer]) -> None:
    steps = steppe("plan", "./toy", *SETTING, LEAVE, "--json").document["steps"]
    (street,) = [step for step in steps if step["role"] == "participation"]
    assert street["title"] == "Participation in company"
    assert street["parameters"]["daring"] == 0.02
    shown = steppe("mechanisms", "participation", "--rule", "toy/company.py:COMPANY", LEAVE)
    assert "Participation in company" in shown.out
    assert "share of friends on the street that the most cautious citizen asks for" in shown.out
    refused = steppe("mechanisms", "--rule", "toy/company.py:COMPANY")
    assert refused.code == 2
    assert "--rule: 'toy/company.py:COMPANY' is Python code" in refused.err


def test_the_command_to_repeat_a_study_gives_leave(steppe: Callable[..., Answer]) -> None:
    words = ("run", "./toy", *SETTING, LEAVE, "--seeds", 1, "--scale", 0.2, "--no-report")
    made = steppe(*words)
    assert made.code == 0, made.err
    (again,) = [line for line in made.out.splitlines() if line.startswith("repeat")]
    assert LEAVE in again
    once_more = steppe(*again.split()[2:], "--no-report")
    assert once_more.code == 0
    assert "done already" in once_more.err


def test_the_report_names_the_rule_and_its_parameters(
    steppe: Callable[..., Answer], done: str
) -> None:
    answer = steppe("report", "./toy", *SETTING, LEAVE, "--scale", 0.2, "-o", "by-case.html")
    assert answer.code == 0, answer.err
    refused = steppe("report", done[:12])
    assert refused.code == 2
    assert LEAVE in refused.err
    words = (LEAVE, "--code", "toy/company.py", "-o", "by-run.html")
    assert steppe("report", done[:12], *words).code == 0
    for name in ("by-case.html", "by-run.html"):
        page = Path(name).read_text(encoding="utf-8")
        assert "company.py:COMPANY@" in page
        assert "share of friends on the street that the most cautious citizen asks for" in page


def test_a_run_is_repeated_with_the_same_file_only(
    steppe: Callable[..., Answer], done: str, case: Path
) -> None:
    refused = steppe("repeat", done[:12])
    assert refused.code == 2
    assert "is Python code, which is not run unless you say so" in refused.err
    missing = steppe("repeat", done[:12], LEAVE)
    assert missing.code == 2
    assert "cannot read 'company.py'" in missing.err
    again = steppe("repeat", done[:12], LEAVE, "--code", "toy/company.py")
    assert again.code == 0, again.err
    assert "the same bits" in again.out
    Path("renamed.py").write_text(COMPANY, encoding="utf-8")
    assert steppe("repeat", done[:12], LEAVE, "--code", "renamed.py").code == 0
    Path("company.py").write_text(COMPANY, encoding="utf-8")
    assert steppe("repeat", done[:12], LEAVE).code == 0
    Path("company.py").write_text(COMPANY.replace("0.02", "0.03"), encoding="utf-8")
    changed = steppe("repeat", done[:12], LEAVE)
    assert changed.code == 2
    assert "the content of 'company.py' is not the one meant" in changed.err


def test_the_record_names_the_rule_and_not_its_place(
    done: str, case: Path, steppe: Callable[..., Answer]
) -> None:
    record = Store(Path("runs")).get(done, ()).record
    rule = json.loads(record.scenario)["mechanisms"]["participation"]
    assert rule.startswith("company.py:COMPANY@")
    assert str(case) not in record.scenario


def test_what_is_wrong_in_a_file_is_no_traceback(steppe: Callable[..., Answer], case: Path) -> None:
    (case / "company.py").write_text("import\n", encoding="utf-8")
    answer = steppe("run", "./toy", *SETTING, LEAVE)
    assert answer.code == 2
    assert answer.err.startswith("error  toy/company.py:1:7: COMPANY: not valid Python: ")
    assert "Traceback" not in answer.err
