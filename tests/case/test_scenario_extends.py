"""Cases that extend others: merging, replacing, taking away, and cycles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.case import Scenario, load
from steppe.case.inheritance import merged
from steppe.case.roles import Roles
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.yaml import read
from steppe.core.errors import CaseError

Fails = Callable[[Path | str], CaseError]


def child(case: Path, text: str, name: str = "child") -> Path:
    folder = case.parent / name
    folder.mkdir()
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_child_changes_what_it_names_and_inherits_the_rest(
    case: Path, toy: Scenario, roles: Roles
) -> None:
    text = """\
extends: ../toy
id: child
prices: {shock: 0.5}
questions: [Only this one?]
timeline:
  - id: curfew-alfa
    value: 0.5
  - id: statement
    at: 2022-01-04T10:00
    actor: president
    do: statement
    where: [national]
    value: 1
    precision: day
    source: invented
    text: He speaks.
"""
    scenario = load(child(case, text), roles=roles)
    assert scenario.id == "child"
    assert (scenario.prices.shock, scenario.goods) == (0.5, toy.goods)
    assert scenario.questions == ("Only this one?",)
    assert [event.id for event in scenario.timeline] == ["blackout", "curfew-alfa", "statement"]
    assert (scenario.timeline[1].value, scenario.timeline[1].do) == (0.5, "curfew")
    assert scenario.places == toy.places


def test_a_table_of_the_child_replaces_that_of_the_base(case: Path, roles: Roles) -> None:
    folder = child(case, "extends: ../toy\ntables: {forces: strong.csv}\n")
    text = (case / "forces.csv").read_text().replace(",30,", ",3000,")
    (folder / "strong.csv").write_text(text)
    scenario = load(folder, roles=roles)
    assert scenario.forces[0].officers == 3000
    assert len(scenario.regions) == 2


def test_a_null_takes_an_inherited_key_away(case: Path, roles: Roles) -> None:
    text = "extends: ../toy\nparameters: {participation: {threshold: null}}\nalliance: null\n"
    scenario = load(child(case, text), roles=roles)
    assert scenario.parameters == {"participation": {}}
    assert scenario.alliance.name == ""


def test_faults_name_the_file_that_was_written_in(case: Path, fails: Fails) -> None:
    folder = child(case, "extends: ../toy\nprices:\n  shock: 20\n")
    assert f"{folder / 'scenario.yaml'}:3:10: prices.shock" in str(fails(folder))
    text = (case / "scenario.yaml").read_text().replace("hours: 3 d", "hours: 3 kg")
    (case / "scenario.yaml").write_text(text)
    assert "toy/scenario.yaml:19:10: clock.hours" in str(fails(folder))


def test_a_cycle_is_refused_and_its_chain_named(case: Path, fails: Fails) -> None:
    child(case, "extends: ../b\n", "a")
    folder = child(case, "extends: ../a/scenario.yaml\n", "b")
    message = str(fails(folder))
    assert "a/scenario.yaml:1:10: extends: the cases extend each other: b -> a -> b" in message
    alone = child(case, "extends: .\n", "c")
    assert "c/scenario.yaml:1:10: extends: the cases extend each other: c -> c" in str(fails(alone))


def test_the_chain_has_an_end(case: Path, fails: Fails, roles: Roles) -> None:
    base = "toy"
    for number in range(1, 8):
        folder = child(case, f"extends: ../{base}\n", f"case{number}")
        base = f"case{number}"
    assert load(folder, roles=roles).title == "Two regions and a price"
    assert "more than 8 cases" in str(fails(child(case, "extends: ../case7\n", "case8")))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nowhere", "1:10: extends: there is no case 'nowhere'"),
        ("../toy/regions.csv", "is a file, but not of the kind that holds a case"),
        ("/etc", "1:10: extends: not the name of a case"),
        ("[a, b]", "1:10: extends: not the name of a case"),
        ("3", "1:10: extends: not the name of a case"),
    ],
)
def test_what_cannot_be_extended(value: str, message: str, case: Path, fails: Fails) -> None:
    assert message in str(fails(child(case, f"extends: {value}\n")))


def test_lists_with_ids_given_twice_are_not_merged_away(case: Path, fails: Fails) -> None:
    text = (case / "scenario.yaml").read_text().replace("id: curfew-alfa", "id: blackout")
    (case / "scenario.yaml").write_text(text)
    folder = child(case, "extends: ../toy\ntitle: x\n")
    assert "the id 'blackout' is given twice" in str(fails(folder))


TREE = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["x", "y"]),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=8,
)
MAPPING = st.dictionaries(st.sampled_from("abc"), TREE, max_size=3)


def node(data: object) -> YamlNode:
    mark = SourceMark("f.yaml", 1, 1)
    if isinstance(data, dict):
        return YamlNode({key: node(value) for key, value in data.items()}, mark)
    if isinstance(data, tuple):
        return YamlNode(tuple(node(item) for item in data), mark)
    assert data is None or isinstance(data, int | str)
    return YamlNode(data, mark)


@given(MAPPING)
def test_merging_with_nothing_or_with_itself_changes_nothing(data: dict[str, object]) -> None:
    empty: dict[str, object] = {}
    assert merged(node(data), node(empty)).data() == data
    assert merged(node(empty), node(data)).data() == data


@given(MAPPING, MAPPING)
def test_the_upper_value_wins_and_merging_twice_is_merging_once(
    base: dict[str, object], over: dict[str, object]
) -> None:
    once = merged(node(base), node(over))
    for key, value in over.items():
        if not isinstance(value, dict) and value is not None:
            assert once.data()[key] == value
    scalars = {key: value for key, value in over.items() if isinstance(value, int | str)}
    again = merged(once, node(scalars))
    assert again.data() == once.data()


def test_lists_of_items_with_ids_merge_in_the_order_of_the_base() -> None:
    base = read("l: [{id: a, v: 1}, {id: b, v: 2}]", "f")
    over = read("l: [{id: c, v: 3}, {id: b, v: 4}]", "f")
    assert merged(base, over).data() == {
        "l": ({"id": "a", "v": 1}, {"id": "b", "v": 4}, {"id": "c", "v": 3})
    }
