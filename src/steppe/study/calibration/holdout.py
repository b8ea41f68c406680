"""Held-out checks inside a case: fit to a part of what was observed, predict the rest.

The runs are those of the calibration; none is made for it. A prediction is of the figure as it
would be observed, so it holds the error of observation. It is scored by the CRPS on the scale of
comparison (log10(1 + x) for counts) beside three forecasts that know less: that nothing changes
(persistence), what other crises looked like (climatology), and the model before it is fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.evidence.scoring import Verdict, fair_crps, judge
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL
from steppe.study.calibration.abc import WeightedSample, quantiles, resample
from steppe.study.calibration.inference import ByDistance, errors, shown_figures
from steppe.study.calibration.predictive import WORST_FIRST
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import CalibrationTarget, figures, to_scale
from steppe.study.parameters import priors

Floats = NDArray[np.float64]

Climatology = Callable[[Scenario, ResolvedTarget], Floats | None]
"""Figures of other crises (case,) that stand for a target's, in its unit; None where none do."""

MEMBERS = 500
"""Equally weighted members of a prediction, for scores."""

CENTRAL = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Split:
    """A way to part the targets: those in ``fit`` are used, those in ``predict`` foretold.

    Both are given a target and the day of the height (see ``height``).
    """

    name: str
    title: str
    fit: Callable[[ResolvedTarget, str], bool]
    predict: Callable[[ResolvedTarget, str], bool]


SPLITS: Mapping[str, Split] = {
    one.name: one
    for one in (
        Split(
            "days", "Fitted to the days up to the height, predicting the days after it",
            lambda one, height: one.target.date <= height,
            lambda one, height: one.observable.kind == "day" and one.target.date > height,
        ),
        Split(
            "regions", "Fitted to national figures, predicting those of regions",
            lambda one, _: one.target.region == NATIONAL,
            lambda one, _: one.target.region != NATIONAL,
        ),
        Split(
            "deaths", "Fitted without deaths, predicting them",
            lambda one, _: one.observable.group != "killed",
            lambda one, _: one.observable.group == "killed",
        ),
    )
}  # fmt: skip


def height(targets: Sequence[CalibrationTarget]) -> str:
    """Return the day on which most people were on the street, of the days that are fitted.

    Raises ``ValueError`` when no day is.
    """
    days = [
        (one.resolved.target.value or 0.0, one.resolved.target.date) for one in targets
        if one.resolved.observable.group == "turnout" and one.resolved.observable.kind == "day"
        and one.resolved.target.region == NATIONAL
    ]  # fmt: skip
    if not days:
        raise ValueError("no figure of people on the street on a day is fitted")
    return max(days)[1]


