"""The six questions that landmarks are asked, B1 to B6: outcome, what to beat, and the model.

A chance is scored by the Brier score, a size by the CRPS of its log10. What to beat is what one
says at once: that things stay as they are, the size class alone, how protests grew elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.scoring import weighted_crps
from steppe.research.landmarks import models
from steppe.research.landmarks.table import Landmarks

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLASSES = np.array([100.0, 1_000.0, 10_000.0, 100_000.0])
LARGE = 1_000.0
PRIOR_COUNT = 5.0
"""Landmarks of the base rate that a group's own rate is drawn to it by."""


@dataclass(frozen=True, slots=True)
class RowScores:
    """Scores of each row (row,): base rate, what to beat, the model."""

    base: Floats
    bar: Floats
    model: Floats


Forecast = Callable[[Landmarks, Landmarks], RowScores]
"""From landmarks to learn from, and others, to the scores of the others."""


@dataclass(frozen=True, slots=True)
class BenchmarkTask:
    """One question: which landmarks it is asked of, and how they are forecast.

    ``learns`` are the landmarks that may be learnt from; they may be of more days.
    """

    name: str
    title: str
    to_beat: str
    asks: Callable[[Landmarks], Mask]
    learns: Callable[[Landmarks], Mask]
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class ChanceForecast:
    """P(``outcome`` is 1) by a logistic regression on ``inputs``.

    To beat is the rate by group, where there is one, else the base rate.
    """

    outcome: str
    inputs: Callable[[Landmarks], Floats]
    group: Callable[[Landmarks], Floats] | None

    def __call__(self, training: Landmarks, rows: Landmarks) -> RowScores:
        """Return the Brier scores of ``rows``."""
        past, happened = training[self.outcome], rows[self.outcome]
        same_day = np.isin(training["day"], rows["day"])
        base = np.full(len(rows), past[same_day].mean())
        model = models.chances(self.inputs(training), past, self.inputs(rows))
        rates = base
        if self.group is not None:
            part = training.take(same_day)
            rates = _rates(self.group(part), part[self.outcome], self.group(rows))
        return RowScores(*((p - happened) ** 2 for p in (base, rates, model)))


def _rates(groups: Floats, outcome: Floats, others: Floats) -> Floats:
    """Return the rate of each group, drawn to the rate of all."""
    overall = float(outcome.mean())
    rates = np.full(len(others), overall)
    for one in np.unique(others):
        own = outcome[groups == one]
        rates[others == one] = (own.sum() + PRIOR_COUNT * overall) / (len(own) + PRIOR_COUNT)
    return rates


def size_class(rows: Landmarks) -> Floats:
    """Return the class of the largest crowd so far, 0 to 4."""
    return np.searchsorted(CLASSES, rows["largest_so_far"], side="right").astype(np.float64)


def going_on(rows: Landmarks) -> Floats:
    """Return whether an event runs on."""
    return rows["running"]


def forecast_final_peak(training: Landmarks, rows: Landmarks) -> RowScores:
    """Forecast the largest crowd of the first 30 days of protests of 1,000 and more.

    Base: the peaks of others; to beat: their growth from the first day; model: P(it grows at all)
    by regression, growth of others of the same class.
    """
    first, y = _log_size(training), _final_peak(training)
    now, truth = _log_size(rows), _final_peak(rows)
    grows = (y > first).astype(np.float64)
    p = models.chances(models.all_inputs(training), grows, models.all_inputs(rows))
    classes, mine = size_class(training), size_class(rows)
    even = np.full(len(y), 1.0 / len(y))
    base, bar, model = (np.empty(len(rows)) for _ in range(3))
    for k in range(len(rows)):
        base[k] = weighted_crps(y, even, truth[k])
        bar[k] = weighted_crps(now[k] + y - first, even, truth[k])
        ups = (y - first)[(classes == mine[k]) & (grows > 0.0)]
        ups = ups if ups.size else (y - first)[grows > 0.0]
        model[k] = weighted_crps(*_hurdle(p[k], now[k], now[k] + ups), truth[k])
    return RowScores(base, bar, model)


