"""JSON Schema of ``scenario.yaml`` as it is written, for editors that complete and check."""

from __future__ import annotations

from typing import Any

from steppe.case.load import BOUNDARIES, REQUIRED, TABLES
from steppe.case.roles import NONE, Roles, ledger_roles
from steppe.case.scenario import Settings
from steppe.core.params import ParameterInfo, Parameters
from steppe.model.custom import FORM

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(*, roles: Roles | None = None) -> dict[str, Any]:
    """Return the schema, with the rules and the ranges, units and meanings of the ledger."""
    roles = ledger_roles() if roles is None else roles
    schema = Settings.model_json_schema(by_alias=True, mode="validation")
    required = sorted({*schema.pop("required"), "tables"})
    properties = {
        "extends": {
            "type": "string",
            "description": "A shipped case or a relative path: this file is merged over it.",
        },
        "tables": _tables(),
        **schema.pop("properties"),
        "mechanisms": _mechanisms(roles),
        "parameters": _parameters(roles),
    }
    return {
        "$schema": DIALECT,
        **schema,
        "title": "A steppe scenario",
        "properties": properties,
        "anyOf": [{"required": required}, {"required": ["extends"]}],
    }


def _tables() -> dict[str, Any]:
    names = [*TABLES, BOUNDARIES]
    return {
        "type": "object",
        "description": f"Files in the folder of the case; needed: {', '.join(REQUIRED)}.",
        "properties": {name: {"type": "string", "minLength": 1} for name in names},
        "additionalProperties": False,
    }


def _mechanisms(roles: Roles) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"Which rule plays each role: by name, {NONE} (neutral), or {FORM}.",
        "properties": {
            role: {"anyOf": [{"enum": [*rules, NONE]}, {"type": "string", "pattern": "[.]py:"}]}
            for role, rules in roles.items()
        },
        "additionalProperties": False,
    }


def _parameters(roles: Roles) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Values that replace the model's defaults, by role.",
        "properties": {role: _role(list(rules.values())) for role, rules in roles.items()},
        "additionalProperties": False,
    }


def _role(rules: list[type[Parameters]]) -> dict[str, Any]:
    """Return the parameters of a role; a name that several rules share may fit any of them."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        for info in rule.ledger():
            entries = by_name.setdefault(info.name, [])
            if (entry := _parameter(info)) not in entries:
                entries.append(entry)
    return {
        "type": "object",
        "properties": {
            name: entries[0] if len(entries) == 1 else {"anyOf": entries}
            for name, entries in by_name.items()
        },
        "additionalProperties": False,
    }


def _parameter(info: ParameterInfo) -> dict[str, Any]:
    return {
        "type": ["number", "string"],
        "minimum": info.low,
        "maximum": info.high,
        "default": info.default,
        "title": info.symbol,
        "description": f"{info.meaning} [{info.unit}]. Source: {info.source} ({info.status}).",
        "x-unit": info.unit,
    }
