"""From a table of simulations and what was observed to a posterior sample of parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.params import ParameterInfo
from steppe.core.random import Purpose, key_of, uniforms
from steppe.evidence.targets import ResolvedTarget
from steppe.study.calibration.abc import (
    WeightedSample,
    from_scores,
    infer,
    nearest,
    normal_scores,
    quantiles,
    resample,
)
from steppe.study.calibration.design import unit_of, values_of
from steppe.study.calibration.distance import FigureRange, steps_apart
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import CalibrationTarget

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COPIES = 5
"""Errors of observation drawn for each run; the runs are dear, the errors are not."""

ERROR_SEED = 1
"""Seed of the errors of observation."""

Method = Callable[[Floats, Floats, Floats], WeightedSample]
"""How quantities are inferred: outputs (row, output), quantities (row, quantity), observed."""


@dataclass(frozen=True, slots=True)
class FigureEvidence:
    """Simulations beside what was observed, both on the scale of comparison.

    ``outputs`` (row, figure) are what runs show, ``scores`` (row, parameter) the normal scores of
    the parameters, ``observed`` (figure,) the figures; ``vectors`` and ``runs`` (row,) say whose
    the rows are.
    """

    infos: Mapping[str, ParameterInfo]
    outputs: Floats
    scores: Floats
    observed: Floats
    vectors: Ints
    runs: Ints

    def without(self, vector: int) -> NDArray[np.bool_]:
        """Return (row,): the rows of all vectors but one."""
        others: NDArray[np.bool_] = self.vectors != vector
        return others


def evidence(
    table: SimulationTable,
    infos: Mapping[str, ParameterInfo],
    targets: Sequence[CalibrationTarget],
) -> FigureEvidence:
    """Return the runs of ``table`` as evidence on ``targets``, with errors of the observation.

    Each run of the table has ``COPIES`` rows, each with its own errors. Raises ``ValueError`` when
    a run does not show one of them, for it cannot be compared.
    """
    clean = np.column_stack([one.scaled(table.column(one.id)) for one in targets])
    finite = np.isfinite(clean)
    if not finite.all():
        lacking = [one.id for one, fine in zip(targets, finite.T, strict=True) if not fine.all()]
        raise ValueError(f"runs are too short to show {', '.join(lacking)}")
    tolerance = np.array([one.tolerance for one in targets])
    scores = _scores(table, infos)
    copies = [clean + tolerance * errors(clean.shape, copy) for copy in range(COPIES)]
    return FigureEvidence(
        infos, np.concatenate(copies), np.tile(scores, (COPIES, 1)),
        np.array([one.observed for one in targets]), np.tile(table.vectors, COPIES),
        np.tile(np.arange(len(table)), COPIES),
    )  # fmt: skip


def _scores(table: SimulationTable, infos: Mapping[str, ParameterInfo]) -> Floats:
    return normal_scores(np.clip(unit_of(infos, table.values), 1e-9, 1.0 - 1e-9))


def shown_figures(
    table: SimulationTable,
    infos: Mapping[str, ParameterInfo],
    figures: Sequence[ResolvedTarget],
) -> FigureEvidence:
    """Return the runs of ``table`` as evidence on ``figures``, in steps of the distance."""
    ranges = [FigureRange(one) for one in figures]
    columns = [one.figures_of(table.column(one.target.target.id)) for one in ranges]
    return FigureEvidence(
        infos, np.column_stack(columns), _scores(table, infos),
        np.array([one.center for one in ranges]), table.vectors, np.arange(len(table)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ByDistance:
    """The default method: the runs that are nearest by the distance of the search.

    A run counts as observed with the ranges that the figures have, of half width ``slack``
    (figure,) in steps. All runs of a vector count with their mean distance, so that none is kept
    for one lucky run. Nothing is moved, so no draw is a vector that was never run.
    """

    slack: Floats

    @classmethod
    def to(cls, figures: Sequence[ResolvedTarget]) -> ByDistance:
        """Return the method for ``figures``, whose order is that of the outputs."""
        return cls(np.array([FigureRange(one).slack for one in figures]))

    def __call__(
        self, outputs: Floats, quantities: Floats, observed: Floats, *, carry: Floats | None = None
    ) -> WeightedSample:
        """Return the nearest runs, with what they ``carry`` (row, quantity)."""
        distance = steps_apart(outputs, observed, self.slack).sum(axis=1)
        _, vector = np.unique(quantities, axis=0, return_inverse=True)
        mean = np.bincount(vector.ravel(), distance) / np.bincount(vector.ravel())
        return nearest(mean[vector.ravel()], quantities, NEAREST, carry=carry)


NEAREST = 0.5
"""Share of the runs that is kept: the search has ruled out what is far."""


def errors(shape: tuple[int, ...], copy: int) -> Floats:
    """Return standard normal errors (run, target): a function of run, target and ``copy``."""
    runs, width = shape
    columns = [
        uniforms(key_of(ERROR_SEED), Purpose.POSTERIOR, copy, runs, index) for index in range(width)
    ]
    return normal_scores(np.column_stack(columns))


def regression(outputs: Floats, quantities: Floats, observed: Floats) -> WeightedSample:
    """Infer by semi-automatic summaries and local linear regression."""
    return infer(outputs, quantities, observed)


@dataclass(frozen=True, slots=True)
class Marginal:
    """What is known of one parameter, in its unit: quantiles, and what was learnt.

    ``narrowing`` is the width of the 90 % interval over that of the prior, both as quantiles of
    the prior: 1 where nothing is learnt.
    """

    path: str
    info: ParameterInfo
    q05: float
    q25: float
    median: float
    q75: float
    q95: float
    narrowing: float

    @property
    def unidentified(self) -> bool:
        """Whether the posterior is about as wide as the prior."""
        return self.narrowing > UNIDENTIFIED


UNIDENTIFIED = 0.9
"""Width of the posterior over that of the prior from which a parameter counts as not learnt."""

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)


def marginals(infos: Mapping[str, ParameterInfo], draws: WeightedSample) -> tuple[Marginal, ...]:
    """Return what ``draws`` (normal scores) say of each parameter."""
    unit = from_scores(quantiles(draws, PROBABILITIES))
    values = values_of(infos, unit)
    widths = (unit[-1] - unit[0]) / (PROBABILITIES[-1] - PROBABILITIES[0])
    return tuple(
        Marginal(path, info, q05, q25, median, q75, q95, width)
        for (path, info), (q05, q25, median, q75, q95), width in zip(
            infos.items(), values.T.tolist(), widths.tolist(), strict=True
        )
    )


def sample(
    infos: Mapping[str, ParameterInfo], draws: WeightedSample, size: int, seed: int
) -> Floats:
    """Return ``size`` draws of equal weight (draw, parameter), in the units of the parameters.

    Systematic resampling, then an order in which neighbours tell nothing of each other, so that
    the first few draws are a sample too. Values have six significant digits, so that what is
    written is what is run.
    """
    offset, *_ = uniforms(key_of(seed), Purpose.POSTERIOR, 0, 1, 1)
    positions = resample(draws, size, float(offset))
    order = np.argsort(uniforms(key_of(seed), Purpose.POSTERIOR, 1, size, 1), kind="stable")
    values = values_of(infos, from_scores(draws.values[positions[order]]))
    return np.array([[float(f"{x:.6g}") for x in row] for row in values.tolist()])


def correlations(draws: WeightedSample) -> Floats:
    """Return the posterior correlations (parameter, parameter) of the normal scores."""
    away = draws.values - draws.weights @ draws.values
    covariance = (away * draws.weights[:, None]).T @ away
    spread = np.sqrt(np.diag(covariance))
    spread = np.where(spread > 0.0, spread, 1.0)
    result: Floats = covariance / np.outer(spread, spread)
    return result
