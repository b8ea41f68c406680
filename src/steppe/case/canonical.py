"""The canonical form of a scenario: what can affect a run, in exactly one way of writing it.

Fields marked as documentation (titles, sources, notes, bases, evidence, counterfactuals,
observations, boundaries) are left out, so a better sentence does not make a study run again.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
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
    data = _content(key.scenario)
    before = {name: value for name, value in data.items() if name < "parameters"}
    after = {name: value for name, value in data.items() if name > "parameters"}
    return f'{_json(before)[:-1]},"parameters":', f",{_json(after)[1:]}"


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
        model = type(value)
        later = additions(model)
        return {
            name: _content(own)
            for name, attribute, _ in content(model)
            if (own := getattr(value, attribute)) != model.model_fields[attribute].default
            or attribute not in later
        }
    if isinstance(value, tuple):
        return [_content(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _content(item) for name, item in value.items()}
    return local(value) if isinstance(value, datetime) else value


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
