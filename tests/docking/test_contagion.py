"""Watts 2002 and Centola and Macy 2007: contagion on networks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from steppe.core.compile import compiled
from steppe.core.random import key_of
from steppe.toys import contagion, graphs
from steppe.toys.centola_macy import critical_threshold, reach
from steppe.toys.watts import cascade, chance_of_cascade, window


@pytest.mark.parametrize("phi", [0.18, 0.17, 0.2])
def test_the_window_of_cascades(phi: float) -> None:
    """Source: Watts 2002, vulnerable nodes percolate for z in (1.0207, 5.7647), the same for every
    threshold in (1/6, 1/5]. Tolerance: half of the last digit.
    """
    assert window(phi) == pytest.approx((1.0207, 5.7647), abs=5e-5)


@pytest.mark.parametrize("mean_degree", [1.5, 2.0, 3.0, 4.0, 5.0])
def test_cascades_in_the_window_are_as_frequent_as_percolation_has_it(mean_degree: float) -> None:
    """Source: Watts 2002 by generating functions; chance that a node touches the percolating
    vulnerable nodes of an infinite graph. 10,000 nodes, phi 0.18, a cascade takes over 5 %.

    Tolerance: four binomial standard errors, seeds 1001 to 1150.
    """
    seeds = range(1001, 1151)
    found = np.mean([cascade(10_000, mean_degree, 0.18, seed) > 0.05 for seed in seeds])
    expected = chance_of_cascade(mean_degree, 0.18)
    assert abs(found - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / len(seeds))


@pytest.mark.parametrize("mean_degree", [0.8, 7.0])
def test_no_cascades_outside_of_the_window(mean_degree: float) -> None:
    """Source: Watts 2002. No cascade over 5 % of 10,000 nodes; seeds 1001 to 1150, at most one."""
    assert chance_of_cascade(mean_degree, 0.18) < 1e-9
    large = sum(cascade(10_000, mean_degree, 0.18, seed) > 0.05 for seed in range(1001, 1151))
    assert large <= 1


@pytest.mark.parametrize("degree", [4, 6, 8, 12])
def test_critical_threshold_of_rings(degree: int) -> None:
    """Source: Centola and Macy 2007: a ring of degree z carries thresholds up to z/2, exactly."""
    assert critical_threshold(graphs.ring(300, degree)) == degree // 2


@pytest.mark.parametrize(
    ("radius", "shape", "critical"), [(1, "von_neumann", 1), (1, "moore", 3), (2, "moore", 9)]
)
def test_critical_threshold_of_lattices(radius: int, shape: str, critical: int) -> None:
    """Source: Centola and Macy 2007: 1 (4 ties), 3 (8 ties), 9 (24 ties), exactly; 30 x 30."""
    assert critical_threshold(graphs.torus(30, radius, shape)) == critical


def test_long_ties_help_simple_and_stop_complex_contagion() -> None:
    """Source: Centola and Macy 2007, the weakness of long ties. Ring of 1,000, 4 ties, seeds 1-20.

    Expectation: with a tenth of long ties simple contagion still reaches 99 % in under half of the
    249 rounds for every seed; with three tenths a threshold of 2 reaches under 5 % for at least 19
    of 20, while without long ties it reaches everybody.
    """
    circle = graphs.ring(1_000, 4)
    assert reach(circle, 1) == (1.0, 249)
    assert reach(circle, 2)[0] == 1.0
    quick = [reach(graphs.with_long_ties(circle, 0.1, seed), 1) for seed in range(1, 21)]
    assert all(share >= 0.99 and rounds < 125 for share, rounds in quick)
    risky = [reach(graphs.with_long_ties(circle, 0.3, seed), 2)[0] for seed in range(1, 21)]
    assert sum(share < 0.05 for share in risky) >= 19


def ties(graph: Any) -> list[list[int]]:
    bounds = zip(graph.first[:-1], graph.first[1:], strict=True)
    return [sorted(graph.ends[a:b].tolist()) for a, b in bounds]


@pytest.mark.parametrize("seed", range(5))
def test_random_graphs_are_what_they_should_be(seed: int) -> None:
    """Source: Erdos and Renyi. Simple, symmetric, mean degree within five standard errors; the
    compiled draw of pairs equals plain Python.
    """
    graph = graphs.random_graph(2_000, 4.0, seed)
    listed = ties(graph)
    assert all(i not in row and len(set(row)) == len(row) for i, row in enumerate(listed))
    assert all(i in listed[j] for i, row in enumerate(listed) for j in row)
    assert abs(len(graph.ends) / 2 - 4_000) < 5.0 * math.sqrt(4_000)
    plain, fast = np.zeros((300, 2), np.int64), np.zeros((300, 2), np.int64)
    arguments = (60, 0.1, key_of(seed))
    made = graphs.draw_pairs(plain, *arguments)
    assert made == compiled(graphs.draw_pairs)(fast, *arguments)
    assert plain[:made].tolist() == fast[:made].tolist()


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_long_ties_keep_degrees(share: float) -> None:
    """Source: degree-preserving exchange. Simple, symmetric, degrees kept, plain as compiled."""
    circle = graphs.ring(60, 6)
    long = graphs.with_long_ties(circle, share, 4)
    listed = ties(long)
    assert all(len(set(row)) == 6 and i not in row for i, row in enumerate(listed))
    assert all(i in listed[j] for i, row in enumerate(listed) for j in row)
    new = sum(len(set(a) - set(b)) for a, b in zip(listed, ties(circle), strict=True)) / 360
    assert 0.5 * share < new <= share + 2 / 180  # whole exchanges of two of the 180 ties
    first, ends = circle.first.copy(), circle.ends.copy()
    graphs.exchange_ends(first, ends, share, key_of(4))
    assert ends.tolist() == long.ends.tolist()


def spread_slowly(graph: Any, needs: Any, seeds: Any) -> list[int]:
    """Return what ``spread`` writes, by asking every node in every round."""
    reached = [-1] * (len(graph.first) - 1)
    for seed in seeds:
        reached[int(seed)] = 0
    now = 0
    while True:
        now += 1
        fresh = []
        for i in range(len(reached)):
            ties = graph.ends[graph.first[i] : graph.first[i + 1]].tolist()
            active = sum(1 for j in ties if 0 <= reached[j] < now)
            if reached[i] < 0 and contagion.turns_active(active, int(needs[i])):
                fresh.append(i)
        if not fresh:
            return reached
        for i in fresh:
            reached[i] = now


@pytest.mark.parametrize("seed", range(4))
def test_spread_equals_asking_everybody_in_every_round(seed: int) -> None:
    """Source: the rule itself. The round of every node is equal, on random and long-tied graphs."""
    shares = np.empty(200, dtype=np.int64)
    some = graphs.random_graph(200, 4.0, seed)
    contagion.needs_by_share(some.first, 0.18, shares)
    assert contagion.run(some, shares, [7]).tolist() == spread_slowly(some, shares, [7])
    other = graphs.with_long_ties(graphs.ring(80, 6), 0.05, seed)
    needs, seeds = np.full(80, 2, dtype=np.int64), contagion.neighbourhood(other, 0)
    found = contagion.run(other, needs, seeds).tolist()
    assert found == spread_slowly(other, needs, seeds)
    reached, line = np.full(80, -1, dtype=np.int64), np.empty((2, 80), dtype=np.int64)
    reached[seeds] = 0
    contagion.spread(other.first, other.ends, needs, reached, line)
    assert reached.tolist() == found


@pytest.mark.parametrize(
    ("phi", "degree", "need"), [(0.2, 5, 1), (0.2, 6, 2), (0.18, 5, 1), (0.1, 10, 1)]
)
def test_need_at_the_border_of_a_share(phi: float, degree: int, need: int) -> None:
    """Source: arithmetic: a share of exactly phi is enough."""
    assert contagion.need_by_share(phi, degree) == need
