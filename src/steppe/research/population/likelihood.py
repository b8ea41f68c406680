"""What a run says of what was reported of a crisis.

The model is no mirror: the peak is given an error of 0.3 and deaths of 0.45 in log10, besides half
of the reported range, and how long it went on one of 0.3, a month at most, as long as a run is; a
run's defection is the crisis' with chance 0.85. The same errors are part of every forecast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steppe.research.crises.build import DAYS
from steppe.research.crises.runs import CrisisOutcomes
from steppe.research.crises.scores import observed_days, observed_deaths, observed_share
from steppe.research.crises.table import Crisis
from steppe.study.population import DAYS_ERROR, DEATHS_ERROR, DEFECTION_RIGHT, PEAK_ERROR

Floats = NDArray[np.float64]


def log_likelihoods(crisis: Crisis, runs: Sequence[CrisisOutcomes]) -> Floats:
    """Return ln P of what was reported besides the incumbent's fate, under each run."""
    people = crisis.population_m * 1e6
    total = np.zeros(len(runs))
    for ends, error, values in (
        (observed_share(crisis), PEAK_ERROR, [math.log10((1.0 + r.peak) / people) for r in runs]),
        (observed_deaths(crisis), DEATHS_ERROR, [math.log10(1.0 + r.killed) for r in runs]),
    ):
        if ends is not None:
            middle, half = 0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0])
            spread = math.hypot(error, half)
            total += -0.5 * ((np.array(values) - middle) / spread) ** 2 - math.log(spread)
    days = observed_days(crisis)
    if days is not None:
        off = np.log10([min(max(run.days, 1.0), DAYS) for run in runs]) - days
        total += -0.5 * (off / DAYS_ERROR) ** 2 - math.log(DAYS_ERROR)
    if crisis.defection is not None:
        same = np.array([run.defection == (crisis.defection > 0) for run in runs])
        total += np.log(np.where(same, DEFECTION_RIGHT, 1.0 - DEFECTION_RIGHT))
    return total
