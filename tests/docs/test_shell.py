"""Every command of the documents is run as it is printed, with few seeds and by cohorts."""

from __future__ import annotations

import re
from pathlib import Path

import documents
import pytest
from click.testing import CliRunner
from documents import blocks
from shell import REASONS, SEEDS, SHELLS, keeps_runs, lines, lines_of, quick, reason

from steppe.cli import cli
from steppe.commands.options import STORE_VARIABLE
from steppe.study import placebo as trial

PAGES = [path for path in documents.documents() if any(not reason(one) for one in lines(path))]


def write(block: documents.Block) -> None:
    """Write the file that a block stands for."""
    Path(block.file).parent.mkdir(parents=True, exist_ok=True)
    Path(block.file).write_text(block.text, encoding="utf-8")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs for all pages: what several ask for is simulated once."""
    return tmp_path_factory.mktemp("runs")


@pytest.mark.parametrize("path", PAGES, ids=documents.name)
def test_commands_do_what_the_page_says(
    path: Path, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of other pages are there; those of the page are written where they stand in it."""
    monkeypatch.chdir(tmp_path)
    if not keeps_runs(path):
        monkeypatch.setenv(STORE_VARIABLE, str(store))
    real = trial.placebo
    monkeypatch.setattr(trial, "placebo", lambda case, seeds=SEEDS: real(case, min(seeds, SEEDS)))
    for other in documents.documents():
        for block in blocks(other):
            if block.file and other != path:
                write(block)
    if any("export" in line for line in lines(path)):  # of runs that the reader has
        CliRunner().invoke(cli, quick("steppe run two-valleys"))
    for block in blocks(path):
        if block.file:
            write(block)
        for line in lines_of(block):
            if not reason(line):
                result = CliRunner().invoke(cli, quick(line))
                assert result.exit_code == 0, f"{line}\n{result.output}"


def test_a_command_that_is_wrong_fails() -> None:
    for line in ("steppe run kazakhstan-2022 --seds 3", "steppe cases no-such-case"):
        assert CliRunner().invoke(cli, quick(line)).exit_code != 0
    with pytest.raises(AssertionError, match="neither run nor excused"):
        quick("make coffee")


LANGUAGES = {
    **dict.fromkeys(SHELLS, "run here"),
    "python": "run by test_examples, or when the site is built",
    "py": "files that the Python blocks of their page load",
    "yaml": "applied as patches or loaded as cases by test_examples",
    "r": "run by test_r",
    "": "what a program prints",
    "text": "what a program prints, formulas, settings of other programs",
    "json": "what a program prints",
    "bibtex": "made from CITATION.cff",
}
"""The languages of blocks, and what holds them."""


def test_every_language_of_a_block_has_its_test_or_its_reason() -> None:
    every = {block.language for path in documents.documents() for block in blocks(path)}
    assert {one for one in every if not one.startswith("{")} <= set(LANGUAGES)


def test_every_reason_is_needed() -> None:
    every = [line for path in documents.documents() for line in lines(path)]
    assert [p for p in REASONS if not any(re.search(p, line) for line in every)] == []
    assert sum(not reason(line) for line in every) > len(every) / 3
