"""Posterior predictive checks: runs made with the posterior sample, held against every target.

Row i of the sample is run with seed i: the same runs as those of ``--parameters posterior``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.evidence.scoring import TargetScore, Verdict, score_values
from steppe.results.outcomes import LARGE_SHARE
from steppe.study.calibration.simulate import (
    LARGEST_CROWD,
    Failures,
    Trial,
    tabulate,
)
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import figures
from steppe.study.causation import Interval, wilson
from steppe.study.settings import ScaledOptions

Floats = NDArray[np.float64]

WORST_FIRST: tuple[Verdict, ...] = ("missed", "near", "met", "untested")
"""The order in which figures are listed."""


@dataclass(frozen=True, slots=True)
class Predictive:
    """What runs of the posterior show: a score per target, and P(large) with its 95 % interval."""

    scores: tuple[TargetScore, ...]
    large: Interval
    runs: int


def predict(
    scenario: Scenario,
    paths: Sequence[str],
    sample: Floats,
    *,
    notes: Path,
    **options: Unpack[ScaledOptions],
) -> tuple[SimulationTable, Failures]:
    """Return what the runs of ``sample`` (draw, parameter) show, made if they are not stored.

    ``notes`` is the folder of the table that is kept of them; options are those of ``ensemble``.
    """
    trials = [Trial(at, 0, at + 1, tuple(row)) for at, row in enumerate(sample.tolist())]
    path = notes / "predictive.csv"
    return tabulate(scenario, paths, trials, figures(scenario), notes=path, **options)


def predictive(scenario: Scenario, runs: SimulationTable) -> Predictive:
    """Return how ``runs`` stand to the targets of ``scenario``, those that are missed first."""
    scores = [score_values(one, runs.column(one.target.id)) for one in figures(scenario)]
    return Predictive(
        tuple(sorted(scores, key=lambda score: WORST_FIRST.index(score.verdict))),
        large_protests(scenario, runs),
        len(runs),
    )


def large_protests(scenario: Scenario, runs: SimulationTable) -> Interval:
    """Return the share of ``runs`` with at least 0.1 % of citizens on the street at once."""
    limit = LARGE_SHARE * scenario.country.citizens
    return wilson(int((runs.column(LARGEST_CROWD) >= limit).sum()), len(runs))
