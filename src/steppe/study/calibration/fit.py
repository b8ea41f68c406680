"""A fit: the posterior, whether the method can be trusted here, and what cannot be told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.params import ParameterInfo
from steppe.evidence.targets import ResolvedTarget
from steppe.study.calibration.abc import WeightedSample, quantiles
from steppe.study.calibration.inference import (
    ByDistance,
    FigureEvidence,
    Marginal,
    Method,
    correlations,
    evidence,
    marginals,
    regression,
    shown_figures,
)
from steppe.study.calibration.recovery import Recovery, recovery
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import CalibrationTarget, calibration_targets, figures

Floats = NDArray[np.float64]

CLOSE = 0.5
"""Medians this near, in posterior standard deviations, count as agreement of two methods."""


EXPECTED = (
    ("first_move.loss", "first_move.rate"),
    ("first_move.loss", "first_move.memory"),
    ("first_move.news", "news.half"),
    ("news.half", "news.national"),
    ("participation.half", "participation.rate"),
    ("participation.rate", "willingness.threshold"),
    ("casualties.wound", "observation.registration_delay"),
    ("contact.arrest", "round_up.rate"),
)
"""Pairs that the equations let trade off, named before any fit: the hazard of going first at no
loss against what multiplies it, news against the crowd that makes it, how fast people join against
how many are willing, what a single total identifies only as a product."""

STEEP = 0.3
"""Correlation from which a pair is listed although no equation leads one to expect it."""


@dataclass(frozen=True, slots=True)
class CorrelatedDirection:
    """Two parameters and their posterior correlation; ``expected`` if the equations say so."""

    first: str
    second: str
    correlation: float
    expected: bool


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
class CalibratedFigures:
    """What a case is fitted to: ``all`` figures by their ranges, ``fitted`` with known errors."""

    all: tuple[ResolvedTarget, ...]
    fitted: tuple[CalibrationTarget, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> CalibratedFigures:
        """Return those of a case. Raises as ``calibration_targets``."""
        return cls(figures(scenario), calibration_targets(scenario))


@dataclass(frozen=True, slots=True)
class PosteriorFit:
    """What was learnt from ``vectors`` vectors with ``runs`` runs by the ``models`` named.

    ``edge`` is the share of tests of recovery in which the kernel had to reach less far than for
    the real observation: near 1, the observation lies where the model hardly ever goes.
    """

    calibrated: CalibratedFigures
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
        """Return the effective number of runs behind the draws."""
        return self.draws.effective

    @property
    def pairs_by_chance(self) -> float:
        """Return how many pairs of unrelated parameters would be steep in a sample so small."""
        return pairs_by_chance(len(self.marginals), min(self.effective, float(self.vectors)))

    @property
    def edge(self) -> float:
        """Return the share of tests in which the kernel had to reach less far."""
        return self.recovery.edge(self.draws.reach)


def fit(
    runs: SimulationTable,
    infos: Mapping[str, ParameterInfo],
    calibrated: CalibratedFigures,
    *,
    other: Method = regression,
    tests: int | None = None,
) -> PosteriorFit:
    """Return the posterior of the parameters ``infos``, from simulations.

    It is that of the distance to all figures. The order of ``runs`` is of no account. ``other`` is
    the method that it is held against, on the figures whose error is known. Raises ``ValueError``
    for too few runs or runs too short.
    """
    runs = runs.in_order()
    simulated, method = shown_figures(runs, infos, calibrated.all), ByDistance.to(calibrated.all)
    draws = method(simulated.outputs, simulated.scores, simulated.observed)
    data = evidence(runs, infos, calibrated.fitted)
    second = other(data.outputs, data.scores, data.observed)
    return PosteriorFit(
        calibrated,
        simulated,
        draws,
        marginals(infos, draws),
        recovery(simulated, tests=tests, method=method),
        correlated_directions(tuple(infos), correlations(draws)),
        agreement(tuple(infos), draws, second),
        _reproduction(calibrated.fitted, data),
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
    distances = np.abs(medians[0] - medians[1]) / spreads[0]
    ratio = spreads[1] / spreads[0]
    return tuple(
        Agreement(path, float(a), float(r))
        for path, a, r in zip(paths, distances, ratio, strict=True)
    )


def _spread(draws: WeightedSample) -> Floats:
    mean = draws.weights @ draws.values
    sd: Floats = np.sqrt(draws.weights @ np.square(draws.values - mean))
    return np.maximum(sd, 1e-12)


def _reproduction(
    fitted: Sequence[CalibrationTarget], data: FigureEvidence
) -> tuple[Reproduction, ...]:
    below = (data.outputs < data.observed).mean(axis=0)
    return tuple(
        Reproduction(one.id, float(share)) for one, share in zip(fitted, below, strict=True)
    )


def pairs_by_chance(parameters: int, draws: float) -> float:
    """Return how many pairs of unrelated parameters reach ``STEEP`` in ``draws`` draws.

    With n independent draws artanh r is about normal with variance 1/(n - 3) (Fisher, Metron 1,
    1921).
    """
    far = math.atanh(STEEP) * math.sqrt(max(draws - 3.0, 0.0))
    return 2.0 * NormalDist().cdf(-far) * math.comb(parameters, 2)


def correlated_directions(
    paths: Sequence[str], correlations: Floats
) -> tuple[CorrelatedDirection, ...]:
    """Return every expected pair and every pair of at least ``STEEP``, the steepest first."""
    expected = {frozenset(pair) for pair in EXPECTED}
    pairs = [
        CorrelatedDirection(
            paths[a], paths[b], float(correlations[a, b]), {paths[a], paths[b]} in expected
        )
        for a, b in combinations(range(len(paths)), 2)
    ]
    steep = [pair for pair in pairs if pair.expected or abs(pair.correlation) >= STEEP]
    return tuple(sorted(steep, key=lambda r: (-abs(r.correlation), r.first, r.second)))
