"""The designs and indices of SALib, in the unit cube of quantiles.

SALib 1.6 gives zeros for outcomes of which one is not a number, so callers refuse those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from steppe.core.extras import require
from steppe.study.axis import Axis
from steppe.study.effects import Floats

GRID = 4
"""Levels of a Morris design; a step is 2/3 of the range."""

RESAMPLES = 1000
"""Bootstrap samples behind the intervals."""

CONFIDENCE = 0.95


def morris_points(axes: Sequence[Axis], n: int, seed: int) -> Floats:
    """Return ``n`` trajectories in the unit cube: (n (len(axes) + 1), len(axes))."""
    require("SALib", "sensitivity", "sensitivity analyses")
    from SALib.sample import morris as sampler

    points: Floats = sampler.sample(_problem(axes), n, num_levels=GRID, seed=seed)
    return points


def sobol_points(axes: Sequence[Axis], n: int, seed: int) -> Floats:
    """Return the points of first and total indices: (n (len(axes) + 2), len(axes))."""
    require("SALib", "sensitivity", "sensitivity analyses")
    from SALib.sample import sobol as sampler

    points: Floats = sampler.sample(_problem(axes), n, calc_second_order=False, seed=seed)
    return points


def morris(axes: Sequence[Axis], points: int, values: Floats, seed: int) -> Mapping[str, Any]:
    """Return mu, mu_star, sigma and mu_star_conf of ``values`` (point,) by axis."""
    from SALib.analyze import morris as analyzer

    trajectories = points // (len(axes) + 1)
    indices: Mapping[str, Any] = analyzer.analyze(
        _problem(axes), morris_points(axes, trajectories, seed), np.asarray(values),
        num_levels=GRID, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    return indices


def sobol(axes: Sequence[Axis], values: Floats, seed: int) -> Mapping[str, Any]:
    """Return S1, S1_conf, ST and ST_conf of ``values`` (point,) by axis."""
    from SALib.analyze import sobol as analyzer

    indices: Mapping[str, Any] = analyzer.analyze(
        _problem(axes), np.asarray(values), calc_second_order=False,
        num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    return indices


def _problem(axes: Sequence[Axis]) -> dict[str, Any]:
    """Return the unit cube as SALib wants it: the quantiles of the ranges come afterwards."""
    names = [axis.name for axis in axes]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
