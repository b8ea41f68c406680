"""A command line to call, a toy case, and one small study that many tests look at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.case.toy import write_toy_of_choice

from steppe.cli import cli

SMALL = (
    "--scale", "0.002", "--set", "clock.hours=24", "--set", "clock.start=2022-01-02T00:00",
)  # fmt: skip
"""The first day of protest in the reference case with few agents."""


@dataclass(frozen=True)
class Answer:
    """What a command left: exit code and the two outputs."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


Steppe = Callable[..., Answer]


def call(*words: object) -> Answer:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def steppe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steppe:
    """Call the command line in an empty folder, with output 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("STEPPE_STORE", raising=False)
    return call


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The folder of a toy case whose one target can be measured."""
    return whole_toy(tmp_path / "toy")


def whole_toy(folder: Path) -> Path:
    file = write_toy_of_choice(folder) / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("peak_active", "peak_on_day"), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Study:
    """A study of two seeds that was run with --json: the store and the answer."""

    store: Path
    answer: Answer


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two seeds of a day of the reference case, run once for all tests."""
    store = tmp_path_factory.mktemp("study") / "runs"
    answer = call("run", "kazakhstan-2022", *SMALL, "--seeds", 2, "--store", store, "--json")
    return Study(store, answer)


def process(*words: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command line as a user would, in a process of its own.

    A shell that starts the tests in the background has them ignore Ctrl-C, and that is inherited.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "steppe.cli", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=os.environ | {"COLUMNS": "80"} | environment,
        preexec_fn=None if sys.platform == "win32" else _take_interrupts,
    )


def _take_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
