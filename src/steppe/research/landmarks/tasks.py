"""The six questions that landmarks are asked, B1 to B6: outcome, what to beat, and the model.

Every forecast is weighted members: of a size its log10, of a chance 0 and 1, so that the CRPS of a
chance is its Brier score. What to beat is what one says at once: that things stay as they are, the
size class alone, how protests grew elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.research.landmarks import models
from steppe.research.landmarks.table import Landmarks

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLASSES = np.array([100.0, 1_000.0, 10_000.0, 100_000.0])
LARGE = 1_000.0
PRIOR_COUNT = 5.0
"""Landmarks of the base rate that a group's own rate is drawn to it by."""


Members = tuple[Floats, Floats]
"""What is said of one row: values (member,) and their weights (member,), which sum to 1."""


@dataclass(frozen=True, slots=True)
class RowForecasts:
    """What is said of each row: by the base rate, by what is to beat, by the model."""

    base: Sequence[Members]
    bar: Sequence[Members]
    model: Sequence[Members]


Forecast = Callable[[Landmarks, Landmarks], RowForecasts]
"""From landmarks to learn from, and others, to what is said of the others."""


@dataclass(frozen=True, slots=True)
class BenchmarkTask:
    """One question: which landmarks it is asked of, what came, and how they are forecast.

    ``learns`` are the landmarks that may be learnt from; they may be of more days.
    """

    name: str
    title: str
    to_beat: str
    asks: Callable[[Landmarks], Mask]
    learns: Callable[[Landmarks], Mask]
    truth: Callable[[Landmarks], Floats]
    forecast: Forecast


def chance(p: float) -> Members:
    """Return the members of a chance: 0 and 1."""
    return np.array([0.0, 1.0]), np.array([1.0 - p, p])


def pooled(own: Members, other: Members, share: float) -> Members:
    """Return two forecasts as one, with a ``share`` of the first."""
    return (
        np.concatenate([own[0], other[0]]),
        np.concatenate([share * own[1], (1.0 - share) * other[1]]),
    )


@dataclass(frozen=True, slots=True)
class ChanceForecast:
    """P(``outcome`` is 1) by a logistic regression on ``inputs``.

    To beat is the rate by group, where there is one, else the base rate.
    """

    outcome: str
    inputs: Callable[[Landmarks], Floats]
    group: Callable[[Landmarks], Floats] | None

    def __call__(self, training: Landmarks, rows: Landmarks) -> RowForecasts:
        """Return the chances of ``rows``."""
        past = training[self.outcome]
        same_day = np.isin(training["day"], rows["day"])
        base = np.full(len(rows), past[same_day].mean())
        model = models.chances(self.inputs(training), past, self.inputs(rows))
        rates = base
        if self.group is not None:
            part = training.take(same_day)
            rates = _rates(self.group(part), part[self.outcome], self.group(rows))
        return RowForecasts(*([chance(float(p)) for p in each] for each in (base, rates, model)))


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


def forecast_final_peak(training: Landmarks, rows: Landmarks) -> RowForecasts:
    """Forecast the largest crowd of the first 30 days of protests of 1,000 and more.

    Base: the peaks of others; to beat: their growth from the first day; model: P(it grows at all)
    by regression, growth of others of the same class.
    """
    first, y, now = _log_size(training), final_peak(training), _log_size(rows)
    grows = y > first
    p = models.chances(
        models.all_inputs(training), grows.astype(np.float64), models.all_inputs(rows)
    )
    classes, mine = size_class(training), size_class(rows)
    bar, model = [], []
    for k in range(len(rows)):
        bar.append(_even(now[k] + y - first))
        ups = (y - first)[(classes == mine[k]) & grows]
        ups = ups if ups.size else (y - first)[grows]
        model.append(_hurdle(p[k], now[k], now[k] + ups))
    return RowForecasts([_even(y)] * len(rows), bar, model)


def forecast_next_largest(training: Landmarks, rows: Landmarks) -> RowForecasts:
    """Forecast log10(1 + largest crowd of the next 14 days), 0 where none comes.

    Base: that of others; to beat: the growth of others of the same class; model: P(any comes) and
    its size, each by regression.
    """
    y, first, now = next_largest(training), _log_size(training), _log_size(rows)
    comes = y > 0.0
    inputs, mine = models.all_inputs(training), models.all_inputs(rows)
    p = models.chances(inputs, comes.astype(np.float64), mine)
    members = np.maximum(models.sizes(inputs[comes], y[comes], mine), 0.0)
    classes, own = size_class(training), size_class(rows)
    bar, model = [], []
    for k in range(len(rows)):
        same = classes == own[k] if (classes == own[k]).any() else np.ones(len(y), dtype=np.bool_)
        grown = np.maximum(now[k] + (y - first)[same & comes], 0.0)
        bar.append(_hurdle(float(comes[same].mean()), 0.0, grown))
        model.append(_hurdle(p[k], 0.0, members[k]))
    return RowForecasts([_even(y)] * len(rows), bar, model)


def _even(values: Floats) -> Members:
    return values, np.full(len(values), 1.0 / len(values))


def _hurdle(p: float, at: float, members: Floats) -> Members:
    """Return members and weights of: ``at`` with 1 - p, else one of ``members``."""
    if not members.size:
        return np.array([at]), np.ones(1)
    values = np.append(members, at)
    return values, np.append(np.full(len(members), p / len(members)), 1.0 - p)


def _log_size(rows: Landmarks) -> Floats:
    return np.log10(np.maximum(rows["largest_so_far"], 1.0))


def final_peak(rows: Landmarks) -> Floats:
    """Return log10 of the largest crowd from the first day to the thirtieth after it."""
    return np.maximum(_log_size(rows), np.log10(np.maximum(rows["largest_30d"], 1.0)))


def next_largest(rows: Landmarks) -> Floats:
    """Return log10(1 + largest crowd of the next 14 days)."""
    return np.log10(1.0 + rows["largest_14d"])


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
    return BenchmarkTask(name, *words, asks, learns, lambda rows: rows[forecast.outcome], forecast)


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
         _large, _large, final_peak, forecast_final_peak),
    BenchmarkTask("B6", "largest of the next 14 days, at day 3", "growth elsewhere",
         _on(3.0, "largest_14d"), _on(3.0, "largest_14d"), next_largest, forecast_next_largest),
)  # fmt: skip
"""The questions, in order; B1 is asked on two days."""
