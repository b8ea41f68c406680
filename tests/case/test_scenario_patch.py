"""Patches: scenario + patch = scenario, and the difference of two scenarios is a patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steppe.case import Patch, Scenario, apply, difference, parse_set, read_patch
from steppe.case.paths import addresses
from steppe.case.roles import Roles
from steppe.case.scenario import Value
from steppe.core.errors import CaseError

VALUES: dict[str, st.SearchStrategy[Value]] = {
    "prices.shock": st.floats(0, 10),
    "clock.hours": st.integers(1, 500),
    "information.blackout": st.sampled_from(["scripted", "none"]),
    "alliance.troops": st.booleans(),
    "mechanisms.outrage": st.sampled_from(["backlash", "none"]),
    "parameters.participation.threshold": st.floats(-1, 3),
    "parameters.participation.memory": st.floats(1, 240),
    "parameters.outrage.low": st.floats(0, 0.5),
    "timeline.blackout.value": st.floats(0, 1),
    "timeline.blackout.enabled": st.booleans(),
    "timeline.blackout.until": st.sampled_from(["2022-01-04T05:00", "2022-01-05T00:00"]),
    "timeline.curfew-alfa.where": st.sampled_from(["alfa", "bravo|alfa", "national"]),
    "regions.alfa.exposure.fuel.share": st.floats(0, 1),
    "price_steps.bravo.market-2.price": st.floats(1, 500),
    "price_steps.alfa.concession.from": st.sampled_from(["2022-01-03T00:00", "2022-01-04T12:00"]),
    "forces.police-alfa.officers": st.integers(0, 1000),
    "members.patron.lead": st.booleans(),
    "evidence.visible_protest": st.floats(1, 1000),
}
PATCHES = st.fixed_dictionaries({}, optional=VALUES).map(Patch.of)
LAW = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@LAW
@given(patch=PATCHES)
def test_the_difference_a_patch_makes_is_the_patch(
    toy: Scenario, roles: Roles, patch: Patch
) -> None:
    changed = apply(toy, patch, roles=roles)
    known = addresses(toy)
    effective = {
        path: value
        for path, value in patch.items()
        if path not in known or known[path].value != value
    }
    found = difference(toy, changed)
    assert {change.path: change.new for change in found} == effective
    assert [change.path for change in found] == sorted(effective)
    for change in found:
        assert change.old == (known[change.path].value if change.path in known else None)


@LAW
@given(patch=PATCHES)
def test_a_difference_undoes_itself(toy: Scenario, roles: Roles, patch: Patch) -> None:
    changed = apply(toy, patch, roles=roles)
    back = {change.path: change.old for change in difference(toy, changed)}
    assert difference(toy, apply(changed, back, roles=roles)) == ()


@LAW
@given(one=PATCHES, other=PATCHES)
def test_applying_two_patches_is_applying_their_union(
    toy: Scenario, roles: Roles, one: Patch, other: Patch
) -> None:
    both = apply(toy, {**one, **other}, roles=roles)
    assert difference(apply(apply(toy, one, roles=roles), other, roles=roles), both) == ()


def test_every_address_can_be_set_to_its_own_value(toy: Scenario, roles: Roles) -> None:
    known = addresses(toy)
    assert len(known) > 100
    for path, address in known.items():
        assert difference(toy, apply(toy, {path: address.value}, roles=roles)) == (), path


def test_documentation_and_names_have_no_address(toy: Scenario) -> None:
    last = {path.rsplit(".", 1)[-1] for path in addresses(toy)}
    assert not last & {"id", "source", "note", "basis", "wage_basis", "text", "title", "precision"}
    assert not any(path.startswith(("observations", "counterfactuals")) for path in addresses(toy))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prices.shok=1", "there is no 'shok' in prices; allowed: shock; "
                          "did you mean 'prices.shock'?"),
        ("price.shock=1", "there is no 'price'"),
        ("prices=1", "names a group of values; allowed: shock"),
        ("prices.shock=-1", "-1 is out of range; allowed: 0 to 10"),
        ("prices.shock=much", "expected a number, got text 'much'"),
        ("prices.shock=yes", "expected a number, got text 'yes'"),
        ("prices.shock.x=1", "there is no 'x' in prices.shock"),
        ("timeline.blackuot.value=1", "did you mean 'timeline.blackout'?"),
        ("timeline.blackout.value=3", "3 is out of range for internet_cut"),
        ("timeline.blackout.at=tomorrow", "'tomorrow' is not a date and time"),
        ("timeline.blackout.at=null", "is missing"),
        ("regions.alfa.population=6001", "6,001 people, but its places have 6,000"),
        ("regions.alfa.id=gamma", "there is no 'id' in regions.alfa"),
        ("price_steps.bravo.market-3.price=1", "did you mean 'price_steps.bravo.market-2'?"),
        ("parameters.participation.thresh=1", "did you mean 'threshold'?"),
        ("parameters.partici.threshold=1", "unknown role"),
        ("parameters.participation.threshold=9", "9 is out of range; allowed: -1 to 3, in 1"),
        ("parameters.participation.memory=2 kg", "the unit is 'kg'"),
        ("mechanisms.participation=crowds", "did you mean 'crowd'?"),
        ("format=2", "there is no 'format'"),
        ("shock", "'shock' is not of the form path=value"),
        ("=3", "'=3' is not of the form path=value"),
        ("prices.good=\u202e", "the character U+202E is not allowed"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_explained(text: str, message: str, toy: Scenario, roles: Roles) -> None:
    with pytest.raises(CaseError) as caught:
        apply(toy, parse_set([text]), roles=roles)
    assert str(caught.value).startswith("--set: ")
    assert message in str(caught.value)


def test_settings_are_read_by_the_rules_of_the_case_file() -> None:
    patch = parse_set(["a.b=1", "a.c=0.5", "a.d=true", "a.e=text", "a.f='010'", "a.g=x=y", "a.h="])
    expected = {"a.b": 1, "a.c": 0.5, "a.d": True, "a.e": "text", "a.f": "010", "a.g": "x=y"}
    assert dict(patch) == {**expected, "a.h": None}


def test_a_path_set_twice_is_refused() -> None:
    with pytest.raises(CaseError, match=r"--set: a\.b: the path is set twice"):
        parse_set(["a.b=1", "a.b=2"])


def test_a_parameter_takes_a_unit_and_can_be_given_back(toy: Scenario, roles: Roles) -> None:
    changed = toy.change("parameters.participation.memory", "2 d", roles=roles)
    assert changed.parameters["participation"] == {"threshold": 0.4, "memory": 48.0}
    back = changed.change("parameters.participation.memory", None, roles=roles)
    assert difference(toy, back) == ()


def test_rules_are_changed_together_with_their_parameters(toy: Scenario, roles: Roles) -> None:
    patch = parse_set(
        ["mechanisms.participation=crowd", "parameters.participation.threshold=null",
         "parameters.participation.share=0.2"]
    )  # fmt: skip
    changed = apply(toy, patch, roles=roles)
    assert changed.parameters == {"participation": {"share": 0.2}}


def test_a_counterfactual_is_a_named_patch(toy: Scenario, roles: Roles) -> None:
    changed = toy.counterfactual("no-shock", roles=roles)
    assert difference(toy, changed) == (("prices.shock", 1.0, 0.0),)
    assert toy.patch("no-shock").title == "The price stays"
    with pytest.raises(CaseError, match=r"no counterfactual 'no-shok'.*did you mean 'no-shock'"):
        toy.counterfactual("no-shok", roles=roles)


def test_a_patch_is_a_frozen_mapping() -> None:
    patch = Patch.of({"b": 2, "a": 1}, title="x")
    assert list(patch.items()) == [("a", 1), ("b", 2)]
    assert patch == Patch.of({"a": 1, "b": 2})
    assert hash(patch) == hash(Patch.of({"a": 1, "b": 2}))
    with pytest.raises(AttributeError):
        patch.title = "y"  # type: ignore[misc]


def test_a_patch_file_says_what_it_asks(tmp_path: Path, toy: Scenario, roles: Roles) -> None:
    file = tmp_path / "half.yaml"
    file.write_text("title: Half\nquestion: Would half do?\nset:\n  prices.shock: 0.5\n")
    patch = read_patch(file)
    assert (patch.title, patch.question, dict(patch)) == (
        "Half", "Would half do?", {"prices.shock": 0.5},
    )  # fmt: skip
    assert apply(toy, patch, roles=roles).prices.shock == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set:\n  prices.shok: 1\n", ":2:16: prices.shok: there is no 'shok'"),
        ("set:\n  prices.shock: 20\n", ":2:17: prices.shock: 20 is out of range"),
        ("set:\n  prices.shock: [1]\n", ":2:17: prices.shock: got a list"),
        ("set: {}\n", ":1:6: set: expected addresses and values"),
        ("title: x\n", ":1:1: set: expected addresses and values"),
        ("ste: {a: 1}\nset: {a: 1}\n", ":1:1: ste: unknown key"),
        ("title: [x]\nset: {a: 1}\n", ":1:8: title: expected text"),
    ],
)
def test_a_broken_patch_file_is_refused_with_its_place(
    text: str, message: str, tmp_path: Path, toy: Scenario, roles: Roles
) -> None:
    file = tmp_path / "patch.yaml"
    file.write_text(text)
    with pytest.raises(CaseError) as caught:
        apply(toy, read_patch(file), roles=roles)
    assert f"{file}{message}" in str(caught.value)


def test_a_patch_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="No such file"):
        read_patch(tmp_path / "none.yaml")
