"""Who carries the burden of an alliance: public good, joint product, contributions of troops.

Sources: Olson & Zeckhauser, Review of Economics and Statistics 48 (1966); joint products: Sandler
& Cauley, Journal of Conflict Resolution 19 (1975). The rule of contributions is a conjecture.
"""

from __future__ import annotations

from collections.abc import Sequence

from steppe.core.response import exact_sum, exp
from steppe.model.theory.arithmetic import power, root

MINIMUM = 50.0
"""Troops of a token contingent, persons [assumed]."""


def public_good_contributions(weights: Sequence[float]) -> tuple[float, ...]:
    """Return contributions where member i maximizes w_i ln(sum of g) - g_i.

    Only the member with the largest weight contributes, and exactly that weight: the exploitation
    of the great by the small. Several equally large share it, where the theory leaves the
    division open.
    """
    largest = _largest(weights)
    great = sum(weight == largest for weight in weights)
    return tuple(largest / great if weight == largest else 0.0 for weight in weights)


def joint_product_contributions(weights: Sequence[float], private: float) -> tuple[float, ...]:
    """Return contributions where a share ``private`` a in (0, 1] of the benefit is one's own.

    Member i maximizes w_i (a ln g_i + (1 - a) ln G) - g_i, G the sum of all:
    g_i = a w_i / (1 - (1 - a) w_i/G). At a = 1 contributions equal the weights.
    """
    if not 0.0 < private <= 1.0:
        raise ValueError(f"the private share must lie in (0, 1], got {private}")
    largest = _largest(weights)
    if private == 1.0:
        return tuple(float(weight) for weight in weights)
    public = 1.0 - private

    def given(total: float) -> list[float]:
        return [private * weight * total / (total - public * weight) for weight in weights]

    low = public * largest * (1.0 + 1e-12)
    high = exact_sum(weights) * (1.0 + 1e-12)
    total = root(lambda g: exact_sum(given(g)) - g, low, high)
    return tuple(given(total))


def shares(amounts: Sequence[float]) -> tuple[float, ...]:
    """Return each amount over their sum; zeros when the sum is 0."""
    total = exact_sum(amounts)
    return tuple(amount / total if total > 0.0 else 0.0 for amount in amounts)


def troop_contributions(
    total: float,
    forces: Sequence[float],
    utilities: Sequence[float],
    elasticity: float = 0.7,
    minimum: float = MINIMUM,
) -> tuple[float, ...]:
    """Return troops in persons: C_j = C_tot f_j^η exp(U_j/2) / sum, over members with U_j > 0.

    ``forces`` f_j are active forces in any one unit. Whoever sends troops sends ``minimum`` at
    least, so that the sum may exceed ``total`` by tokens; members without forces send none.
    """
    if elasticity <= 0.0 or min(forces, default=0.0) < 0.0:
        raise ValueError("the elasticity must be above 0 and forces at least 0")
    drive = [
        power(force, elasticity) * exp(utility / 2.0) if utility > 0.0 else 0.0
        for force, utility in zip(forces, utilities, strict=True)
    ]
    return tuple(
        max(total * share, minimum) if share > 0.0 and total > 0.0 else 0.0
        for share in shares(drive)
    )


def _largest(weights: Sequence[float]) -> float:
    if not weights or min(weights) < 0.0 or max(weights) <= 0.0:
        raise ValueError("weights must be at least 0 and one of them above 0")
    return max(weights)
