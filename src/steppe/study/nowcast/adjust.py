"""What is left of the figures' weight, as one linear step on the forecasts.

Weights hold the likelihood to the power beta. The rest is that of figures with the variance
R / (1 - beta); forecasts f are regressed on what a look would have reported, y + e, e ~ N(0, R /
(1 - beta)), and moved along the slope to what was reported: f + B (observed - y - e), B = Cov(f,
y) (Cov(y) + R / (1 - beta))^-1. That slope is the gain of the ensemble Kalman filter (Evensen,
Journal of Geophysical Research 99, 1994), and the step exact where all is linear and normal
(Emerick & Reynolds, Computers & Geosciences 55, 2013). Parameters are not touched.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array
from steppe.study.nowcast.looks import FigureVector

Floats = NDArray[np.float64]

NOISE_STREAM = 201
"""Index of the errors of figures under the purpose of searches."""


def adjust(
    forecasts: Floats, values: Floats, weights: Floats, evidence: FigureVector, beta: float
) -> Floats:
    """Return ``forecasts`` (draw, forecast) moved to the figures, given ``values`` (draw, figure).

    Figures of infinite variance count for nothing; with beta = 1 nothing is moved. The errors e
    are addressed random numbers, the same in every call.
    """
    keep = np.isfinite(evidence.variance)
    if beta >= 1.0 or not keep.any():
        return forecasts
    variance = evidence.variance[keep] / (1.0 - beta)
    y = values[:, keep]
    dy, df = (x - weights @ x for x in (y, forecasts))
    covariance = (dy * weights[:, None]).T @ dy
    cross = (df * weights[:, None]).T @ dy
    gain = np.linalg.solve(covariance + np.diag(variance), cross.T).T
    innovation = evidence.observed[keep] - y - errors(len(y), variance, weights)
    return np.asarray(forecasts + innovation @ gain.T)


def errors(draws: int, variance: Floats, weights: Floats) -> Floats:
    """Return errors (draw, figure) of the figures, of mean 0 and of their variance over draws."""
    u = uniforms(key_of(1), Purpose.SEARCH, 0, draws * len(variance), NOISE_STREAM)
    z = normal_array(u).reshape(draws, len(variance))
    z = z - weights @ z
    spread = np.sqrt(weights @ z**2)
    return np.asarray(z / np.where(spread > 0.0, spread, 1.0) * np.sqrt(variance))
