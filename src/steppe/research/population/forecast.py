"""Forecasts of a crisis by a law that has not learnt from it, from runs that are there already.

Two horizons are kept apart: whether the regime falls in the run, and whether the incumbent is out
within twelve months, which adds the exit hazard of what the run ended in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.research.population.em import CrisisRuns, Law, effective, visible_weights
from steppe.study.population import FALLEN, NONE, reported_defection

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LawForecast:
    """What the law says of one crisis, given that it is seen.

    ``runs`` is how many runs of equal weight the forecast rests on.
    """

    case_id: str
    falls: float
    out: float
    defection: float
    runs: float


def forecast(law: Law, runs: CrisisRuns) -> LawForecast:
    """Return the probabilities of one crisis under ``law``."""
    weights = visible_weights(law, runs)
    some = float(weights[runs.group != NONE].sum())
    return LawForecast(
        runs.case_id,
        float(weights[runs.group == FALLEN].sum()),
        float(weights @ law.exit[runs.group]),
        reported_defection(some),
        effective(weights),
    )
