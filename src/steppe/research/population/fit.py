"""The law of crises from runs: the design of the runs, who may learn from them, and the account.

Every crisis is run at points of a Sobol sequence in a wide normal proposal. Few runs have to tell
much, so that three things are done with each: a crisis borrows the runs of countries of like size,
per head of the people; a run counts at other lethalities too, its deaths in proportion; and the
effects that what was reported hardly tells of keep the law they were drawn from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from steppe.research.crises.draws import covariates_of
from steppe.research.crises.runs import CrisisOutcomes
from steppe.research.crises.table import Crisis, known, open_crises, smallest_visible
from steppe.research.population.em import (
    CrisisRuns,
    Law,
    LawPrior,
    as_text,
    effective,
    fit,
    law_weights,
    leave_one_out,
    posterior_weights,
)
from steppe.research.population.likelihood import log_likelihoods
from steppe.research.population.targets import TargetVerdict, compare
from steppe.study.population import COVARIATES, EFFECTS, SHARED

Floats = NDArray[np.float64]

CENTER = np.array([-1.8, 0.25, 300.0, 0.3, 0.15, -3.2, 0.05, 0.2, -0.2])
SPREAD = np.array([0.6, 0.1, 80.0, 0.6, 0.3, 0.8, 0.15, 0.1, 1.0])
"""Proposal of the runs, and center of the law's prior, in the order of ``EFFECTS`` [assumed]."""

LEARNT = ("pool", "loyalty", "restraint", "lethality", "deterrence", "fatigue")
"""Effects that are learnt; the others keep center and spread of the proposal."""

_ROWS = [i for i, one in enumerate(EFFECTS) if one.name in LEARNT]
_LETHALITY = LEARNT.index("lethality")

SHIFTS = np.linspace(-0.5, 0.5, 3)
"""Shifts of lethality in log10 at which every run counts."""

PRIOR = LawPrior(mean=CENTER[_ROWS], mean_sd=0.35, slope_sd=0.2, sd=0.8 * SPREAD[_ROWS], count=28.0)
START = Law(CENTER[_ROWS], np.zeros((len(LEARNT), len(COVARIATES))), SPREAD[_ROWS],
            np.array([0.5] * 3))  # fmt: skip
STEPS = 40

NEAR = 5.0
"""A crisis borrows the runs of countries with at most so many times its people, and at least
one part in so many."""

FIRST_SEED = 10_000


@dataclass(frozen=True, slots=True)
class LawRun:
    """One run made to learn the law from: whose, where, and what came of it."""

    case_id: str
    effects: tuple[float, ...]
    outcome: CrisisOutcomes


def points(case: int, count: int) -> Floats:
    """Return the first ``count`` points (points, effects) of the crisis at place ``case``."""
    u = qmc.Sobol(len(EFFECTS), seed=case).random(count)
    return np.asarray(CENTER + SPREAD * norm.ppf(np.clip(u, 1e-6, 1.0 - 1e-6)))


def crisis_runs(crises: Sequence[Crisis], runs: Sequence[LawRun]) -> tuple[CrisisRuns, ...]:
    """Return what the runs say of each crisis, its own and those it borrows, at every shift."""
    people = {row.case_id: row.population_m * 1e6 for row in crises}
    result = []
    for row in crises:
        mine = people[row.case_id]
        near = [r for r in runs if 1.0 / NEAR <= people[r.case_id] / mine <= NEAR]
        outcomes = [
            _elsewhere(r.outcome, mine / people[r.case_id], d) for r in near for d in SHIFTS
        ]
        effects = np.array([_shifted(r, d) for r in near for d in SHIFTS])
        result.append(CrisisRuns(
            row.case_id, np.array(covariates_of(known(row))), effects, _log_proposal(effects),
            log_likelihoods(row, outcomes),
            np.array([one.peak >= smallest_visible(row) for one in outcomes]),
            np.array([one.end for one in outcomes]),
            None if row.incumbent_out_12m is None else row.incumbent_out_12m == 1,
            outcomes,
        ))  # fmt: skip
    return tuple(result)


