"""What a draft knows of its figures stands in its folder: SOURCES.md says what a figure is that has
no column for it, TODO.md what was looked up. Both are read again when the folder is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SOURCES = "SOURCES.md"
_NOTE = re.compile(r"- (`.+`) of (.+?) \(([a-z-]+)\): .*")
_CELL = re.compile(r"`([^`]+)`, `([^`]+)`")
_IMPORTED = {
    "- Population, imported from ": ("population",),
    "- Columns of regions.csv, imported from ": ("urban_share",),
}
"""Lines that imports write, and the columns of regions without a basis that they bring."""


@dataclass(slots=True)
class NotedFigures:
    """What SOURCES.md says of single figures: their basis by file, id and column.

    ``imported`` are the columns of regions that a file has brought.
    """

    bases: dict[tuple[str, str, str], str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)


def noted_figures(text: str) -> NotedFigures:
    """Return what the lines of SOURCES.md say, a later one above an earlier one."""
    noted = NotedFigures()
    for line in text.splitlines():
        for start, columns in _IMPORTED.items():
            if line.startswith(start):
                noted.imported.update(columns)
                noted.bases = {k: v for k, v in noted.bases.items() if k[2] not in columns}
        if match := _NOTE.fullmatch(line):
            for file, column in _CELL.findall(match[1]):
                for name in match[2].split(", "):
                    noted.bases[file, name, column] = match[3]
    return noted


def note(cells: Iterable[tuple[str, str]], rows: Sequence[str], basis: str, source: str) -> str:
    """Return the line of SOURCES.md on ``cells``, each a file and a column, of the rows named."""
    what = ", ".join(dict.fromkeys(f"`{file}`, `{column}`" for file, column in cells))
    where = f" of {', '.join(rows)}" if rows else ""
    return f"- {what}{where} ({basis or 'edited'}): {source or 'no source'}"


def with_note(text: str, line: str) -> str:
    """Return SOURCES.md with ``line`` as its last; the same line further up goes."""
    old = "\n".join(one for one in text.rstrip().split("\n") if one != line).rstrip()
    last = old.splitlines()[-1:]
    gap = "\n" if last and last[0].startswith("- ") else "\n\n"
    return f"{old}{gap}{line}\n"


def numbered_cells(template: str) -> Mapping[int, str]:
    """Return the lines of a new TODO.md by their number, without their box."""
    boxes = (re.fullmatch(r"- \[ \] ((\d+)\. .*)", line) for line in template.splitlines())
    return {int(box[2]): box[1] for box in boxes if box}


def looked_up(text: str, template: str) -> frozenset[int]:
    """Return the numbers ticked off in ``text``, a TODO.md that was begun as ``template``."""
    lines = set(text.splitlines())
    return frozenset(n for n, cell in numbered_cells(template).items() if f"- [x] {cell}" in lines)


def ticked(text: str, template: str, number: int) -> str:
    """Return TODO.md with a number ticked off; as it is where its line was written anew."""
    cell = numbered_cells(template).get(number)
    lines = text.split("\n")
    return "\n".join(f"- [x] {cell}" if line == f"- [ ] {cell}" else line for line in lines)
