"""What a user of the app wants compared: a case of his own or a shipped one, and its request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from steppe.app.case_registry import Case, CaseRegistry
from steppe.app.config import AppLimits
from steppe.app.errors import RequestError
from steppe.case.patch import Change
from steppe.case.scenario import Scenario, Value
from steppe.study.batch import BatchJob
from steppe.study.ensemble import SeedRuns
from steppe.study.limits import LAST_SEED
from steppe.study.parameters import (
    PREFIX,
    ParameterSource,
    parameters_option,
    resolve_source,
    rows_of,
)
from steppe.study.request import CaseChanges, StudyRequest

KEYS = ("case", "counterfactuals", "set", "seeds", "first", "scale", "parameters", "link")
ARMS = ("baseline", "variant")
"""The two histories by name."""

LONGEST = 200
"""Characters of a text in a request."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A request with its scenarios: ``baseline`` the case itself, ``variant`` the changed one."""

    request: StudyRequest
    case: Case
    baseline: Scenario
    variant: Scenario
    changes: tuple[Change, ...]
    parameters: ParameterSource = "default"
    """Where both histories have the parameters from that nothing sets."""
    owner: str = ""
    link: str = ""
    """The link by which the user came, which may show runs of another."""

    @property
    def runs(self) -> list[BatchJob]:
        """The runs to be made, arms alternating, so that pairs are complete from early on."""
        return [run for pair in zip(*self.arms, strict=True) for run in pair]

    @property
    def fixed(self) -> tuple[str, ...]:
        """Parameters that the change sets: they are not drawn in the changed history."""
        return tuple(change.path for change in self.changes if change.path.startswith(PREFIX))

    @property
    def arms(self) -> tuple[SeedRuns, ...]:
        """The histories to be run, as ``steppe pair`` runs them: one if nothing is changed."""
        seeds, scale = tuple(self.request.range), self.request.scale
        base = SeedRuns(self.baseline, seeds, scale, self.parameters)
        if not self.changes:
            return (base,)
        return base, SeedRuns(self.variant, seeds, scale, self.parameters, self.fixed)

    def arm(self, name: object) -> SeedRuns:
        """Return an arm by its name; the variant is the baseline where nothing is changed."""
        if name not in ARMS:
            raise RequestError("an arm is 'baseline' or 'variant'")
        return self.arms[0 if name == "baseline" else -1]

    @property
    def portable(self) -> StudyRequest:
        """The request with names that the command line knows.

        An uploaded case lies with its user, who knows where.
        """
        places = {"shipped": self.case.id, "folder": str(self.case.path)}
        return replace(
            self.request,
            case=places.get(self.case.origin, f"./{self.baseline.id}"),
            variant=(self.request.variant.merged(self.baseline) if self.changes else CaseChanges()),
            parameters=(
                self.parameters if parameters_option(self.baseline, self.parameters) else None
            ),
        )


def comparison_of(
    document: Mapping[str, Any], book: CaseRegistry, owner: str, limits: AppLimits
) -> Comparison:
    """Return the comparison that a document describes.

    Raises ``RequestError`` for words that are not understood, ``UnknownError`` for a case this user
    has not, ``CaseError`` for changes that cannot be made.
    """
    unknown = sorted(set(document) - set(KEYS))
    if unknown:
        raise RequestError(f"unknown key {unknown[0]!r}; allowed: {', '.join(KEYS)}")
    case = book.case(_text(document.get("case"), "case"), owner)
    baseline = book.scenario(case.id, owner)
    request = _request(document, case, limits)
    merged: dict[str, Value] = {}
    for name in request.variant.counterfactuals:
        merged |= dict(baseline.patch(name))
    merged |= dict(request.variant.values)
    variant, changes = book.changed(case.id, owner, merged) if merged else (baseline, ())
    source = resolve_source(request.parameters, baseline, variant)
    for scenario in (baseline, variant):
        rows_of(scenario, source)
    link = document.get("link")
    return Comparison(
        request, case, baseline, variant, changes, source, owner,
        _text(link, "link") if link else "",
    )  # fmt: skip


def _request(document: Mapping[str, Any], case: Case, limits: AppLimits) -> StudyRequest:
    """Return the request of a document; all that a user may have mistyped is checked."""
    names = _names(document.get("counterfactuals", []), limits)
    try:
        return StudyRequest(
            case=case.id,
            variant=CaseChanges.of(_values(document.get("set", {}), limits), *names),
            parameters=_source(document.get("parameters")),
            seeds=_whole(document.get("seeds", 8), "seeds", 1, limits.seeds),
            first=_whole(document.get("first", 1), "first", 0, LAST_SEED - limits.seeds),
            scale=_scale(document.get("scale", 1.0), limits.scale),
        )
    except ValueError as error:
        raise RequestError(str(error)) from None


def _source(value: object) -> ParameterSource | None:
    sources: tuple[ParameterSource, ...] = get_args(ParameterSource)
    source = next((one for one in sources if one == value), None)
    if value is not None and source is None:
        raise RequestError(f"parameters: expected {', '.join(sources)} or null for what is usual")
    return source


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise RequestError(f"{key}: expected a text of up to {LONGEST} characters")
    return value


def _names(value: object, limits: AppLimits) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > limits.changes:
        raise RequestError(f"counterfactuals: expected a list of up to {limits.changes} names")
    return tuple(dict.fromkeys(_text(name, "counterfactuals") for name in value))


def _values(value: object, limits: AppLimits) -> dict[str, Value]:
    if not isinstance(value, dict) or len(value) > limits.changes:
        raise RequestError(f"set: expected up to {limits.changes} addresses and values")
    values: dict[str, Value] = {}
    for path, item in value.items():
        if isinstance(item, str):
            item = _text(item, "set") if item else ""
        elif isinstance(item, float) and not math.isfinite(item):
            raise RequestError(f"set: {path[:LONGEST]}: not a number")
        elif item is not None and not isinstance(item, bool | int | float):
            raise RequestError("set: a value is a number, text, true, false or null")
        values[_text(path, "set")] = item
    return values


def _whole(value: object, key: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RequestError(f"{key}: expected a whole number from {low} to {high}")
    return value


def _scale(value: object, most: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0.0 < float(str(value)) <= most:
        raise RequestError(f"scale: expected a number above 0, at most {most:g}")
    return float(str(value))
