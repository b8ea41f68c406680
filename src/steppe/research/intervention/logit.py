"""Logistic regression with normal priors: the mode by Newton, the posterior by Laplace.

Source: Gelman, Carlin, Stern, Dunson, Vehtari & Rubin, Bayesian Data Analysis (3rd ed.), chapter
4. Deterministic: no draws are made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steppe.core.response import Floats, logistic_array, normal_quantile

_STEPS = 100
_SMALL = 1e-12
_SLICES = 400


@dataclass(frozen=True)
class LogitFit:
    """A posterior, approximately normal: ``mean`` (k,) and ``covariance`` (k, k)."""

    mean: Floats
    covariance: Floats

    @property
    def sd(self) -> Floats:
        """Posterior standard deviations (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def value(self, z: Floats) -> Floats:
        """Return the coefficients that standard normals ``z`` (k,) stand for: mean + L z."""
        return self.mean + np.asarray(np.linalg.cholesky(self.covariance) @ z)


def fit(design: Floats, outcome: Floats, prior_sd: Floats) -> LogitFit:
    """Return the posterior of P(y = 1) = Λ(X β), β_k ~ N(0, prior_sd_k²), independent.

    ``design`` X (n, k), ``outcome`` y (n,) of 0 and 1. The log posterior is strictly concave, so
    its mode is the only one; a Newton step that overshoots it is halved.
    """
    precision = 1.0 / (prior_sd * prior_sd)

    def height(beta: Floats) -> float:
        index = design @ beta
        likelihood = np.sum(outcome * index - np.logaddexp(0.0, index))
        return float(likelihood - 0.5 * np.sum(precision * beta * beta))

    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        p = logistic_array(design @ beta)
        gradient = design.T @ (outcome - p) - precision * beta
        step = np.linalg.solve(_curvature(design, p, precision), gradient)
        while height(beta + step) < height(beta) - _SMALL:
            step = 0.5 * step
        beta = beta + step
        if float(np.max(np.abs(step))) < _SMALL:
            break
    p = logistic_array(design @ beta)
    covariance = np.linalg.inv(_curvature(design, p, precision))
    return LogitFit(beta, np.asarray(covariance, dtype=np.float64))


def probability(fit: LogitFit, design: Floats) -> Floats:
    """Return Λ(x β) of each row at the posterior mode."""
    return logistic_array(design @ fit.mean)


def averaged_probability(fit: LogitFit, row: Floats) -> tuple[float, float, float]:
    """Return E[Λ(x β)] over the posterior, and the 5 % and 95 % points of Λ(x β), for one row."""
    middle = float(row @ fit.mean)
    spread = float(np.sqrt(row @ fit.covariance @ row))
    z = np.array([normal_quantile((k + 0.5) / _SLICES) for k in range(_SLICES)])
    ends = logistic_array(middle + spread * np.array([normal_quantile(q) for q in (0.05, 0.95)]))
    mean = float(np.mean(logistic_array(middle + spread * z)))
    return mean, float(ends[0]), float(ends[1])


def leave_one_out(design: Floats, outcome: Floats, prior_sd: Floats) -> Floats:
    """Return P of each row, averaged over the posterior of a fit that has not seen it."""
    chances = np.empty(len(outcome))
    for i in range(len(outcome)):
        others = np.arange(len(outcome)) != i
        model = fit(design[others], outcome[others], prior_sd)
        chances[i] = averaged_probability(model, design[i])[0]
    return chances


def leave_one_out_base_rate(outcome: Floats) -> Floats:
    """Return for each row the share of 1 among all others."""
    return (float(np.sum(outcome)) - outcome) / (len(outcome) - 1)


def log_score(p: Floats, outcome: Floats) -> float:
    """Return the mean of -ln P(what happened); lower is better."""
    return float(-np.mean(np.log(np.where(outcome > 0.5, p, 1.0 - p))))


def brier_score(p: Floats, outcome: Floats) -> float:
    """Return the mean squared error of probabilities; lower is better."""
    return float(np.mean((p - outcome) * (p - outcome)))


def _curvature(design: Floats, p: Floats, precision: Floats) -> Floats:
    weighted = design * (p * (1.0 - p))[:, None]
    return np.asarray(weighted.T @ design + np.diag(precision), dtype=np.float64)
