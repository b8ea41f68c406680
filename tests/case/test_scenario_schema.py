"""The schema for editors and the list of shipped cases agree with the loader."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from toy import write_toy_case

from steppe.case import Scenario, cases, inheritance, json_schema, shipped_cases
from steppe.case.load import TABLES
from steppe.case.roles import Roles
from steppe.case.scenario import Settings
from steppe.case.yaml import read
from steppe.core.errors import CaseError


@pytest.fixture
def schema(roles: Roles) -> dict[str, Any]:
    return json_schema(roles=roles)


def test_the_schema_is_json_and_names_every_key_of_a_case(schema: dict[str, Any]) -> None:
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema
    assert set(schema["properties"]) == {*Settings.model_fields, "extends", "tables"}
    assert set(schema["properties"]["tables"]["properties"]) == {*TABLES, "boundaries"}
    assert schema["additionalProperties"] is False


def test_tables_are_not_written_inside_the_file(schema: dict[str, Any]) -> None:
    rows = set(Scenario.model_fields) - set(Settings.model_fields)
    assert not rows & set(schema["properties"])


def test_parameters_carry_range_unit_and_meaning(schema: dict[str, Any]) -> None:
    role = schema["properties"]["parameters"]["properties"]["participation"]
    assert set(role["properties"]) == {"threshold", "memory", "share"}
    memory = role["properties"]["memory"]
    assert (memory["minimum"], memory["maximum"], memory["x-unit"]) == (1.0, 240.0, "h")
    assert memory["description"].startswith("how long one remembers [h]. Source: test")
    rules = schema["properties"]["mechanisms"]["properties"]["participation"]
    by_name, in_file = rules["anyOf"]
    assert by_name == {"enum": ["logit", "crowd", "none"]}
    assert re.search(in_file["pattern"], "./mine.py:RULE")


def test_a_file_that_extends_may_leave_the_rest_out(schema: dict[str, Any]) -> None:
    whole, partial = schema["anyOf"]
    assert partial == {"required": ["extends"]}
    assert {"format", "id", "clock", "country", "tables"} <= set(whole["required"])
    assert "required" not in schema


def keys_fit(data: Any, part: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Say whether every key in ``data`` is one the schema knows at that place."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    if isinstance(data, dict):
        known, more = part.get("properties", {}), part.get("additionalProperties")
        more = next(iter(part.get("patternProperties", {}).values()), more)
        return all(
            keys_fit(value, known.get(key, more), schema)
            for key, value in data.items()
            if key in known or isinstance(more, dict) or pytest.fail(f"{key} is not in {known}")
        )
    if isinstance(data, tuple):
        return all(keys_fit(item, part["items"], schema) for item in data)
    return True


def test_the_toy_case_has_only_keys_of_the_schema(case: Path, schema: dict[str, Any]) -> None:
    data = read((case / "scenario.yaml").read_text(), "scenario.yaml").data()
    assert keys_fit(data, schema, schema)


def test_shipped_cases_are_listed_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_toy_case(tmp_path / "toy")
    child = tmp_path / "another"
    child.mkdir()
    (child / "scenario.yaml").write_text("extends: toy\ntitle: Another\nclock: {hours: 24}\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(inheritance, "SHIPPED", tmp_path)
    monkeypatch.setattr(cases, "SHIPPED", tmp_path)
    another, toy = shipped_cases()
    assert (another.id, another.title, another.citizens, another.hours) == (
        "another", "Another", 10000, 24,
    )  # fmt: skip
    assert (toy.id, toy.hours, toy.path) == ("toy", 72, tmp_path / "toy")
    assert inheritance.case_file("toy") == tmp_path / "toy" / "scenario.yaml"
    with pytest.raises(CaseError, match=r"no case 'toi'.*did you mean 'toy'\?"):
        inheritance.case_file("toi")


def test_the_cases_of_the_package_can_be_listed() -> None:
    for info in shipped_cases():
        assert info.path.name == info.id
        assert info.citizens > 0
        assert info.hours > 0
