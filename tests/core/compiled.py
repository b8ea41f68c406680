"""Many blocks of the generator at once, by the very source that Python runs, compiled."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from steppe.core.compile import compiled
from steppe.core.random import philox


def _run(block: Any) -> Any:
    @numba.njit
    def run(addresses: Any, out: Any) -> None:
        for i in range(len(addresses)):
            a = addresses[i]
            w = block(a[0], a[1], a[2], a[3], a[4], a[5])
            out[i, 0] = w[0]
            out[i, 1] = w[1]
            out[i, 2] = w[2]
            out[i, 3] = w[3]

    return run


_all_blocks = _run(compiled(philox))


def blocks(addresses: np.ndarray) -> np.ndarray:
    """Return the four words of each address (c0, c1, c2, c3, k0, k1)."""
    out = np.empty((len(addresses), 4), dtype=np.int64)
    _all_blocks(np.ascontiguousarray(addresses, dtype=np.int64), out)
    return out
