"""Effects of one change: differences seed by seed, with intervals that resample pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms

Floats = NDArray[np.float64]

RESAMPLES = 2000
"""Bootstrap samples behind the interval of a mean difference."""

LEVELS = (0.025, 0.975)
"""Ends of the interval."""

COLUMNS = 4096
"""So many means are resampled at once, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Baseline minus counterfactual by seed: mean with 95 % interval, median, 90 % of seeds.

    With a single pair ``low`` and ``high`` are NaN: nothing is known of the spread.
    """

    outcome: str
    baseline: float
    variant: float
    difference: float
    low: float
    high: float
    median: float
    q05: float
    q95: float
    pairs: int


@lru_cache(maxsize=4)  # a judgement asks for the same few numbers of pairs again and again
def weights(n: int) -> Floats:
    """Return how often each of ``n`` pairs is in each resample, read only: (RESAMPLES, n)."""
    draws = uniforms(key_of(n), Purpose.RESAMPLE, 0, RESAMPLES * n)
    rows = (draws * n).astype(np.int64).reshape(RESAMPLES, n)
    rows += np.arange(RESAMPLES)[:, None] * n
    counts = np.bincount(rows.ravel(), minlength=RESAMPLES * n).reshape(RESAMPLES, n)
    weights_of = counts.astype(np.float64)
    weights_of.flags.writeable = False
    return weights_of


def interval(gaps: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % bootstrap interval of the mean over axis 0 of ``gaps``.

    All columns share their resamples. Where all gaps are equal the interval is that value; with
    one row it is NaN.
    """
    n, shape = len(gaps), gaps.shape[1:]
    flat = gaps.reshape(n, -1)
    ends = np.repeat(flat[:1], 2, axis=0)
    if n == 1:
        ends = np.full_like(ends, np.nan)
    else:
        moving = np.flatnonzero((flat != flat[0]).any(axis=0))
        share = weights(n)
        for start in range(0, len(moving), COLUMNS):
            columns = moving[start : start + COLUMNS]
            ends[:, columns] = np.quantile(share @ flat[:, columns] / n, LEVELS, axis=0)
    return ends[0].reshape(shape), ends[1].reshape(shape)


def effect(name: str, baseline: Floats, variant: Floats) -> Effect:
    """Return the paired effect on one outcome; the interval resamples pairs, not arms."""
    gaps = baseline - variant
    low, high = interval(gaps)
    q05, median, q95 = np.quantile(gaps, (0.05, 0.5, 0.95))
    return Effect(
        name, float(baseline.mean()), float(variant.mean()), float(gaps.mean()), float(low),
        float(high), float(median), float(q05), float(q95), len(gaps),
    )  # fmt: skip
