"""One view of a comparison, which the report, the app, the command line and exports all show.

Seeds that both arms have are paired. Each arm is shown by the outcome's own statistic over the
runs (median or share); the difference is baseline minus counterfactual, the mean over the pairs,
with an interval that resamples pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from steppe.results.outcomes import Outcome, OutcomeValues, numbers
from steppe.results.trajectory import Trajectory
from steppe.study.after_divergence import AFTER, WHOLE, outcomes_after
from steppe.study.causation import Causation, causes
from steppe.study.effects import Effect, effect

ARM_STATISTIC = {"median": "median of runs", "share": "share of runs"}

Arm = Mapping[int, OutcomeValues]
"""What the run of each seed ended with."""


@dataclass(frozen=True, slots=True)
class OutcomeDifference:
    """One outcome in both arms: each by its statistic, the paired effect, and each pair's own."""

    outcome: Outcome
    baseline: float
    counterfactual: float
    effect: Effect
    by_pair: tuple[float, ...]

    @property
    def label(self) -> str:
        """What the outcome is called."""
        return self.outcome.label

    @property
    def unit(self) -> str:
        """The unit of the outcome."""
        return self.outcome.unit

    @property
    def digits(self) -> int:
        """How many significant digits of it are shown."""
        return self.outcome.digits

    def document(self) -> dict[str, Any]:
        """Return the row as JSON and tables hold it; what is not known is None."""
        return {
            "outcome": self.outcome.name,
            "label": self.outcome.label,
            "unit": self.outcome.unit,
            "statistic": ARM_STATISTIC[self.outcome.statistic],
            "pairs": self.effect.pairs,
            "baseline": self.baseline,
            "variant": self.counterfactual,
            "difference": self.effect.difference,
            "low": _finite(self.effect.low),
            "high": _finite(self.effect.high),
        }


@dataclass(frozen=True, slots=True)
class OutcomeComparison:
    """Both arms over the seeds they share: every numeric outcome, and what the change caused.

    ``after`` are the outcomes after the hour in which the histories diverge, where that is known.
    """

    seeds: tuple[int, ...]
    rows: tuple[OutcomeDifference, ...]
    causes: tuple[Causation, ...]
    after: tuple[OutcomeDifference, ...] = ()

    @property
    def answer(self) -> tuple[OutcomeDifference, ...]:
        """What a comparison is told by: what came after the histories diverge."""
        return self.after or tuple(row for row in self.rows if row.outcome.headline)

    @property
    def headlines(self) -> tuple[OutcomeDifference, ...]:
        """The rows that tables show: those after the histories diverge that say something else."""
        whole = {row.outcome.name: row for row in self.rows}
        new = (
            row for row in self.after if not _same(row, whole.get(WHOLE.get(row.outcome.name, "")))
        )
        return (*new, *(row for row in self.rows if row.outcome.headline))

    def cause(self, name: str) -> Causation | None:
        """Return what the change says of one binary outcome."""
        return next((one for one in self.causes if one.outcome == name), None)


def compare_outcomes(baseline: Arm, counterfactual: Arm, citizens: int) -> OutcomeComparison:
    """Return the comparison of two arms over the seeds that both have."""
    rows = _rows(numbers().values(), baseline, counterfactual, citizens)
    seeds = tuple(sorted(baseline.keys() & counterfactual.keys()))
    return OutcomeComparison(seeds, rows, causes(baseline, counterfactual, citizens))


def compare_runs(
    pairs: Sequence[tuple[Trajectory, Trajectory]], citizens: int
) -> OutcomeComparison:
    """Return the comparison of both runs of each seed, also after the histories diverge."""
    arms = [list(arm) for arm in zip(*pairs, strict=True)]
    one, other = ({run.record.seed: run.outcome for run in arm} for arm in arms)
    comparison = compare_outcomes(one, other, citizens)
    hour = min(divergence(*pair) for pair in pairs)
    if hour >= min(run.record.hours for run in pairs[0]):
        return comparison
    after = compare_after(outcomes_after(arms[0], hour), outcomes_after(arms[1], hour))
    return replace(comparison, after=after)


def compare_after(baseline: Arm, counterfactual: Arm) -> tuple[OutcomeDifference, ...]:
    """Return the comparison of what came after the histories diverge (``outcomes_after``)."""
    return _rows(AFTER, baseline, counterfactual, 0)


def _same(one: OutcomeDifference, other: OutcomeDifference | None) -> bool:
    return other is not None and (one.baseline, one.counterfactual, one.by_pair) == (
        other.baseline, other.counterfactual, other.by_pair
    )  # fmt: skip


def _rows(
    outcomes: Iterable[Outcome], baseline: Arm, counterfactual: Arm, citizens: int
) -> tuple[OutcomeDifference, ...]:
    """Return the outcomes that all runs of both arms have, over the seeds that both have."""
    seeds = sorted(baseline.keys() & counterfactual.keys())
    rows = []
    for outcome in outcomes if seeds else ():
        arms = [
            [outcome.read(arm[seed], citizens) for seed in seeds]
            for arm in (baseline, counterfactual)
        ]
        if any(value is None for arm in arms for value in arm):
            continue
        one, other = (np.array(arm, dtype=np.float64) for arm in arms)
        rows.append(
            OutcomeDifference(
                outcome, outcome.over_seeds(one), outcome.over_seeds(other),
                effect(outcome.name, one, other), tuple(map(float, one - other)),
            )
        )  # fmt: skip
    return tuple(rows)


def divergence(one: Trajectory, other: Trajectory) -> int:
    """Return the first hour in which anything recorded differs; the number of hours if nothing."""
    first = min(one.record.hours, other.record.hours)
    for name in one.series.keys() & other.series.keys():
        a, b = one[name][:first], other[name][:first]
        if first == 0 or a.shape != b.shape:
            return 0
        hours = np.flatnonzero((a != b).reshape(len(a), -1).any(axis=1))
        if len(hours):
            first = min(first, int(hours[0]))
    return first


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
