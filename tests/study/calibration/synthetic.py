"""Simulations that need no simulator: what is shown follows from the parameters by a rule.

The turnout of the days hangs on the threshold of willingness, what it costs on the hazard of death
under fire, with some chance; nothing hangs on the other parameters.
"""

from __future__ import annotations

import numpy as np

from steppe.case.scenario import Scenario
from steppe.study.calibration.abc import normal_scores
from steppe.study.calibration.design import design, seed_of
from steppe.study.calibration.simulate import measures
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import calibration_targets, figures

SHOWS = "willingness.threshold"
COSTS = "contact.death"


def simulations(scenario: Scenario, vectors: int, chance: float = 0.1) -> SimulationTable:
    """One run of each vector; logs of counts are linear in the scores of two parameters."""
    made = design(scenario, vectors)
    scores = normal_scores(made.unit)
    level = -0.5 * scores[:, made.paths.index(SHOWS)]
    cost = 0.3 * scores[:, made.paths.index(COSTS)]
    known = {one.id: one.observed for one in calibration_targets(scenario)}
    noise = np.random.default_rng(7)
    columns = []
    for one in figures(scenario):
        harm = one.observable.group in ("killed", "wounded", "detained")
        log = known.get(one.target.id, 2.5) + (cost if harm else level)
        log = log + chance * noise.standard_normal(vectors)
        counts = np.maximum(np.power(10.0, log) - 1.0, 0.0)
        columns.append(counts if one.observable.is_count else np.round(log))
    columns.append(np.power(10.0, 4.3 + level))
    whole = np.arange(vectors)
    return SimulationTable(
        made.paths, measures(figures(scenario)), tuple(f"run-{at}" for at in range(vectors)),
        ("synthetic",) * vectors, whole, np.zeros_like(whole),
        np.array([seed_of(at, 0) for at in range(vectors)]), made.values(),
        np.column_stack(columns),
    )  # fmt: skip
