"""Response functions made of + - * / and exact scaling only, so that every machine agrees.

Library exponentials and logarithms differ in the last bit between processors and versions; one
bit can turn a citizen. The reductions and polynomials are the published ones of fdlibm
(Sun Microsystems 1993) and of Wichura, Applied Statistics 37 (1988), AS 241, written anew.

Scalar functions run in plain Python and compiled; those ending in ``_array`` do the same
operations in the same order on float64 arrays and give the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled, instead_of

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)
"""One number or an array of them: an equation in + - * / that serves both engines."""

_LN2_HI = 6.93147180369123816490e-01
_LN2_LO = 1.90821492927058770002e-10
_LOG2E = 1.44269504088896338700
_P = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
_P1, _P2, _P3, _P4, _P5 = _P
_L1 = 6.666666666666735130e-01
_L2 = 3.999999999940941908e-01
_L3 = 2.857142874366239149e-01
_L4 = 2.222219843214978396e-01
_L5 = 1.818357216161805012e-01
_L6 = 1.531383769920937332e-01
_L7 = 1.479819860511658591e-01
_SQRT_HALF = 0.70710678118654752440
_LARGEST = 700.0
"""Arguments of exp are clipped to ±700: beyond it results leave the normal numbers."""


def exp(x: float) -> float:
    """Return e**x, within 1 unit in the last place; ``x`` is clipped to [-700, 700]."""
    x = min(max(x, -_LARGEST), _LARGEST)
    k = math.floor(x * _LOG2E + 0.5)
    hi = x - k * _LN2_HI
    lo = k * _LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * (_P1 + t * (_P2 + t * (_P3 + t * (_P4 + t * _P5))))
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return math.ldexp(y, int(k))


@instead_of(exp)
def exp_by_bits(x: float) -> float:
    """Return ``exp(x)`` to the last bit, without a branch or a call.

    The power of two is put together from its bits, so that compilers make vector code of a loop;
    in plain Python it is slower.
    """
    x = min(max(x, -_LARGEST), _LARGEST)
    k = np.floor(x * _LOG2E + 0.5)
    hi = x - k * _LN2_HI
    lo = k * _LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * (_P1 + t * (_P2 + t * (_P3 + t * (_P4 + t * _P5))))
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return float(y * np.int64((int(k) + 1023) << 52).view(np.float64))


def log(x: float) -> float:
    """Return the natural logarithm of ``x`` > 0."""
    m, k = math.frexp(x)
    if m < _SQRT_HALF:
        m = m * 2.0
        k = k - 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    t1 = w * (_L2 + w * (_L4 + w * _L6))
    t2 = z * (_L1 + w * (_L3 + w * (_L5 + w * _L7)))
    r = t2 + t1
    half = 0.5 * f * f
    return k * _LN2_HI - ((half - (s * (half + r) + k * _LN2_LO)) - f)


def logistic(x: float) -> float:
    """Return 1 / (1 + e**-x), the logistic function Λ."""
    return 1.0 / (1.0 + exp(-x))


def remaining(delay: float) -> float:
    """Return what an hour leaves of what takes ``delay`` hours on average: e^(-1/tau), 0 at 0."""
    return exp(-1.0 / delay) if delay > 0.0 else 0.0


def saturation(x: float, half: float) -> float:
    """Return psi(x; h) = x / (x + h): 0 at 0, 1/2 at ``half``, linear for x << h."""
    return x / (x + half)


_A = (
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
)
_B = (
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
)
_C = (
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
)
_D = (
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
_E = (
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
_F = (
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)


def _ratio(x: float, top: tuple[float, ...], bottom: tuple[float, ...]) -> float:
    n = 0.0
    d = 0.0
    for i in range(7, -1, -1):
        n = n * x + top[i]
        d = d * x + bottom[i]
    return n / d


def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of ``u`` in (0, 1), to about 1e-16 (AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, _A, _B)
    r = math.sqrt(-log(u if q < 0.0 else 1.0 - u))
    z = _ratio(r - 1.6, _C, _D) if r <= 5.0 else _ratio(r - 5.0, _E, _F)
    return -z if q < 0.0 else z


def exp_array(x: Floats) -> Floats:
    """Return ``exp`` of each element, with the same bits as the scalar function."""
    out = np.empty(np.shape(x))
    compiled(_fill_exp)(np.ascontiguousarray(x, dtype=np.float64).reshape(-1), out.reshape(-1))
    return out


def _fill_exp(x: Floats, out: Floats) -> None:
    for i in range(len(x)):
        out[i] = exp_by_bits(x[i])


def _fill_log(x: Floats, out: Floats) -> None:
    for i in range(len(x)):
        out[i] = log(x[i])


def _fill_normal(u: Floats, out: Floats) -> None:
    for i in range(len(u)):
        out[i] = normal_quantile(u[i])


def log_array(x: Floats) -> Floats:
    """Return ``log`` of each element, with the same bits as the scalar function."""
    out = np.empty(len(x))
    compiled(_fill_log)(np.ascontiguousarray(x), out)
    return out


def logistic_array(x: Floats) -> Floats:
    """Return ``logistic`` of each element, with the same bits as the scalar function."""
    return 1.0 / (1.0 + exp_array(-x))


def saturation_array(x: Floats, half: float) -> Floats:
    """Return psi(x; h) of each element."""
    return x / (x + half)


def normal_array(u: Floats) -> Floats:
    """Return the standard normal quantile of each element of ``u``."""
    out = np.empty(len(u))
    compiled(_fill_normal)(np.ascontiguousarray(u), out)
    return out


def exact_sum(values: Iterable[float]) -> float:
    """Return the correctly rounded sum, which no order of summation can change."""
    if isinstance(values, np.ndarray):
        if values.ndim == 1 and values.dtype == np.float64:
            total, lost = compiled(sum_with_rest)(values)
            if lost == 0.0:
                return float(total)
        values = values.tolist()
    return math.fsum(values)


def sum_with_rest(values: Floats) -> tuple[float, float]:
    """Return a sum, and how much was lost in it: where that is 0, the sum is rounded correctly.

    The error of each addition is found exactly and added up (Knuth's two-sum, as in Ogita, Rump &
    Oishi, SIAM J. Scientific Computing 26, 2005); ``lost`` are the errors of that second sum.
    """
    total = rest = lost = 0.0
    for n in range(len(values)):
        before, more = total, values[n]
        total = before + more
        part = total - before
        error = (before - (total - part)) + (more - part)
        before = rest
        rest = before + error
        part = rest - before
        lost += abs((before - (rest - part)) + (error - part))
    return total + rest, lost


def poisson_quantile(u: float, mean: float) -> int:
    """Return the smallest n with P(Poisson(mean) <= n) >= u; ``mean`` up to 600."""
    if not 0.0 <= mean <= 600.0:
        raise ValueError(f"mean must be in 0..600, got {mean}")
    return poisson_search(u, mean)


def poisson_search(u: float, mean: float) -> int:
    """Return the Poisson quantile as ``poisson_quantile`` does, without a check of ``mean``."""
    term = exp(-mean)
    total = term
    n = 0
    while total < u and n < 4000:
        n += 1
        term = term * mean / n
        total = total + term
    return n
