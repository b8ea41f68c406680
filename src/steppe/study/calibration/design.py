"""The design: parameter vectors spread evenly over the prior, and the runs that try them.

A scrambled Sobol sequence (Owen 1998; Joe and Kuo 2008) fills the unit cube; each coordinate is
turned into a value by the prior's quantile function. The first N vectors of a longer design are
those of a shorter one, so that a study can be extended without losing a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.params import ParameterInfo, Prior
from steppe.study.calibration.smc import INSIDE
from steppe.study.parameters import priors, quantile

Floats = NDArray[np.float64]

SEED = 1
"""The scramble of the shipped design."""

LARGEST = 2**20
"""Most vectors of a design."""

FIRST_SEED = 1_000_001
"""Seeds of designs begin here, apart from the small seeds that users give."""


@dataclass(frozen=True, slots=True)
class ParameterDesign:
    """Vectors over the prior: ``unit`` (vector, parameter) in (0, 1), columns as in ``infos``."""

    infos: Mapping[str, ParameterInfo]
    unit: Floats

    def __post_init__(self) -> None:
        if self.unit.ndim != 2 or self.unit.shape[1] != len(self.infos) or not len(self.unit):
            raise ValueError(f"{self.unit.shape} vectors of {len(self.infos)} parameters")
        if not (np.all(self.unit > 0.0) and np.all(self.unit < 1.0)):
            raise ValueError("a design lies inside the unit cube")
        self.unit.setflags(write=False)

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def paths(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the columns."""
        return tuple(self.infos)

    def values(self) -> Floats:
        """Return the vectors (vector, parameter) in the units of the parameters."""
        return values_of(self.infos, self.unit)

    def row(self, vector: int) -> dict[str, float]:
        """Return the values of one vector by parameter."""
        values = values_of(self.infos, self.unit[vector : vector + 1])[0]
        return dict(zip(self.paths, map(float, values), strict=True))


def design(scenario: Scenario, vectors: int, seed: int = SEED) -> ParameterDesign:
    """Return ``vectors`` points over the priors of ``scenario``'s parameters.

    Raises ``ValueError`` when no parameter of its rules has a prior, or for a silly number.
    """
    from scipy.stats import qmc

    infos = priors(scenario)
    if not infos:
        raise ValueError("no parameter of the scenario's rules has a prior; nothing to calibrate")
    if not 1 <= vectors <= LARGEST:
        raise ValueError(f"vectors must be in 1..{LARGEST}, got {vectors}")
    power = int(np.ceil(np.log2(vectors)))
    points = qmc.Sobol(len(infos), scramble=True, rng=seed)
    unit = points.random_base2(power)[:vectors]
    # the sequence may touch 0, where a log-odds or normal score has no value
    return ParameterDesign(infos, np.clip(unit, INSIDE, 1.0 - INSIDE))


def values_of(infos: Mapping[str, ParameterInfo], unit: Floats) -> Floats:
    """Return the parameters (n, parameter) at quantiles ``unit`` (n, parameter) of their priors."""
    columns = [
        [quantile(_prior(info), float(u)) for u in column]
        for info, column in zip(infos.values(), unit.T, strict=True)
    ]
    return np.array(columns, dtype=np.float64).T


def unit_of(infos: Mapping[str, ParameterInfo], values: Floats) -> Floats:
    """Return the quantiles (n, parameter) of the priors at which ``values`` lie."""
    unit = np.empty_like(values)
    for at, info in enumerate(infos.values()):
        prior, x = _prior(info), values[:, at]
        low, high = prior.low, prior.high
        if prior.kind == "log-uniform":
            x, low, high = np.log(x), np.log(low), np.log(high)
        unit[:, at] = (x - low) / (high - low)
    return unit


def _prior(info: ParameterInfo) -> Prior:
    if info.prior is None:
        raise ValueError(f"{info.name} has no prior")
    return info.prior


def seed_of(vector: int, replicate: int) -> int:
    """Return the seed of a vector's replicate (0, 1, ...); no two runs of a design share one.

    Were seeds shared by vectors, all would be judged by the same few draws of chance. Replicates
    are a million apart, so that more of them, or more vectors, change no seed.
    """
    return FIRST_SEED + vector + replicate * LARGEST