@dataclass(frozen=True, slots=True)
class HeldOutForecast:
    """One figure that was not used, and what was foretold of it.

    ``predicted`` are the 5, 25, 50, 75 and 95 % quantiles in the unit of the figure, ``observed``
    (low, value, high). Scores are CRPS on the scale of comparison, None where there is no figure
    or no such forecast.
    """

    id: str
    title: str
    unit: str
    group: str
    observed: tuple[float | None, float | None, float | None]
    predicted: tuple[float, float, float, float, float]
    verdict: Verdict
    crps: float | None
    persistence: float | None
    climatology: float | None
    prior: float | None
    inside50: bool | None
    inside90: bool | None


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How one split did, figure by figure, those missed first."""

    name: str
    title: str
    fitted: tuple[str, ...]
    figures: tuple[HeldOutForecast, ...]

    def covered(self, central: int) -> float | None:
        """Return the share of figures inside their central 50 or 90 % interval."""
        flags = [f.inside50 if central == 50 else f.inside90 for f in self.figures]
        inside = [flag for flag in flags if flag is not None]
        return sum(inside) / len(inside) if inside else None

    def skill(self, reference: str) -> tuple[float, float, int] | None:
        """Return mean CRPS of prediction and of ``reference``, over the figures that have both."""
        pairs = [
            (f.crps, other) for f in self.figures
            if f.crps is not None and (other := getattr(f, reference)) is not None
        ]  # fmt: skip
        if not pairs:
            return None
        own, beside = zip(*pairs, strict=True)
        return sum(own) / len(pairs), sum(beside) / len(pairs), len(pairs)


def training_of(
    scenario: Scenario, targets: Sequence[CalibrationTarget], split: Split
) -> tuple[ResolvedTarget, ...]:
    """Return every figure of the case that a fit to one side of ``split`` may see."""
    day = height(targets)
    return tuple(
        one for one in figures(scenario) if split.fit(one, day) and not split.predict(one, day)
    )


def hold_out(
    scenario: Scenario, runs: SimulationTable, targets: Sequence[CalibrationTarget], split: Split,
    climatology: Climatology | None = None,
) -> HeldOut:  # fmt: skip
    """Return how a fit to a part of ``targets`` foretells the other figures of ``scenario``.

    The order of ``runs`` is of no account. Raises ``ValueError`` when the case has nothing on one
    of the two sides.
    """
    runs = runs.in_order()
    day = height(targets)
    training = training_of(scenario, targets, split)
    rest = tuple(
        one for one in figures(scenario) if split.predict(one, day) and _is_finite(runs, one)
    )
    if not training or not rest:
        raise ValueError(f"the case has nothing to {'predict' if training else 'fit to'} here")
    data = shown_figures(runs, priors(scenario), training)
    clean = np.column_stack([to_scale(one, runs.column(one.target.id)) for one in rest])
    draws = ByDistance.to(training)(data.outputs, data.scores, data.observed, carry=clean)
    tolerance = _tolerances(targets, rest)
    noise = errors(draws.carried.shape, 0) * tolerance
    before = clean + errors(clean.shape, 1) * tolerance
    forecasts = [
        _held_out_forecast(
            one, _Forecast(draws, draws.carried[:, at], noise[:, at], before[:, at]),
            _persists(scenario, one, lambda other: split.predict(other, day)),
            climatology(scenario, one) if climatology else None,
        )
        for at, one in enumerate(rest)
    ]  # fmt: skip
    forecasts.sort(key=lambda figure: (WORST_FIRST.index(figure.verdict), -(figure.crps or 0.0)))
    return HeldOut(
        split.name, split.title, tuple(one.target.id for one in training), tuple(forecasts)
    )


def _is_finite(runs: SimulationTable, target: ResolvedTarget) -> bool:
    return bool(np.isfinite(runs.column(target.target.id)).all())


def _tolerances(targets: Sequence[CalibrationTarget], rest: Iterable[ResolvedTarget]) -> Floats:
    """Return the error of each figure: as fitted, else half the observed range."""
    tolerances = {one.id: one.tolerance for one in targets}
    return np.array([tolerances.get(one.target.id, _half_range(one)) for one in rest])


def _half_range(one: ResolvedTarget) -> float:
    low, high = one.bounds
    if low is None or high is None:
        return 0.0
    ends = to_scale(one, np.array([low, high]))
    return float(ends[1] - ends[0]) / 2.0


@dataclass(frozen=True, slots=True)
class _Forecast:
    """A prediction on the scale of comparison: draws, their errors, and the runs before a fit."""

    draws: WeightedSample
    results: Floats
    noise: Floats
    before: Floats


def _held_out_forecast(
    one: ResolvedTarget, forecast: _Forecast, persists: float | None, others: Floats | None
) -> HeldOutForecast:
    is_count = one.observable.is_count
    low, high = (0.0, np.inf) if is_count else (-np.inf, np.inf)
    center = np.clip(forecast.results, low, high)
    noisy = np.clip(forecast.results + forecast.noise, low, high)
    plain = _weighted(forecast.draws, center)
    inner = _weighted(forecast.draws, noisy)
    value = one.target.value
    observed = None if value is None else float(to_scale(one, np.array([value]))[0])
    members = noisy[resample(forecast.draws, MEMBERS, 0.5)]
    q05, median, q95 = (float(x) for x in _from_scale(one, plain[[0, 2, 4]]))
    low90, low50, middle, high50, high90 = (float(x) for x in _from_scale(one, inner))
    return HeldOutForecast(
        one.target.id, one.target.title, one.target.unit, one.observable.group,
        (one.target.low, value, one.target.high),
        (low90, low50, middle, high50, high90),
        judge((q05, median, q95), *one.bounds),
        None if observed is None else fair_crps(members, observed),
        None if observed is None or persists is None else abs(persists - observed),
        None if observed is None or others is None else fair_crps(to_scale(one, others), observed),
        None if observed is None else fair_crps(np.clip(forecast.before, low, high), observed),
        None if observed is None else bool(inner[1] <= observed <= inner[3]),
        None if observed is None else bool(inner[0] <= observed <= inner[4]),
    )  # fmt: skip


def _weighted(draws: WeightedSample, values: Floats) -> Floats:
    one = WeightedSample(
        values[:, None], draws.weights, draws.rows, draws.reach, draws.carried[:, :0]
    )
    return quantiles(one, CENTRAL)[:, 0]


def _from_scale(one: ResolvedTarget, values: Floats) -> Floats:
    if not one.observable.is_count:
        return values
    counts: Floats = np.power(10.0, values) - 1.0
    return counts


def _persists(
    scenario: Scenario, one: ResolvedTarget, is_held_out: Callable[[ResolvedTarget], bool]
) -> float | None:
    """Return the last earlier figure of the same observable that is not foretold, scaled."""
    if one.observable.kind != "day":
        return None
    earlier = [
        other for other in figures(scenario)
        if other.target.observable == one.target.observable
        and other.target.region == one.target.region
        and other.target.value is not None
        and other.target.date < one.target.date
        and not is_held_out(other)
    ]  # fmt: skip
    if not earlier:
        return None
    last = max(earlier, key=lambda other: other.target.date)
    assert last.target.value is not None
    return float(to_scale(last, np.array([last.target.value]))[0])
