"""What a user asks for: a case, what is changed in it, for which seeds, draws and scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from steppe.app.case_registry import Case, CaseRegistry
from steppe.app.config import AppLimits
from steppe.app.errors import AskedError
from steppe.case.patch import Change
from steppe.case.scenario import Scenario, Value
from steppe.study.batch import LAST_SEED, BatchJob
from steppe.study.ensemble import SeedRuns
from steppe.study.parameters import PREFIX, ParameterSource, resolve_source, rows_of

KEYS = ("case", "counterfactuals", "set", "seeds", "first", "scale", "parameters", "link")
ARMS = ("baseline", "variant")
"""The two histories by name."""

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
    parameters: ParameterSource = "default"
    """Where both histories have the parameters from that nothing sets."""
    owner: str = ""
    link: str = ""
    """The link by which the user came, which may show runs of another."""

    @property
    def range(self) -> range:
        """The seeds of both arms."""
        return range(self.first, self.first + self.seeds)

    @property
    def runs(self) -> list[BatchJob]:
        """The runs to be made, arms alternating, so that pairs are complete from early on."""
        return [run for pair in zip(*self.arms, strict=True) for run in pair]

    @property
    def held(self) -> tuple[str, ...]:
        """Parameters that the change sets: they are not drawn in the changed history."""
        return tuple(change.path for change in self.changes if change.path.startswith(PREFIX))

    @property
    def arms(self) -> tuple[SeedRuns, ...]:
        """The histories to be run, as ``steppe pair`` runs them: one if nothing is changed."""
        seeds = tuple(self.range)
        base = SeedRuns(self.baseline, seeds, self.scale, self.parameters)
        if not self.changes:
            return (base,)
        return base, SeedRuns(self.variant, seeds, self.scale, self.parameters, self.held)

    def arm(self, name: object) -> SeedRuns:
        """Return an arm by its name; the variant is the baseline where nothing is changed."""
        if name not in ARMS:
            raise AskedError("an arm is 'baseline' or 'variant'")
        return self.arms[0 if name == "baseline" else -1]


def asked(document: Mapping[str, Any], book: CaseRegistry, owner: str, limits: AppLimits) -> Asked:
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
        merged |= dict(baseline.patch(name))
    merged |= values
    variant, changes = book.changed(case.id, owner, merged) if merged else (baseline, ())
    source = _source(document.get("parameters"), (baseline, variant))
    link = document.get("link")
    return Asked(
        case,
        baseline,
        variant,
        names,
        tuple(sorted(values.items())),
        changes,
        _whole(document.get("seeds", 8), "seeds", 1, limits.seeds),
        _whole(document.get("first", 1), "first", 0, LAST_SEED - limits.seeds),
        _scale(document.get("scale", 1.0), limits.scale),
        source,
        owner,
        _text(link, "link") if link else "",
    )


def _source(value: object, arms: tuple[Scenario, Scenario]) -> ParameterSource:
    """Return where parameters come from: as asked, else what suits both arms.

    Raises ``CaseError`` for draws that an arm cannot have.
    """
    sources: tuple[ParameterSource, ...] = get_args(ParameterSource)
    chosen = next((source for source in sources if source == value), None)
    if value is not None and chosen is None:
        raise AskedError(f"parameters: expected {', '.join(sources)} or null for what is usual")
    source = resolve_source(chosen, *arms)
    for arm in arms:
        rows_of(arm, source)
    return source


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise AskedError(f"{key}: expected a text of up to {LONGEST} characters")
    return value


def _names(value: object, limits: AppLimits) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > limits.changes:
        raise AskedError(f"counterfactuals: expected a list of up to {limits.changes} names")
    return tuple(dict.fromkeys(_text(name, "counterfactuals") for name in value))


def _values(value: object, limits: AppLimits) -> dict[str, Value]:
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


def _scale(value: object, most: float) -> float:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not 0.0 < float(str(value)) <= most:
        raise AskedError(f"scale: expected a number above 0, at most {most:g}")
    return float(str(value))
