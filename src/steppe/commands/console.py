"""Where commands write: results to standard output, everything said on the way to the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

STYLES = {
    "title": "bold",
    "head": "bold cyan",
    "faint": "dim",
    "name": "cyan",
    "met": "green",
    "near": "yellow",
    "missed": "red",
    "untested": "dim",
    "warning": "bold yellow",
    "error": "bold red",
}
"""Colours carry no meaning alone: whatever is coloured is also said in words."""

WIDEST = 120
LABEL = 8
"""Width of the words at the left of facts, warnings and paths."""


def _console(*, stderr: bool) -> Console:
    from rich.console import Console
    from rich.theme import Theme

    console = Console(stderr=stderr, highlight=False, theme=Theme(STYLES), emoji=False)
    if console.width > WIDEST:
        console.width = WIDEST
    return console


def out() -> Console:
    """Return the console of results (standard output)."""
    return _console(stderr=False)


def err() -> Console:
    """Return the console of progress, warnings and errors (standard error)."""
    return _console(stderr=True)


def text_console(as_json: bool) -> Console:
    """Return the console of what people read: the other one where JSON goes to standard output."""
    return err() if as_json else out()


def show(console: Console, *parts: RenderableType) -> None:
    """Print parts with an empty line after each; text is a faint note."""
    for part in parts:
        console.print(part, style="faint" if isinstance(part, str) else None)
        say(console)


def say(console: Console, *parts: object, end: str = "\n") -> None:
    """Print text as it is: no markup, no wrapping, so that paths and commands can be copied."""
    console.print(*parts, markup=False, soft_wrap=True, end=end)


def warn(console: Console, text: str) -> None:
    """Print a warning, wrapped under its first word."""
    console.print(aside(("warning", "warning"), text))


def aside(word: tuple[str, str], text: str | Text) -> Table:
    """Return ``text`` beside a word (text, style), wrapped in a column of its own."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=LABEL, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(word[0], style=word[1]), Text(text) if isinstance(text, str) else text)
    return grid


RIGHT: dict[str, Any] = {"justify": "right", "no_wrap": True}
PLAIN: dict[str, Any] = {"no_wrap": True}
NAME: dict[str, Any] = {"style": "name", "no_wrap": True}
FILL: dict[str, Any] = {"ratio": 1}
"""Options of columns: numbers, short texts, the names of rows, and what takes the rest."""

Columns = Sequence[str | tuple[str, dict[str, Any]]]


def rows_table(columns: Columns, rows: Iterable[Sequence[Any]], title: str = "") -> Table:
    """Return a table of the house style with its rows."""
    result = table(*columns, title=title)
    for row in rows:
        result.add_row(*row)
    return result


def table(*columns: str | tuple[str, dict[str, Any]], title: str = "") -> Table:
    """Return an empty table of the house style; a column is a heading, or it and its options."""
    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    rule = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    result = Table(
        title=Text(title, style="title") if title else None,
        title_justify="left",
        title_style="",
        border_style="faint",
        box=rule,
        header_style="faint",
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        name, options = (column, {}) if isinstance(column, str) else column
        result.add_column(name, **options)
    return result


def facts(rows: Sequence[tuple[str, Any]], label: int = LABEL) -> Table:
    """Return names and values below each other; names in a column of at least ``label``."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="faint", no_wrap=True, min_width=label)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(name, Text(value) if isinstance(value, str) else value)
    return grid


def number(value: float) -> str:
    """Return a number with three figures, large ones in full: ``131,000``, ``0.0072``."""
    if not math.isfinite(value):
        return "·"
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 100 else f"{value:.3g}"
