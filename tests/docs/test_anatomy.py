"""The histories of the anatomy are what their names say."""

from __future__ import annotations

from validation.anatomy import NORTH, histories, north, without_rules

from steppe.case.scenario import Scenario


def test_in_the_north_the_price_moves_as_it_did_and_elsewhere_not(kazakhstan: Scenario) -> None:
    changed = north(kazakhstan)
    for old, new in zip(kazakhstan.price_steps, changed.price_steps, strict=True):
        assert (new.region, new.from_, new.cause) == (old.region, old.from_, old.cause)
        if new.region in NORTH:
            assert new == old
    elsewhere = {step.region for step in changed.price_steps} - set(NORTH)
    assert len(elsewhere) == 10
    for region in elsewhere:
        assert len({s.price for s in changed.price_steps if s.region == region}) == 1


def test_the_doses_and_every_counterfactual_are_shown_once(kazakhstan: Scenario) -> None:
    made = {name: scenario for name, _, scenario in histories(kazakhstan)}
    assert [made[f"shock-{dose:g}"].prices.shock for dose in (0.0, 0.2, 0.5)] == [0.0, 0.2, 0.5]
    doses = {"no-price-shock", "half-price-shock", "no-trigger", "half-trigger"}
    assert set(kazakhstan.counterfactuals) - doses < set(made)


def test_each_rule_is_taken_out_alone(kazakhstan: Scenario) -> None:
    for role, _, scenario in without_rules(kazakhstan):
        assert dict(scenario.mechanisms) == {**kazakhstan.mechanisms, role: "none"}
