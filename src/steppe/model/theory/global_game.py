"""The game of regime change: a unit defects if enough others are expected to.

A continuum of units; the regime falls iff the share that defects is at least its strength θ.
Defecting gains 1 - c if it falls and loses c if it stands. Each unit sees x = θ + N(0, 1/b), all
see z = θ + N(0, 1/a). In a monotone equilibrium units with x <= x* defect and the regime falls
iff θ <= θ*. Foreign backing is a rise of z; a lower θ* is a regime that fewer can bring down.

Sources: Morris & Shin, American Economic Review 88 (1998); Angeletos, Hellwig & Pavan,
Econometrica 75 (2007).
"""

from __future__ import annotations

import itertools
import math

from steppe.core.response import log, normal_quantile
from steppe.model.theory.arithmetic import SQRT_TWO_PI, normal_cdf, root


def private_threshold(cost: float) -> float:
    """Return θ* = 1 - c: with private signals alone it does not depend on their noise."""
    _check_cost(cost)
    return 1.0 - cost


def private_cutoff(cost: float, noise: float) -> float:
    """Return the signal below which a unit defects, x* = θ* - s Φ⁻¹(c); ``noise`` s > 0."""
    return private_threshold(cost) - noise * normal_quantile(cost)


def is_unique(public_precision: float, private_precision: float) -> bool:
    """Say whether one equilibrium exists whatever z and c: a/√b <= √(2π)."""
    return public_precision / math.sqrt(private_precision) <= SQRT_TWO_PI


def public_thresholds(
    signal: float, public_precision: float, private_precision: float, cost: float
) -> tuple[float, ...]:
    """Return every θ* in ascending order: one, or up to three where public news is precise.

    Φ((a/√b)(θ - z) + √(1 + a/b) Φ⁻¹(1 - c)) = θ

    With θ = Φ(y) this is y = (a/√b)(Φ(y) - z) + √(1 + a/b) Φ⁻¹(1 - c), whose excess turns only
    where φ(y) = √b/a; each stretch between turns holds at most one root.
    """
    _check_cost(cost)
    if public_precision < 0.0 or private_precision <= 0.0:
        raise ValueError("precisions must be positive; the public one may be 0")
    weight = public_precision / math.sqrt(private_precision)
    spread = math.sqrt(1.0 + public_precision / private_precision)
    shift = spread * normal_quantile(1.0 - cost)

    def excess(y: float) -> float:
        return y - weight * (normal_cdf(y) - signal) - shift

    low = shift - weight * signal - 1.0
    edges = [low, low + weight + 2.0]
    if weight > SQRT_TWO_PI:
        turn = math.sqrt(2.0 * log(weight / SQRT_TWO_PI))
        edges = sorted([*edges, *(y for y in (-turn, turn) if edges[0] < y < edges[1])])
    found: list[float] = []
    for left, right in itertools.pairwise(edges):
        if excess(left) <= 0.0 <= excess(right) or excess(right) <= 0.0 <= excess(left):
            y = root(excess, left, right)
            if not found or y > found[-1]:
                found.append(y)
    return tuple(normal_cdf(y) for y in found)


def public_cutoff(
    threshold: float, signal: float, public_precision: float, private_precision: float, cost: float
) -> float:
    """Return the private signal at which a unit is indifferent, given the equilibrium θ*.

    x* = ((a + b) θ* - √(a + b) Φ⁻¹(c) - a z) / b
    """
    both = public_precision + private_precision
    doubt = math.sqrt(both) * normal_quantile(cost)
    return (both * threshold - doubt - public_precision * signal) / private_precision


def _check_cost(cost: float) -> None:
    if not 0.0 < cost < 1.0:
        raise ValueError(f"the cost of defecting in vain must lie in (0, 1), got {cost}")
