"""A fit: the posterior, whether the method can be trusted here, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.params import ParameterInfo
from steppe.study.calibration.abc import WeightedSample, quantiles
from steppe.study.calibration.correlations import CorrelatedDirection, correlated_directions
from steppe.study.calibration.inference import (
    COPIES,
    FigureEvidence,
    Marginal,
    Method,
    correlations,
    evidence,
    marginals,
    regression,
    rejection,
)
from steppe.study.calibration.recovery import Recovery, recovery
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import CalibrationTarget

Floats = NDArray[np.float64]

CLOSE = 0.5
"""Medians this near, in posterior standard deviations, count as agreement of two methods."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two methods on one parameter: medians in posterior sd apart, and the ratio of their sds."""

    path: str
    apart: float
    ratio: float

    @property
    def agrees(self) -> bool:
        """Whether the medians are near."""
        return self.apart <= CLOSE


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How one fitted figure stands to the runs: before the fit, and near the observation.

    ``percentile`` is the share of simulated observations below the observed one; near 0 or 1 the
    model hardly ever shows such a figure.
    """

    id: str
    percentile: float


@dataclass(frozen=True, slots=True)
class PosteriorFit:
    """What was learnt from ``vectors`` vectors with ``runs`` runs by the ``models`` named.

    ``edge`` is the share of tests of recovery in which the kernel had to reach less far than for
    the real observation: near 1, the observation lies where the model hardly ever goes.
    """

    evidence: FigureEvidence
    draws: WeightedSample
    marginals: tuple[Marginal, ...]
    recovery: Recovery
    correlated_directions: tuple[CorrelatedDirection, ...]
    agreement: tuple[Agreement, ...]
    reproduction: tuple[Reproduction, ...]
    vectors: int
    runs: int
    models: tuple[str, ...]

    @property
    def effective(self) -> float:
        """Return the effective number of runs behind the draws; errors of a run add none."""
        return self.draws.effective / COPIES

    @property
    def edge(self) -> float:
        """Return the share of tests in which the kernel had to reach less far."""
        return self.recovery.edge(self.draws.reach)


def fit(
    runs: SimulationTable,
    infos: Mapping[str, ParameterInfo],
    targets: Sequence[CalibrationTarget],
    *,
    other: Method = rejection,
    tried: int | None = None,
) -> PosteriorFit:
    """Return the posterior of the parameters ``infos`` given ``targets``, from simulations.

    The order of ``runs`` is of no account. ``other`` is the method that the first is held
    against. Raises ``ValueError`` for too few runs or runs too short.
    """
    found = evidence(runs.in_order(), infos, targets)
    draws = regression(found.outputs, found.scores, found.observed)
    second = other(found.outputs, found.scores, found.observed)
    return PosteriorFit(
        found,
        draws,
        marginals(infos, draws),
        recovery(found, tried=tried),
        correlated_directions(tuple(infos), correlations(draws)),
        agreement(tuple(infos), draws, second),
        _reproduction(found),
        int(np.unique(runs.vectors).size),
        len(runs),
        tuple(sorted(set(runs.models))),
    )


def agreement(
    paths: Sequence[str], one: WeightedSample, other: WeightedSample
) -> tuple[Agreement, ...]:
    """Return how far two posteriors of the same parameters are apart."""
    medians = [quantiles(draws, (0.5,))[0] for draws in (one, other)]
    spreads = [_spread(draws) for draws in (one, other)]
    apart = np.abs(medians[0] - medians[1]) / spreads[0]
    ratio = spreads[1] / spreads[0]
    return tuple(
        Agreement(path, float(a), float(r)) for path, a, r in zip(paths, apart, ratio, strict=True)
    )


def _spread(draws: WeightedSample) -> Floats:
    mean = draws.weights @ draws.values
    found: Floats = np.sqrt(draws.weights @ np.square(draws.values - mean))
    return np.maximum(found, 1e-12)


def _reproduction(found: FigureEvidence) -> tuple[Reproduction, ...]:
    below = (found.outputs < found.observed).mean(axis=0)
    return tuple(
        Reproduction(one.id, float(share)) for one, share in zip(found.targets, below, strict=True)
    )
