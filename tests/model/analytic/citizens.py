"""Citizens and surroundings for tests, and the exact cutting points of a choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steppe.model.mechanisms.crowd import Citizen, Here
from steppe.model.mechanisms.participation import ParticipationParameters, ParticipationValues

QUIET_STREET = {
    "legitimacy": 0.5, "loss": 0.0, "hardship_cut": 0.0, "price_sensitivity": 13.3,
    "deprivation_sensitivity": 0.59, "offline_reach": 0.25, "outrage": 0.0, "risk": 0.0,
    "cost": 0.0, "city_pull": 0.0, "cell_pull": 0.0, "national_pull": 0.0, "weight_online": 2.0,
    "weight_ties": 1.0, "weight_lost": 0.0, "ties_lost": 0.0,
    "success": 0.0, "violence_pull": 0.0, "cover": 0.0,
}  # fmt: skip
MIDDLE = {
    "state": 0, "hardship": 0.5, "risk_aversion": 0.5, "exposure": 0.0, "deprivation": 0.0,
    "rank": 0.5, "online": 1, "ties": 0.0,
}  # fmt: skip


def values(**changes: float) -> Any:
    """Parameters of participation as the rule takes them."""
    p = ParticipationParameters.build(changes)
    return ParticipationValues(*(getattr(p, name) for name in ParticipationValues._fields))


def here(**changes: float) -> Any:
    """Surroundings, quiet but for ``changes``."""
    return Here(**{**QUIET_STREET, **changes})


def citizen(**changes: float) -> Any:
    """A citizen in the middle of everything but for ``changes``."""
    return Citizen(**{**MIDDLE, **changes})


def cut(below: Callable[[float], bool]) -> float:
    """The u in [0, 1] at which the falling condition ``below`` ceases to hold, by bisection."""
    low, high = 0.0, 1.0
    if below(high):
        return 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if below(middle) else (low, middle)
    return low
