"""Simulated recovery: would the method find parameters that are known?

Runs of the design are treated as if they had been observed, with errors of their own, one vector
at a time; everything that the same vector left is kept from the fit. No run is made for it. The
rank of the true value in its posterior must be uniform (Talts et al., arXiv:1804.06788, 2018), and
an interval of 50 or 90 % must hold it so often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.study.calibration.abc import distribution, quantiles
from steppe.study.calibration.inference import FigureEvidence, Method

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TESTS = 200
"""Vectors treated as observed, spread over the design."""

BINS = 10
"""Bins of the histogram of ranks."""

ALARM = 0.01
"""Probability of ranks less uniform than these below which the method is said to err."""


@dataclass(frozen=True, slots=True)
class ParameterRecovery:
    """How well one parameter is found again, over ``n`` vectors treated as observed.

    ``covered50`` and ``covered90`` are the shares of intervals that hold the truth; ``learnt`` is
    1 - (mean squared error of the posterior median) / (variance of the truth), on the scale of
    normal scores; ``ranks`` the histogram of ranks, ``p`` the probability of a chi-square as large.
    """

    path: str
    n: int
    covered50: float
    covered90: float
    learnt: float
    ranks: tuple[int, ...]
    p: float

    @property
    def sound(self) -> bool:
        """Whether the ranks are as uniform as those of a method that makes no error."""
        return self.p >= ALARM


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came of the test: each parameter, and how far the kernel had to reach each time."""

    parameters: tuple[ParameterRecovery, ...]
    reaches: Floats

    def edge(self, reach: float) -> float:
        """Return the share of tests whose kernel had to reach less far than ``reach``.

        Near 1, the observation lies where the model hardly ever goes.
        """
        return float((self.reaches < reach).mean())


def recovery(data: FigureEvidence, *, method: Method, tests: int | None = None) -> Recovery:
    """Return how ``method`` does on ``tests`` vectors of the design, by default ``TESTS``."""
    vectors = _spread(data, TESTS if tests is None else tests)
    shares, medians, truths, reaches = [], [], [], []
    for vector in vectors.tolist():
        row = int(np.flatnonzero(data.vectors == vector)[0])
        others = data.without(vector)
        draws = method(data.outputs[others], data.scores[others], data.outputs[row])
        truths.append(data.scores[row])
        shares.append(distribution(draws, data.scores[row]))
        medians.append(quantiles(draws, (0.5,))[0])
        reaches.append(draws.reach)
    share, truth, median = np.array(shares), np.array(truths), np.array(medians)
    parameters = tuple(
        _parameter_recovery(path, share[:, at], truth[:, at], median[:, at])
        for at, path in enumerate(data.infos)
    )
    return Recovery(parameters, np.array(reaches))


def _spread(data: FigureEvidence, tests: int) -> Ints:
    """Return vectors spread evenly over the design; each part of a Sobol design covers it all."""
    vectors = np.unique(data.vectors)
    if vectors.size <= tests:
        return vectors
    return vectors[np.linspace(0, vectors.size - 1, tests).round().astype(np.int64)]


def _parameter_recovery(
    path: str, share: Floats, truth: Floats, median: Floats
) -> ParameterRecovery:
    counts = np.histogram(np.clip(share, 0.0, 1.0), bins=BINS, range=(0.0, 1.0))[0]
    variance = float(truth.var())
    error = float(np.square(median - truth).mean())
    return ParameterRecovery(
        path, share.size,
        coverage(share, 0.5), coverage(share, 0.9),
        1.0 - error / variance if variance > 0.0 else 0.0,
        tuple(map(int, counts)), _uniformity(counts),
    )  # fmt: skip


def coverage(share: Floats, nominal: float) -> float:
    """Return how often a central interval of probability ``nominal`` holds the truth.

    ``share`` (test,) is the posterior probability below the truth.
    """
    tail = (1.0 - nominal) / 2.0
    return float(((share >= tail) & (share <= 1.0 - tail)).mean())


def _uniformity(counts: NDArray[np.int_]) -> float:
    """Return the probability of a chi-square at least as large as that of ``counts``."""
    from scipy.special import chdtrc

    expected = counts.sum() / counts.size
    statistic = float((np.square(counts - expected) / expected).sum()) if expected > 0.0 else 0.0
    return float(chdtrc(counts.size - 1, statistic))
