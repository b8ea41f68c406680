"""What is believed of the parameters before any figure: every draw as standard normal scores.

In normal scores the prior is N(0, 1) in every direction, whatever it is on the parameters' own
scales, so that proposals and weights need to know nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array, normal_quantile
from steppe.study.parameters import prior_uniform, priors, quantile, rows_of
from steppe.study.population import (
    EFFECTS,
    STREAM,
    PopulationLaw,
    covariates_of,
    law_without,
    parameters_of,
)

Floats = NDArray[np.float64]

PriorSource = Literal["population", "prior"]
"""The law of all crises but this one, or the priors that the rules declare."""


@dataclass(frozen=True, slots=True)
class DrawPrior:
    """Draws of parameters: ``scores`` of a seed (score,), and the ``row`` that scores stand for."""

    source: PriorSource
    names: tuple[str, ...]
    scores: Callable[[int], Floats]
    row: Callable[[Floats], dict[str, float]]
    exit: tuple[float, float, float] | None = None
    """The chance to be out in twelve months by how a run ends, where the law says it."""


def draw_prior(scenario: Scenario, source: PriorSource) -> DrawPrior:
    """Return the prior of ``scenario``; what it or a patch of it gives itself is not drawn.

    Raises ``CaseError`` when its rules do not know the parameters of the law.
    """
    return _population(scenario) if source == "population" else _declared(scenario)


def _population(scenario: Scenario) -> DrawPrior:
    paths = rows_of(scenario, "population")(1).keys()
    return population_prior(law_without(scenario), covariates_of(scenario), paths)


def population_prior(
    law: PopulationLaw, x: Sequence[float], paths: Container[str] | None = None
) -> DrawPrior:
    """Return the prior that a law gives a country of covariates ``x``.

    Only parameters in ``paths`` are set; without it all that the law knows.
    """
    center = law.mean + law.slope @ np.asarray(x, dtype=np.float64)

    def scores(seed: int) -> Floats:
        return normal_array(uniforms(key_of(seed), Purpose.PRIOR, 0, len(EFFECTS), STREAM))

    def row(z: Floats) -> dict[str, float]:
        values = {**law.shared, **parameters_of(center + law.sd * z)}
        return {path: v for path, v in values.items() if paths is None or path in paths}

    return DrawPrior("population", tuple(one.name for one in EFFECTS), scores, row, law.exit)


def _declared(scenario: Scenario) -> DrawPrior:
    fixed = set(scenario.set_parameters)
    laws = {
        path: info.prior
        for path, info in priors(scenario).items()
        if info.prior is not None and path not in fixed
    }

    def scores(seed: int) -> Floats:
        return np.array([normal_quantile(prior_uniform(seed, path)) for path in laws])

    def row(z: Floats) -> dict[str, float]:
        u = ndtr(z)
        return {
            path: quantile(law, float(x)) for (path, law), x in zip(laws.items(), u, strict=True)
        }

    return DrawPrior("prior", tuple(laws), scores, row)
