"""The lines of the map: they run in the gutters between layers and never behind a box.

A line leaves its ground to the right, goes up or down in the gutter there, along the gap above
the row of the claim it leads to where layers lie between, and into that claim from the left.
Lines of one ground share a lane; lanes of a gutter overlap only where their lines do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steppe.report.claims_layout import Layout

CORNER = 7.0
"""Radius of a bend, in pixels."""

Line = tuple[str, str]
Point = tuple[float, float]


def ways(layout: Layout) -> dict[Line, tuple[Point, ...]]:
    """Return the corners of every line from its ground to the claim built on it."""
    size, places = layout.size, layout.places
    lanes = _lanes(layout)
    out: dict[Line, tuple[Point, ...]] = {}
    for ground, claim in layout.lines:
        (x1, y1), (x2, y2) = places[ground], places[claim]
        start, end = (x1 + size.width, y1 + size.height / 2), (x2, y2 + size.height / 2)
        trunk = start[0] + lanes[ground]
        if x2 - start[0] <= size.gap_x + 0.5:
            out[ground, claim] = (start, (trunk, start[1]), (trunk, end[1]), end)
            continue
        over = y2 - size.gap_y / 2
        last = x2 - size.gap_x * 0.18
        out[ground, claim] = (start, (trunk, start[1]), (trunk, over), (last, over),
                              (last, end[1]), end)  # fmt: skip
    return out


def _lanes(layout: Layout) -> Mapping[str, float]:
    """Return how far into its gutter each ground's lane lies, in pixels."""
    spans: dict[str, tuple[float, float]] = {}
    for ground, claim in layout.lines:
        a, b = layout.places[ground][1], layout.places[claim][1]
        low, high = spans.get(ground, (a, a))
        spans[ground] = (min(low, b), max(high, b))
    gutters: dict[float, list[str]] = {}
    for name in spans:
        gutters.setdefault(layout.places[name][0], []).append(name)
    found: dict[str, float] = {}
    for names in gutters.values():
        rank = _ranks(names, spans)
        step = layout.size.gap_x * 0.56 / max(1, max(rank.values()))
        found |= {name: layout.size.gap_x * 0.14 + rank[name] * step for name in names}
    return found


def _ranks(names: Sequence[str], spans: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    """Return a lane for each name, the shortest first, no two in one lane that overlap."""
    lanes: list[list[tuple[float, float]]] = []
    found: dict[str, int] = {}
    for name in sorted(names, key=lambda n: (spans[n][1] - spans[n][0], spans[n], n)):
        low, high = spans[name]
        free = (i for i, lane in enumerate(lanes)
                if all(high < a or low > b for a, b in lane))  # fmt: skip
        at = next(free, len(lanes))
        if at == len(lanes):
            lanes.append([])
        lanes[at].append((low, high))
        found[name] = at
    return found


def path(points: Sequence[Point], short: float) -> str:
    """Return the path through corners, rounded, ending ``short`` of its last point."""
    points = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    last = (points[-1][0] - short, points[-1][1])
    text = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, at, after in zip(points, points[1:-1], points[2:], strict=False):
        r = min(CORNER, _length(before, at) / 2, _length(at, after) / 2)
        a, b = _toward(at, before, r), _toward(at, after, r)
        text += f"L{a[0]:.1f} {a[1]:.1f}Q{at[0]:.1f} {at[1]:.1f} {b[0]:.1f} {b[1]:.1f}"
    return f"{text}L{last[0]:.1f} {last[1]:.1f}"


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(a: Point, b: Point, r: float) -> Point:
    """Return the point ``r`` away from ``a`` towards ``b``, which lies across or along."""
    whole = _length(a, b) or 1.0
    return (a[0] + (b[0] - a[0]) * r / whole, a[1] + (b[1] - a[1]) * r / whole)
