"""The figures of a case that a nowcast is conditioned on, and how exactly each is known.

A figure is compared on the scale of calibration: log10(1 + x) of counts, else as it is. Its
variance is that of the comparison, of a range that was reported, and of what the model misses:
tolerance^2 + (half range / 2)^2 + error^2. A range without a figure, or with an open end, counts
by how far a run leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import View
from steppe.study.calibration.distance import STEPS
from steppe.study.calibration.targets import FILE, calibration_targets, figures, to_scale
from steppe.study.population import DEATHS_ERROR, PEAK_ERROR

Floats = NDArray[np.float64]


MODEL_ERROR: Mapping[str, float] = {"turnout": PEAK_ERROR, "killed": DEATHS_ERROR}
"""What the model misses, in log10, by group of observables: the same as in the law of crises."""


@dataclass(frozen=True, slots=True)
class ConditionFigure:
    """One figure: what was observed on the scale of comparison, and its standard deviation.

    Of a figure that is only a range it is how far a run leaves its ``ends``: 0.
    """

    target: ResolvedTarget
    observed: float
    sd: float
    ends: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        """The id of the target."""
        return self.target.target.id

    def of(self, data: View) -> float:
        """Return what a run shows, on the scale of comparison; NaN where it shows nothing."""
        value = float(to_scale(self.target, np.array([self.target.value(data)]))[0])
        if self.ends is None:
            return value
        return value - min(max(value, self.ends[0]), self.ends[1])


def tolerances(scenario: Scenario) -> dict[str, float]:
    """Return how exactly a case says that its figures are to be met, by id; empty if nowhere."""
    if scenario.folder is None or not (scenario.folder / FILE).is_file():
        return {}
    return {one.id: one.tolerance for one in calibration_targets(scenario)}


def condition_figures(
    scenario: Scenario, tolerance: Mapping[str, float]
) -> tuple[ConditionFigure, ...]:
    """Return the figures of a case as it stood on a day, in the order of its targets.

    Where the case gives no ``tolerance``, it is what calibration takes for one step.
    """
    return tuple(
        _figure(one, tolerance.get(one.target.id, STEPS[one.observable.unit]))
        for one in figures(scenario)
        if one.observable.unit in STEPS
    )


def _figure(target: ResolvedTarget, tolerance: float) -> ConditionFigure:
    low, high = (
        end if edge is None else float(to_scale(target, np.array([edge]))[0])
        for edge, end in zip(target.reported, (-np.inf, np.inf), strict=True)
    )
    error = MODEL_ERROR.get(target.observable.group, 0.0)
    half, value = 0.5 * (high - low), target.target.value
    if value is None or not np.isfinite(half):
        return ConditionFigure(target, 0.0, math.hypot(tolerance, error), (low, high))
    observed = float(to_scale(target, np.array([value]))[0])
    return ConditionFigure(target, observed, math.hypot(tolerance, 0.5 * half, error))


def arrays(figures_: Sequence[ConditionFigure]) -> tuple[Floats, Floats]:
    """Return what was observed (figure,) and its variance (figure,)."""
    observed = np.array([one.observed for one in figures_], dtype=np.float64)
    return observed, np.array([one.sd**2 for one in figures_], dtype=np.float64)
