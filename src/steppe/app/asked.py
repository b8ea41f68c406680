"""What a user asks for: a case, what is changed in it, and for how many seeds at which scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steppe.app.casebook import Case, Casebook
from steppe.app.config import Limits
from steppe.app.problems import AskedError
from steppe.scenario.config import Scenario, Value
from steppe.scenario.patch import Change, named
from steppe.study.batch import LARGEST_SCALE, LAST_SEED

KEYS = ("case", "counterfactuals", "set", "seeds", "first", "scale")
LONGEST = 200
"""Characters of a text in a request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Two histories to compare: ``baseline`` is the case as it is, ``variant`` the changed one."""

    case: Case
    baseline: Scenario
    variant: Scenario
    counterfactuals: tuple[str, ...]
    values: tuple[tuple[str, Value], ...]
    """What the user set by hand, beside the counterfactuals."""
    changes: tuple[Change, ...]
    seeds: int
    first: int
    scale: float

    @property
    def range(self) -> range:
        """The seeds of both arms."""
        return range(self.first, self.first + self.seeds)

    @property
    def arms(self) -> tuple[Scenario, ...]:
        """The scenarios to be run: one if nothing that matters is changed."""
        return (self.baseline, self.variant) if self.changes else (self.baseline,)

    def arm(self, name: object) -> Scenario:
        """Return the scenario of an arm by its name."""
        if name == "baseline":
            return self.baseline
        if name == "variant":
            return self.variant
        raise AskedError("an arm is 'baseline' or 'variant'")


def asked(document: Mapping[str, Any], book: Casebook, owner: str, limits: Limits) -> Asked:
    """Return what a document asks for.

    Raises ``AskedError`` for words that are not understood, ``UnknownError`` for a case this user
    has not, ``CaseError`` for changes that cannot be made.
    """
    unknown = sorted(set(document) - set(KEYS))
    if unknown:
        raise AskedError(f"unknown key {unknown[0]!r}; allowed: {', '.join(KEYS)}")
    case = book.case(_text(document.get("case"), "case"), owner)
    baseline = book.scenario(case.id, owner)
    names = _names(document.get("counterfactuals", []), limits)
    values = _values(document.get("set", {}), limits)
    merged: dict[str, Value] = {}
    for name in names:
        merged |= dict(named(baseline, name))
    merged |= values
    variant, changes = book.changed(case.id, owner, merged) if merged else (baseline, ())
    return Asked(
        case, baseline, variant, names, tuple(sorted(values.items())), changes,
        _whole(document.get("seeds", 8), "seeds", 1, limits.seeds),
        _whole(document.get("first", 1), "first", 0, LAST_SEED - limits.seeds),
        _scale(document.get("scale", 1.0)),
    )


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise AskedError(f"{key}: expected a text of up to {LONGEST} characters")
    return value


def _names(value: object, limits: Limits) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > limits.changes:
        raise AskedError(f"counterfactuals: expected a list of up to {limits.changes} names")
    return tuple(dict.fromkeys(_text(name, "counterfactuals") for name in value))


def _values(value: object, limits: Limits) -> dict[str, Value]:
    if not isinstance(value, dict) or len(value) > limits.changes:
        raise AskedError(f"set: expected up to {limits.changes} addresses and values")
    found: dict[str, Value] = {}
    for path, item in value.items():
        if isinstance(item, str):
            item = _text(item, "set") if item else ""
        elif isinstance(item, float) and not math.isfinite(item):
            raise AskedError(f"set: {path[:LONGEST]}: not a number")
        elif item is not None and not isinstance(item, bool | int | float):
            raise AskedError("set: a value is a number, text, true, false or null")
        found[_text(path, "set")] = item
    return found


def _whole(value: object, key: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise AskedError(f"{key}: expected a whole number from {low} to {high}")
    return value


def _scale(value: object) -> float:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not 0.0 < float(str(value)) <= LARGEST_SCALE:
        raise AskedError(f"scale: expected a number above 0, at most {LARGEST_SCALE:g}")
    return float(str(value))
