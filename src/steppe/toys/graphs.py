"""Who is tied to whom: lattices, random graphs, and lattices with some ties made long.

Ties are stored by node: those of node i are ``ends[first[i] : first[i + 1]]``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from steppe.core.compile import compiled
from steppe.core.random import Purpose, key_of, philox, unit
from steppe.core.response import log
from steppe.toys.draws import Ints, Key, below

_GRAPH = int(Purpose.TOY_GRAPH) << 16
_REWIRE = int(Purpose.TOY_REWIRE) << 16
_WAYS = 200
"""So many other partners are tried for each tie that is to be made long."""


class Graph(NamedTuple):
    """Ties by node: ``first`` (nodes + 1,) bounds those of each, ``ends`` are their other ends."""

    first: Ints
    ends: Ints


def ring(nodes: int, degree: int) -> Graph:
    """Return a ring whose nodes are tied to the ``degree``/2 next on each side."""
    sides = [d for k in range(1, degree // 2 + 1) for d in (k, -k)]
    return _regular(np.array([[(i + d) % nodes for d in sides] for i in range(nodes)]))


def torus(side: int, radius: int, shape: str) -> Graph:
    """Return a torus of side x side nodes tied to all within ``radius``.

    ``shape`` is ``moore`` (a square around the node) or ``von_neumann`` (a diamond).
    """
    span = range(-radius, radius + 1)
    steps = [
        (dy, dx)
        for dy in span
        for dx in span
        if (dy, dx) != (0, 0) and (shape == "moore" or abs(dy) + abs(dx) <= radius)
    ]
    rows = [
        [(y + dy) % side * side + (x + dx) % side for dy, dx in steps]
        for y in range(side)
        for x in range(side)
    ]
    return _regular(np.array(rows))


def _regular(partners: Ints) -> Graph:
    nodes, degree = partners.shape
    return Graph(np.arange(nodes + 1) * degree, partners.astype(np.int64).ravel())


def random_graph(nodes: int, mean_degree: float, seed: int) -> Graph:
    """Return an Erdos-Renyi graph: every pair is tied with probability mean_degree/(nodes - 1)."""
    room = int(nodes * mean_degree / 2.0 + 20.0 * math.sqrt(nodes * mean_degree) + 100.0)
    pairs = np.empty((room, 2), dtype=np.int64)
    count = compiled(draw_pairs)(pairs, nodes, mean_degree / (nodes - 1), key_of(seed))
    if count > room:
        raise ValueError(f"{count} ties do not fit into {room} places")
    first = np.zeros(nodes + 1, dtype=np.int64)
    ends = np.empty(2 * count, dtype=np.int64)
    compiled(sort_pairs)(pairs, count, first, ends)
    return Graph(first, ends)


def draw_pairs(pairs: Ints, nodes: int, probability: float, key: Key) -> int:
    """Write the tied pairs in order; return their number.

    Instead of asking every pair, the number of pairs passed over is drawn: it is geometric
    (Batagelj & Brandes, Physical Review E 71 (2005) 036113).
    """
    scale = log(1.0 - probability)
    high = 1
    low = -1
    count = 0
    while True:
        u = unit(philox(count, 0, 0, _GRAPH, *key)[0])
        low += 1 + math.floor(log(u) / scale)
        while low >= high and high < nodes:
            low -= high
            high += 1
        if high >= nodes:
            return count
        if count < len(pairs):
            pairs[count, 0] = low
            pairs[count, 1] = high
        count += 1


def sort_pairs(pairs: Ints, count: int, first: Ints, ends: Ints) -> None:
    """Write ``count`` pairs as ties by node; ``first`` must be zero at the start."""
    for k in range(count):
        first[pairs[k, 0] + 1] += 1
        first[pairs[k, 1] + 1] += 1
    for i in range(1, len(first)):
        first[i] += first[i - 1]
    filled = first.copy()
    for k in range(count):
        a = pairs[k, 0]
        b = pairs[k, 1]
        ends[filled[a]] = b
        ends[filled[b]] = a
        filled[a] += 1
        filled[b] += 1


def with_long_ties(graph: Graph, share: float, seed: int) -> Graph:
    """Return ``graph`` with about ``share`` of its ties replaced by random ones.

    Pairs of ties exchange ends, so that every node keeps its number of ties.
    """
    first, ends = graph.first.copy(), graph.ends.copy()
    compiled(exchange_ends)(first, ends, share, key_of(seed))
    return Graph(first, ends)


def tied(first: Ints, ends: Ints, a: int, b: int) -> bool:
    """Return whether ``b`` is among the ties of ``a``."""
    tied = False
    for k in range(first[a], first[a + 1]):
        tied = tied or ends[k] == b
    return tied


def redirect(first: Ints, ends: Ints, a: int, old: int, new: int) -> None:
    """Tie ``a`` to ``new`` instead of ``old``."""
    for k in range(first[a], first[a + 1]):
        if ends[k] == old:
            ends[k] = new
            return


def owner_of(first: Ints, k: int) -> int:
    """Return the node whose ties include place ``k`` of the list of ends."""
    low = 0
    high = len(first) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if first[middle] <= k:
            low = middle
        else:
            high = middle
    return low


def exchange_ends(first: Ints, ends: Ints, share: float, key: Key) -> None:
    """Let ties a-b and c-d become a-d and c-b, for ``share`` of the ties in random order.

    Exchanges that would tie a node to itself, or two nodes twice, are passed over.
    """
    goal = math.floor(0.5 * share * (len(ends) // 2) + 0.5)
    done = 0
    for attempt in range(goal * _WAYS):
        if done == goal:
            return
        w_one, w_other, _, _ = philox(attempt, 0, 0, _REWIRE, *key)
        one = below(w_one, len(ends))
        other = below(w_other, len(ends))
        a = owner_of(first, one)
        b = ends[one]
        c = owner_of(first, other)
        d = ends[other]
        if a in (c, d) or b in (c, d):
            continue
        if tied(first, ends, a, d) or tied(first, ends, c, b):
            continue
        redirect(first, ends, a, b, d)
        redirect(first, ends, d, c, a)
        redirect(first, ends, c, d, b)
        redirect(first, ends, b, a, c)
        done += 1
