"""Contagion on ties: simple (one active tie is enough), complex (several), or by share of ties.

Watts, "A simple model of global cascades on random networks", PNAS 99 (2002): a node turns active
once a share phi of its ties is. Centola & Macy, "Complex contagions and the weakness of long
ties", American Journal of Sociology 113 (2007): once ``a`` of its ties are. Active stays active.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steppe.core.compile import compiled
from steppe.toys.draws import Ints
from steppe.toys.graphs import Graph


def turns_active(active_ties: int, need: int) -> bool:
    """Return whether a node with so many active ties turns active."""
    return active_ties >= need


def need_by_share(phi: float, degree: int) -> int:
    """Return how many active ties make a share of at least ``phi`` of ``degree``; one at least."""
    need = math.ceil(phi * degree)
    if need > 1 and need - 1 >= phi * degree:
        need -= 1
    return max(1, need)


def needs_by_share(first: Ints, phi: float, needs: Ints) -> None:
    """Write the need of every node into ``needs`` (nodes,)."""
    for i in range(len(needs)):
        needs[i] = need_by_share(phi, first[i + 1] - first[i])


def spread(first: Ints, ends: Ints, needs: Ints, reached: Ints, line: Ints) -> None:
    """Let contagion run from the nodes with ``reached`` 0 to its end.

    ``reached`` int64 (nodes,): the round in which a node turned active, 0 for the seeds, -1 for
    never. ``line`` int64 (2, nodes) is room for the active nodes in order and for counts. Every
    tie of an active node is looked at once.
    """
    last = 0
    for i in range(len(reached)):
        line[1, i] = 0
        if reached[i] == 0:
            line[0, last] = i
            last += 1
    next_one = 0
    while next_one < last:
        i = line[0, next_one]
        next_one += 1
        for k in range(first[i], first[i + 1]):
            j = ends[k]
            line[1, j] += 1
            if reached[j] < 0 and turns_active(line[1, j], needs[j]):
                reached[j] = reached[i] + 1
                line[0, last] = j
                last += 1


def run(graph: Graph, needs: Ints, seeds: Sequence[int] | Ints) -> Ints:
    """Return the round in which each node turned active, int64 (nodes,); -1 for never."""
    nodes = len(graph.first) - 1
    reached = np.full(nodes, -1, dtype=np.int64)
    reached[seeds] = 0
    compiled(spread)(graph.first, graph.ends, needs, reached, np.empty((2, nodes), dtype=np.int64))
    return reached


def neighbourhood(graph: Graph, node: int) -> Ints:
    """Return ``node`` and all it is tied to: the seeds of Centola and Macy."""
    ties = graph.ends[graph.first[node] : graph.first[node + 1]]
    return np.concatenate([np.array([node], dtype=np.int64), ties])
