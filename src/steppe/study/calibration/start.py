"""Where a search begins that need not search the whole prior: at an earlier sample of the case.

After a change of a rule most of what was found before is still near. What the search then leaves is
judged by the new rules alone; it has not looked where the earlier search did not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.study.calibration.design import design, unit_of
from steppe.study.calibration.smc import INSIDE, SmcResult
from steppe.study.parameters import priors
from steppe.study.posterior import Posterior

Floats = NDArray[np.float64]

ROUNDED = 1e-5
"""How far a value that was written with six digits may lie outside its prior, in parts of it."""


def first_vectors(scenario: Scenario, sample: Posterior, count: int, seed: int) -> Floats:
    """Return ``count`` vectors (vector, parameter) in the unit cube: the draws, over and over.

    A parameter that ``sample`` does not have is drawn from its prior, one that is not fitted has no
    effect. Raises ``SteppeError`` for a draw outside a prior.
    """
    infos = priors(scenario)
    unit = design(scenario, count, seed).unit.copy()
    for at, (path, info) in enumerate(infos.items()):
        if path in sample.paths:
            values = sample.values[:, [sample.paths.index(path)]]
            with np.errstate(invalid="ignore", divide="ignore"):  # no logarithm: outside as well
                own = unit_of({path: info}, values)[:, 0]
            outside = np.flatnonzero(~((own >= -ROUNDED) & (own <= 1.0 + ROUNDED)))
            if outside.size:
                draw = int(outside[0])
                raise SteppeError(
                    f"draw {draw + 1} of the sample to start from: {path} is "
                    f"{values[draw, 0]:g}, outside its prior ({info.prior})"
                )
            unit[:, at] = own[np.arange(count) % len(own)]
    return np.clip(unit, INSIDE, 1.0 - INSIDE)


def first_population(scenario: Scenario, sample: Posterior, size: int, seed: int) -> SmcResult:
    """Return ``size`` first vectors as a population that nobody has judged."""
    return SmcResult(first_vectors(scenario, sample, size, seed), np.full(size, np.inf), ())
