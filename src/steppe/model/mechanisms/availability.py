"""Availability: who is in the mobilisable pool; every rule of participation has these numbers."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param, uniform


@dataclass(frozen=True)
class AvailabilityParameters(Parameters):
    """The pool: its share, and how it differs between people and places."""

    mobilisable: float = param(
        0.0096,
        "1",
        (0.0, 1.0),
        symbol="eps",
        meaning="share of citizens whom health, work and family leave free to act within days",
        source="McAdam, American Journal of Sociology 92 (1986): mechanism; size open",
        status="assumed",
        prior=log_uniform(0.004, 0.05),
    )
    young_men_weight: float = param(
        3.0,
        "1",
        (0.0, 4.0),
        symbol="w_ym",
        meaning="availability of men aged 16-45 relative to the mean citizen",
        source="McAdam, American Journal of Sociology 92 (1986): direction",
        status="assumed",
    )
    readiness_spread: float = param(
        0.52,
        "1",
        (0.0, 3.0),
        symbol="s_xi",
        meaning="readiness of places, lognormal with mean 1: standard deviation of its logarithm",
        source="Midlarsky, American Political Science Review 72 (1978): lognormal; size open",
        status="assumed",
        prior=uniform(0.2, 1.2),
    )
    size_exponent: float = param(
        0.03,
        "1",
        (0.0, 2.0),
        symbol="p",
        meaning="exponent of size: the share of a town in the pool is multiplied by "
        "(people/200,000)^p",
        source="none",
        status="assumed",
        prior=uniform(0.0, 0.6),
    )
    rural_readiness: float = param(
        0.07,
        "1",
        (0.0, 1.0),
        symbol="w_rural",
        meaning="readiness of rural districts, relative to a town of 200,000 people: people live "
        "too far apart for one crowd",
        source="none",
        status="assumed",
    )
    most: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="eps_max",
        meaning="largest share of a place's people that can be in the pool",
        source="none",
        status="assumed",
    )
