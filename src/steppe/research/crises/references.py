"""What any forecast must beat: base rates of other cases, and a regression on the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steppe.core.response import Floats, log, normal_quantile
from steppe.countries.facts import facts
from steppe.evidence.scoring import fair_crps
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import is_price
from steppe.research.intervention import logit

INTERCEPT_SD, WEIGHT_SD = 1.5, 0.5
"""Standard deviations of the normal priors around 0, inputs standardized: nine for few cases."""

_MEMBERS = 199
"""Quantiles that stand for a normal forecast where its CRPS is taken."""

INPUTS = (
    "economic trigger", "price trigger", "log citizens", "log income", "electoral democracy",
    "urban share", "online share", "log soldiers per citizen", "patron",
)  # fmt: skip
"""Inputs of the regressions, in the order of ``inputs``: those that the scenario is made from."""


@dataclass(frozen=True, slots=True)
class Training:
    """Cases a reference may learn from: their ids, inputs (n, k) and outcomes (n,), some NaN."""

    ids: tuple[str, ...]
    inputs: Floats
    outcome: Floats


def inputs(cases: Sequence[PriorFacts]) -> Floats:
    """Return the facts a scenario is made from as numbers, (n, len(INPUTS))."""
    rows = []
    for case in cases:
        values = facts(case.iso3, case.start, case.citizens)
        rows.append([
            float(case.economic), float(is_price(case)), log(case.citizens), log(values.income),
            values.lied, values.urban, values.online, log(values.soldiers / case.citizens + 1e-5),
            float(bool(values.patron)),
        ])  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(INPUTS))


def base_rate(training: Training, case_id: str) -> float:
    """Return the share of other cases in which it happened, (k + 1/2)/(n + 1)."""
    _, outcome = _others(training, case_id)
    return (float(np.sum(outcome)) + 0.5) / (len(outcome) + 1.0)


def regression(training: Training, case_id: str, row: Floats) -> float:
    """Return P(y = 1) of a logistic regression on the other cases, weights drawn to 0."""
    x, outcome = _others(training, case_id)
    design, mine = _standardized(x, row)
    prior = np.array([INTERCEPT_SD, *[WEIGHT_SD] * x.shape[1]])
    return float(logit.probability(logit.fit(design, outcome, prior), mine)[0])


def climatology(training: Training, case_id: str, observed: float) -> float:
    """Return the CRPS of what the other cases were, each as likely."""
    _, outcome = _others(training, case_id)
    return fair_crps(outcome, observed)


def ridge(training: Training, case_id: str, row: Floats, observed: float) -> float:
    """Return the CRPS of a normal linear regression on the other cases, weights drawn to 0.

    The outcome is standardized; weights have the priors of the logistic regression, and the
    spread is that of the residuals.
    """
    x, outcome = _others(training, case_id)
    design, mine = _standardized(x, row)
    middle, spread = float(np.mean(outcome)), max(float(np.std(outcome)), 1e-9)
    y = (outcome - middle) / spread
    penalty = np.diag([INTERCEPT_SD**-2.0, *[WEIGHT_SD**-2.0] * x.shape[1]])
    weights = np.linalg.solve(design.T @ design + penalty, design.T @ y)
    residuals = y - design @ weights
    sigma = spread * float(np.sqrt(np.mean(residuals * residuals) + 1e-12))
    mean = middle + spread * float((mine @ weights)[0])
    z = np.array([normal_quantile((k + 0.5) / _MEMBERS) for k in range(_MEMBERS)])
    return fair_crps(mean + sigma * z, observed)


def _others(training: Training, case_id: str) -> tuple[Floats, Floats]:
    keep = np.array([name != case_id for name in training.ids]) & np.isfinite(training.outcome)
    if keep.sum() < 2:
        raise ValueError(f"'{case_id}': fewer than two other cases to compare with")
    return training.inputs[keep], training.outcome[keep]


def _standardized(x: Floats, row: Floats) -> tuple[Floats, Floats]:
    """Return designs with a column of ones, inputs centred and scaled by those of ``x``."""
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    design = np.column_stack([np.ones(len(x)), (x - middle) / spread])
    return design, np.append(1.0, (row - middle) / spread)[None, :]
