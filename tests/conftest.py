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
def january(kazakhstan: Scenario) -> Scenario:
    """The reference case without its quiet days before: from 2 January something happens."""
    return kazakhstan.change("clock.hours", 432).change("clock.start", "2022-01-02T00:00")


@pytest.fixture(scope="session")
def eventful(january: Scenario) -> Scenario:
    """Sixty hours of the reference case, by choice, so many able to act that everything happens.

    Officers are made loyal and rough, so that arrests, wounds and deaths all occur.
    """
    return (
        january.change("mechanisms.participation", "logit")
        .change("clock.hours", 60)
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


HAZARDOUS = {
    "participation.mobilisable": 0.2,
    "participation.most": 0.5,
    "participation.rural_readiness": 1.0,
    "willingness.threshold": 0.0,
    "willingness.noise": 0.2,
    "willingness.risk_weight": 0.05,
    "first_move.rate": 1e-5,
    "first_move.group": 6_000.0,
    "violence.rate": 0.5,
    "looting.rate": 0.5,
    "leaving.rate": 0.15,
    "leaving.last": 0.2,
    "leaving.rest": 4.0,
    "contact.arrest": 0.01,
    "contact.wound": 0.05,
    "contact.death": 0.05,
    "contact.bystander": 0.5,
    "contact.wound_mean": 6.0,
    "contact.detention": 12.0,
    "round_up.rate": 0.01,
}
"""Parameters under which everything happens within sixty hours by the rules of hazards."""


@pytest.fixture(scope="session")
def hazardous(january: Scenario) -> Scenario:
    """Sixty hours of the reference case by hazards, in which everything happens to somebody."""
    made = (
        january.change("clock.hours", 60)
        .change("timeline.police-presence.value", 3.0)
        .change("timeline.curfew-first.at", "2022-01-02T08:00")
    )
    for path, value in HAZARDOUS.items():
        made = made.change(f"parameters.{path}", value)
    return made
