"""Powers, the normal distribution and roots, from the project's own exponentials.

Sources: Marsaglia, Journal of Statistical Software 11(4) (2004), for the series; the continued
fraction of the tail is Laplace's (Abramowitz & Stegun 1964, 26.2.14).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from steppe.core.response import exp, log

SQRT_TWO_PI = 2.50662827463100050242
_TAIL = 3.0
_FRACTIONS = 80
_HALVINGS = 200


def power(base: float, exponent: float) -> float:
    """Return base**exponent for ``base`` >= 0 and ``exponent`` > 0; exact for exponent 1."""
    if exponent == 1.0 or base == 0.0:
        return base
    return exp(exponent * log(base))


def normal_density(x: float) -> float:
    """Return the standard normal density φ(x)."""
    return exp(-0.5 * x * x) / SQRT_TWO_PI


def normal_cdf(x: float) -> float:
    """Return the standard normal distribution function Φ(x), to about 1e-15.

    |x| < 3:  Φ = 1/2 + φ(x) (x + x³/3 + x⁵/15 + ...);   beyond: φ(x) / (x + 1/(x + 2/(x + ...)))
    """
    size = abs(x)
    if size >= _TAIL:
        below = size
        for k in range(_FRACTIONS, 0, -1):
            below = size + k / below
        tail = normal_density(size) / below
        return tail if x < 0.0 else 1.0 - tail
    term = total = x
    k = 1
    while abs(term) > 1e-18:
        k += 2
        term = term * x * x / k
        total = total + term
    return 0.5 + normal_density(x) * total


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where ``f`` changes sign between ``low`` and ``high``, by halving to the last bit.

    Raises ``ValueError`` when ``f`` has the same sign at both ends.
    """
    at_low, at_high = f(low), f(high)
    if at_low == 0.0:
        return low
    if at_high == 0.0:
        return high
    if not (math.isfinite(low) and math.isfinite(high)) or (at_low > 0.0) == (at_high > 0.0):
        raise ValueError(f"no change of sign between {low} and {high}")
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if (f(middle) > 0.0) == (at_low > 0.0):
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
