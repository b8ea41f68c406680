"""The drawing of the packages: who imports whom, read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import steppe
from generator import svg

ROOT = Path(steppe.__file__).resolve().parent
WITHOUT = {"cases", "data"}
"""Folders of data."""

BOX, BOX_HEIGHT = 132.0, 40.0
ROW, COLUMN = 96.0, 152.0
LEFT, TOP = 24.0, 84.0
STYLE = """
text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#23262b}
.paper{fill:#fbfaf8;stroke:#dcd9d2}
.head{font-size:19px;font-weight:700}
.note{font-size:12.5px;fill:#55534e}
.box{fill:#fff;stroke:#8d8b85}
.name{font-size:14px;font-weight:650;text-anchor:middle}
.import{stroke:#2f6690;fill:none;stroke-width:1.4}
@media (prefers-color-scheme:dark){
text{fill:#e4e2dd}
.paper{fill:#191b1e;stroke:#34373c}
.note{fill:#a9a69f}
.box{fill:#24272c;stroke:#6a6d72}
.import{stroke:#7fb2d9}
}
"""

Graph = Mapping[str, frozenset[str]]


def packages() -> Graph:
    """Return which packages each package imports."""
    folders = sorted(path.parent for path in ROOT.glob("*/__init__.py"))
    names = {folder.name for folder in folders} - WITHOUT
    edges: dict[str, frozenset[str]] = {}
    for name in sorted(names):
        used = {part for path in (ROOT / name).rglob("*.py") for part in _imports(path)}
        edges[name] = frozenset(used & names - {name})
    return edges


def _imports(path: Path) -> set[str]:
    """Return the parts of steppe that a file imports, anywhere but for a type checker."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    modules: list[str] = []
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules += [f"{node.module}.{alias.name}" for alias in node.names]
    return {m.split(".")[1] for m in modules if m.startswith("steppe.")}


def direct(edges: Graph) -> Graph:
    """Return the imports that do not follow from others, so that few lines say the same."""

    @cache
    def below(name: str) -> frozenset[str]:
        return edges[name].union(*(below(other) for other in edges[name]))

    return {
        name: frozenset(o for o in used if not any(o in below(p) for p in used - {o}))
        for name, used in edges.items()
    }


def heights(edges: Graph) -> Mapping[str, int]:
    """Return the row of each package: below all that import it, else above all it imports."""
    users = {name: [other for other in edges if name in edges[other]] for name in edges}

    @cache
    def height(name: str) -> int:
        return 1 + max((height(other) for other in edges[name]), default=-1)

    @cache
    def row(name: str) -> int:
        return min((row(user) for user in users[name]), default=height(name) + 1) - 1

    return {name: row(name) for name in edges}


def drawing() -> str:
    """Return the drawing of the packages, the lowest at the foot."""
    edges = packages()
    row_of = heights(edges)
    top = max(row_of.values())
    rows = [[name for name in edges if row_of[name] == k] for k in range(top + 1)]
    width = 2 * LEFT + COLUMN * max(map(len, rows)) - (COLUMN - BOX)
    places = {
        name: (_left(width, len(row), k), TOP + (top - r) * ROW)
        for r, row in enumerate(rows)
        for k, name in enumerate(row)
    }
    height = TOP + top * ROW + BOX_HEIGHT + LEFT
    parts = [
        svg.element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, class_="paper"),
        svg.text("Packages", LEFT, 36.0, "head"),
        svg.text("A line leads down to what is imported;", LEFT, 56.0, "note"),
        svg.text("what follows from other lines is left out.", LEFT, 72.0, "note"),
        *(_line(places[a], places[b]) for a, used in direct(edges).items() for b in sorted(used)),
        *(part for name, place in places.items() for part in _box(name, *place)),
    ]
    description = "; ".join(f"{a} imports {', '.join(sorted(edges[a])) or 'none'}" for a in edges)
    return svg.document(width, height, "Packages of steppe", description, STYLE, parts)


def _left(width: float, count: int, index: int) -> float:
    return (width - COLUMN * count + (COLUMN - BOX)) / 2 + COLUMN * index


def _line(above: tuple[float, float], below: tuple[float, float]) -> str:
    """Return a line that leads straight down to the last gap, and there to its end."""
    x, end, foot = above[0] + BOX / 2, below[0] + BOX / 2, below[1]
    gap = ROW - BOX_HEIGHT
    numbers = (x, above[1] + BOX_HEIGHT, foot - gap, x, foot - gap / 2, end, foot - gap / 2)
    a, b, c, d, e, f, g = (svg.number(value) for value in numbers)
    path = f"M{a} {b}V{c}C{d} {e} {f} {g} {f} {svg.number(foot)}"
    return svg.element("path", d=path, class_="import")


def _box(name: str, x: float, y: float) -> tuple[str, str]:
    return (
        svg.element("rect", x=x, y=y, width=BOX, height=BOX_HEIGHT, rx=5.0, class_="box"),
        svg.text(name, x + BOX / 2, y + 25.0, "name"),
    )
