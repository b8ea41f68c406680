"""Runs held against targets: a verdict per target, and the CRPS where there is a figure.

Quantiles interpolate linearly between order statistics (Hyndman and Fan 1996, type 7); with few
seeds they are narrow, so ``n`` is always shown beside them. The CRPS is the fair form for a
finite ensemble (Ferro 2014), equal to the absolute error for one seed or a point mass; counts
are compared as log10(1 + x), other units as they are. A target whose ``test`` is ``probability``
is judged by that of the count it reports (see ``probability``), whatever the median of runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.core.response import normal_quantile
from steppe.evidence.probability import MET, NEAR, count_probability
from steppe.evidence.targets import ResolvedTarget, resolve
from steppe.evidence.view import view
from steppe.results.trajectory import Trajectory

Verdict = Literal["met", "near", "missed", "untested"]
Bounds = tuple[float | None, float | None, float | None]

ERROR_QUANTILES = 21
"""Quantiles that stand for the error of a member of a forecast."""

PROBABILITIES = (0.05, 0.5, 0.95)
"""Probabilities of the simulated quantiles; the outer two bound the 90 % interval."""


@dataclass(frozen=True, slots=True)
class TargetScore:
    """How runs stand to one target.

    ``observed`` is (low, value, high), None where unknown or open; ``simulated`` the quantiles
    at ``PROBABILITIES`` over ``n`` runs, None when no run reaches the date. ``crps`` is in
    log10(1 + x) for counts, else in ``unit``; None without an observed value. ``reason`` says
    why a target is untested. ``probability`` is that of the reported count, for targets that are
    judged by it.
    """

    id: str
    title: str
    unit: str
    group: str
    region: str
    date: str
    observable: str
    observed: Bounds
    simulated: tuple[float, float, float] | None
    n: int
    verdict: Verdict
    crps: float | None
    source: str
    note: str
    reason: str = ""
    probability: float | None = None


def score(
    scenario: Scenario, trajectories: Sequence[Trajectory] | Trajectory
) -> tuple[TargetScore, ...]:
    """Return one score per target of ``scenario``, in the order of its targets.

    Raises ``CaseError`` for faulty targets, ``SteppeError`` without runs or for runs of another
    geography. The result does not depend on the order of ``trajectories``.
    """
    if isinstance(trajectories, Trajectory):
        trajectories = (trajectories,)
    if not trajectories:
        raise SteppeError("no run to score")
    targets = resolve(scenario)
    views = [view(scenario, trajectory) for trajectory in trajectories]
    return tuple(
        score_values(
            target,
            np.array([target.value(one) for one in views]),
            next(filter(None, map(target.missing_series, views)), ""),
        )
        for target in targets
    )


def score_values(
    item: ResolvedTarget, values: NDArray[np.float64], missing: str = ""
) -> TargetScore:
    """Return the score of one target for what runs show of it (run,), NaN where they do not.

    ``missing`` is a series that it needs and runs did not record.
    """
    target, observable = item.target, item.observable
    values = np.sort(values[np.isfinite(values)])
    simulated = quantiles(values) if values.size else None
    probability = _probability(item, values)
    crps = None
    if target.value is not None and values.size:
        crps = _crps(values, target.value, observable.is_count)
    return TargetScore(
        id=target.id,
        title=target.title,
        unit=target.unit,
        group=observable.group,
        region=target.region,
        date=target.date,
        observable=observable.name,
        observed=(target.low, target.value, target.high),
        simulated=simulated,
        n=int(values.size),
        verdict=(
            judge(simulated, target.low, target.high)
            if probability is None
            else judge_probability(probability)
        ),
        crps=crps,
        source=target.source,
        note=target.note if probability is None else _noted(target.note, probability),
        reason=_reason(item, bool(values.size), missing),
        probability=probability,
    )


def _probability(item: ResolvedTarget, values: NDArray[np.float64]) -> float | None:
    low, high = item.reported
    if not item.by_probability or not values.size or low is None or high is None:
        return None
    return count_probability(values, low, high)


def _noted(note: str, probability: float) -> str:
    words = f"probability of the count {probability:.2g}"
    return f"{note}; {words}" if note else words


def _reason(item: ResolvedTarget, has_values: bool, missing: str) -> str:
    if has_values:
        return "" if item.tested else "no observed range"
    if missing:
        return f"runs did not record the series '{missing}'"
    return "no run gives a value for this date"


def quantiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the quantiles of ``values`` (run,) at ``PROBABILITIES``, by linear interpolation."""
    low, median, high = np.quantile(values, PROBABILITIES, method="linear")
    return float(low), float(median), float(high)


