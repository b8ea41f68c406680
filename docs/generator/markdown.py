"""Markdown as the generated pages use it: tables, numbers, blocks of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

NOTE = "<!-- Made by docs/generate.py from the code; changes belong there. -->\n"


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
    """Return a block of literal text."""
    return f"```text\n{text}\n```\n"


def plain(docstring: str) -> str:
    """Return a docstring without the marks of code, for a block of literal text."""
    return docstring.replace("``", "").strip()
