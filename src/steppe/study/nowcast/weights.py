"""Weights of draws given figures: likelihood, tempering, a mixture to propose from, resampling.

One step of population Monte Carlo (Cappé, Guillin, Marin & Robert, Journal of Computational and
Graphical Statistics 13, 2004; Beaumont, Cornuet, Marin & Robert, Biometrika 96, 2009), in normal
scores, in which the prior is N(0, I).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SEARCH_STREAM = 200
"""Index of the first random numbers of a proposal under the purpose of searches."""


def log_likelihood(values: Floats, observed: Floats, variance: Floats) -> Floats:
    """Return ln P(observed) (draw,) but for a constant, of ``values`` (draw, figure).

    A figure of infinite variance, or one that a draw does not show (NaN), says nothing.
    """
    z2 = (values - observed) ** 2 / variance
    return np.asarray(-0.5 * np.nan_to_num(z2, nan=0.0).sum(axis=1), dtype=np.float64)


def normalized(log_weights: Floats) -> Floats:
    """Return weights that sum to 1."""
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def effective_size(weights: Floats) -> float:
    """Return how many draws of equal weight tell as much: 1 / sum w^2."""
    return float(1.0 / np.square(weights).sum())


def tempered(log_ratio: Floats, log_like: Floats, least: float) -> tuple[Floats, float]:
    """Return the weights ratio x L^beta, and the largest beta <= 1 that leaves ``least`` draws.

    ``log_ratio`` is ln(prior / proposal). Where even beta = 0 leaves fewer, beta is 0.
    """
    whole = normalized(log_ratio + log_like)
    if effective_size(whole) >= least:
        return whole, 1.0
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        size = effective_size(normalized(log_ratio + middle * log_like))
        low, high = (middle, high) if size >= least else (low, middle)
    return normalized(log_ratio + low * log_like), low


class KernelMixture:
    """A mixture of normals around weighted draws, with their mean and covariance.

    Kernels are drawn towards the mean so that the mixture is no wider than the draws (West,
    Journal of the Royal Statistical Society B 55, 1993).
    """

    def __init__(self, scores: Floats, weights: Floats) -> None:
        size, count = effective_size(weights), scores.shape[1]
        width = (4.0 / ((count + 2.0) * size)) ** (1.0 / (count + 4.0))
        mean = weights @ scores
        centred = scores - mean
        covariance = (centred * weights[:, None]).T @ centred
        shrink = count / (count + size)  # few draws know little of correlations
        covariance = (1.0 - shrink) * covariance + shrink * np.diag(np.diag(covariance))
        covariance += 1e-6 * np.eye(count)
        width = min(width, 0.95)
        self._centers = mean + np.sqrt(1.0 - width**2) * centred
        self._root = width * np.linalg.cholesky(covariance)
        self._weights = weights

    def sample(self, size: int, seed: int) -> Floats:
        """Return ``size`` draws (draw, score), by addressed random numbers of ``seed``."""
        key, count = key_of(seed), self._centers.shape[1]
        rows = np.repeat(np.arange(len(self._weights)), shares(self._weights, size))
        u = uniforms(key, Purpose.SEARCH, 0, size * count, SEARCH_STREAM)
        noise = normal_array(u).reshape(size, count)
        return np.asarray(self._centers[rows] + noise @ self._root.T)

    def log_density(self, scores: Floats) -> Floats:
        """Return ln q of ``scores`` (draw, score)."""
        keep = self._weights > 0.0
        centers = np.linalg.solve(self._root, self._centers[keep].T).T
        points = np.linalg.solve(self._root, scores.T).T
        square = (
            (points**2).sum(axis=1)[:, None] + (centers**2).sum(axis=1) - 2.0 * points @ centers.T
        )
        exponent = np.log(self._weights[keep]) - 0.5 * square
        top = exponent.max(axis=1)
        total = top + np.log(np.exp(exponent - top[:, None]).sum(axis=1))
        half = 0.5 * scores.shape[1] * np.log(2.0 * np.pi)
        return np.asarray(total - half - np.log(np.diag(self._root)).sum())


def log_normal_density(scores: Floats) -> Floats:
    """Return ln of N(0, I) of ``scores`` (draw, score)."""
    half = 0.5 * scores.shape[1] * np.log(2.0 * np.pi)
    return np.asarray(-0.5 * (scores**2).sum(axis=1) - half)


def shares(weights: Floats, size: int) -> Counts:
    """Return how often each draw is taken, ``size`` times in all: systematic, nothing by chance."""
    edges = np.floor(np.cumsum(weights) / weights.sum() * size + 0.5).astype(np.int64)
    edges[-1] = size
    return np.diff(np.maximum.accumulate(edges), prepend=0)
