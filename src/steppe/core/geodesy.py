"""Distances on the Earth, made of exact operations only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KM_PER_DEGREE = 111.195
"""Mean length of a degree of latitude on a sphere of radius 6,371 km."""


def cosine(degrees: Floats) -> Floats:
    """Return the cosine of angles within ±90 degrees by its series, to 1e-12."""
    x = degrees * (3.141592653589793 / 180.0)
    square = x * x
    term = np.ones_like(x)
    total = np.ones_like(x)
    for k in range(1, 14):
        term = term * (-square / ((2 * k - 1) * (2 * k)))
        total = total + term
    return total


def distances(lat: Floats, lon: Floats) -> Floats:
    """Return distances in km, (n, n): equirectangular, exact operations only.

    The error against the great circle stays under 2 % within 2,500 km at mid latitudes.
    """
    mean = 0.5 * (lat[:, None] + lat[None, :])
    across = np.abs(lon[:, None] - lon[None, :])
    across = np.minimum(across, 360.0 - across) * cosine(mean)
    along = lat[:, None] - lat[None, :]
    return np.asarray(KM_PER_DEGREE * np.sqrt(along * along + across * across), dtype=np.float64)
