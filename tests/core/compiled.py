"""The foundations' scalar functions as machine code, from the very source that Python runs."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np

from steppe.core import random, response


def compiled(function: Callable[..., Any], **others: Any) -> Any:
    """Compile ``function`` with the compiled ``others`` in place of the plain ones it calls."""
    scope = {**function.__globals__, **others}
    return numba.njit(types.FunctionType(function.__code__, scope, function.__name__))


@cache
def philox() -> Any:
    return compiled(random.philox)


@cache
def exp() -> Any:
    return compiled(response.exp)


@cache
def log() -> Any:
    return compiled(response.log)


@cache
def normal_quantile() -> Any:
    ratio = compiled(response._ratio)
    return compiled(response.normal_quantile, log=log(), _ratio=ratio)


@cache
def _all_blocks() -> Any:
    block = philox()

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


def blocks(addresses: np.ndarray) -> np.ndarray:
    """Return the four words of each address (c0, c1, c2, c3, k0, k1), by the compiled source."""
    out = np.empty((len(addresses), 4), dtype=np.int64)
    _all_blocks()(np.ascontiguousarray(addresses, dtype=np.int64), out)
    return out
