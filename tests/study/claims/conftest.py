"""The invented small case, whole."""

from __future__ import annotations

import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario


@pytest.fixture(scope="session")
def valleys() -> Scenario:
    """The small invented case as shipped."""
    return load("two-valleys")
