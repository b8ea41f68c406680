"""Every R block of the documents runs with R itself; a query for duckdb runs with duckdb."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import documents
import pytest
from click.testing import CliRunner
from documents import blocks
from shell import lines, quick, reason

from steppe.cli import cli
from steppe.results.database import cursor

QUERY = re.compile(r"dbGetQuery\(con, \"(?P<sql>.*?)\"\)", re.S)
PAGES = [
    path for path in documents.documents() if any(block.language == "r" for block in blocks(path))
]


def r_blocks(path: Path) -> list[str]:
    return [block.text for block in blocks(path) if block.language == "r"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def follow(path: Path) -> None:
    """Run the commands of a page, for a reader who has a run."""
    CliRunner().invoke(cli, quick("steppe run two-valleys"))
    for line in lines(path):
        if not reason(line):
            assert CliRunner().invoke(cli, quick(line)).exit_code == 0, line


def test_there_are_pages_with_r() -> None:
    assert len(PAGES) >= 2


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("path", PAGES, ids=documents.name)
def test_blocks_that_need_no_package_run(path: Path, folder: Path) -> None:
    follow(path)
    script = "\n".join(one for one in r_blocks(path) if "library(" not in one)
    (folder / "page.R").write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "page.R"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr


@pytest.mark.parametrize("path", PAGES, ids=documents.name)
def test_queries_give_rows(path: Path, folder: Path) -> None:
    queries = [match["sql"] for one in r_blocks(path) for match in QUERY.finditer(one)]
    if queries:
        follow(path)
    for sql in queries:
        assert cursor().execute(sql).fetchall(), sql


def test_no_block_needs_what_is_neither_in_r_nor_tested() -> None:
    every = {name for path in PAGES for one in r_blocks(path)
             for name in re.findall(r"library\((\w+)\)", one)}  # fmt: skip
    assert every <= {"duckdb"}
