"""Targets of a scenario, checked and tied to their observables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from steppe.case.scenario import Scenario, Target
from steppe.core.errors import CaseError, Fault, nearest
from steppe.evidence.observables import OBSERVABLES, Observable
from steppe.evidence.view import NATIONAL, View

FILE = "scenario.yaml"

INPUT = "scripted input"
"""A target whose note begins so checks that the script was followed: it is no test of the model."""


@dataclass(frozen=True, slots=True)
class ResolvedTarget:
    """A target whose observable, region and unit have been checked."""

    target: Target
    observable: Observable

    @property
    def tested(self) -> bool:
        """False when nothing bounds the figure, so that no run could miss it."""
        return self.target.low is not None or self.target.high is not None

    @property
    def is_input(self) -> bool:
        """True when the case's script decides the figure, so that no run could miss it."""
        return self.target.note.startswith(INPUT)

    def value(self, data: View) -> float:
        """Return what the run shows; NaN where it ends before the target can be judged.

        An onset is judged only by a run that goes on to the last day its range allows.
        """
        last = self.target.high if self.observable.kind == "calendar" else None
        if last is not None:
            day = self.observable.parse(self.target.date) + timedelta(days=math.ceil(last) - 1)
            if not data.dates or day.date() > data.dates[-1]:
                return float("nan")
        return self.observable.value(data, self.target.region, self.target.date)


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
