"""Simulations that need no simulator: what is shown follows from the parameters by a rule.

The turnout of the days hangs on the threshold of willingness, what it costs on the hazard of death
under fire, with some chance; nothing hangs on the other parameters.
"""

from __future__ import annotations

import numpy as np

from steppe.case.scenario import Scenario
from steppe.evidence.targets import ResolvedTarget
from steppe.study.calibration.abc import normal_scores
from steppe.study.calibration.design import design, seed_of
from steppe.study.calibration.simulate import measures
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import figures, to_scale

SHOWS = "willingness.threshold"
COSTS = "contact.death"


def middle(one: ResolvedTarget) -> float:
    """Return the middle of what was observed, on the scale of comparison, or the end known."""
    ends = [edge for edge in one.bounds if edge is not None]
    return float(np.mean(to_scale(one, np.array(ends))))


def simulations(scenario: Scenario, vectors: int, chance: float = 0.1) -> SimulationTable:
    """One run of each vector; logs of counts are linear in the scores of two parameters."""
    made = design(scenario, vectors)
    scores = normal_scores(made.unit)
    level = -0.5 * scores[:, made.paths.index(SHOWS)]
    cost = 0.3 * scores[:, made.paths.index(COSTS)]
    noise = np.random.default_rng(7)
    columns = []
    for one in figures(scenario):
        harm = one.observable.group in ("killed", "wounded", "detained")
        shown = middle(one) + (cost if harm else level) + chance * noise.standard_normal(vectors)
        if one.observable.is_count:
            shown = np.maximum(np.power(10.0, shown) - 1.0, 0.0)
        columns.append(shown)
    columns.append(np.power(10.0, 4.3 + level))
    whole = np.arange(vectors)
    return SimulationTable(
        made.paths, measures(figures(scenario)), tuple(f"run-{at}" for at in range(vectors)),
        ("synthetic",) * vectors, whole, np.zeros_like(whole),
        np.array([seed_of(at, 0) for at in range(vectors)]), made.values(),
        np.column_stack(columns),
    )  # fmt: skip
