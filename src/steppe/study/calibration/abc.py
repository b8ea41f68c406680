"""Approximate Bayesian computation on a table of simulations, in plain NumPy.

Semi-automatic summaries (Fearnhead and Prangle, JRSS B 74, 2012): parameters are regressed on what
was simulated, and the fitted values, one for each parameter, are the summaries. The simulations
whose summaries lie nearest to the observed ones are kept, weighted by an Epanechnikov kernel, and
moved along a local linear regression to where the observation lies (Beaumont, Zhang and Balding,
Genetics 162, 2002). Parameters are handled as normal scores of their prior quantiles, so that a
moved draw cannot leave the prior's support and a parameter about which nothing is learnt keeps
its prior.

Every simulation has been given the error of the observation before it comes here; the result is
then exact for a model with that error, up to the kernel (Wilkinson, SAGMB 12, 2013).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

KEEP = 0.25
"""Share of the simulations that the kernel reaches."""

RIDGE = 20.0
"""Penalty of both regressions, on columns of about unit variance: that of twenty rows. Of 1, 20
and 100, 20 found known parameters again as well as any with 200 vectors, and costs little with
more."""


FEWEST = 10
"""Fewest rows that rejection keeps; a regression needs twice as many as there are outputs."""


@dataclass(frozen=True, slots=True)
class WeightedSample:
    """A weighted posterior sample: ``values`` (draw, quantity), ``weights`` (draw,) of sum 1.

    ``rows`` (draw,) are the simulations the draws were made from; ``reach`` is how far from the
    observation the kernel had to go for them, in standard units of the summaries. ``carried``
    (draw, quantity) are quantities that went along (see ``infer``).
    """

    values: Floats
    weights: Floats
    rows: Ints
    reach: float
    carried: Floats

    @property
    def effective(self) -> float:
        """Effective sample size (Kish): 1 / sum of squared weights."""
        return float(1.0 / np.square(self.weights).sum())


@dataclass(frozen=True, slots=True)
class Regression:
    """The learnt summaries: what a simulation says of each quantity, on its scale of doubt."""

    center: Floats
    spread: Floats
    coefficients: Floats
    doubt: Floats

    def summaries(self, outputs: Floats) -> Floats:
        """Return (row, quantity): fitted values in units of what the regression leaves open."""
        predictions: Floats = _features(outputs, self.center, self.spread) @ self.coefficients
        return predictions / self.doubt


def _features(outputs: Floats, center: Floats, spread: Floats) -> Floats:
    """Return 1, each output, and each output squared, of about unit variance."""
    z = (outputs - center) / spread
    return np.column_stack([np.ones(len(z)), z, (np.square(z) - 1.0) / np.sqrt(2.0)])


def _ridge(features: Floats, targets: Floats, weights: Floats | None = None) -> Floats:
    """Return the coefficients (feature, target) of a ridge regression; feature 0 is constant."""
    weighted = features if weights is None else features * weights[:, None]
    penalty = RIDGE * np.eye(features.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(weighted.T @ features + penalty, weighted.T @ targets))


def learn(outputs: Floats, quantities: Floats) -> Regression:
    """Return the regression of ``quantities`` (row, quantity) on ``outputs`` (row, output)."""
    center: Floats = outputs.mean(axis=0)
    spread: Floats = outputs.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    features = _features(outputs, center, spread)
    coefficients = _ridge(features, quantities)
    doubt: Floats = (quantities - features @ coefficients).std(axis=0)
    return Regression(center, spread, coefficients, np.where(doubt > 0.0, doubt, 1.0))


@dataclass(frozen=True, slots=True)
class Kernel:
    """Which rows are kept, as a share of all, and whether they are moved along a regression."""

    keep: float = KEEP
    adjust: bool = True


REGRESSION = Kernel()


def infer(
    outputs: Floats, quantities: Floats, observed: Floats, kernel: Kernel = REGRESSION, *,
    carry: Floats | None = None,
) -> WeightedSample:  # fmt: skip
    """Return draws of ``quantities`` given that ``observed`` (output,) was seen.

    ``outputs`` (row, output) are simulated with the error of the observation, ``quantities``
    (row, quantity) are parameters as normal scores, or anything else to be told from the outputs.
    ``carry`` (row, quantity) are further quantities, drawn along and moved alike, that have no
    say in which rows are near: what the same runs show elsewhere. Unless ``kernel`` adjusts them
    the kept rows are returned as they are: rejection with a kernel. Raises ``ValueError`` for
    tables that do not fit, or with too few rows to learn from.
    """
    fewest = 2 * outputs.shape[1] + 2 if kernel.adjust else FEWEST
    _check(outputs, quantities, observed, kernel.keep, fewest)
    learnt = learn(outputs, quantities)
    away = learnt.summaries(outputs) - learnt.summaries(observed[None, :])
    distance = np.sqrt(np.square(away).sum(axis=1))
    near = nearest(distance, quantities, kernel.keep, carry=carry)
    if not kernel.adjust:
        return near
    weights = _epanechnikov(distance[near.rows], near.reach)
    features = np.column_stack([np.ones(near.rows.size), away[near.rows]])
    values = np.column_stack([near.values, near.carried])
    slopes = _ridge(features, values, weights)[1:]
    values = values - away[near.rows] @ slopes
    width = quantities.shape[1]
    return replace(near, values=values[:, :width], carried=values[:, width:])


def nearest(
    distance: Floats, quantities: Floats, keep: float, *, carry: Floats | None = None
) -> WeightedSample:
    """Return the share ``keep`` of rows that are nearest, with the weights of Epanechnikov."""
    reach = float(np.quantile(distance, keep)) * (1.0 + 1e-12)
    rows = np.flatnonzero(distance <= reach)
    weights = _epanechnikov(distance[rows], reach)
    carried = np.empty((rows.size, 0)) if carry is None else carry[rows]
    return WeightedSample(quantities[rows], weights / weights.sum(), rows, reach, carried)


def _epanechnikov(distance: Floats, reach: float) -> Floats:
    weights = 1.0 - np.square(distance / reach) if reach > 0.0 else np.ones(distance.size)
    return np.maximum(weights, 1e-12)


def _check(outputs: Floats, quantities: Floats, observed: Floats, keep: float, least: int) -> None:
    if outputs.ndim != 2 or quantities.ndim != 2 or len(outputs) != len(quantities):
        raise ValueError(f"tables {outputs.shape} and {quantities.shape} do not fit")
    if observed.shape != outputs.shape[1:]:
        raise ValueError(f"{observed.shape} observed for {outputs.shape[1]} outputs")
    if not 0.0 < keep <= 1.0:
        raise ValueError(f"keep must be in (0, 1], got {keep:g}")
    for name, values in (("outputs", outputs), ("quantities", quantities), ("observed", observed)):
        if not np.isfinite(values).all():
            raise ValueError(f"{name} hold a value that is not a finite number")
    if len(outputs) * keep < least:
        raise ValueError(f"{len(outputs)} rows are too few: {keep:g} of them must be {least}")


def distribution(draws: WeightedSample, values: Floats) -> Floats:
    """Return (quantity,): the weighted share of draws below ``values`` (quantity,)."""
    below = draws.values < values
    ties = draws.values == values
    share: Floats = draws.weights @ (below + 0.5 * ties)
    return share


def quantiles(draws: WeightedSample, probabilities: tuple[float, ...]) -> Floats:
    """Return (probability, quantity): weighted quantiles, linear between draws."""
    order = np.argsort(draws.values, axis=0, kind="stable")
    values = np.empty((len(probabilities), draws.values.shape[1]))
    for at in range(draws.values.shape[1]):
        weights = draws.weights[order[:, at]]
        middle = np.cumsum(weights) - 0.5 * weights
        values[:, at] = np.interp(probabilities, middle, draws.values[order[:, at], at])
    return values


def resample(draws: WeightedSample, size: int, offset: float) -> Ints:
    """Return positions of ``size`` draws by systematic resampling; ``offset`` in [0, 1)."""
    steps = (np.arange(size) + offset) / size
    positions: Ints = np.searchsorted(np.cumsum(draws.weights), steps, side="right")
    return np.minimum(positions, len(draws.weights) - 1)


def normal_scores(unit: Floats) -> Floats:
    """Return the standard normal quantiles of ``unit`` in (0, 1)."""
    from scipy.special import ndtri

    scores: Floats = ndtri(unit)
    return scores


def from_scores(scores: Floats) -> Floats:
    """Return the prior quantiles in (0, 1) at normal ``scores``."""
    from scipy.special import ndtr

    unit: Floats = np.clip(ndtr(scores), 1e-12, 1.0 - 1e-12)
    return unit
