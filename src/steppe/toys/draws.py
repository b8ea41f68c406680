"""Addressed draws of the toys: whole numbers below a bound, and random orders.

``index`` in an address tells apart draws of one purpose; all toys use the generator of the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import philox

Ints = NDArray[np.int64]
Key = tuple[int, int]
"""The two words that ``core.random.key_of`` makes of a seed."""


def below(word: int, bound: int) -> int:
    """Return a whole number in 0..bound-1 from a 32-bit ``word``; bias is below bound / 2**32."""
    return (word * bound) >> 32


def shuffle(order: Ints, step: int, tail: int, key: Key) -> None:
    """Write a random order of 0..n-1 into ``order`` (n,): Fisher and Yates, addressed by step.

    The order depends on the address only, not on what stood in ``order`` before.
    """
    n = len(order)
    for i in range(n):
        order[i] = i
    i = n - 1
    while i > 0:
        w0, w1, w2, w3 = philox(i, 0, step, tail, *key)
        i = exchange(order, i, w0)
        i = exchange(order, i, w1)
        i = exchange(order, i, w2)
        i = exchange(order, i, w3)


def exchange(order: Ints, i: int, word: int) -> int:
    """Exchange element ``i`` with one at or before it; return the position before ``i``."""
    if i > 0:
        j = below(word, i + 1)
        last = order[i]
        order[i] = order[j]
        order[j] = last
    return i - 1
