"""The canonical form of a scenario: what can affect a run, in exactly one way of writing it.

Fields marked as documentation (titles, sources, notes, bases, evidence, counterfactuals,
observations, boundaries) are left out, so a better sentence does not make a study run again.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from steppe.case.format_1 import upgraded_record
from steppe.case.model_introspection import (
    additions,
    content,
    documentation,
    fields,
    nested,
    problems,
)
from steppe.case.paths import Identity, local
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError
from steppe.model.custom import CustomRules, is_code

RECENT = 16
"""So many scenarios are not written anew when they are asked for again."""

PARTS = 512
"""So many fields of scenarios are not written anew for a scenario that shares them."""


def canonical(scenario: Scenario) -> str:
    """Return the canonical JSON text: sorted keys, no spaces, shortest exact floats."""
    return _text(Identity(scenario))


def canonical_of_variant(variant: Scenario, scenario: Scenario) -> str:
    """Return the canonical text of ``variant``, which differs from ``scenario`` in parameters.

    What is beside the parameters is written once for all variants.
    """
    before, after = _around_parameters(Identity(scenario))
    return f"{before}{_json(_parameters(variant))}{after}"


@functools.lru_cache(maxsize=RECENT)
def _text(key: Identity) -> str:
    return canonical_of_variant(key.scenario, key.scenario)


@functools.lru_cache(maxsize=RECENT)
def _around_parameters(key: Identity) -> tuple[str, str]:
    """Return the text before and after the parameters of a scenario."""
    values = sorted(_values(key.scenario))
    before, after = (
        [f'"{name}":{_field(_Parts(name, value))}' for name, value in values if is_there(name)]
        for is_there in ("parameters".__gt__, "parameters".__lt__)
    )
    return f'{{{",".join(before)},"parameters":', f",{','.join(after)}}}"


class _Parts:
    """A field of a scenario as a key of what is remembered of it: equal if of the same objects.

    Rows of a table that a change leaves as they are stay the same objects.
    """

    __slots__ = ("_ids", "name", "value")

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value
        self._ids = tuple(map(id, value)) if isinstance(value, tuple) else id(value)

    def __hash__(self) -> int:
        return hash((self.name, self._ids))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Parts) and (self.name, self._ids) == (other.name, other._ids)


@functools.lru_cache(maxsize=PARTS)
def _field(key: _Parts) -> str:
    return _json(_content(key.value))


def _parameters(scenario: Scenario) -> dict[str, Any]:
    return {role: _content(values) for role, values in scenario.parameters.items() if values}


def _json(data: object) -> str:
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical form, in 64 hexadecimal digits."""
    return _hash(Identity(scenario))


@functools.lru_cache(maxsize=RECENT)
def _hash(key: Identity) -> str:
    return hashlib.sha256(_text(key).encode()).hexdigest()


def from_canonical(text: str, *, custom: CustomRules | None = None) -> Scenario:
    """Return a scenario that runs as the one whose canonical form is ``text``.

    Its documentation is blank, so it has no counterfactuals and no evidence; its canonical form
    is ``text`` again. ``custom`` are the rules from files that it names. Raises ``CaseError`` if
    one of them is missing, or if ``text`` is no canonical form of this version.
    """
    record = SourceMark("record")
    try:
        recorded = json.loads(text)
        if isinstance(recorded, dict) and recorded.get("format") == 1:
            recorded = upgraded_record(recorded)
        data = _restored(recorded, Scenario)
        scenario = Scenario.model_validate(data, strict=True).with_custom(custom or CustomRules())
    except ValidationError as error:
        raise CaseError(
            record.fault(".".join(map(str, p.where)), p.message, p.allowed)
            for p in problems(error, Scenario)
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError([record.fault("", f"not a recorded scenario: {error}")]) from None
    for role, rule in scenario.mechanisms.items():
        if is_code(rule) and rule not in scenario.custom:
            wrong = f"the code of '{rule}' is not part of a record"
            raise CaseError([record.fault(f"mechanisms.{role}", wrong, "--allow-code")])
    return scenario


def _content(value: object) -> Any:
    if isinstance(value, BaseModel):
        return {name: _content(own) for name, own in _values(value)}
    if isinstance(value, tuple):
        return [_content(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _content(item) for name, item in value.items()}
    return local(value) if isinstance(value, datetime) else value


def _values(model: BaseModel) -> Iterator[tuple[str, object]]:
    """Yield name and value of what a run may read; additions only where they are in use."""
    later = additions(type(model))
    for name, attribute, _ in content(type(model)):
        own = getattr(model, attribute)
        if attribute not in later or own != type(model).model_fields[attribute].default:
            yield name, own


def _restored(value: Any, model: type[BaseModel] | None) -> Any:
    """Return ``value`` with tuples for lists and blanks for the documentation of ``model``."""
    if isinstance(value, list | tuple):
        return tuple(_restored(item, model) for item in value)
    if not isinstance(value, dict) or model is None:
        return value
    restored = {}
    for name, attribute in fields(model).items():
        blank = documentation(model, attribute)
        if blank is not None:
            restored[name] = blank.blank
        elif name in value:
            inner = nested(model.model_fields[attribute].annotation)
            restored[name] = _restored(value[name], inner)
    return {**value, **restored}
