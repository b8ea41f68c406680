"""Worlds shared by the tests: the reference case made small, quick and eventful.

The gate repeats the same examples; ``pytest --hypothesis-profile=hunt`` looks for new ones.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from steppe.case.load import load
from steppe.case.scenario import Scenario

settings.register_profile(
    "gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("hunt", max_examples=2000, deadline=None)
settings.load_profile("gate")

SMALL = 0.0005
"""Agents per citizen in small worlds: some 9,800 agents for Kazakhstan."""


@pytest.fixture(scope="session")
def kazakhstan() -> Scenario:
    """The reference case as shipped."""
    return load("kazakhstan-2022")


@pytest.fixture(scope="session")
def eventful(kazakhstan: Scenario) -> Scenario:
    """Sixty hours of the reference case with so many able to act that everything happens.

    Officers are made loyal and rough, so that arrests, wounds and deaths all occur.
    """
    return (
        kazakhstan.change("clock.hours", 60)
        .change("parameters.participation.mobilisable", 0.2)
        .change("parameters.participation.risk_weight", 0.05)
        .change("parameters.contact.death_gas", 0.02)
        .change("parameters.contact.wound_gas", 0.03)
        .change("parameters.contact.wound_mean", 6.0)
        .change("parameters.contact.detention", 12.0)
        .change("parameters.loyalty.punishment", 0.0)
        .change("parameters.loyalty.fraternisation", 0.0)
        .change("parameters.loyalty.crowd_fear", 0.0)
        .change("timeline.police-presence.value", 2.0)
    )
