"""What the documents tell people to type works: commands, patches, files and Python."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import documents
import pytest
import yaml
from documents import ROOT, blocks, commands

from steppe.case.inheritance import shipped_ids
from steppe.case.patch import apply, parse_set
from steppe.case.scenario import Scenario
from steppe.cli import cli

WITH_COMMANDS = [p for p in documents.documents() if commands(p)]
CONF = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
RUN_BY_THE_SITE = [
    path
    for pattern in re.findall(r'"([^"]+)"', re.findall(r"^run_pages = \[(.*)\]$", CONF, re.M)[0])
    for path in (ROOT / "docs").glob(f"{pattern}.md")
]
"""Pages whose code runs when the site is built, which the gate does too: once is enough."""

WITH_PYTHON = [
    p
    for p in documents.documents()
    if p not in RUN_BY_THE_SITE and any(b.language == "python" for b in blocks(p))
]


def test_the_site_runs_pages_of_its_own() -> None:
    names = {path.parent.name for path in RUN_BY_THE_SITE}
    assert {"gallery", "teaching", "tutorial"} <= names


def found(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that ``words`` name, and the rest of the words."""
    context = click.Context(cli)
    command = cli.get_command(context, words[0])
    assert command is not None, f"there is no command {words[0]!r}"
    return command, words[1:]


def options(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by every way to write them."""
    options = [p for p in command.params if isinstance(p, click.Option)]
    return {name: option for option in options for name in (*option.opts, *option.secondary_opts)}


def values(words: list[str]) -> dict[str, list[str]]:
    """Check the words of one command; return the values given to each of its options."""
    command, rest = found(words)
    known = options(command)
    given: dict[str, list[str]] = {"": []}
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            given[""].append(word)
            continue
        flag, equals, value = word.partition("=")
        if flag in ("--help", "-h"):
            return {"": given[""]}
        assert flag in known, f"steppe {command.name} has no option {flag}"
        option = known[flag]
        if not (option.is_flag or option.count):
            assert equals or rest, f"{flag} needs a value"
            given.setdefault(option.opts[0], []).append(value if equals else rest.pop(0))
    room = [p for p in command.params if isinstance(p, click.Argument)]
    if all(p.nargs == 1 for p in room):
        assert len(given[""]) <= len(room), f"steppe {command.name}: {given['']}"
    return given


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=documents.name)
def test_commands_exist_with_their_options(path: Path, kazakhstan: Scenario) -> None:
    for words in commands(path):
        if words[0].startswith("-"):
            assert words[0] in (*options(cli), "--help", "-h")
            continue
        if set("<[") & set(" ".join(words)):  # a form, not an example
            continue
        given = values(words)
        if "kazakhstan-2022" in given[""]:
            for name in given.get("--counterfactual", ()):
                kazakhstan.counterfactual(name)
            apply(kazakhstan, parse_set(given.get("--set", ())))


def test_the_check_of_commands_can_fail() -> None:
    values(["run", "kazakhstan-2022", "--seeds", "8"])
    for words in (["rum", "x"], ["run", "x", "--seds", "8"], ["run", "x", "y"]):
        with pytest.raises(AssertionError):
            values(words)


@pytest.mark.parametrize("path", documents.documents(), ids=documents.name)
def test_patches_and_addresses_hold(path: Path, kazakhstan: Scenario) -> None:
    for block in blocks(path):
        if block.language != "yaml" or block.file:
            continue
        content: Any = yaml.safe_load(block.text)
        if isinstance(content, dict) and "set" in content:
            apply(kazakhstan, content["set"])


@pytest.mark.parametrize("path", WITH_PYTHON, ids=documents.name)
def test_python_runs_as_printed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(path):
        if block.file:
            (tmp_path / block.file).parent.mkdir(exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "example"}
    for block in blocks(path):
        if block.language == "python":
            exec(compile(block.text, str(path), "exec"), scope)


def test_files_of_the_guide_to_cases_are_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steppe.case.load import load

    monkeypatch.chdir(tmp_path)
    for block in blocks(ROOT / "docs" / "how-to" / "write-a-case.md"):
        if block.file:
            (tmp_path / block.file).parent.mkdir(exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    cases = sorted(path.parent.name for path in tmp_path.glob("*/scenario.yaml"))
    assert cases == ["borduria", "late-alliance"]
    for case in cases:
        scenario = load(tmp_path / case)
        assert scenario.id == case
        assert scenario.id not in shipped_ids()
        for name in scenario.counterfactuals:
            scenario.counterfactual(name)
