"""Help is quick, complete and narrow; a reader of pipes may stop reading."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from steppe.cli import SECTIONS, parse_command

from .conftest import Steppe, process

COMMANDS = [name for section in SECTIONS.values() for name in section]
HEAVY = ("numba", "numpy", "pandas", "xarray", "duckdb", "pydantic", "rich")


def test_help_lists_every_command_and_the_exit_codes(steppe: Steppe) -> None:
    answer = steppe("--help")
    assert answer.code == 0
    for title, section in SECTIONS.items():
        assert f"{title}:\n" in answer.out
        for name in section:
            assert f"\n  {name} " in answer.out
    assert "0 done; 1 some seeds failed; 2 bad input; 130 stopped" in answer.out
    assert steppe().out == answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_80_columns(steppe: Steppe, name: str) -> None:
    answer = steppe(name, "--help")
    assert answer.code == 0
    assert answer.out.startswith("Usage: ")
    assert all(len(line) <= 84 for line in answer.out.splitlines())
    assert steppe(name, "-h").out == answer.out


def test_help_loads_no_library_it_does_not_need() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom steppe.cli import cli\n"
        f"for words in [[], *([name] for name in {COMMANDS!r})]:\n"
        "    assert CliRunner().invoke(cli, [*words, '--help']).exit_code == 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_names_program_and_model(steppe: Steppe) -> None:
    from steppe import __version__
    from steppe.engine.run import engine_version

    assert steppe("--version").out == f"steppe {__version__}, model {engine_version()}\n"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    with process("mechanisms", "--full", cwd=tmp_path) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == ""


ON_A_TERMINAL = """
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, "-m", "steppe.cli", "cases", "kazakhstan-2022"])
data = b""
try:
    while part := os.read(terminal, 4096):
        data += part
except OSError:
    pass
os.waitpid(pid, 0)
sys.stdout.buffer.write(data)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("coloured", [True, False])
def test_colours_are_left_out_when_asked(coloured: bool) -> None:
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    plain |= {"TERM": "xterm-256color"} | ({} if coloured else {"NO_COLOR": "1"})
    done = subprocess.run([sys.executable, "-c", ON_A_TERMINAL], capture_output=True, env=plain)
    said = done.stdout.decode()
    assert "no-blackout" in said
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-7]m", said)) == coloured


NOT_PLAIN = ("asked", "told", "lived", "less changed", "live the")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_plain_english(steppe: Steppe, name: str) -> None:
    text = " ".join(steppe(name, "--help").out.lower().split())
    assert [word for word in NOT_PLAIN if re.search(rf"\b{word}\b", text)] == []


def test_the_former_name_of_a_command_goes_on_working(steppe: Steppe) -> None:
    assert "removals" not in steppe("--help").out
    former, present = (steppe(name, "--help").out for name in ("removals", "ablation"))
    assert former.partition("\n")[2] == present.partition("\n")[2]


def test_the_printed_command_makes_the_same_request(steppe: Steppe) -> None:
    words = ["run", "kazakhstan-2022", "--set", "clock.hours=24", "--set", "prices.shock=0.25"]
    words += ["--parameters", "prior", "--seeds", "2", "--scale", "0.002", "--store", "my runs"]
    answer = steppe(*words)
    assert answer.code == 0
    (repeat,) = [line for line in answer.out.splitlines() if line.startswith("repeat")]
    assert parse_command(repeat.removeprefix("repeat")) == parse_command(
        shlex.join(["steppe", *words])
    )
