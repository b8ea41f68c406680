"""How far runs are from what was observed, in one number: what a search for parameters makes small.

A figure counts by how far a run leaves its range, in steps that are about as large as what is known
of such figures, and at most four of them. Steps are added up and not squared: figures that no
parameters can meet must not pull all others out of their ranges (least absolute deviations; Huber,
Annals of Mathematical Statistics 35, 1964). Two things count besides: a country that is not quiet
before its crisis, and one that rises without its trigger. The distance of a vector is the mean over
several seeds: a single run finds lucky ones.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError, Fault
from steppe.evidence.observables import QUIET_TIMES
from steppe.evidence.targets import ResolvedTarget
from steppe.study.calibration.targets import to_scale

Floats = NDArray[np.float64]

STEPS: Mapping[str, float] = {
    "persons": 0.25, "regions": 0.12, "towns": 0.12, "day": 0.7, "rank": 1.0, "share": 0.1,
    "flag": 1.0,
}  # fmt: skip
"""What counts as one step from the range, by unit; of counts in powers of ten."""

MOST = 4.0
"""Most steps that one figure can add."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a crowd adds that should not be: ``weight`` for each of (log10 excess / ``step``)^2.

    The excess is over ``limit`` persons, and counts for at most ``most`` steps.
    """

    limit: float
    weight: float
    step: float = 0.2
    most: float = 4.0

    def __call__(self, peaks: Floats) -> Floats:
        """Return the penalty of each run for its largest crowd (run,)."""
        excess = np.log10(1.0 + peaks) - np.log10(1.0 + self.limit)
        steps = np.clip(excess / self.step, 0.0, self.most)
        return np.asarray(self.weight * steps**2, dtype=np.float64)


UNQUIET = Penalty(limit=500.0, weight=3.0)
"""For people out at once before the crisis or after it, where no target says how many."""

PLACEBO = Penalty(limit=2_000.0, weight=4.0)
"""For the largest crowd of a run without the trigger."""


@dataclass(frozen=True, slots=True)
class FigureRange:
    """The range of a figure in steps: its ``center`` and half its width, ``slack``.

    The range of a count that is judged by its probability is that of the means under which it is
    no surprise. Of a range with an open end only what leaves it is compared: its center and its
    width are 0. Raises ``ValueError`` for a unit without a step.
    """

    target: ResolvedTarget
    low: float = field(init=False)
    high: float = field(init=False)

    def __post_init__(self) -> None:
        unit = self.target.observable.unit
        if unit not in STEPS:
            wrong = f"nothing says what a step in {unit or 'price'} is"
            raise ValueError(f"'{self.target.target.id}': {wrong}")
        for name, edge, end in zip(
            ("low", "high"), self.target.bounds, (-np.inf, np.inf), strict=True
        ):
            value = end if edge is None else float(self._steps(np.array([edge]))[0])
            object.__setattr__(self, name, value)

    def _steps(self, values: Floats) -> Floats:
        scaled = to_scale(self.target, values) / STEPS[self.target.observable.unit]
        return np.asarray(scaled, dtype=np.float64)

    @property
    def is_open(self) -> bool:
        """Whether one end of the range is not known."""
        return not (np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def center(self) -> float:
        """The middle of the range."""
        return 0.0 if self.is_open else 0.5 * (self.low + self.high)

    @property
    def slack(self) -> float:
        """How far from the center a run agrees."""
        return 0.0 if self.is_open else 0.5 * (self.high - self.low)

    def outside(self, values: Floats) -> Floats:
        """Return by how many steps runs (run,) leave the range; 0 inside it."""
        steps = self._steps(values)
        return np.asarray(np.abs(steps - np.clip(steps, self.low, self.high)), dtype=np.float64)

    def figures_of(self, values: Floats) -> Floats:
        """Return what runs show (run,), in steps; the center where they do not reach it."""
        steps = self._steps(values)
        if self.is_open:
            steps = steps - np.clip(steps, self.low, self.high)
        return np.where(np.isnan(steps), self.center, steps)


@functools.lru_cache(maxsize=1024)
def figure_range(target: ResolvedTarget) -> FigureRange:
    """Return the range of a figure, worked out once."""
    return FigureRange(target)


def steps_apart(values: Floats, other: Floats, slack: Floats) -> Floats:
    """Return by how many steps, at most ``MOST``, two runs differ too much (run, figure)."""
    away = np.clip(np.abs(values - other) - slack, 0.0, MOST)
    return np.asarray(away, dtype=np.float64)


def steps_outside(target: ResolvedTarget, values: Floats) -> Floats:
    """Return by how many steps runs (run,) leave the range of a figure; 0 inside it."""
    return figure_range(target).outside(values)


def run_distances(targets: Sequence[ResolvedTarget], results: Floats) -> Floats:
    """Return how far each run is from ``targets``, of which it shows ``results`` (run, figure).

    A figure that a run does not reach or record (NaN) adds nothing.
    """
    if results.shape[1] != len(targets):
        raise ValueError(f"{results.shape[1]} figures of {len(targets)} targets")
    total = np.zeros(len(results))
    for target, values in zip(targets, results.T, strict=True):
        if target.observable.name in QUIET_TIMES:
            limit = target.target.high
            penalty = UNQUIET if limit is None else Penalty(limit, UNQUIET.weight)
            parts = penalty(values)
        else:
            parts = np.minimum(steps_outside(target, values), MOST)
        total += np.nan_to_num(parts, nan=0.0)
    return total


def placebo_of(scenario: Scenario) -> Scenario:
    """Return ``scenario`` without its trigger, as its ``calibration.placebo`` says.

    Raises ``CaseError`` where the case names none.
    """
    name = scenario.calibration.placebo
    if name is None:
        wrong = f"the case '{scenario.id}' does not say what takes its trigger away"
        fault = Fault("scenario.yaml", 0, 0, "calibration.placebo", wrong,
                      ", ".join(scenario.counterfactuals))  # fmt: skip
        raise CaseError([fault])
    return scenario.counterfactual(name)
