"""What the models of a scenario look like from outside: fields, nested models, explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from steppe.case.part import SLUG
from steppe.case.source_location import ENOUGH, Problem, Where, name_list, near
from steppe.case.spelling import as_slug, difference_in_letters
from steppe.case.tables import Addition, Documentation
from steppe.case.units import quote

MISSING = "is missing"

ISO3 = r"^[A-Z]{3}$"
_FORMS = {
    SLUG: "small letters, digits and hyphens, at most 64",
    ISO3: "the three capital letters of ISO 3166-1 alpha-3, as KEN",
}
_TYPE_TEXTS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "datetime_type": "a date and time in quotes or plain, YYYY-MM-DDTHH:MM",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def fields(model: type[BaseModel]) -> dict[str, str]:
    """Return the names of ``model`` as written in a file, mapped to its attributes."""
    return {info.alias or name: name for name, info in model.model_fields.items()}


def documentation(model: type[BaseModel], name: str) -> Documentation | None:
    """Return the mark of a field that no run reads, or None."""
    marks = (m for m in model.model_fields[name].metadata if isinstance(m, Documentation))
    return next(marks, None)


@cache
def additions(model: type[BaseModel]) -> frozenset[str]:
    """Return the attributes of ``model`` that are left out of a record at their default."""
    return frozenset(
        name
        for name, info in model.model_fields.items()
        if any(isinstance(mark, Addition) for mark in info.metadata)
    )


@cache
def content(model: type[BaseModel]) -> tuple[tuple[str, str, type[BaseModel] | None], ...]:
    """Return name, attribute and inner model of each field of ``model`` that a run may read."""
    return tuple(
        (name, attribute, nested(model.model_fields[attribute].annotation))
        for name, attribute in fields(model).items()
        if documentation(model, attribute) is None
    )


def nested(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside ``annotation``: itself, or that of a member or item."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, dict, UnionType, Union):
        models = (nested(part) for part in get_args(annotation))
        return next((model for model in models if model), None)
    return None


def model_at(model: type[BaseModel], where: Where) -> type[BaseModel] | None:
    """Return the model of the value at ``where`` below ``model``; None if it is none."""
    rest = list(where)
    while rest:
        name = fields(model).get(str(rest.pop(0)))
        if name is None:
            return None
        annotation = model.model_fields[name].annotation
        inner = nested(annotation)
        if inner is None:
            return None
        if get_origin(annotation) in (tuple, dict):
            if not rest:
                return None
            rest.pop(0)
        model = inner
    return model


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return what is wrong in the field's terms, one problem for each place."""
    items = error.errors(include_url=False)[:ENOUGH]
    ways = [_where(item["loc"]) for item in items]
    issues = one_each(
        _explain(way, item, model)
        for way, item in zip(ways, items, strict=True)
        if item["type"] != "too_short" or not _goes_on(way, ways)  # what is left of a bad list
    )
    intended = {(*one.where[:-1], one.nearest) for one in issues if one.at_key and one.nearest}
    return [one for one in issues if one.message != MISSING or one.where not in intended]


def _goes_on(way: Where, ways: Iterable[Where]) -> bool:
    return any(len(other) > len(way) and other[: len(way)] == way for other in ways)


def one_each(issues: Iterable[Problem]) -> list[Problem]:
    """Return the first problem of each place."""
    first: dict[Where, Problem] = {}
    for problem in issues:
        first.setdefault(problem.where, problem)
    return list(first.values())


def _where(loc: Where) -> Where:
    if "set" in loc:
        loc = loc[: loc.index("set") + 2]  # what follows names a member of the union of values
    return tuple(part for part in loc if part != "[key]")


def _explain(where: Where, item: Mapping[str, Any], model: type[BaseModel]) -> Problem:
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "missing":
        return Problem(where, MISSING)
    if kind == "extra_forbidden":
        parent = model_at(model, where[:-1])
        names = list(fields(parent)) if parent else []
        name = str(where[-1])
        close = near(name, names)
        wrong = "unknown key" + difference_in_letters(name, close)
        return Problem(where, wrong, name_list(names), close, at_key=True)
    if kind == "literal_error":
        names = re.findall("'([^']*)'", context["expected"])
        allowed = name_list(names, 20) if names else context["expected"]
        return Problem(where, f"unknown value {describe(value)}", allowed, near(str(value), names))
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        allowed = _range(model, where) or f"{words} {_number_text(context[bound])}"
        if allowed in ("0 to 1", "less than 1") and 1.0 < value <= 100.0:
            allowed += f" ({value:g} % is {value / 100.0:g})"
        return Problem(where, f"{_number_text(value)} is out of range", allowed)
    if kind == "string_pattern_mismatch":
        allowed = _FORMS.get(context["pattern"], context["pattern"])
        wrong = f"{quote(value)} is not of the right form"
        return Problem(where, wrong, allowed, _well_formed(value, context["pattern"]))
    if kind == "too_short":
        return Problem(where, "an empty list", f"at least {context['min_length']} entry")
    if kind == "too_long":
        return Problem(where, "too many entries", f"up to {context['max_length']:,}")
    if kind == "value_error":
        reason = context["error"]
        return Problem(where, str(reason), getattr(reason, "allowed", ""))
    if len(where) > 2 and where[-2] == "set":
        return Problem(where, f"got {describe(value)}", "a number, text, true, false or null")
    if kind in _TYPE_TEXTS:
        allowed = f'"{describe(value)}" in quotes' if _is_plain(kind, value) else ""
        allowed = _FORMS[ISO3] if where[-1:] == ("iso3",) else allowed
        return Problem(where, f"expected {_TYPE_TEXTS[kind]}, got {describe(value)}", allowed)
    return Problem(where, item["msg"][:1].lower() + item["msg"][1:])


def _is_plain(kind: str, value: object) -> bool:
    return kind == "string_type" and isinstance(value, bool | int | float)


def _well_formed(value: str, pattern: str) -> str:
    """Return the text that was probably meant, in the form of ``pattern``; '' if none can be."""
    form = value.strip().upper() if pattern == ISO3 else as_slug(value) if pattern == SLUG else ""
    return form if form != value and re.fullmatch(pattern, form) else ""


def _range(model: type[BaseModel], where: Where) -> str:
    """Return the range of the field at ``where`` if both its ends are declared and belong to it."""
    owner = model_at(model, where[:-1])
    name = fields(owner).get(str(where[-1])) if owner else None
    if owner is None or name is None:
        return ""
    bounds: dict[str, Any] = {}
    for mark in owner.model_fields[name].metadata:
        for bound in ("ge", "le"):
            bounds[bound] = getattr(mark, bound, bounds.get(bound))
    low, high = bounds.get("ge"), bounds.get("le")
    return "" if low is None or high is None else f"{_number_text(low)} to {_number_text(high)}"


def _number_text(number: float) -> str:
    """Return a number as people write it: whole ones with all their digits."""
    whole = isinstance(number, int) or (1e5 <= abs(number) < 1e15 and number.is_integer())
    return f"{int(number):,}" if whole else f"{number:g}"


def describe(value: object) -> str:
    """Return what ``value`` is, in the words of a case file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"text {quote(value)}"
    if isinstance(value, Mapping):
        return "keys and values"
    if isinstance(value, tuple | list):
        return "a list"
    return quote(value)
