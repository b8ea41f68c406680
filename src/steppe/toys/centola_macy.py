"""Centola and Macy 2007: long ties speed simple contagion and stop complex contagion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from steppe.case.scenario import Part
from steppe.toys.case import Points, ValueOr
from steppe.toys.contagion import neighbourhood
from steppe.toys.contagion import run as contagion
from steppe.toys.graphs import Graph, ring, torus, with_long_ties
from steppe.toys.result import Findings, Line
from steppe.toys.toy import Toy

Nodes = Annotated[int, Field(ge=10, le=1_000_000)]
Side = Annotated[int, Field(ge=6, le=1_000)]


class CentolaMacyParameters(Part):
    """The lattices, and how many of the ties of a ring are made long."""

    ring_nodes: ValueOr[Nodes, Literal["nodes"]]
    ring_degree: ValueOr[Annotated[int, Field(ge=2, le=100, multiple_of=2)], Literal["ties"]]
    side: ValueOr[Side, Literal["nodes"]]
    long_ties: ValueOr[Points, Literal["1"]]
    simple: ValueOr[Annotated[int, Field(ge=1, le=100)], Literal["ties"]]
    complex: ValueOr[Annotated[int, Field(ge=1, le=100)], Literal["ties"]]


def reach(graph: Graph, threshold: int, seed_node: int = 0) -> tuple[float, int]:
    """Return the share reached from a node and all its ties, and the rounds it took."""
    nodes = len(graph.first) - 1
    needs = np.full(nodes, threshold, dtype=np.int64)
    reached = contagion(graph, needs, neighbourhood(graph, seed_node))
    return float((reached >= 0).mean()), int(reached.max())


def critical_threshold(graph: Graph) -> int:
    """Return the largest threshold at which contagion reaches everybody; 0 if none does."""
    threshold = 0
    while reach(graph, threshold + 1)[0] == 1.0:
        threshold += 1
    return threshold


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Find the critical thresholds of four lattices, and what long ties do to a ring."""
    circle = ring(p["ring_nodes"], p["ring_degree"])
    results: dict[str, list[float]] = {"reach_simple": [], "rounds_simple": [], "reach_complex": []}
    for share in p["long_ties"]:
        graphs = [with_long_ties(circle, share, seed) for seed in seeds]
        simple = [reach(graph, p["simple"]) for graph in graphs]
        results["reach_simple"].append(float(np.median([r for r, _ in simple])))
        results["rounds_simple"].append(float(np.median([rounds for _, rounds in simple])))
        results["reach_complex"].append(
            float(np.median([reach(graph, p["complex"])[0] for graph in graphs]))
        )
    meanings = {
        "reach_simple": ("1", "share reached by simple contagion, median over seeds"),
        "rounds_simple": ("rounds", "rounds until simple contagion ends, median over seeds"),
        "reach_complex": ("1", "share reached by complex contagion, median over seeds"),
    }
    shares = np.array(p["long_ties"])
    return Findings(
        {
            "critical_ring": critical_threshold(circle),
            "critical_von_neumann": critical_threshold(torus(p["side"], 1, "von_neumann")),
            "critical_moore": critical_threshold(torus(p["side"], 1, "moore")),
            "critical_moore_2": critical_threshold(torus(p["side"], 2, "moore")),
        },
        tuple(
            Line(name, "long_ties", "1", shares, np.array(results[name]), unit, meaning)
            for name, (unit, meaning) in meanings.items()
        ),
    )


CENTOLA_MACY = Toy(
    name="centola-macy",
    parameters=CentolaMacyParameters,
    measures=dict.fromkeys(
        ("critical_ring", "critical_von_neumann", "critical_moore", "critical_moore_2"), "ties"
    ),
    lines={
        "reach_simple": ("1", "long_ties"),
        "rounds_simple": ("rounds", "long_ties"),
        "reach_complex": ("1", "long_ties"),
    },
    size=lambda p: (max(p["ring_nodes"], p["side"] * p["side"]), p["ring_nodes"]),
    run=run,
)
