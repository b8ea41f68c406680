"""Payloads and pages shared by the report's tests: built once, they are read only."""

from __future__ import annotations

import pytest

from steppe.report.build import build_payload
from steppe.report.page import render
from steppe.report.payload import ReportPayload
from steppe.results.trajectory import Trajectory
from steppe.scenario import Scenario
from tests.report import synthetic

COMMAND = "steppe run kazakhstan-2022 --seeds 24"


@pytest.fixture(scope="session")
def case() -> Scenario:
    return synthetic.scenario()


@pytest.fixture(scope="session")
def runs(case: Scenario) -> tuple[Trajectory, ...]:
    return synthetic.trajectories(case, 24)


@pytest.fixture(scope="session")
def payload(case: Scenario, runs: tuple[Trajectory, ...]) -> ReportPayload:
    return build_payload(
        case, runs, synthetic.scores(), COMMAND, parameters=synthetic.parameters()
    )


@pytest.fixture(scope="session")
def page(payload: ReportPayload) -> str:
    return render(payload)
