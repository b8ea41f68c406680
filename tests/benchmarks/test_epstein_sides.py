"""The two sides of the comparison of Epstein's model can be timed: nothing else runs them here."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from benchmarks.sides import epstein
from tests.docking.mesa_beside import EXAMPLE

SMALL = {
    "setup": asdict(EXAMPLE) | {"width": 20, "height": 20},
    "seed": 1, "warm": 2, "steps": 3, "least_s": 1e-6,
}  # fmt: skip


def test_ours_counts_every_step_of_every_agent() -> None:
    told = epstein.ours(SMALL)
    block = told["block"]
    assert 250 < told["agents"] < 400
    assert block["amount"] == SMALL["steps"] * told["agents"]
    assert block["wall"] > 0.0


def test_mesa_counts_the_same() -> None:
    pytest.importorskip("mesa.examples.advanced.epstein_civil_violence.model")
    told = epstein.mesa(SMALL)
    assert told["version"].startswith("Mesa 3")
    assert told["block"]["amount"] == SMALL["steps"] * told["agents"]
