"""What a scenario takes from an actor stays taken when the actor decides for himself."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.engine.run import run
from steppe.model.options import CATALOGUE, OPTIONS
from steppe.results.trajectory import Trajectory


@pytest.fixture(scope="module")
def free(eventful: Scenario) -> Scenario:
    """A regime that acts at once, on almost any threat, and almost at random."""
    return (
        eventful.change("mode", "endogenous")
        .change("parameters.regime.act_threat", 0.0)
        .change("parameters.regime.noise", 1.0)
        .change("parameters.regime.gap", 0.0)
        .change("parameters.regime.interval", 1.0)
    )


def chosen(trajectory: Trajectory) -> set[str]:
    """The responses that the regime chose in any hour."""
    on = trajectory["option_on"].max(axis=0) > 0.0
    return {name for name, used in zip(OPTIONS, on, strict=True) if used}


def kinds(*names: str) -> set[str]:
    return {option.name for option in CATALOGUE if option.kind in names}


def test_a_regime_with_every_lever_uses_them_all(free: Scenario) -> None:
    used = chosen(run(free, 1, scale=SMALL))
    assert used >= kinds("concession") - {"dismiss-old-ruler"}
    assert used & {"force-3", "force-4"}
    assert used & {"regional-blackout", "national-blackout"}


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("regime.lethal_force", {"force-3", "force-4"}),
        ("regime.concessions", kinds("concession")),
        ("information.blackout", {"regional-blackout", "national-blackout"}),
    ],
)
def test_a_lever_that_is_off_is_never_pulled(free: Scenario, path: str, gone: set[str]) -> None:
    trajectory = run(free.change(path, "none"), 1, scale=SMALL)
    assert not chosen(trajectory) & gone
    assert chosen(trajectory) - gone
    if path == "regime.lethal_force":
        assert trajectory["force_level"].max() <= 2.0
    if path == "information.blackout":
        assert not trajectory["internet_cut"].any()


def test_troops_and_their_announcement_can_be_taken_apart(free: Scenario) -> None:
    asked = (
        free.change("parameters.alliance.delay_mean", -10.0)
        .change("parameters.alliance.intercept", 10.0)
        .change("clock.hours", 48)
    )
    as_it_is, silent, empty = (
        run(one, 1, scale=SMALL)
        for one in (
            asked, asked.change("alliance.signal", False), asked.change("alliance.troops", False),
        )
    )  # fmt: skip
    assert as_it_is["foreign_troops"].max() > 0.0
    assert as_it_is["foreign_backing"].max() == 1.0
    assert silent["foreign_troops"].max() > 0.0
    assert not silent["foreign_backing"].any()
    assert not empty["foreign_troops"].any()
    assert empty["foreign_backing"].max() == np.float64(0.6)