def _elsewhere(outcome: CrisisOutcomes, factor: float, shift: float) -> CrisisOutcomes:
    """Return what came of a run in a country ``factor`` times as large and at other lethality."""
    killed = min(outcome.killed * 10.0**shift, outcome.peak) * factor
    return replace(outcome, peak=outcome.peak * factor, killed=killed)


def _shifted(run: LawRun, shift: float) -> Floats:
    effects = np.array(run.effects)[_ROWS]
    effects[_LETHALITY] += shift
    return effects


def _log_proposal(effects: Floats) -> Floats:
    """Return ln of the density of the points, lethality averaged over its shifts."""
    z = (effects - CENTER[_ROWS]) / SPREAD[_ROWS]
    own = -0.5 * z * z
    offset = effects[:, [_LETHALITY]] - SHIFTS - CENTER[_ROWS][_LETHALITY]
    mixed = np.log(np.mean(np.exp(-0.5 * (offset / SPREAD[_ROWS][_LETHALITY]) ** 2), axis=1))
    own[:, _LETHALITY] = mixed
    return np.asarray(own.sum(axis=1) - np.log(SPREAD[_ROWS]).sum(), dtype=np.float64)


def learn(runs: Sequence[LawRun], crises: Sequence[Crisis] = ()) -> dict[str, Any]:
    """Return the law, the laws without each crisis, and how they were learnt, as JSON holds it."""
    rows = tuple(crises) or open_crises()
    evidence = crisis_runs(rows, runs)
    law = fit(evidence, START, PRIOR, STEPS)
    others = leave_one_out(evidence, START, PRIOR, STEPS)
    return {
        "format": 1,
        "effects": [one.name for one in EFFECTS],
        "covariates": list(COVARIATES),
        "shared": dict(SHARED),
        "law": _whole(law),
        "without": {name: _whole(one) for name, one in sorted(others.items())},
        "account": _account(evidence, law, runs),
    }


def _whole(law: Law) -> Mapping[str, Any]:
    """Return a law of all effects: those that are not learnt keep the proposal."""
    mean, sd = CENTER.copy(), SPREAD.copy()
    slope = np.zeros((len(EFFECTS), len(COVARIATES)))
    mean[_ROWS], sd[_ROWS], slope[_ROWS] = law.mean, law.sd, law.slope
    return as_text(Law(mean, slope, sd, law.exit))


def verdicts(runs: Sequence[LawRun], crises: Sequence[Crisis] = ()) -> tuple[TargetVerdict, ...]:
    """Return the targets of mechanisms beside runs weighed by the law, misses first."""
    rows = tuple(crises) or open_crises()
    law = fit(crisis_runs(rows, runs), START, PRIOR, STEPS)
    x = {row.case_id: np.array(covariates_of(known(row))) for row in rows}
    effects = np.array([np.array(run.effects)[_ROWS] for run in runs])
    score = np.array([
        law.log_density(b[None], x[run.case_id])[0]
        for b, run in zip(effects, runs, strict=True)
    ])  # fmt: skip
    proposal = Law(CENTER[_ROWS], START.slope, SPREAD[_ROWS], START.exit)
    score -= proposal.log_density(effects, np.zeros(len(COVARIATES)))
    return compare([run.outcome for run in runs], np.exp(score - score.max()), law)


def _account(evidence: Sequence[CrisisRuns], law: Law, runs: Sequence[LawRun]) -> Mapping[str, Any]:
    visible = {one.case_id: float(law_weights(law, one)[one.visible].sum()) for one in evidence}
    sizes = {one.case_id: effective(posterior_weights(law, one)) for one in evidence}
    return {
        "runs": len(runs),
        "crises": len(evidence),
        "effective_runs": {name: round(size, 1) for name, size in sorted(sizes.items())},
        "least_effective_runs": round(min(sizes.values()), 1),
        "visible_share": round(float(np.mean(list(visible.values()))), 3),
    }
