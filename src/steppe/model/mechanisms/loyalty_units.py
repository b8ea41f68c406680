"""Security units at hour 0: how a service is divided, how close to its crowd, how loyal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steppe.core.response import Floats
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters


def units_of(p: LoyaltyParameters, officers: float) -> tuple[int, float]:
    """Return the units of a force and the officers of each: duty share over about n_u officers."""
    duty = officers * p.on_duty
    number = max(1, int(duty / p.unit_size + 0.5)) if duty > 0.0 else 0
    return number, duty / max(number, 1)


def closeness(p: LoyaltyParameters, service: str, shares: Sequence[float]) -> float:
    """Return prox_u = share serving at home x chance that officer and citizen are of one group.

    ``shares`` are those of the groups among residents.
    """
    home = p.home_police if service == "police" else p.home_troops
    return home * sum(share * share for share in shares)


def loyalty_of(p: LoyaltyParameters, services: Sequence[str], z: Floats) -> Floats:
    """Return loy_u ~ N(mean, sd) of the unit's service, for standard normal ``z``."""
    known = {
        "police": (p.loyalty_police, p.spread_police),
        "guard": (p.loyalty_guard, p.spread_guard),
        "army": (p.loyalty_army, p.spread_army),
    }
    mean = np.array([known[service][0] for service in services], dtype=np.float64)
    spread = np.array([known[service][1] for service in services], dtype=np.float64)
    return np.asarray(mean + spread * z, dtype=np.float64)
