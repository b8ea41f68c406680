"""Patches: a declared change of a scenario. Scenario + patch = scenario, checked anew.

A patch sets values by their address (see ``steppe.case.paths``). A parameter or mechanism
that the scenario leaves to the model may be set too; null takes it back to the model's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ValidationError

from steppe.case.check import cross_problems
from steppe.case.custom import RuleReader, with_rules
from steppe.case.files import MAX_YAML, read_text
from steppe.case.model_introspection import describe, fields, one_each, problems
from steppe.case.parameter_names import in_full, short_names
from steppe.case.paths import Address, addresses, addresses_in, dotted
from steppe.case.roles import Roles, ledger_roles, role_problems, with_units
from steppe.case.scalars import parse_setting
from steppe.case.scenario import Scenario, Value
from steppe.case.source_location import (
    ENOUGH,
    Problem,
    SourceMark,
    Where,
    YamlNode,
    name_list,
    near,
)
from steppe.case.triggers import trigger_counterfactuals
from steppe.case.units import Refusal, quote
from steppe.case.yaml import read
from steppe.core.errors import CaseError, Fault
from steppe.model.custom import CustomRules

SET = "--set"
PATCH_KEYS = ("title", "question", "set")


class Change(NamedTuple):
    """One address and its values in two scenarios; None stands for absent."""

    path: str
    old: Value
    new: Value


@dataclass(frozen=True)
class Patch(Mapping[str, Value]):
    """A frozen mapping of addresses to new values, sorted; equal if it sets the same."""

    changes: tuple[tuple[str, Value], ...]
    title: str = field(default="", compare=False)
    question: str = field(default="", compare=False)
    marks: Mapping[str, SourceMark] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        values: Mapping[str, Value],
        title: str = "",
        question: str = "",
        marks: Mapping[str, SourceMark] | None = None,
    ) -> Patch:
        """Return the patch that sets ``values``."""
        plain = {in_full(str(path)): _plain(value) for path, value in values.items()}
        where = {in_full(path): mark for path, mark in (marks or {}).items()}
        return cls(tuple(sorted(plain.items())), title, question, where)

    def __getitem__(self, path: str) -> Value:
        return dict(self.changes)[path]

    def __iter__(self) -> Iterator[str]:
        return (path for path, _ in self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def mark(self, path: str) -> SourceMark:
        """Return where ``path`` was set; for '' where the first one was."""
        first = next(iter(self.marks.values()), SourceMark("patch")).file
        return self.marks.get(path, SourceMark(first))


def _plain(value: Value) -> Value:
    """Return a number, truth value or text of NumPy as what Python writes for it."""
    return value.item() if isinstance(value, np.generic) else value


def parse_set(settings: Iterable[str]) -> Patch:
    """Return the patch written as ``path=value`` strings; values by the rules of scenario.yaml."""
    values, faults, mark = dict[str, Value](), list[Fault](), SourceMark(SET)
    for text in settings:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            wrong = f"{quote(text)} is not of the form path=value"
            faults.append(mark.fault("", wrong, "prices.shock=0"))
        elif in_full(path.strip()) in values:
            faults.append(mark.fault(path, "the path is set twice"))
        else:
            try:
                values[in_full(path.strip())] = parse_setting(value.strip())
            except Refusal as error:
                faults.append(mark.fault(path, error.message, error.allowed))
    if not faults:
        return Patch.of(values, marks=dict.fromkeys(values, mark))
    raise CaseError(faults)


def read_patch(path: str | Path) -> Patch:
    """Return the patch in a YAML file: ``set`` maps addresses to values; title and question."""
    file = str(path)
    tree, names = read(read_text(Path(path), MAX_YAML, SourceMark(file)), file), PATCH_KEYS
    assert isinstance(tree.value, Mapping)  # the reader returns mappings only
    faults = [
        node.start.fault(name, "unknown key", name_list(names), near(name, names))
        for name, node in tree.value.items()
        if name not in names
    ]
    title, question = (_prose(tree.get(name), name, faults) for name in names[:2])
    values = tree.get("set")
    if values is None or not isinstance(values.value, Mapping) or not values.value:
        at, form = (values or tree).mark, "prices.shock: 0"
        faults.append(at.fault("set", "expected addresses and values", form))
        raise CaseError(faults)
    for name, node in values.value.items():
        if isinstance(node.value, Mapping | tuple):
            wrong = f"got {describe(node.data())}"
            faults.append(node.mark.fault(name, wrong, "a number, text, true, false or null"))
    if faults:
        raise CaseError(faults)
    marks = {name: node.mark for name, node in values.value.items()}
    return Patch.of(values.data(), title, question, marks)


def _prose(node: YamlNode | None, name: str, faults: list[Fault]) -> str:
    if node is None:
        return ""
    if not isinstance(node.value, str):
        faults.append(node.mark.fault(name, f"expected text, got {describe(node.data())}"))
        return ""
    return node.value


def counterfactual_patch(scenario: Scenario, name: str) -> Patch:
    """Return the counterfactual ``name`` of ``scenario``; ``CaseError`` names the nearest."""
    counterfactual = (trigger_counterfactuals(scenario) | scenario.counterfactuals).get(name)
    if counterfactual is None:
        names = list(scenario.counterfactuals)
        wrong = f"the case has no counterfactual {quote(name)}"
        at = SourceMark(scenario.id)
        raise CaseError([at.fault("", wrong, name_list(names), near(name, names))])
    return Patch.of(counterfactual.set, counterfactual.title, counterfactual.question)


def apply(
    scenario: Scenario,
    patch: Mapping[str, Value],
    *,
    roles: Roles | None = None,
    allow_code: bool = False,
    custom: CustomRules | None = None,
) -> Scenario:
    """Return ``scenario`` with ``patch`` applied and every check passed, or raise ``CaseError``.

    Rules in Python files are run only if ``allow_code``; those of ``scenario`` and ``custom`` are
    at hand already.
    """
    patch = patch if isinstance(patch, Patch) else Patch.of(patch)
    reader = RuleReader(scenario.custom | (custom or CustomRules()), allow_code=allow_code)
    patch = _pinned(patch, reader)
    roles = with_rules(ledger_roles() if roles is None else roles, reader.rules)
    result, issues = attempt(scenario, patch, roles, addresses(scenario), reader.rules)
    if result is None or issues:
        raise CaseError(
            patch.mark(path).fault(
                path or dotted(scenario, p.where), p.message, p.allowed, p.nearest
            )
            for path, p in issues
        )
    return result.with_custom(reader.rules).from_origin(scenario.origin)


def _pinned(patch: Patch, reader: RuleReader) -> Patch:
    """Return ``patch`` with its rules in files read and pinned."""
    values = {path: reader.pinned(path, value, patch.mark(path)) for path, value in patch.items()}
    if reader.faults:
        raise CaseError(reader.faults)
    return replace(patch, changes=tuple(values.items()))


def attempt(
    scenario: Scenario,
    patch: Patch,
    roles: Roles,
    index: Mapping[str, Address],
    custom: CustomRules,
) -> tuple[Scenario | None, list[tuple[str, Problem]]]:
    """Return the changed scenario and what is wrong, each with the address to blame or ''.

    ``index`` are the addresses of ``scenario``, ``custom`` the rules from files among ``roles``.
    """
    wrong: list[tuple[str, Problem]] = []
    where: dict[str, Where] = {}
    data: Any = {name: getattr(scenario, name) for name in Scenario.model_fields}
    for path, value in patch.items():
        address = index.get(path) or _addition(path)
        if address is None:
            wrong.append((path, _unknown_path(path, index)))
            if len(wrong) == ENOUGH:
                break
            continue
        where[path] = address.where
        new: Value | tuple[str, ...] = value
        if address.is_list and isinstance(value, str):
            new = tuple(value.split("|")) if value else ()
        data = _put(data, address.where, new)
    if wrong:
        return None, wrong
    data, issues = with_units(data, roles)
    try:
        result = Scenario.model_validate(data, strict=True)
    except ValidationError as error:
        return None, _blame(where, one_each([*issues, *problems(error, Scenario)]))
    issues += islice(chain(role_problems(result, roles, custom), cross_problems(result)), ENOUGH)
    return (result, []) if not issues else (None, _blame(where, issues))


def difference(a: Scenario, b: Scenario) -> tuple[Change, ...]:
    """Return every address whose value differs, sorted; empty if both run alike."""
    parts = [name for name in Scenario.model_fields if getattr(a, name) != getattr(b, name)]
    before, after = (addresses_in(one, parts) for one in (a, b))
    values = (Change(path, *(one[path].value if path in one else None for one in (before, after)))
              for path in sorted(before.keys() | after.keys()))  # fmt: skip
    return tuple(change for change in values if change.old != change.new)


def _addition(path: str) -> Address | None:
    """Return the address of a mechanism or parameter that the scenario leaves to the model."""
    parts = tuple(path.split("."))
    fits = (parts[0], len(parts)) in (("mechanisms", 2), ("parameters", 3)) and all(parts)
    return Address(parts, None) if fits else None


def _unknown_path(path: str, index: Mapping[str, Address]) -> Problem:
    """Say which part of ``path`` leads nowhere, and the nearest name that stands there."""
    parts = path.split(".")
    prefix: list[str] = []
    names: dict[str, None] = dict.fromkeys(name.split(".", 1)[0] for name in index)
    names |= dict.fromkeys(("mechanisms", "parameters"))
    for part in parts:
        if part not in names:
            stem = ".".join([*prefix, ""])
            close = near(part, names)
            close = stem + close if close else "" if prefix else near(path, short_names())
            wrong = f"there is no '{part}'" + (f" in {'.'.join(prefix)}" if prefix else "")
            return Problem((), wrong, name_list(names), close, at_key=True)
        prefix.append(part)
        stem = ".".join([*prefix, ""])
        below = (name[len(stem) :] for name in index if name.startswith(stem))
        names = dict.fromkeys(rest.split(".", 1)[0] for rest in below)
    wrong = "names a group of values" if names else "has nothing below it to set"
    return Problem((), wrong, name_list(names), at_key=True)


def _put(value: Any, where: Where, new: Any) -> Any:
    """Return ``value`` with ``new`` at ``where``; models on the way become mappings."""
    if not where:
        return new
    head, *rest = where
    if isinstance(value, tuple) and isinstance(head, int):
        return (*value[:head], _put(value[head], tuple(rest), new), *value[head + 1 :])
    if isinstance(value, BaseModel):
        value = {key: getattr(value, name) for key, name in fields(type(value)).items()}
    if new is None and not rest and not isinstance(value.get(head), BaseModel):
        return {key: item for key, item in value.items() if key != head}
    child = _put(value.get(head, {}), tuple(rest), new)
    return {**value, head: child}


def _share(one: Where, other: Where) -> bool:
    """Return whether one way leads along the other."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _blame(where: Mapping[str, Where], issues: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Give each problem the address that caused it: the one that leads there."""
    result = []
    for problem in issues:
        there = problem.where
        fits = [path for path, way in where.items() if _share(there, way)]
        result.append((fits[0] if fits else "", problem))
    return result
