"""How much of two forecasts to take: the share learnt where it is not used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steppe.research.landmarks.benchmark import crps
from steppe.research.landmarks.tasks import Members, pooled

Floats = NDArray[np.float64]

SHARES = np.linspace(0.0, 1.0, 11)
"""Shares that are tried."""


def best_shares(
    own: Sequence[Members], other: Sequence[Members], truth: Floats, fold: Floats
) -> Floats:
    """Return the share (row,) of ``own`` that scores best in all folds but that of the row.

    Of equal ones the smallest is taken, 0 where there is no other fold.
    """
    scores = np.array([
        crps([pooled(a, b, float(share)) for a, b in zip(own, other, strict=True)], truth)
        for share in SHARES
    ])  # fmt: skip
    shares = np.zeros(len(truth))
    for one in np.unique(fold):
        rest = fold != one
        if rest.any():
            shares[~rest] = SHARES[scores[:, rest].mean(axis=1).argmin()]
    return shares
