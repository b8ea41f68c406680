"""Looks: draws of the prior and what each shows of the figures, then draws near those that fit.

What simulates is given, so that a model with a known answer runs through the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.study.nowcast.weights import (
    KernelMixture,
    log_likelihood,
    log_normal_density,
    shares,
    tempered,
)

Floats = NDArray[np.float64]
Simulator = Callable[[Floats, Sequence[int]], Floats]
"""Figures (draw, figure) of scores (draw, score), each with its seed."""

PROPOSAL_SHARE = 0.1
"""Share of the first looks that the tempered weights leave for the proposal."""

LEAST_EFFECTIVE = 100.0
"""Effective size that is left to forecasts; the rest of the figures' weight is a linear step."""

REACH, REACHED_BY = 3.0, 0.01
"""A figure is shown by a look within so many of its standard deviations; a figure that a smaller
share of the first looks shows is left out of the weights."""


@dataclass(frozen=True, slots=True)
class FigureVector:
    """What was observed (figure,), and its variance (figure,)."""

    observed: Floats
    variance: Floats

    def take(self, which: NDArray[np.bool_]) -> FigureVector:
        """Return the figures named by a mask."""
        return FigureVector(self.observed[which], self.variance[which])


@dataclass(frozen=True, slots=True)
class Looks:
    """Draws with their seeds and figures; ``log_ratio`` is ln(prior / how they were proposed).

    ``usable`` (figure,) are the figures that the model can show.
    """

    scores: Floats
    seeds: NDArray[np.int64]
    figures: Floats
    log_ratio: Floats
    usable: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.seeds)

    def usable_evidence(self, evidence: FigureVector) -> FigureVector:
        """Return the figures, those that are not usable with infinite variance."""
        variance = np.where(self.usable, evidence.variance, np.inf)
        return FigureVector(evidence.observed, variance)


@dataclass(frozen=True, slots=True)
class WeightedDraws:
    """Rows of looks that go on, with their weights (sum 1).

    ``beta`` is the power of the likelihood that is in the weights, ``effective`` how many draws
    of equal weight the looks are worth with the whole of it.
    """

    rows: NDArray[np.int64]
    weights: Floats
    beta: float
    effective: float


def take_looks(
    scores_of: Callable[[int], Floats],
    simulate: Simulator,
    evidence: FigureVector,
    count: int,
    first: int = 1,
) -> Looks:
    """Return ``count`` looks of the prior and as many more near those that fit.

    Seeds are ``first`` and those after it. Without figures the prior alone is drawn from.
    """
    seeds = np.arange(first, first + count)
    scores = np.array([scores_of(int(seed)) for seed in seeds])
    values = simulate(scores, seeds.tolist())
    usable = _usable(values, evidence)
    one = Looks(scores, seeds, values, np.zeros(count), usable)
    if not usable.any() or scores.shape[1] == 0:
        return one
    log_like = _log_likelihood(one, evidence)
    weights, _ = tempered(one.log_ratio, log_like, PROPOSAL_SHARE * count)
    mixture = KernelMixture(scores, weights)
    more = mixture.sample(count, first)
    later = np.arange(first + count, first + 2 * count)
    every = np.concatenate([scores, more])
    prior, near = log_normal_density(every), mixture.log_density(every)
    ratio = prior - np.logaddexp(prior, near) + np.log(2.0)
    figures = np.concatenate([values, simulate(more, later.tolist())])
    return Looks(every, np.concatenate([seeds, later]), figures, ratio, usable)


def _usable(values: Floats, evidence: FigureVector) -> NDArray[np.bool_]:
    """Return which figures (figure,) enough looks show; those of infinite variance are none."""
    if not evidence.observed.size:
        return np.zeros(0, dtype=np.bool_)
    off = np.abs(values - evidence.observed) / np.sqrt(evidence.variance)
    with_value = np.isfinite(values).all(axis=0) & np.isfinite(evidence.variance)
    return np.asarray(with_value & ((off <= REACH).mean(axis=0) >= REACHED_BY))


def _log_likelihood(looks: Looks, evidence: FigureVector) -> Floats:
    part = evidence.take(looks.usable)
    return log_likelihood(looks.figures[:, looks.usable], part.observed, part.variance)


def condition(looks: Looks, evidence: FigureVector, size: int) -> WeightedDraws:
    """Return up to ``size`` draws given the figures; one that is taken twice has twice the weight.

    Without figures the first ``size`` looks go on, with equal weights.
    """
    if not looks.usable.any():
        rows = np.arange(min(size, len(looks)))
        return WeightedDraws(rows, np.full(len(rows), 1.0 / len(rows)), 1.0, float(len(looks)))
    log_like = _log_likelihood(looks, evidence)
    whole, _ = tempered(looks.log_ratio, log_like, 1.0)
    least = min(LEAST_EFFECTIVE, 0.5 * size)
    weights, beta = tempered(looks.log_ratio, log_like, least)
    counts = shares(weights, size)
    rows = np.flatnonzero(counts)
    return WeightedDraws(
        rows, counts[rows] / counts.sum(), beta, float(1.0 / np.square(whole).sum())
    )
