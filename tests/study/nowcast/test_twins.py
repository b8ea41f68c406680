"""Twin experiments: some histories are taken as the truth, and forecast from their first days.

A crowd of unknown pace and an unknown end: log10 of it rises by ``pace`` a day, less the more
there are, with noise. The same code as that of a nowcast is given the reports of days 1 to 3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array
from steppe.evidence.scoring import weighted_crps
from steppe.study.nowcast.adjust import adjust
from steppe.study.nowcast.looks import FigureVector, condition, take_looks
from steppe.study.nowcast.result import Members

Floats = NDArray[np.float64]

DAYS, REPORTED, AHEAD = 8, 3, 7
ERROR = 0.2


def scores(seed: int) -> Floats:
    return normal_array(uniforms(key_of(seed), Purpose.TOY_SEED, 0, 3))


def histories(z: Floats, seeds: Sequence[int]) -> Floats:
    """log10 crowds (history, day)."""
    noise = np.array([
        normal_array(uniforms(key_of(seed), Purpose.TOY_AGENT, 0, DAYS)) for seed in seeds
    ])  # fmt: skip
    pace, most = np.minimum(0.5 * np.exp(0.5 * z[:, 0]), 1.5), 4.5 + 0.8 * z[:, 1]
    x = np.empty((len(z), DAYS))
    x[:, 0] = 2.5 + 0.4 * z[:, 2]
    for day in range(1, DAYS):
        x[:, day] = x[:, day - 1] + pace * (most - x[:, day - 1]) / 2.0 + 0.15 * noise[:, day]
    return x


def forecast(reported: Floats) -> Members:
    """What is said on day 3 of the crowd of day 8."""
    evidence = FigureVector(reported, np.full(REPORTED, ERROR**2))

    def figures(z: Floats, seeds: Sequence[int]) -> Floats:
        return histories(z, seeds)[:, :REPORTED]

    looks = take_looks(scores, figures, evidence, 200)
    draws = condition(looks, evidence, 200)
    x = histories(looks.scores[draws.rows], looks.seeds[draws.rows].tolist())
    shown = np.where(looks.usable, looks.figures[draws.rows], 0.0)
    rest = FigureVector(reported, np.where(looks.usable, evidence.variance, np.inf))
    moved = adjust(x[:, [AHEAD]], shown, draws.weights, rest, draws.beta)
    return Members(moved[:, 0], draws.weights)


def test_the_truth_of_a_twin_is_covered_and_persistence_beaten() -> None:
    seeds = range(9_001, 9_041)
    truths = histories(np.array([scores(seed) for seed in seeds]), seeds)
    covered, mine, persistence, prior = [], [], [], []
    every = histories(np.array([scores(seed) for seed in range(1, 201)]), range(1, 201))
    for at, truth in enumerate(truths):
        error = normal_array(uniforms(key_of(at), Purpose.TOY_MOVE, 0, REPORTED))
        said = forecast(truth[:REPORTED] + ERROR * error)
        low, *_, high = said.quantiles()
        covered.append(low <= truth[AHEAD] <= high)
        mine.append(weighted_crps(said.values, said.weights, truth[AHEAD]))
        persistence.append(abs(truth[REPORTED - 1] - truth[AHEAD]))
        prior.append(weighted_crps(every[:, AHEAD], np.full(200, 1 / 200), truth[AHEAD]))
    assert 0.82 <= np.mean(covered) <= 0.97
    assert np.mean(mine) < np.mean(prior) < np.mean(persistence)
