"""Landmarks scored: each by models that have learnt from no landmark of its country.

A country that the packaged landmarks have is forecast without its eighth of the countries; any
other from all of them. Intervals resample countries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.research.landmarks.table import Landmarks, open_landmarks
from steppe.research.landmarks.tasks import TASKS, BenchmarkTask, RowScores
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
    scores = _cross_validated(task, rows, training.take(task.learns(training)))
    return TaskScore(
        task, len(rows), len(np.unique(rows.country)),
        float(scores.model.mean()), float(scores.bar.mean()), float(scores.base.mean()),
        country_interval(scores.model - scores.base, rows.country),
        country_interval(scores.model - scores.bar, rows.country),
    )  # fmt: skip


def _cross_validated(task: BenchmarkTask, rows: Landmarks, training: Landmarks) -> RowScores:
    fold_of = dict(zip(training.country.tolist(), training["fold"].tolist(), strict=True))
    folds = np.array([fold_of.get(country, NOWHERE) for country in rows.country.tolist()])
    base, bar, model = (np.full(len(rows), np.nan) for _ in range(3))
    for fold in np.unique(folds):
        here = folds == fold
        part = task.forecast(training.take(training["fold"] != fold), rows.take(here))
        base[here], bar[here], model[here] = part.base, part.bar, part.model
    return RowScores(base, bar, model)


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
