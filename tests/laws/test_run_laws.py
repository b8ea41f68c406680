"""Laws of every run: people are conserved, the dead stay dead, counts agree with each other."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.engine.run import run
from steppe.results.trajectory import Trajectory


@pytest.fixture(scope="module", params=["choice", "hazards"])
def lively(request: pytest.FixtureRequest, eventful: Scenario, hazardous: Scenario) -> Scenario:
    """A world by choice, and one by hazards in which all who are arrested are so on the street."""
    if request.param == "choice":
        return eventful
    return hazardous.change("mechanisms.round_up", "none")


@pytest.fixture(scope="module", params=[1, 2])
def lived(request: pytest.FixtureRequest, lively: Scenario) -> Trajectory:
    return run(lively, request.param, scale=SMALL)


def test_the_dead_stay_dead(lived: Trajectory) -> None:
    assert np.all(np.diff(lived["dead"], axis=0) >= 0)


def test_stock_of_the_dead_is_the_sum_of_deaths(lived: Trajectory) -> None:
    np.testing.assert_array_equal(np.cumsum(lived["deaths"], axis=0), lived["dead"])


def test_nobody_is_in_two_states(lived: Trajectory, lively: Scenario) -> None:
    people = np.array([p.population for p in lively.places])
    placed = sum(
        lived[s].astype(np.int64)
        for s in ("peaceful", "violent", "looting", "detained", "wounded", "dead")
    )
    agents = np.maximum(1, np.floor(people * SMALL + 0.5)) / SMALL
    assert np.all(placed <= agents + 1)


def test_transitions_balance_the_streets(lived: Trajectory) -> None:
    """Who is peaceful now was so, or became so, less who was taken away."""
    flows = lived["transitions"]
    for code, name in ((1, "peaceful"), (2, "violent"), (3, "looting")):
        stock = lived[name].sum(axis=1)
        gained = flows[:, :, code].sum(axis=1) - flows[:, code, code]
        lost = flows[:, code, :].sum(axis=1) - flows[:, code, code]
        free = np.concatenate([[0], stock[:-1]]) + gained - lost
        assert np.all(stock <= free)
    taken = (lived["arrests"] + lived["woundings"] + lived["deaths"]).sum(axis=1)
    active = lived.active().sum(axis=1)
    joined = flows[:, 0, 1:].sum(axis=1)
    left = flows[:, 1:, 0].sum(axis=1)
    np.testing.assert_array_equal(
        active, np.concatenate([[0], active[:-1]]) + joined - left - taken
    )


def test_arrests_never_exceed_two_per_officer(eventful: Scenario) -> None:
    lived = run(eventful, 1, scale=SMALL)
    region = {r.id: i for i, r in enumerate(eventful.regions)}
    of_place = np.array([region[p.region] for p in eventful.places])
    arrests = np.zeros((60, len(region)))
    for i, r in enumerate(of_place):
        arrests[:, r] += lived["arrests"][:, i]
    on_duty = lived["officers_obeying"] + lived["officers_shirking"] + lived["officers_defected"]
    assert np.all(arrests <= 2.0 * on_duty + 1e-6)


def test_no_officers_no_arrests(lively: Scenario) -> None:
    from steppe.case.patch import Patch, apply

    empty = apply(lively, Patch.of({f"forces.{f.id}.officers": 0 for f in lively.forces}))
    lived = run(empty, 1, scale=SMALL)
    assert lived["arrests"].sum() == lived["deaths"].sum() == 0
    assert lived.active().max() > 0


def test_shares_stay_shares(lived: Trajectory) -> None:
    for name in (
        "internet_cut",
        "legitimacy",
        "outrage",
        "grievance",
        "threat",
        "seized",
        "survival_belief",
        "private_opposition",
        "reported_share",
    ):
        assert np.all((lived[name] >= 0.0) & (lived[name] <= 1.0)), name


def test_no_shock_no_ties_no_crowd_no_protest(january: Scenario) -> None:
    """Without a loss, inequality or pull nobody's grievance reaches the threshold."""
    calm = (
        january.change("mechanisms.participation", "logit")
        .change("clock.hours", 96)
        .change("prices.shock", 0.0)
        .change("parameters.grievance.deprivation_sensitivity", 0.0)
        .change("parameters.participation.social_utility", 0.0)
        .change("parameters.participation.threshold", 0.7)
    )
    lived = run(calm, 1, scale=SMALL)
    assert lived.active().sum() == 0
    assert lived.outcome["fate_hour"] == 71


def test_switched_off_roles_stay_neutral(lively: Scenario) -> None:
    lived = run(lively.change("mechanisms.outrage", "none"), 1, scale=SMALL)
    assert lived["outrage"].max() == 0.0
    lived = run(lively.change("mechanisms.contact", "none"), 1, scale=SMALL)
    assert lived["arrests"].sum() == lived["deaths"].sum() == lived["woundings"].sum() == 0


def test_counterfactuals_are_equal_until_the_patch_can_act(eventful: Scenario) -> None:
    """The blackout begins on 4 January at 20:30, hour 68; nothing may differ before."""
    longer = eventful.change("clock.hours", 84)
    base = run(longer, 3, scale=SMALL)
    other = run(longer.change("information.blackout", "none"), 3, scale=SMALL)
    for name in base.series:
        np.testing.assert_array_equal(base[name][:68], other[name][:68], err_msg=name)
    assert not np.array_equal(base["internet_cut"], other["internet_cut"])
