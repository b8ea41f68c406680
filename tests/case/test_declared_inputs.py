"""Declared inputs: what a case gives the model beside its tables, checked, addressed, hashed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from steppe.case import (
    Scenario,
    apply,
    canonical,
    difference,
    from_canonical,
    json_schema,
    load,
    parse_set,
    scenario_hash,
)
from steppe.case.paths import addresses
from steppe.case.roles import Roles
from steppe.case.scenario import DeclaredInput
from steppe.core.errors import CaseError

Edit = Callable[..., Path]
Fails = Callable[[Path | str], CaseError]

INPUTS = """\
inputs:
  - id: strike
    kind: memory
    where: [bravo-town, alfa]
    value: 0.5
    source: invented
    text: A strike was shot down.
  - id: sweep
    kind: operation
    where: [national]
    value: 1
    at: 2022-01-03T20:00
    until: 2022-01-04T06:30
    source: invented
timeline:
"""


@pytest.fixture
def declared(edit: Edit) -> Path:
    """The toy case with a memory and an operation."""
    return edit("timeline:\n", INPUTS)


@pytest.fixture
def scenario(declared: Path, roles: Roles) -> Scenario:
    return load(declared, roles=roles)


def test_inputs_are_read_as_frozen_values(scenario: Scenario) -> None:
    strike, sweep = scenario.inputs
    assert strike == DeclaredInput(
        id="strike", kind="memory", where=("bravo-town", "alfa"), value=0.5, source="invented",
        text="A strike was shot down.",
    )  # fmt: skip
    assert (strike.at, strike.until, strike.enabled) == (None, None, True)
    assert (sweep.at, sweep.until) == (
        datetime(2022, 1, 3, 20), datetime(2022, 1, 4, 6, 30),
    )  # fmt: skip
    with pytest.raises(ValueError, match="frozen"):
        strike.value = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[bravo-town, alfa]", "[bravotown]",
         "inputs.strike.where.1: there is no region or place 'bravotown'"),
        ("[bravo-town, alfa]", "[bravotown]", "mean 'bravo-town'?"),
        ("where: [national]", "where: []", "inputs.sweep.where"),
        ("id: sweep", "id: strike", "inputs.strike.id: the id 'strike' is given twice"),
        ("kind: memory", "kind: memroy", "mean 'memory'?"),
        ("value: 0.5", "value: 1.5", "inputs.strike.value: 1.5 is out of range; allowed: 0 to 1"),
        ("value: 0.5", "value: -0.1", "inputs.strike.value: -0.1 is out of range"),
        ("    at: 2022-01-03T20:00\n", "", "inputs.sweep.at: is missing: an operation begins"),
        ("    until: 2022-01-04T06:30\n", "", "inputs.sweep.until: is missing"),
        ("until: 2022-01-04T06:30", "until: 2022-01-03T20:00",
         "inputs.sweep.until: the end is not later than the beginning"),
        ("at: 2022-01-03T20:00", "at: 2021-11-03T20:00",
         "inputs.sweep.at: 2021-11-03T20:00 is far from the run"),
        ("value: 0.5", "value: 0.5\n    at: 2022-01-03T20:00",
         "inputs.strike.at: a memory has no hours"),
        ("value: 0.5", "value: 0.5\n    until: 2022-01-03T20:00",
         "inputs.strike.until: a memory has no hours"),
        ("    source: invented\n    text: A strike", "    text: A strike",
         "inputs.strike.source: is missing"),
        ("source: invented\n    text: A strike", "source: ''\n    text: A strike",
         "inputs.strike.source"),
        ("    value: 0.5\n", "", "inputs.strike.value: is missing"),
        ("value: 0.5", "value: 0.5\n    enable: true", "mean 'enabled'?"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(
    old: str, new: str, message: str, declared: Path, fails: Fails
) -> None:
    file = declared / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    at = text.index("inputs:")
    assert text[at:].count(old) >= 1
    file.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")
    said = str(fails(declared))
    assert message in said
    assert f"{file}:" in said


def test_inputs_are_part_of_the_hash_and_words_about_them_are_not(
    toy: Scenario, scenario: Scenario
) -> None:
    bare = scenario.model_copy(update={"inputs": ()})
    assert scenario_hash(bare) == scenario_hash(toy)
    assert scenario_hash(scenario) != scenario_hash(toy)
    told = scenario.inputs[0].model_copy(update={"source": "a book", "text": "Other words."})
    retold = scenario.model_copy(update={"inputs": (told, scenario.inputs[1])})
    assert scenario_hash(retold) == scenario_hash(scenario)


def test_an_input_comes_back_from_the_canonical_form(toy: Scenario, scenario: Scenario) -> None:
    again = from_canonical(canonical(scenario))
    assert canonical(again) == canonical(scenario)
    assert difference(scenario, again) == ()
    assert again.inputs[1].until == datetime(2022, 1, 4, 6, 30)
    assert from_canonical(canonical(toy)).inputs == ()


def test_an_input_is_switched_by_its_address(scenario: Scenario, roles: Roles) -> None:
    off = apply(scenario, parse_set(["inputs.sweep.enabled=false"]), roles=roles)
    assert [one.enabled for one in off.inputs] == [True, False]
    assert scenario_hash(off) != scenario_hash(scenario)
    (change,) = difference(scenario, off)
    assert (change.path, change.old, change.new) == ("inputs.sweep.enabled", True, False)
    moved = apply(scenario, {"inputs.strike.where": "bravo"}, roles=roles)
    assert moved.inputs[0].where == ("bravo",)
    with pytest.raises(CaseError, match=r"mean 'inputs\.strike'"):
        apply(scenario, {"inputs.strik.enabled": False}, roles=roles)
    with pytest.raises(CaseError, match="not later"):
        apply(scenario, {"inputs.sweep.at": "2022-01-04T07:00"}, roles=roles)


def test_a_case_that_extends_another_changes_its_inputs_by_id(
    declared: Path, tmp_path: Path, roles: Roles
) -> None:
    heir = tmp_path / "heir"
    heir.mkdir()
    (heir / "scenario.yaml").write_text(
        f"extends: ../{declared.name}\nid: heir\n"
        "inputs:\n  - id: sweep\n    value: 0.25\n  - id: older\n    kind: memory\n"
        "    where: [alfa]\n    value: 1\n    source: invented\n",
        encoding="utf-8",
    )
    found = load(heir, roles=roles).inputs
    assert [(one.id, one.value) for one in found] == [
        ("strike", 0.5), ("sweep", 0.25), ("older", 1.0),
    ]  # fmt: skip


def test_the_schema_knows_inputs(roles: Roles) -> None:
    schema = json_schema(roles=roles)
    items = schema["properties"]["inputs"]["items"]["$ref"].rsplit("/", 1)[1]
    entry = schema["$defs"][items]
    assert set(entry["required"]) == {"id", "kind", "where", "value", "source"}
    assert entry["properties"]["kind"]["enum"] == ["memory", "operation"]


def test_the_reference_case_declares_a_memory_and_an_operation() -> None:
    case = load("kazakhstan-2022")
    assert [(one.id, one.kind, one.where) for one in case.inputs] == [
        ("zhanaozen-2011", "memory", ("zhanaozen",)),
        ("almaty-cleared", "operation", ("almaty",)),
    ]
    assert {"inputs.zhanaozen-2011.enabled", "inputs.almaty-cleared.until"} <= set(addresses(case))
