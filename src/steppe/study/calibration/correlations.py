"""Ridges: directions in which parameters trade off against each other, so that data tell little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

EXPECTED = (
    ("legitimacy.initial", "participation.threshold"),
    ("legitimacy.initial", "participation.social_utility"),
    ("participation.social_utility", "participation.threshold"),
    ("outrage.per_harm", "participation.risk_weight"),
    ("participation.mobilisable", "participation.social_utility"),
)
"""Pairs that the equations let trade off, named before any fit: T - beta m against (1 - L0) H,
outrage against fear, the size of the pool against the pull of the crowd."""

STEEP = 0.3
"""Correlation from which a pair is shown as a ridge."""


@dataclass(frozen=True, slots=True)
class CorrelatedDirection:
    """Two parameters and their posterior correlation; ``expected`` if the equations foretell it."""

    first: str
    second: str
    correlation: float
    expected: bool


def correlated_directions(
    paths: Sequence[str], correlations: NDArray[np.float64]
) -> tuple[CorrelatedDirection, ...]:
    """Return every expected pair and every pair of at least ``STEEP``, the steepest first."""
    foretold = {frozenset(pair) for pair in EXPECTED}
    pairs = [
        CorrelatedDirection(
            paths[a], paths[b], float(correlations[a, b]), {paths[a], paths[b]} in foretold
        )
        for a, b in combinations(range(len(paths)), 2)
    ]
    shown = [pair for pair in pairs if pair.expected or abs(pair.correlation) >= STEEP]
    return tuple(sorted(shown, key=lambda r: (-abs(r.correlation), r.first, r.second)))
