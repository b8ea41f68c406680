"""The page of file formats: the settings of scenario.yaml and the columns of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.markdown import NOTE, cell, table
from steppe.case.json_schema import json_schema
from steppe.case.load import REQUIRED, TABLES

Schema = Mapping[str, Any]

TOP = ("mechanisms", "parameters", "tables")
"""Settings whose keys have pages of their own."""

ELSEWHERE = {
    "mechanisms": "which rule plays a role: [Mechanisms](mechanisms.md)",
    "parameters": "values of rules: [Parameters](parameters.md)",
    "tables": "the file of each table, below",
}

HEAD = """# File formats

{note}
What may stand in the files of a case, made from the schema that checks them. `steppe schema` prints
the JSON Schema for editors, which complete and check by it; `steppe check CASE` checks a whole
folder. [Write a case](../how-to/write-a-case.md) shows them at work, [Claims](claims-format.md) has
the file of claims.

Keys that are not listed are refused, and so are values outside of what is allowed. A *name* is
lower-case letters, digits and hyphens.

## `scenario.yaml`
"""

NAMED_PATTERNS = {
    "^[a-z0-9][a-z0-9-]{0,63}$": "name",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$": "local time, `2022-01-02T06:00`",
}


def formats() -> str:
    """Return the page."""
    schema = json_schema()
    parts = [HEAD.format(note=NOTE), _settings(schema, "", skip=TOP)]
    parts += [_definition(name, one) for name, one in sorted(schema["$defs"].items())]
    parts.append("## Tables\n\nCSV in UTF-8 with a header, a comma between fields.\n")
    parts += [
        _table(name, row.model_json_schema(by_alias=True)) for name, (_, row) in TABLES.items()
    ]
    return "\n".join(parts)


def _definition(name: str, schema: Schema) -> str:
    return f"### {name}\n\n{_words(schema)}{_settings(schema, name)}"


def _table(name: str, schema: Schema) -> str:
    needed = "every case has it" if name in REQUIRED else "may be left out"
    return (
        f"### Table `{name}`\n\n{_words(schema)}{needed.capitalize()}.\n\n{_settings(schema, name)}"
    )


def _words(schema: Schema) -> str:
    text = " ".join(str(schema.get("description", "")).split())
    return f"{text}\n\n" if text else ""


def _settings(schema: Schema, owner: str, skip: Sequence[str] = ()) -> str:
    header = ("Key" if owner not in TABLES else "Column", "What", "Default", "Meaning")
    return table(header, _rows(schema, skip)) + "\n"


def _rows(schema: Schema, skip: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    required = schema.get("required", ())
    for key, one in schema.get("properties", {}).items():
        if key in skip:
            yield f"`{key}`", "mapping", "", ELSEWHERE[key]
            continue
        default = "*required*" if key in required else _default(one)
        yield f"`{key}`", _kind(one), default, " ".join(str(one.get("description", "")).split())


def _default(one: Schema) -> str:
    value = one.get("default")
    if value is None or value in ("", [], {}):
        return ""
    return "see there" if isinstance(value, dict) else f"`{cell(value)}`"


def _kind(one: Schema) -> str:
    """Return in words what a value may be."""
    if "$ref" in one:
        name = one["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return ", ".join(f"`{value}`" for value in one["enum"])
    for form in ("anyOf", "oneOf"):
        if form in one:
            kinds = dict.fromkeys(_kind(part) for part in one[form])
            return " or ".join(kind for kind in kinds if kind)
    return _plain(one)


def _plain(one: Schema) -> str:
    kind = one.get("type", "")
    if kind == "array":
        items = one.get("items") or (one.get("prefixItems") or [{}])[0]
        return f"list of {_kind(items)}"
    if kind == "object":
        inner = one.get("additionalProperties")
        return f"mapping of names to {_kind(inner)}" if isinstance(inner, dict) else "mapping"
    if kind == "null":
        return ""
    if kind == "string":
        return NAMED_PATTERNS.get(one.get("pattern", ""), "text")
    if kind in ("number", "integer"):
        return ("whole number" if kind == "integer" else "number") + _range(one)
    return {"boolean": "`true` or `false`"}.get(kind, "any")


def _range(one: Schema) -> str:
    low = one.get("minimum", one.get("exclusiveMinimum"))
    high = one.get("maximum", one.get("exclusiveMaximum"))
    above = "over" if "exclusiveMinimum" in one else "from"
    below = "under" if "exclusiveMaximum" in one else "to"
    ends = [f"{above} {low:,g}"] if low is not None else []
    ends += [f"{below} {high:,g}"] if high is not None else []
    return ", " + " ".join(ends) if ends else ""
