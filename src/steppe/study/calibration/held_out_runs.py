"""Runs by cohorts for what is held out: vectors searched with a part of the figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_many
from steppe.engine.version import engine_version
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import view
from steppe.study.calibration.design import ParameterDesign
from steppe.study.calibration.effort import Effort
from steppe.study.calibration.simulate import LARGEST_CROWD, Trial, measures, search, trials
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import figures
from steppe.study.parameters import priors


def held_out_runs(
    scenario: Scenario, training: Sequence[ResolvedTarget], effort: Effort, notes: Path,
    workers: int | None = None,
) -> SimulationTable:  # fmt: skip
    """Return runs by cohorts of vectors that were held against ``training`` and nothing else.

    What is foretold of other figures from them has not seen these figures.
    """
    population = search(scenario, effort, notes, workers, training)
    vary = ParameterDesign(priors(scenario), population.unit)
    rows = trials(vary, range(len(vary)), effort.replicates)
    measured = figures(scenario)
    results = results_by_cohorts(scenario, measured, vary.paths, rows)
    return SimulationTable(
        vary.paths, measures(measured),
        tuple(f"cohorts-{row.vector}-{row.replicate}" for row in rows),
        (engine_version(scenario),) * len(rows),
        np.array([row.vector for row in rows], dtype=np.int64),
        np.array([row.replicate for row in rows], dtype=np.int64),
        np.array([row.seed for row in rows], dtype=np.int64),
        np.array([row.values for row in rows], dtype=np.float64), results,
    )  # fmt: skip


def results_by_cohorts(
    scenario: Scenario, targets: Sequence[ResolvedTarget], paths: Sequence[str],
    rows: Sequence[Trial],
) -> NDArray[np.float64]:  # fmt: skip
    """Return what histories by cohorts show (trial, measure), in the order of ``measures``."""
    results = []
    for row in rows:
        vector = dict(zip(paths, row.values, strict=True))
        (run,) = run_many(scenario, [row.seed], [vector])
        data = view(scenario, run)
        results.append([*(one.value(data) for one in targets), float(run.outcome[LARGEST_CROWD])])
    return np.array(results, dtype=np.float64)
