"""How probable a reported count is, given what runs show.

A count of events varies by chance even where the model is right, the more in proportion the
smaller it is, so a small one is judged by its probability and not by a band. Runs whose counts
vary as much as their mean have a Poisson distribution, those that vary more a negative binomial
one of the same mean and variance. The limits were set before any run was looked at.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MET, NEAR = 1.0 / 3.0, 0.1
"""Least probability to be met (inside the central two thirds of what runs make likely) and to be
near (inside the central 90 %, as for ranges)."""


def count_probability(counts: NDArray[np.float64], low: float, high: float) -> float:
    """Return the two-sided tail probability of a count reported as ``low`` to ``high``.

    Twice the smaller of P(N <= high) and P(N >= low), at most 1, where N has the mean and the
    variance of ``counts`` (run,). Where no run shows one, half an event in all runs is assumed.
    """
    if not counts.size:
        raise ValueError("a probability needs at least one run")
    mean = max(float(counts.mean()), 0.5 / counts.size)
    variance = float(counts.var(ddof=1)) if counts.size > 1 else mean
    below = _at_most(math.floor(high), mean, variance)
    above = 1.0 - _at_most(math.ceil(low) - 1, mean, variance)
    return float(min(1.0, 2.0 * min(below, above)))


def _at_most(count: int, mean: float, variance: float) -> float:
    """Return P(N <= count) for a Poisson N, or a negative binomial one if it varies more."""
    from scipy.special import betainc, gammaincc

    if count < 0:
        return 0.0
    if variance <= mean:
        return float(gammaincc(count + 1, mean))
    size = mean**2 / (variance - mean)
    return float(betainc(size, count + 1, size / (size + mean)))


def poisson_means(low: float, high: float, outside: float = NEAR) -> tuple[float, float]:
    """Return the means under which a count of ``low`` to ``high`` is no surprise (Garwood 1936).

    The exact confidence interval of a Poisson mean: under its ends, ``low`` or more, ``high`` or
    less, has probability ``outside`` / 2.
    """
    from scipy.special import gammaincinv

    least = float(gammaincinv(low, outside / 2.0)) if low > 0 else 0.0
    return least, float(gammaincinv(high + 1.0, 1.0 - outside / 2.0))