def judge(
    simulated: tuple[float, float, float] | None, low: float | None, high: float | None
) -> Verdict:
    """Return the verdict of simulated quantiles against a range; None is an open end.

    ``met``: the median lies in the range, ends included; ``near``: the 90 % interval touches
    it; ``missed``: neither; ``untested``: nothing simulated, or both ends open.
    """
    if simulated is None or (low is None and high is None):
        return "untested"
    floor = -np.inf if low is None else low
    ceiling = np.inf if high is None else high
    q05, median, q95 = simulated
    if floor <= median <= ceiling:
        return "met"
    return "near" if q05 <= ceiling and floor <= q95 else "missed"


def judge_probability(probability: float) -> Verdict:
    """Return the verdict of the probability of a count, by the limits of ``probability``."""
    return "met" if probability >= MET else "near" if probability >= NEAR else "missed"


def _crps(values: NDArray[np.float64], observed: float, is_count: bool) -> float:
    if is_count:
        return fair_crps(np.log10(1.0 + values), float(np.log10(1.0 + observed)))
    return fair_crps(values, observed)


def with_error(values: NDArray[np.float64], error: float) -> NDArray[np.float64]:
    """Return (members, quantiles): what would be observed of members that err by N(0, ``error``^2).

    Without error each stands for itself.
    """
    if error == 0.0:
        return np.asarray(values, dtype=np.float64)[:, None]
    z = np.array([normal_quantile((k + 0.5) / ERROR_QUANTILES) for k in range(ERROR_QUANTILES)])
    return np.asarray(values[:, None] + error * z, dtype=np.float64)


def fair_crps(values: NDArray[np.float64], observed: float, error: float = 0.0) -> float:
    """Return the fair CRPS of an ensemble: mean |x - y| - sum of |x - x'| / (2 m (m - 1)).

    Over pairs of different members, each counted twice. Its expectation does not depend on the
    number of members m (Ferro 2014, doi:10.1002/qj.2270); a small ensemble may score below zero.
    With an ``error`` of the members the means are over that too.
    """
    members = with_error(np.asarray(values, dtype=np.float64), error)
    m, quantiles_of_one = members.shape
    if m == 0:
        raise ValueError("the CRPS needs at least one member")
    away = float(np.abs(members - observed).mean())
    if m == 1:
        return away
    pairs = _pairs(members.ravel()) - m * _pairs(members[0])
    return float(away - pairs / (m * (m - 1) * quantiles_of_one**2))


def _pairs(values: NDArray[np.float64]) -> float:
    """Return the sum of |x - x'| over pairs of values, each counted once."""
    n = values.size
    return float(((2.0 * np.arange(n) - n + 1) * np.sort(values)).sum())


def weighted_crps(
    values: NDArray[np.float64], weights: NDArray[np.float64], observed: float
) -> float:
    """Return the CRPS of weighted members: E|X - y| - E|X - X'|/2; weights sum to 1."""
    order = np.argsort(values)
    x, w = values[order], weights[order]
    below = np.cumsum(w) - w
    # E|X - X'| = 2 sum_i w_i x_i (2 F(i-) + w_i - 1), with F the weight below
    spread_of = 2.0 * float(w @ (x * (2.0 * below + w - 1.0)))
    return float(w @ np.abs(x - observed)) - 0.5 * spread_of
