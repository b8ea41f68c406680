"""Importance-weighted EM for a law of effects, given that what is seen was large enough to be seen.

Crisis j has an effect b_j ~ N(mu + G x_j, Sigma), Sigma diagonal, and is known only if it was
seen. Its runs were made at points drawn from another density q; run k says how likely what was
reported is (L) and whether it would have been seen. With v ~ p(b)/q(b) the weights of the law,

    r ~ v L [seen]            what the effect of this crisis is, given what was reported
    s = v [not seen]/P(seen)  the crises like it that nobody saw, for each one that was seen

and mu, G, Sigma are refitted to both: EM for a truncated sample (Dempster, Laird & Rubin, Journal
of the Royal Statistical Society B 39, 1977). Nothing is lost by selection, and a law that has most
shocks end in nothing costs no likelihood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.study.population import ENDS

if TYPE_CHECKING:
    from steppe.research.crises.runs import CrisisOutcomes

Floats = NDArray[np.float64]

GROUPS = len(ENDS)

LEAST_VISIBLE = 0.05
"""P(seen) is not taken below this: so few runs could not tell it."""

_LOG_2PI = 1.8378770664093453


@dataclass(frozen=True, slots=True)
class Law:
    """mu (effects,), G (effects, covariates), standard deviations (effects,), exit hazard by group.

    ``exit`` is the chance that the incumbent is out within twelve months.
    """

    mean: Floats
    slope: Floats
    sd: Floats
    exit: Floats

    def center(self, x: Floats) -> Floats:
        """Return mu + G x."""
        return np.asarray(self.mean + self.slope @ x, dtype=np.float64)

    def log_density(self, b: Floats, x: Floats) -> Floats:
        """Return ln p of effects ``b`` (runs, effects) in a country of covariates ``x``."""
        z = (b - self.center(x)) / self.sd
        return np.asarray(-0.5 * (z * z).sum(axis=1) - np.log(self.sd).sum()
                          - 0.5 * len(self.mean) * _LOG_2PI)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawPrior:
    """What is held of a law before any crisis: a center, and how strongly.

    The mean is N(``mean``, ``mean_sd``^2), slopes are N(0, ``slope_sd``^2), and Sigma counts as if
    ``count`` crises of standard deviation ``sd`` had been seen besides.
    """

    mean: Floats
    mean_sd: float
    slope_sd: float
    sd: Floats
    count: float


@dataclass(frozen=True, slots=True)
class CrisisRuns:
    """The runs of one crisis, and what each says of what was reported.

    ``log_likelihood`` is of everything but the incumbent's fate; ``out`` is that fate, None where
    it is not known, and ``group`` what each run ends in.
    """

    case_id: str
    x: Floats
    effects: Floats
    log_proposal: Floats
    log_likelihood: Floats
    visible: NDArray[np.bool_]
    group: NDArray[np.int64]
    out: bool | None
    outcomes: Sequence[CrisisOutcomes] = ()


def law_weights(law: Law, runs: CrisisRuns) -> Floats:
    """Return the weight of each run under the law before anything is seen; they sum to 1."""
    return _normalize(law.log_density(runs.effects, runs.x) - runs.log_proposal)


def visible_weights(law: Law, runs: CrisisRuns) -> Floats:
    """Return the weights of the law given that the crisis was seen; they sum to 1."""
    weights = law_weights(law, runs) * runs.visible
    return weights / max(float(weights.sum()), 1e-300)


def posterior_weights(law: Law, runs: CrisisRuns) -> Floats:
    """Return the weights given what was reported of the crisis; they sum to 1."""
    score = law.log_density(runs.effects, runs.x) - runs.log_proposal + runs.log_likelihood
    if runs.out is not None:
        chance = law.exit[runs.group]
        score = score + np.log(chance if runs.out else 1.0 - chance)
    return _normalize(np.where(runs.visible, score, -np.inf))


def fit(
    crises: Sequence[CrisisRuns], start: Law, prior: LawPrior | None = None, steps: int = 200
) -> Law:
    """Return the law after ``steps`` of EM; the order of the crises changes no bit.

    Without ``prior`` the likelihood alone is maximized. Raises ``ValueError`` for a crisis none
    of whose runs was seen.
    """
    ordered = sorted(crises, key=lambda one: one.case_id)
    for one in ordered:
        if not one.visible.any():
            raise ValueError(f"'{one.case_id}': no run was large enough to be seen")
    law = start
    for _ in range(steps):
        law = _step(ordered, law, prior)
    return law


def leave_one_out(
    crises: Sequence[CrisisRuns], start: Law, prior: LawPrior | None = None, steps: int = 200
) -> dict[str, Law]:
    """Return for each crisis the law learnt from all others."""
    return {
        one.case_id: fit([other for other in crises if other is not one], start, prior, steps)
        for one in crises
    }


def effective(weights: Floats) -> float:
    """Return how many runs of equal weight tell as much: 1/sum w^2."""
    return float(1.0 / np.square(weights).sum())


def _step(crises: Sequence[CrisisRuns], law: Law, prior: LawPrior | None) -> Law:
    rows, effects, weights = [], [], []
    exits = np.array([[1.0, 1.0]] * GROUPS)
    for one in crises:
        posterior = posterior_weights(law, one)
        weight = law_weights(law, one)
        chance = max(float(weight[one.visible].sum()), LEAST_VISIBLE)
        weights.append(posterior + weight * ~one.visible / chance)
        effects.append(one.effects)
        rows.append(np.tile(np.append(1.0, one.x), (len(weight), 1)))
        if one.out is not None:
            exits[:, 0 if one.out else 1] += np.bincount(one.group, posterior, minlength=GROUPS)
    change = _regress(np.concatenate(rows), np.concatenate(effects),
                      np.concatenate(weights), law, prior)  # fmt: skip
    return replace(change, exit=exits[:, 0] / exits.sum(axis=1))


def _regress(
    rows: Floats, effects: Floats, weights: Floats, law: Law, prior: LawPrior | None
) -> Law:
    """Return the law that fits weighted effects best."""
    count = float(weights.sum())
    gram = (rows * weights[:, None]).T @ rows
    target = (rows * weights[:, None]).T @ effects
    coefficients, sd = np.empty_like(target), np.empty(len(law.sd))
    for d in range(effects.shape[1]):
        variance = law.sd[d] ** 2
        ridge, pull = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
        if prior is not None:
            scale = prior.sd[d]
            ridge[0] = variance / (prior.mean_sd * scale) ** 2
            ridge[1:] = variance / (prior.slope_sd * scale) ** 2
            pull[0] = ridge[0] * prior.mean[d]
        coefficients[:, d] = np.linalg.solve(gram + np.diag(ridge), target[:, d] + pull)
        off = effects[:, d] - rows @ coefficients[:, d]
        more = (prior.count * prior.sd[d] ** 2, prior.count) if prior is not None else (0.0, 0.0)
        sd[d] = np.sqrt((float(weights @ (off * off)) + more[0]) / (count + more[1]))
    return Law(coefficients[0], coefficients[1:].T, np.maximum(sd, 1e-6), law.exit)


def _normalize(log_weights: Floats) -> Floats:
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def as_text(law: Law) -> Mapping[str, list[float] | list[list[float]]]:
    """Return a law as JSON holds it, to six significant digits."""

    def short(values: Floats) -> list[float]:
        return [float(f"{value:.6g}") for value in values]

    return {
        "mean": short(law.mean),
        "slope": [short(row) for row in law.slope],
        "sd": short(law.sd),
        "exit": short(law.exit),
    }
