"""The profile names every part of a run once, and adds up."""

from __future__ import annotations

import pytest
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.engine.plan import plan
from steppe.study.profile import BUILD, RECORD, STAGES, Profile, profile


@pytest.fixture(scope="module")
def made(eventful: Scenario) -> Profile:
    return profile(eventful.change("clock.hours", 12), 3, scale=SMALL)


def test_every_mechanism_is_measured_every_hour(eventful: Scenario, made: Profile) -> None:
    hourly = {cost.name: cost.times for cost in made.costs if cost.stage not in (BUILD, RECORD)}
    roles = {s.mechanism.role for s in plan(eventful).steps if not s.mechanism.citizen}
    engine = {"fields", "citizens", "persons"}
    assert set(hourly) == roles | engine
    assert set(hourly.values()) == {12}


def test_stages_add_up_to_the_whole(made: Profile) -> None:
    assert sum(made.stage_ms(stage) for stage in STAGES) == pytest.approx(made.cpu_ms)
    assert made.cpu_ms > 0.0
    assert all(cost.cpu_ns >= 0 for cost in made.costs)
    assert made.pool > 0
