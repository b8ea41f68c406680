"""Rules that do not go together are refused, as are levers of a role that plays no part."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.case.load import load
from steppe.case.patch import apply, parse_set
from steppe.case.roles import ledger_roles, playing
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.engine.plan import plan
from steppe.model.ledger import MECHANISMS, NONE, chosen_rule
from steppe.study.rule_patches import patches

PARTICIPATION = tuple(MECHANISMS["participation"])


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    return load("two-valleys")


@pytest.mark.parametrize("participation", PARTICIPATION)
def test_a_case_means_the_rules_that_the_plan_takes(valleys: Scenario, participation: str) -> None:
    scenario = valleys.change("mechanisms.participation", participation)
    roles = ledger_roles()
    for role in MECHANISMS:
        assert playing(roles, role, scenario.mechanisms) == chosen_rule(role, scenario.mechanisms)
    plays = {step.mechanism.role for step in plan(scenario).steps}
    idle = {role for role in MECHANISMS if playing(roles, role, scenario.mechanisms) == NONE}
    assert plays & idle == set()
    assert ("leaving" in idle) == ("information" in plays)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            ["mechanisms.contact=hazards"],
            r"contact: 'hazards' does not go with participation 'crowd-in-place', where citizens "
            r"act by hazards; allowed: by-order, none",
        ),
        (
            ["mechanisms.participation=kuran", "mechanisms.leaving=fatigue-and-dispersal"],
            r"leaving: .* where citizens act by choice; allowed: none",
        ),
        (
            ["parameters.information.offline_reach=0.1"],
            r"parameters\.information\.offline_reach: this role plays no part .*allowed: timeline",
        ),
        (
            ["mechanisms.participation=logit", "parameters.willingness.threshold=0.1"],
            r"this role plays no part with participation 'logit'",
        ),
        (["parameters.contact.death_gas=0.1"], r"rule 'by-order' has no such .*mean 'death'"),
        (["mechanisms.willingness=none"], "cannot be switched off; allowed: logit$"),
    ],
)
def test_what_cannot_act_is_refused(valleys: Scenario, settings: list[str], told: str) -> None:
    with pytest.raises(CaseError, match=told):
        apply(valleys, parse_set(settings))


def test_the_file_of_a_case_is_told_the_line(tmp_path: Path) -> None:
    text = "extends: two-valleys\nid: mine\nmechanisms:\n  news: travels\n  participation: logit\n"
    (tmp_path / "scenario.yaml").write_text(text)
    with pytest.raises(CaseError, match=r"scenario\.yaml:4:9: mechanisms\.news: 'travels' does"):
        load(tmp_path)


def test_a_role_that_plays_no_part_may_be_called_off(valleys: Scenario) -> None:
    same = valleys.change("mechanisms.information", NONE)
    assert plan(same).steps == plan(valleys).steps


@pytest.mark.parametrize("participation", PARTICIPATION)
def test_every_rival_that_is_tried_can_be(valleys: Scenario, participation: str) -> None:
    scenario = valleys.change("mechanisms.participation", participation)
    rivals = list(patches(scenario, rivals=True))
    assert rivals
    for role, _, rule in rivals:
        plan(scenario.change(f"mechanisms.{role}", rule))
