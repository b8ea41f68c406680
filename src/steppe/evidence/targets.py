"""Targets of a scenario, checked and tied to their observables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from steppe.case.load import located
from steppe.case.scenario import Scenario, Target
from steppe.case.source_location import Problem, Where, name_list, near
from steppe.case.units import quote
from steppe.core.errors import CaseError
from steppe.evidence.observables import OBSERVABLES, Observable
from steppe.evidence.probability import poisson_means
from steppe.evidence.view import NATIONAL, View

INPUT = "scripted input"
"""A target whose note begins so checks that the script was followed: it is no test of the model."""

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ResolvedTarget:
    """A target whose observable, region and unit have been checked."""

    target: Target
    observable: Observable

    @property
    def reported(self) -> Bounds:
        """Return the lowest and highest figure that was reported; None is an open end."""
        low, value, high = self.target.low, self.target.value, self.target.high
        if self.by_probability:
            return (value if low is None else low), (value if high is None else high)
        return low, high

    @property
    def bounds(self) -> Bounds:
        """Return the range in which a run agrees with what was reported; None is an open end.

        Of a count judged by its probability: the means under which it is no surprise.
        """
        low, high = self.reported
        if self.by_probability and low is not None and high is not None:
            return poisson_means(low, high)
        return low, high

    @property
    def by_probability(self) -> bool:
        """True when the probability of the count is judged, and not the median of runs."""
        return self.target.test == "probability"

    @property
    def tested(self) -> bool:
        """False when nothing bounds the figure, so that no run could miss it."""
        return self.reported != (None, None)

    @property
    def is_input(self) -> bool:
        """True when the case's script decides the figure, so that no run could miss it."""
        return self.target.note.startswith(INPUT)

    def value(self, data: View) -> float:
        """Return what the run shows; NaN where it does not reach or record what is judged.

        An onset is judged only by a run that goes on to the last day its range allows.
        """
        last = self.target.high if self.observable.kind == "calendar" else None
        if last is not None:
            day = self.observable.parse(self.target.date) + timedelta(days=math.ceil(last) - 1)
            if not data.dates or day.date() > data.dates[-1]:
                return float("nan")
        return self.observable.value(self._as_recorded(data), self.target.region, self.target.date)

    def missing_series(self, data: View) -> str:
        """Return the series that the target needs and the run did not record, or ''."""
        name = self.observable.series
        return "" if name in data.trajectory.series else name

    def _as_recorded(self, data: View) -> View:
        """Return the run as the record saw it: gatherings of its size, from its first day on."""
        changes: dict[str, Any] = {}
        if self.target.threshold is not None:
            changes["threshold"] = self.target.threshold
        if self.target.since is not None:
            first = datetime.fromisoformat(self.target.since)
            changes["since"] = max(0, data.clock.hour_of(first))
        return replace(data, **changes) if changes else data


def resolve(scenario: Scenario) -> tuple[ResolvedTarget, ...]:
    """Return the targets of ``scenario`` in their order, tied to observables.

    Raises ``CaseError`` with every fault: an unknown observable or region (with the nearest
    name), another unit. Dates, ids and the order of ranges are checked when a case is loaded.
    """
    targets = scenario.evidence.targets
    wrong = [p for i, target in enumerate(targets) for p in _problems(scenario, i, target)]
    if wrong:
        raise CaseError(located(scenario, wrong))
    return tuple(ResolvedTarget(target, OBSERVABLES[target.observable]) for target in targets)


def _problems(scenario: Scenario, index: int, target: Target) -> Iterator[Problem]:
    where = ("evidence", "targets", index)
    daily = [name for name, entry in OBSERVABLES.items() if entry.kind != "hour"]
    if target.observable not in daily:
        message = f"no observable {quote(target.observable)} that has a value for a date"
        close = near(target.observable, daily)
        yield Problem((*where, "observable"), message, name_list(daily, 40), close)
        return
    observable = OBSERVABLES[target.observable]
    yield from _region_problems(scenario, (*where, "region"), target, observable)
    unit = observable.unit or scenario.price_unit
    if target.unit != unit:
        yield Problem((*where, "unit"), f"{quote(target.unit)} is another unit", unit)
    if target.threshold is not None and not observable.has_threshold:
        wrong = f"'{observable.name}' counts no gatherings"
        yield Problem((*where, "threshold"), wrong, _names("spread", "onset"))
    if target.since is not None and observable.group != "onset":
        wrong = f"'{observable.name}' is no beginning"
        yield Problem((*where, "since"), wrong, _names("onset"))
    if target.test == "probability":
        yield from _count_problems((*where, "test"), target, observable)


def _count_problems(where: Where, target: Target, observable: Observable) -> Iterator[Problem]:
    low, high = ResolvedTarget(target, observable).reported
    if observable.unit != "persons":
        yield Problem(where, f"'{observable.name}' counts no persons", "range")
    elif low is None or high is None:
        wrong = "a probability needs a count"
        yield Problem(where, wrong, "value, or low and high, beside it")
    elif low < 0 or not (low.is_integer() and high.is_integer()):
        yield Problem(where, "a count is a whole number of persons", "0, 1, 2, ...")


def _names(*groups: str) -> str:
    return ", ".join(one.name for one in OBSERVABLES.values() if one.group in groups)


def _region_problems(
    scenario: Scenario, where: Where, target: Target, observable: Observable
) -> Iterator[Problem]:
    regions = [region.id for region in scenario.regions]
    allowed = {"national": [NATIONAL], "region": regions, "any": [NATIONAL, *regions]}
    choices = allowed[observable.scope]
    if target.region not in choices:
        message = f"'{target.region}' cannot be asked of '{observable.name}'"
        yield Problem(where, message, name_list(choices, 40), near(target.region, choices))
