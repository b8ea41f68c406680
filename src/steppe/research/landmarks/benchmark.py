"""Landmarks scored: each by models that have learnt from no landmark of its country.

A country that the packaged landmarks have is forecast without its eighth of the countries; any
other from all of them. Intervals resample countries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.scoring import weighted_crps
from steppe.research.landmarks.table import Landmarks, open_landmarks
from steppe.research.landmarks.tasks import TASKS, BenchmarkTask, Members, RowForecasts
from steppe.study.effects import LEVELS, weights

Floats = NDArray[np.float64]

NOWHERE = -1.0
"""The fold of a country that the packaged landmarks do not have."""

DAY_7 = "B1 at day 7"


@dataclass(frozen=True, slots=True)
class TaskScore:
    """Scores of one question: model, what to beat and base rate, lower is better.

    ``gap`` is the 95 % interval of model less base rate, ``bar_gap`` of model less what to beat.
    """

    task: BenchmarkTask
    n: int
    countries: int
    score: float
    bar: float
    base: float
    gap: tuple[float, float]
    bar_gap: tuple[float, float]


def benchmark(rows: Landmarks, training: Landmarks | None = None) -> tuple[TaskScore, ...]:
    """Return the scores of ``rows`` in every question that some of them can be asked.

    ``training`` are the landmarks that are learnt from, by default those of the package.
    """
    learnt = open_landmarks() if training is None else training
    return tuple(
        task_score(task, part, learnt) for task in TASKS if len(part := rows.take(task.asks(rows)))
    )


def task_score(task: BenchmarkTask, rows: Landmarks, training: Landmarks) -> TaskScore:
    """Return the scores of ``rows``, all of which the question can be asked."""
    forecasts, truth = cross_validated(task, rows, training), task.truth(rows)
    base, bar, model = (
        crps(each, truth) for each in (forecasts.base, forecasts.bar, forecasts.model)
    )
    return TaskScore(
        task, len(rows), len(np.unique(rows.country)),
        float(model.mean()), float(bar.mean()), float(base.mean()),
        country_interval(model - base, rows.country), country_interval(model - bar, rows.country),
    )  # fmt: skip


def crps(forecasts: Sequence[Members], truth: Floats) -> Floats:
    """Return the CRPS (row,) of what was said of each row; of a chance it is the Brier score."""
    return np.array([weighted_crps(*one, y) for one, y in zip(forecasts, truth, strict=True)])


def cross_validated(task: BenchmarkTask, rows: Landmarks, training: Landmarks) -> RowForecasts:
    """Return what is said of ``rows``, each by what was learnt without its country's eighth."""
    training = training.take(task.learns(training))
    fold_of = dict(zip(training.country.tolist(), training["fold"].tolist(), strict=True))
    folds = np.array([fold_of.get(country, NOWHERE) for country in rows.country.tolist()])
    by_row: dict[int, tuple[Members, Members, Members]] = {}
    for fold in np.unique(folds):
        here = folds == fold
        part = task.forecast(training.take(training["fold"] != fold), rows.take(here))
        every = zip(part.base, part.bar, part.model, strict=True)
        by_row |= dict(zip(np.flatnonzero(here).tolist(), every, strict=True))
    base, bar, model = zip(*(by_row[k] for k in range(len(rows))), strict=True)
    return RowForecasts(base, bar, model)


def country_interval(gaps: Floats, country: NDArray[np.str_]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of ``gaps`` (row,) over resampled countries.

    NaN for a single country: nothing is known of the spread.
    """
    names, which = np.unique(country, return_inverse=True)
    if len(names) < 2:
        return float("nan"), float("nan")
    total, count = np.bincount(which, gaps), np.bincount(which).astype(np.float64)
    share = weights(len(names))
    low, high = np.quantile((share @ total) / (share @ count), LEVELS)
    return float(low), float(high)


def document(scores: Sequence[TaskScore]) -> dict[str, dict[str, object]]:
    """Return the scores for programs: B1 to B6; B1 at day 7 within B1. Six decimals."""
    content = {one.task.name: dict(_numbers(one)) for one in scores}
    late = content.pop(DAY_7, None)
    if late is not None:
        content.setdefault("B1", {})["day_7"] = late
    return content


def _numbers(one: TaskScore) -> Iterator[tuple[str, object]]:
    def six(value: float) -> float | None:
        return round(value, 6) if np.isfinite(value) else None

    yield "n", one.n
    yield "countries", one.countries
    yield "score", six(one.score)
    yield "bar", six(one.bar)
    yield "base", six(one.base)
    yield from zip(("low", "high"), map(six, one.gap), strict=True)
    yield from zip(("bar_low", "bar_high"), map(six, one.bar_gap), strict=True)
