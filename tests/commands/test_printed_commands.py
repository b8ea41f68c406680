"""What is printed or written as a command makes the same runs when it is given again."""

from __future__ import annotations

import html
import re
import shlex
from pathlib import Path

import pytest

from steppe.cli import parse_command

from .conftest import Steppe

OPTIONS = (
    "--parameters", "prior", "--seeds", "2", "--seed-from", "3", "--scale", "0.002",
    "--store", "my runs",
)  # fmt: skip
DAY = "clock.hours=24"
RUN = ("run", "kazakhstan-2022", "--set", DAY, "--set", "alliance.rule=decline", *OPTIONS)
PAIR = (
    "pair", "kazakhstan-2022", "no-blackout", "--base-set", DAY, "--base-set",
    "prices.shock=0.5", *OPTIONS,
)  # fmt: skip


def written() -> str:
    """Return the command on the one page that was written."""
    (page,) = Path("my runs", "reports").glob("*.html")
    (text,) = re.findall(r'<code id="command">(.*?)</code>', page.read_text(encoding="utf-8"), re.S)
    page.unlink()
    return html.unescape(text)


@pytest.mark.parametrize("words", [RUN, PAIR], ids=["run", "pair"])
def test_a_command_and_its_page_say_how_to_make_them_again(
    steppe: Steppe, words: tuple[str, ...]
) -> None:
    request = parse_command(shlex.join(["steppe", *words]))
    answer = steppe(*words)
    assert answer.code == 0, answer.err
    (repeat,) = [line for line in answer.out.splitlines() if line.startswith("repeat")]
    assert parse_command(repeat.removeprefix("repeat")) == request
    assert parse_command(written()) == request
