"""Markdown as the generated pages use it: tables, numbers, blocks of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

NOTE = "<!-- Made by docs/generate.py from the code; changes belong there. -->\n"
WIDTH = 84
"""Characters of literal text that fit on a line of a page."""

FULL = 80
"""A line of a docstring at least so long was broken for want of room."""


def cell(text: object) -> str:
    """Return ``text`` as it stands in a cell of a table."""
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|").replace("<", "&lt;")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with one line for each row."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell(part) for part in line) + " |" for line in lines)


def number(value: float) -> str:
    """Return a number as people write it: 1,000 and 0.05 and 5e-06."""
    return f"{value:,g}" if abs(value) >= 1e-4 or value == 0 else f"{value:g}"


def count(value: int, noun: str) -> str:
    """Return a number with its noun in the right form."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def upper_first(text: str) -> str:
    """Return ``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def symbol(text: str) -> str:
    """Return the symbol of a parameter in italics."""
    return f"*{text.replace('_', chr(92) + '_')}*"


def names(items: Iterable[str]) -> str:
    """Return names as code, with commas between; a dash if there are none."""
    return ", ".join(f"`{item}`" for item in items) or "–"


def block(text: str) -> str:
    """Return a block of literal text; lines too wide for the page go on below, indented."""
    lines = [part for line in text.splitlines() for part in _fitted(line)]
    return "\n".join(["```text", *lines, "```\n"])


def _fitted(line: str) -> list[str]:
    """Return ``line`` in parts that fit: one equation on a line, long ones broken at a space."""
    if len(line) <= WIDTH:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    parts = line.strip().split(";  ")
    ended = [f"{part};" for part in parts[:-1]] + parts[-1:]
    return [
        piece
        for part in ended
        for piece in wrap(
            part, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ",
            break_long_words=False, break_on_hyphens=False,
        )
    ]  # fmt: skip


def paragraph(text: str) -> str:
    """Return ``text`` in lines that fit a page, with an empty line below."""
    return "\n".join([*wrap(text, 100, break_long_words=False, break_on_hyphens=False), ""])


def plain(docstring: str) -> str:
    """Return a docstring for a block of literal text: no marks of code, sentences on one line.

    A line is taken to go on with the sentence above when that fills its line and it begins with a
    word and holds no equation.
    """
    lines: list[str] = []
    for line in docstring.replace("``", "").strip().splitlines():
        goes_on = lines and len(lines[-1]) >= FULL and re.match(r"[a-z]{2,}\b", line)
        if goes_on and " = " not in line:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)
