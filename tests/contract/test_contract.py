"""Every mechanism of the model keeps the contract; every check finds what breaks it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import steppe.testing as suite
from steppe.model.ledger import MECHANISMS
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL
from steppe.model.mechanisms.contact import CONTACT, hazards
from steppe.testing.citizens import parameter_tuple
from steppe.testing.fields import row_scale

from .toys import BROKEN, DEAF, RESTLESS, SOUND, Broken

EACH = pytest.mark.parametrize("m", ALL, ids=lambda m: f"{m.role}-{m.name}")
CHECKS = {check.__name__.removeprefix("check_"): check for check in suite.CHECKS}


@EACH
def test_the_models_own_mechanisms_keep_the_contract(m: Mechanism) -> None:
    suite.check_mechanism(m)


@pytest.mark.parametrize("m", SOUND, ids=["field", "citizen", "hazard"])
def test_sound_toys_pass(m: Mechanism) -> None:
    suite.check_mechanism(m)


@pytest.mark.parametrize("case", BROKEN, ids=[f"{c[0]}-{c[2]}" for c in BROKEN])
def test_each_check_finds_what_breaks_it(case: Broken) -> None:
    check, m, words = case
    with pytest.raises(AssertionError) as told:
        CHECKS[check](m)
    sentence = str(told.value)
    assert sentence.startswith(f"{m.role}/{m.name}: ")
    assert words in sentence
    with pytest.raises(AssertionError):
        suite.check_mechanism(m)


def test_every_check_is_broken_by_something() -> None:
    assert {case[0] for case in BROKEN} == set(CHECKS)


def test_the_suite_is_public() -> None:
    named = {name for name in dir(suite) if name.startswith("check_")}
    assert named == {name for name in suite.__all__ if name.startswith("check_")}
    others = {"mechanism", "absence", "arguments_matter"}
    assert {name.removeprefix("check_") for name in named} == {*CHECKS, *others}


def test_rows_that_are_alone_are_found() -> None:
    alone = {m.name: row_scale(m) for m in ALL if row_scale(m)}
    assert alone == {
        "tables": "region",
        "lognormal": "place",
        "emergency": "place",
    }


# ---- every argument matters

# Parameters under which rare events are frequent enough to be seen in a few worlds, and under which
# what is off by default is on.
LIVELY: Mapping[str, Mapping[str, float]] = {
    "casualties": {"death_share": 1.0},
    "deterrence": {"deaths": 1e5},
    "outcome": {"calm_share": 0.01, "fall_hazard": 1.0},
    "threat": {"low": 1.0},
    "elite": {"coalition": 1.0, "coup_cost": 0.0, "purge_gain": 10.0, "threat_needed": 0.5},
    "diffusion": {"base_hazard": 0.5},
    "grievance": {"opposition_level": 1.0, "delay": 20.0},
    "news": {"hearing": 0.3},
}


@EACH
def test_every_argument_can_change_the_result(m: Mechanism) -> None:
    suite.check_arguments_matter(m, m.parameters.build(LIVELY.get(m.role, {})))


def test_an_argument_that_changes_nothing_is_found() -> None:
    with pytest.raises(AssertionError, match=r"\['place_risk'\] change nothing"):
        suite.check_arguments_matter(DEAF)


# ---- a neutral setting equals absence, where parameters can silence a rule

SILENT: Mapping[str, Mapping[str, float]] = {
    "outrage": {"per_harm": 0.0},
    "rumour": {"spark": 0.0},
    "casualties": {"wound": 0.0},
    "legitimacy": {
        "initial": 0.0, "blackout_loss": 0.0, "killing_loss": 0.0, "framing_gain": 0.0,
    },
    "outcome": {
        "fall_hazard": 0.0, "defected_share": 1.0, "split_share": 1.0, "calm_share": 0.0,
    },
}  # fmt: skip


@pytest.mark.parametrize("role", SILENT)
def test_a_neutral_setting_equals_absence(role: str) -> None:
    for m in MECHANISMS[role].values():
        suite.check_absence(m, m.parameters.build(SILENT[role]))


@pytest.mark.parametrize("role", SILENT)
def test_without_the_neutral_setting_the_rule_is_not_idle(role: str) -> None:
    m = next(iter(MECHANISMS[role].values()))
    with pytest.raises(AssertionError, match="should make the rule idle"):
        suite.check_absence(m, m.parameters.build({"initial": 0.0} if role == "legitimacy" else {}))


def test_a_rule_that_is_never_idle_is_found() -> None:
    with pytest.raises(AssertionError, match="place_outrage moves"):
        suite.check_absence(RESTLESS, RESTLESS.parameters.build({"share": 0.0}))


def test_contact_without_hazards_equals_absence() -> None:
    names = [info.name for info in CONTACT.parameters.ledger()]
    none = {n: 0.0 for n in names if n.startswith(("death_", "wound_", "arrest_per"))}
    p = parameter_tuple(CONTACT, CONTACT.parameters.build({**none, "wound_mean": 1.0}))
    for level in range(5):
        risks = hazards(p, level, 2.0)
        assert risks == (0.0, 0.0, 0.0)
        for state in (1, 2, 3):
            assert CONTACT.rule(p, *risks, state, 2.0**-33) == state
