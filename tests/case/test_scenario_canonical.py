"""The canonical form: one text for what can affect a run, and nothing of what cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from steppe.case import (
    Scenario,
    apply,
    canonical,
    difference,
    from_canonical,
    load,
    scenario_hash,
)
from steppe.case.paths import addresses
from steppe.case.roles import Roles
from steppe.case.scenario import Value
from steppe.core.errors import CaseError

Edit = Callable[..., Path]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("title: Two regions and a price", "title: A better title", "scenario.yaml"),
        ("summary: A small case for tests.", "summary: Other words.", "scenario.yaml"),
        ("text: A curfew begins.", "text: Nobody may go out.", "scenario.yaml"),
        ("precision: reported", "precision: day", "scenario.yaml"),
        ("      low: 100\n", "      low: 150\n", "scenario.yaml"),
        ("    title: The price stays", "    title: No rise", "scenario.yaml"),
        ("  name: Toyland\n  iso3: TOY", "  iso3: TOY\n  name: Toyland", "scenario.yaml"),
        ("shock: 1.0", "shock: 1", "scenario.yaml"),
        ("hours: 3 d", "hours: 72", "scenario.yaml"),
        ("at: 2022-01-03T23:00", "at: 2022-01-03T23:00:00", "scenario.yaml"),
        ("    threshold: 0.4", "    threshold: 0.40\n  outrage: {}", "scenario.yaml"),
        ("alfa,fuel,50,concession,measured", "alfa,fuel,50,concession,assumed", "prices.csv"),
        ("a note, with comma", "another note", "regions.csv"),
        ("0.3,measured,invented\nalfa,other", "0.3,derived,a book\nalfa,other", "group_shares.csv"),
        ("0.9,measured,invented,\n", "0.9,filled-ipf,a book,\n", "regions.csv"),
        ("o1,2022-01-04,12:00,national,protest_size,200", "o1,2022-01-04,12:00,alfa,x,300",
         "observed.csv"),
        ("75.0", "75.5", "boundaries.geojson"),
    ],
)  # fmt: skip
def test_what_no_run_reads_does_not_change_the_hash(
    old: str, new: str, name: str, toy: Scenario, edit: Edit, case: Path, roles: Roles
) -> None:
    if name == "boundaries.geojson":
        (case / name).write_text((case / name).read_text().replace(old, new))
    else:
        edit(old, new, name)
    other = load(case, roles=roles)
    assert scenario_hash(other) == scenario_hash(toy)
    assert difference(toy, other) == ()


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("threshold: 0.4", "threshold: 0.41", "scenario.yaml"),
        ("    threshold: 0.4", "    memory: 5", "scenario.yaml"),
        ("outrage: none", "outrage: backlash", "scenario.yaml"),
        ("hours: 3 d", "hours: 73", "scenario.yaml"),
        ("value: 0.9", "value: 0.8", "scenario.yaml"),
        ("where: [alfa, bravo-town]", "where: [bravo-town, alfa]", "scenario.yaml"),
        ("visible_protest: 50", "visible_protest: 51", "scenario.yaml"),
        ("alfa,fuel,50,concession", "alfa,fuel,51,concession", "prices.csv"),
        ("alfa-city,30,assumed", "alfa-city,31,assumed", "forces.csv"),
        ("0.3,assumed", "0.31,assumed", "exposure.csv"),
        ("alfa,coast,0.3", "alfa,coast,0.3001", "group_shares.csv"),
    ],
)
def test_what_a_run_reads_changes_the_hash(
    old: str, new: str, name: str, toy: Scenario, edit: Edit, roles: Roles
) -> None:
    other = load(edit(old, new, name), roles=roles)
    assert scenario_hash(other) != scenario_hash(toy)
    assert difference(toy, other)


def test_every_address_is_in_the_canonical_form(toy: Scenario, roles: Roles) -> None:
    """A change of any single value must show: only those that keep the checks are tried."""
    tried = 0
    for path, address in addresses(toy).items():
        value = address.value
        changed: Value = not value if isinstance(value, bool) else f"{value}x"
        if isinstance(value, float):
            changed = value * 0.9375
        try:
            other = apply(toy, {path: changed}, roles=roles)
        except CaseError:
            continue
        tried += 1
        assert scenario_hash(other) != scenario_hash(toy), path
    assert tried > 40


def test_the_form_is_one_text_without_spaces_or_special_floats(toy: Scenario) -> None:
    text = canonical(toy)
    data = json.loads(text)
    again = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert text == again
    assert "NaN" not in text
    assert not {"title", "summary", "questions", "observations", "boundaries"} & data.keys()
    assert len(scenario_hash(toy)) == 64


def test_a_scenario_comes_back_from_its_canonical_form(toy: Scenario) -> None:
    again = from_canonical(canonical(toy))
    assert canonical(again) == canonical(toy)
    assert difference(toy, again) == ()
    assert (again.title, again.observations, again.counterfactuals) == ("", (), {})
    assert again.timeline[0].at == toy.timeline[0].at
    assert again.price_steps[5].price == 120.0


def test_a_patched_scenario_comes_back_too(toy: Scenario, roles: Roles) -> None:
    changed = apply(toy, {"parameters.participation.memory": 5, "prices.shock": 0}, roles=roles)
    assert difference(changed, from_canonical(canonical(changed))) == ()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '{"format": 1}', "[" * 100_000, '{"format": NaN}', "1" * 10_000],
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match="record"):
        from_canonical(text)


def test_a_record_of_another_format_is_refused(toy: Scenario) -> None:
    text = canonical(toy)
    with pytest.raises(CaseError, match="record: format"):
        from_canonical(text.replace('"format":2', '"format":3'))
    with pytest.raises(CaseError, match=r"record: prices\.shock: expected a number"):
        from_canonical(text.replace('"shock":1.0', '"shock":"1"'))
    with pytest.raises(CaseError, match=r"record: prices\.shok: unknown key"):
        from_canonical(text.replace('"shock":1.0', '"shok":1.0'))


def test_text_of_a_change_is_what_it_is_without_its_case(toy: Scenario, roles: Roles) -> None:
    """Rows that a change shares with its case are written once; copies of them share nothing."""
    canonical(toy)
    for path, address in addresses(toy).items():
        if isinstance(address.value, float) and 0.0 < address.value < 1.0:
            changed = apply(toy, {path: address.value}, roles=roles)
            copy = changed.model_copy(deep=True)
            assert canonical(changed) == canonical(copy), path
    half = apply(toy, {"prices.shock": 0.5}, roles=roles)
    assert json.loads(canonical(half))["prices"] == {"shock": 0.5}
