"""Places: gravity of personal ties, cells of sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def gravity(distance: Floats, people: Floats, half: float) -> Ints:
    """Return thresholds of 32-bit words that choose another place by gravity, (n, n).

    Weight of place q seen from p: N_q / (1 + (d_pq / half)^2), none for p itself. Row p is
    cumulative: a word w chooses the first q with w < thresholds[p, q].
    """
    ratio = distance / half
    weight = people[None, :] / (1.0 + ratio * ratio)
    weight = weight * (1.0 - np.eye(len(people)))
    total = np.cumsum(weight, axis=1)
    last = total[:, -1:]
    share = np.divide(total, last, out=np.ones_like(total), where=last > 0.0)
    thresholds = np.floor(share * 4294967296.0).astype(np.int64)
    thresholds[:, -1] = 4294967296
    return thresholds


def cell_counts(people: Ints, size: float) -> Ints:
    """Return how many cells of about ``size`` people each place has, at least one."""
    return np.maximum(1, np.floor(people / size + 0.5)).astype(np.int64)
