"""Watts 2002: global cascades on random graphs happen in a window of the mean number of ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from steppe.case.scenario import Part
from steppe.core.compile import compiled
from steppe.core.random import Purpose, key_of, philox
from steppe.core.response import exp
from steppe.toys import contagion
from steppe.toys.case import Points, Share, ValueOr
from steppe.toys.draws import below
from steppe.toys.graphs import random_graph
from steppe.toys.result import Findings, Line
from steppe.toys.toy import Toy

_SEED = int(Purpose.TOY_SEED) << 16


class WattsParameters(Part):
    """Number of nodes, threshold, mean degrees, and what counts as a global cascade."""

    nodes: ValueOr[Annotated[int, Field(ge=100, le=10_000_000)], Literal["nodes"]]
    phi: ValueOr[Annotated[float, Field(gt=0.0, lt=1.0)], Literal["1"]]
    mean_degree: ValueOr[Points, Literal["ties"]]
    large: ValueOr[Share, Literal["1"]]


def poisson_up_to(k: int, mean: float) -> float:
    """Return P(Poisson(mean) <= k); 0 for negative k."""
    term = exp(-mean)
    total = 0.0
    for n in range(k + 1):
        total += term
        term = term * mean / (n + 1)
    return total


def most_ties_of_vulnerable(phi: float) -> int:
    """Return the largest degree at which one active tie is enough."""
    degree = 1
    while contagion.need_by_share(phi, degree + 1) == 1:
        degree += 1
    return degree


def spread_factor(mean_degree: float, phi: float) -> float:
    """Return z P(Poisson(z) <= K - 2): new vulnerable nodes per vulnerable node, K their degree."""
    return mean_degree * poisson_up_to(most_ties_of_vulnerable(phi) - 2, mean_degree)


def window(phi: float) -> tuple[float, float]:
    """Return the mean degrees between which vulnerable nodes percolate on a large random graph.

    They are the roots of z P(Poisson(z) <= K - 2) = 1, found by halving on both sides of its peak.
    """
    grid = np.linspace(0.01, 60.0, 6000)
    peak = float(grid[int(np.argmax([spread_factor(float(z), phi) for z in grid]))])
    return _crossing(0.0, peak, phi), _crossing(60.0, peak, phi)


def _crossing(outside: float, inside: float, phi: float) -> float:
    for _ in range(60):
        middle = 0.5 * (outside + inside)
        if spread_factor(middle, phi) > 1.0:
            inside = middle
        else:
            outside = middle
    return 0.5 * (outside + inside)


def chance_of_cascade(mean_degree: float, phi: float) -> float:
    """Return the chance that one node starts a global cascade on an infinite random graph.

    A tie fails to lead into the percolating vulnerable nodes with probability w, the smallest
    root of w = 1 - f(1) + f(w), f(x) = sum over j < K of Poisson_j(z) x^j; the seed has
    Poisson(z) ties, so the chance is 1 - exp(-z (1 - w)).
    """
    most = most_ties_of_vulnerable(phi)
    reached = poisson_up_to(most - 1, mean_degree)
    failing = 0.0
    for _ in range(2_000):
        # f(w) is a Poisson sum of mean z w, times exp(z w - z)
        passed = exp(mean_degree * (failing - 1.0)) * poisson_up_to(most - 1, mean_degree * failing)
        failing = 1.0 - reached + passed
    return 1.0 - exp(-mean_degree * (1.0 - failing))


def cascade(nodes: int, mean_degree: float, phi: float, seed: int) -> float:
    """Return the share of a random graph that is active after one random node turned active."""
    graph = random_graph(nodes, mean_degree, seed)
    needs = np.empty(nodes, dtype=np.int64)
    compiled(contagion.needs_by_share)(graph.first, phi, needs)
    start = below(philox(0, 0, 0, _SEED, *key_of(seed))[0], nodes)
    return float((contagion.run(graph, needs, [start]) >= 0).mean())


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Find the window by theory, and cascades on one random graph for each seed and degree."""
    low, high = window(p["phi"])
    degrees = np.array(p["mean_degree"])
    sizes = np.array(
        [[cascade(p["nodes"], z, p["phi"], seed) for seed in seeds] for z in p["mean_degree"]]
    )
    large = sizes > p["large"]
    mean_size = np.where(large, sizes, 0.0).sum(axis=1) / np.maximum(large.sum(axis=1), 1)
    theory = np.array([chance_of_cascade(float(z), p["phi"]) for z in degrees])
    axis = ("mean_degree", "ties", degrees)
    return Findings(
        {"window_low": low, "window_high": high},
        (
            Line("frequency", *axis, large.mean(axis=1), "1", "share of seeds with a cascade"),
            Line("theory", *axis, theory, "1", "the same on an infinite graph"),
            Line("size", *axis, mean_size, "1", "mean share reached by a cascade"),
        ),
    )


WATTS = Toy(
    name="watts",
    parameters=WattsParameters,
    measures={"window_low": "ties", "window_high": "ties"},
    lines=dict.fromkeys(("frequency", "theory", "size"), ("1", "mean_degree")),
    size=lambda p: (p["nodes"], p["nodes"]),
    run=run,
)
