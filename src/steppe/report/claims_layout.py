"""Where the claims of an argument stand on its map: layers to the right, sections downwards.

A claim's layer is the longest chain of claims below it (layer 0 rests on nothing), so every line
runs from left to right. Within a section and layer claims are ordered by the mean place of their
neighbors (Sugiyama, Tagawa and Toda 1981) and put as near as may be to what they rest on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SWEEPS = 8
"""Passes that order claims by their neighbors, forwards and backwards in turn."""


@dataclass(frozen=True, slots=True)
class Node:
    """A claim as the layout sees it: its name, section, and the names it rests on."""

    name: str
    section: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels of a box, of the gaps between boxes and of a section's head; fewest columns."""

    width: int
    height: int
    gap_x: int
    gap_y: int
    head: int
    columns: int


WIDE = Size(184, 66, 56, 12, 40, 5)
NARROW = Size(54, 36, 17, 10, 34, 5)


@dataclass(frozen=True, slots=True)
class Band:
    """A section on the map; ``alone`` is where its claims without lines begin, None if none."""

    title: str
    top: float
    height: float
    alone: float | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Left upper corners of the boxes by claim, sections, lines (ground, what is built on it)."""

    size: Size
    places: Mapping[str, tuple[float, float]]
    bands: tuple[Band, ...]
    lines: tuple[tuple[str, str], ...]
    width: float
    height: float


def layers(nodes: Sequence[Node]) -> dict[str, int]:
    """Return the layer of every claim; grounds that are not among ``nodes`` do not count.

    Raises ``ValueError`` if the claims rest on each other in a circle.
    """
    known = {node.name: node for node in nodes}
    found: dict[str, int] = {}
    for _ in range(len(nodes) + 1):
        for name, node in known.items():
            below = [one for one in node.rests_on if one in known]
            if name not in found and all(one in found for one in below):
                found[name] = max((found[one] + 1 for one in below), default=0)
        if len(found) == len(known):
            return found
    raise ValueError("claims rest on each other in a circle")


def lay_out(nodes: Sequence[Node], size: Size) -> Layout:
    """Return the map of ``nodes``, sections in the order in which they come."""
    depth = layers(nodes)
    lines = tuple((b, node.name) for node in nodes for b in node.rests_on if b in depth)
    tied = {name for line in lines for name in line}
    sections = list(dict.fromkeys(node.section for node in nodes))
    order = _ordered(nodes, tied, depth, lines, sections)
    columns = max(size.columns, 1 + max(depth.values(), default=0))
    places: dict[str, tuple[float, float]] = {}
    bands: list[Band] = []
    top = 0.0
    for section in sections:
        rows = _rows({c: order[section, c] for c in range(columns) if (section, c) in order},
                     lines)  # fmt: skip
        alone = [n.name for n in nodes if n.section == section and n.name not in tied]
        band = _put(section, top, rows, depth, alone, columns, size, places)
        bands.append(band)
        top = band.top + band.height
    width = columns * size.width + (columns - 1) * size.gap_x
    return Layout(size, places, tuple(bands), lines, width, top)


def _put(
    section: str,
    top: float,
    rows: Mapping[str, int],
    depth: Mapping[str, int],
    alone: Sequence[str],
    columns: int,
    size: Size,
    places: dict[str, tuple[float, float]],
) -> Band:
    """Put the boxes of one section below ``top`` and return its band."""
    step_x, step_y = size.width + size.gap_x, size.height + size.gap_y
    floor = top + size.head
    for name, row in rows.items():
        places[name] = (depth[name] * step_x, floor + row * step_y)
    if rows:
        floor += (max(rows.values()) + 1) * step_y
    start = None
    if alone:
        start = floor if not rows else floor + size.head / 2
        for i, name in enumerate(alone):
            places[name] = (i % columns * step_x, start + i // columns * step_y)
        floor = start + (1 + (len(alone) - 1) // columns) * step_y
    return Band(section, top, floor - top + size.gap_y, start)


Order = dict[tuple[str, int], list[str]]
"""(section, layer) -> claims from top to bottom."""


def _ordered(
    nodes: Sequence[Node],
    tied: set[str],
    depth: Mapping[str, int],
    lines: Sequence[tuple[str, str]],
    sections: Sequence[str],
) -> Order:
    """Return the claims of every section and layer, ordered so that lines cross little."""
    order: Order = {}
    for node in nodes:
        if node.name in tied:
            order.setdefault((node.section, depth[node.name]), []).append(node.name)
    near: dict[str, list[str]] = {name: [] for name in tied}
    for a, b in lines:
        near[a].append(b)
        near[b].append(a)
    rank = {section: float(i) for i, section in enumerate(sections)}
    for sweep in range(SWEEPS):
        place = {
            name: rank[section] + (i + 0.5) / len(names)
            for (section, _), names in order.items()
            for i, name in enumerate(names)
        }
        for key in sorted(order, key=lambda key: (key[1], rank[key[0]]), reverse=sweep % 2 == 1):
            names = order[key]
            pull = {n: sum(place[o] for o in near[n]) / len(near[n]) for n in names}
            order[key] = sorted(names, key=lambda n: (pull[n], place[n]))
            place |= {
                name: rank[key[0]] + (i + 0.5) / len(names) for i, name in enumerate(order[key])
            }
    return order


def _rows(columns: Mapping[int, Sequence[str]], lines: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the row of each claim of one section, at least one apart in each layer."""
    rows: dict[str, int] = {}
    most = max((len(names) for names in columns.values()), default=0)
    for _, names in sorted(columns.items()):
        wanted = []
        for i, name in enumerate(names):
            below = [rows[a] for a, b in lines if b == name and a in rows]
            wanted.append(sum(below) / len(below) if below else float(i))
        rows |= zip(names, _apart(wanted, most), strict=True)
    return rows


def _apart(wanted: Sequence[float], rows: int) -> list[int]:
    """Return whole rows in order, one apart at least, near to ``wanted`` by least squares."""
    pools: list[tuple[float, int]] = []
    for i, value in enumerate(wanted):
        pools.append((value - i, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    flat = [value for value, n in pools for _ in range(n)]
    room = float(max(0, rows - len(wanted)))
    return [round(min(max(value, 0.0), room)) + i for i, value in enumerate(flat)]
