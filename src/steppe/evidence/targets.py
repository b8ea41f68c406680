"""Targets of a scenario, checked and tied to their observables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from steppe.case.scenario import Scenario, Target
from steppe.core.errors import CaseError, Fault, nearest
from steppe.evidence.observables import OBSERVABLES, Observable
from steppe.evidence.probability import poisson_means
from steppe.evidence.view import NATIONAL, View

FILE = "scenario.yaml"

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
        return replace(data, **changes)


def resolve(scenario: Scenario) -> tuple[ResolvedTarget, ...]:
    """Return the targets of ``scenario`` in their order, tied to observables.

    Raises ``CaseError`` with every fault: an unknown observable or region (with the nearest
    name), another unit. Dates, ids and the order of ranges are checked when a case is loaded.
    """
    targets = scenario.evidence.targets
    faults = [f for i, target in enumerate(targets) for f in _faults(scenario, i, target)]
    if faults:
        raise CaseError(faults)
    return tuple(ResolvedTarget(target, OBSERVABLES[target.observable]) for target in targets)


def _faults(scenario: Scenario, index: int, target: Target) -> Iterator[Fault]:
    key = f"evidence.targets[{index}]"
    daily = [name for name, entry in OBSERVABLES.items() if entry.kind != "hour"]
    if target.observable not in daily:
        message = f"no observable '{target.observable}' that has a value for a date"
        near = nearest(target.observable, daily)
        yield Fault(FILE, 0, 0, f"{key}.observable", message, ", ".join(daily), near)
        return
    observable = OBSERVABLES[target.observable]
    yield from _region_faults(scenario, f"{key}.region", target, observable)
    unit = observable.unit or scenario.prices.unit
    if target.unit != unit:
        yield Fault(FILE, 0, 0, f"{key}.unit", f"'{target.unit}' is another unit", unit)
    if target.threshold is not None and not observable.has_threshold:
        wrong = f"'{observable.name}' counts no gatherings"
        yield Fault(FILE, 0, 0, f"{key}.threshold", wrong, _names("spread", "onset"))
    if target.since is not None and observable.group != "onset":
        wrong = f"'{observable.name}' is no beginning"
        yield Fault(FILE, 0, 0, f"{key}.since", wrong, _names("onset"))
    if target.test == "probability":
        yield from _count_faults(f"{key}.test", target, observable)


def _count_faults(key: str, target: Target, observable: Observable) -> Iterator[Fault]:
    low, high = ResolvedTarget(target, observable).reported
    if observable.unit != "persons":
        yield Fault(FILE, 0, 0, key, f"'{observable.name}' counts no persons", "range")
    elif low is None or high is None:
        wrong = "a probability needs a count"
        yield Fault(FILE, 0, 0, key, wrong, "value, or low and high, beside it")
    elif low < 0 or not (low.is_integer() and high.is_integer()):
        yield Fault(FILE, 0, 0, key, "a count is a whole number of persons", "0, 1, 2, ...")


def _names(*groups: str) -> str:
    return ", ".join(one.name for one in OBSERVABLES.values() if one.group in groups)


def _region_faults(
    scenario: Scenario, key: str, target: Target, observable: Observable
) -> Iterator[Fault]:
    regions = [region.id for region in scenario.regions]
    allowed = {"national": [NATIONAL], "region": regions, "any": [NATIONAL, *regions]}
    choices = allowed[observable.scope]
    if target.region not in choices:
        message = f"'{target.region}' cannot be asked of '{observable.name}'"
        near = nearest(target.region, choices)
        yield Fault(FILE, 0, 0, key, message, ", ".join(choices), near)
