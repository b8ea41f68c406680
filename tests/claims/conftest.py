"""The invented small case, whole."""

from __future__ import annotations

import pytest

from steppe.scenario.config import Scenario
from steppe.scenario.load import load


@pytest.fixture(scope="session")
def valleys() -> Scenario:
    """The small invented case as shipped."""
    return load("two-valleys")