def forecast_next_largest(training: Landmarks, rows: Landmarks) -> RowScores:
    """Forecast log10(1 + largest crowd of the next 14 days), 0 where none comes.

    Base: that of others; to beat: the growth of others of the same class; model: P(any comes) and
    its size, each by regression.
    """
    y, truth = (np.log10(1.0 + one["largest_14d"]) for one in (training, rows))
    first, now = _log_size(training), _log_size(rows)
    comes = y > 0.0
    inputs, mine = models.all_inputs(training), models.all_inputs(rows)
    p = models.chances(inputs, comes.astype(np.float64), mine)
    members = np.maximum(models.sizes(inputs[comes], y[comes], mine), 0.0)
    classes, own = size_class(training), size_class(rows)
    even = np.full(len(y), 1.0 / len(y))
    base, bar, model = (np.empty(len(rows)) for _ in range(3))
    for k in range(len(rows)):
        base[k] = weighted_crps(y, even, truth[k])
        same = classes == own[k] if (classes == own[k]).any() else np.ones(len(y), dtype=np.bool_)
        grown = np.maximum(now[k] + (y - first)[same & comes], 0.0)
        bar[k] = weighted_crps(*_hurdle(float(comes[same].mean()), 0.0, grown), truth[k])
        model[k] = weighted_crps(*_hurdle(p[k], 0.0, members[k]), truth[k])
    return RowScores(base, bar, model)


def _hurdle(p: float, at: float, members: Floats) -> tuple[Floats, Floats]:
    """Return members and weights of: ``at`` with 1 - p, else one of ``members``."""
    if not members.size:
        return np.array([at]), np.ones(1)
    values = np.append(members, at)
    return values, np.append(np.full(len(members), p / len(members)), 1.0 - p)


def _log_size(rows: Landmarks) -> Floats:
    return np.log10(np.maximum(rows["largest_so_far"], 1.0))


def _final_peak(rows: Landmarks) -> Floats:
    return np.maximum(_log_size(rows), np.log10(np.maximum(rows["largest_30d"], 1.0)))


def _on(day: float, outcome: str) -> Callable[[Landmarks], Mask]:
    return lambda rows: np.asarray((rows["day"] == day) & (rows[outcome] >= 0.0))


def _late(rows: Landmarks) -> Mask:
    return np.asarray((rows["day"] >= 3.0) & (rows["ends_7d"] >= 0.0))


def _large(rows: Landmarks) -> Mask:
    return _on(1.0, "largest_30d")(rows) & (rows["largest_so_far"] >= LARGE)


def _chance(
    name: str, words: tuple[str, str], day: float, forecast: ChanceForecast
) -> BenchmarkTask:
    asks = _on(day, forecast.outcome)
    learns = _late if forecast.outcome == "ends_7d" else asks
    return BenchmarkTask(name, *words, asks, learns, forecast)


_ENDS = ChanceForecast("ends_7d", models.end_inputs, going_on)

TASKS = (
    _chance("B1", ("ends within 7 days, at day 3", "is it going on"), 3.0, _ENDS),
    _chance("B1 at day 7", ("ends within 7 days, at day 7", "is it going on"), 7.0, _ENDS),
    _chance("B2", ("next size class within 30 days, at day 1", "the size class"), 1.0,
            ChanceForecast("escalates_30d", models.all_inputs, size_class)),
    _chance("B3", ("lethal within the next 30 days, at day 1", "the base rate"), 1.0,
            ChanceForecast("lethal_30d", models.all_inputs, None)),
    _chance("B4", ("lethal that day, given size, violence and demand", "the base rate"), 1.0,
            ChanceForecast("lethal", models.violence_inputs, None)),
    BenchmarkTask("B5", "largest of 30 days, given 1,000 and more on day 1", "growth elsewhere",
         _large, _large, forecast_final_peak),
    BenchmarkTask("B6", "largest of the next 14 days, at day 3", "growth elsewhere",
         _on(3.0, "largest_14d"), _on(3.0, "largest_14d"), forecast_next_largest),
)  # fmt: skip
"""The questions, in order; B1 is asked on two days."""
