"""Discrete choice with social interactions: many act because many act.

Brock & Durlauf, "Discrete choice with social interactions", Review of Economic Studies 68 (2001).
"""

from __future__ import annotations

from typing import NamedTuple

from steppe.core.random import Purpose, philox, unit
from steppe.core.response import logistic
from steppe.toys.draws import Ints, Key

_CHOICE = int(Purpose.TOY_CHOICE) << 16
_HALVINGS = 80


class ChoiceTerms(NamedTuple):
    """Weight of the others' choices, cost of acting, and scale of the noise, in one unit."""

    beta: float
    cost: float
    sigma: float


def tanh(x: float) -> float:
    """Return the hyperbolic tangent, 2 Λ(2x) - 1."""
    return 2.0 * logistic(2.0 * x) - 1.0


def mean_choice(conformity: float) -> float:
    """Return the largest m with m = tanh(conformity m); choices are -1 and 1.

    For conformity (beta J) of 1 or less only m = 0 is left. Above it tanh(c m) > m between 0 and
    the largest root, so that halving 0..1 finds it.
    """
    if conformity <= 1.0:
        return 0.0
    low = 0.0
    high = 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if tanh(conformity * middle) > middle:
            low = middle
        else:
            high = middle
    return high


def share_acting(share: float, beta: float, cost: float, sigma: float) -> float:
    """Return the share that acts if ``share`` is expected to: Λ((beta share - T)/sigma)."""
    return logistic((beta * share - cost) / sigma)


def fixed_points(beta: float, cost: float, sigma: float, grid: int) -> list[float]:
    """Return every share that reproduces itself, lowest first.

    Looks for changes of sign of share_acting(p) - p over ``grid`` cells, then halves them; the
    cells are shifted so that no round share lies on their edges.
    """
    roots: list[float] = []
    edge = 0.0
    before = share_acting(edge, beta, cost, sigma) - edge
    for k in range(1, grid + 1):
        nxt = 1.0 if k == grid else (k - 0.382) / grid
        after = share_acting(nxt, beta, cost, sigma) - nxt
        if (before > 0.0) != (after > 0.0):
            roots.append(_root(edge, nxt, beta, cost, sigma))
        edge = nxt
        before = after
    return roots


def _root(low: float, high: float, beta: float, cost: float, sigma: float) -> float:
    rising = share_acting(low, beta, cost, sigma) > low
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if (share_acting(middle, beta, cost, sigma) > middle) == rising:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def largest_noise(beta: float, cost: float, grid: int) -> float:
    """Return the largest sigma that leaves three fixed points (beta/4 where cost = beta/2)."""
    low = 0.05 * beta
    high = beta
    for _ in range(40):
        middle = 0.5 * (low + high)
        if len(fixed_points(beta, cost, middle, grid)) > 1:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def choose(acting: int, persons: int, terms: ChoiceTerms, step: int, key: Key) -> int:
    """Return how many of ``persons`` act after each saw that ``acting`` did, each with a draw."""
    probability = share_acting(acting / persons, terms.beta, terms.cost, terms.sigma)
    count = 0
    for i in range(persons):
        if unit(philox(i, 0, step, _CHOICE, *key)[0]) < probability:
            count += 1
    return count


def choose_repeatedly(acting: int, persons: int, terms: ChoiceTerms, out: Ints, key: Key) -> None:
    """Write how many act after each step into ``out`` (steps,), starting from ``acting``."""
    for step in range(len(out)):
        acting = choose(acting, persons, terms, step, key)
        out[step] = acting
