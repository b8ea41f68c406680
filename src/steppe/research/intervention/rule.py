"""When do alliances come to the rescue: the decision rule estimated on cases, and held to them.

The rule is the member utility of ``steppe.model.theory.intervention``. A small file coded with
hindsight: the estimates are prior means for runs, not facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steppe.core.response import Floats, log, normal_quantile
from steppe.model.theory.intervention import Weights, features
from steppe.research.intervention import facts_rule, logit
from steppe.research.intervention.requests import InterventionRequest

INTERCEPT_SD, WEIGHT_SD = 1.5, 1.0
"""Standard deviations of the normal priors around 0."""

COEFFICIENTS = {
    "intercept": "b0: a request with middling scores",
    "threat": "b1: would the client fall without help",
    "interest": "b2: stake and fear of a precedent",
    "cost": "b3: likely opponent and damage with third parties",
    "constraint": "b4: other wars, parliament, opinion",
    "alignment": "b5: does the patron trust the asker",
}
"""Coefficients in the order of ``Weights``, with what they weigh."""

PRIOR_SD = np.array([INTERCEPT_SD] + [WEIGHT_SD] * (len(COEFFICIENTS) - 1))

HELD_OUT = ("KGZ_2010", "ARM_2021", "KAZ_2022")
"""The three cases of one alliance that the rule must tell apart without having seen them."""

REFUSAL = "explicit refusal"
"""The kind of delay that is the time to a refusal."""

_Z90 = normal_quantile(0.95)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Posterior of one weight: mean, standard deviation, central 90 % interval."""

    name: str
    meaning: str
    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AllianceScore:
    """How well probabilities did: mean negative log probability and Brier score, lower better."""

    log_score: float
    brier: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A request predicted by a fit without it.

    ``probability`` is at the posterior mode; ``averaged`` is the mean over the posterior, whose
    5 % and 95 % points are ``low`` and ``high``.
    """

    case: str
    granted: bool
    probability: float
    averaged: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Delays:
    """ln(d + 0.5) = intercept + slope U + N(0, spread), least squares over ``requests``.

    ``correlation`` is that of ln(d + 0.5) with U; slope and correlation are None where only a
    mean is estimated. ``median`` and ``upper_quartile`` are of the days themselves.
    """

    requests: int
    intercept: float
    slope: float | None
    spread: float
    correlation: float | None
    median: float
    upper_quartile: float


@dataclass(frozen=True, slots=True)
class AllianceStudy:
    """What a file of requests says of the decision rule.

    ``facts`` is the score of the rule that needs nobody's judgement.
    """

    requests: int
    granted: int
    coefficients: tuple[Coefficient, ...]
    rule: AllianceScore
    facts: AllianceScore
    base_rate: AllianceScore
    apart: tuple[Prediction, ...]
    grant_delay: Delays | None
    refusal_delay: Delays | None


def study(
    requests: Sequence[InterventionRequest], held_out: Sequence[str] = HELD_OUT
) -> AllianceStudy:
    """Return the estimates, their leave-one-out scores, and the cases predicted apart."""
    design, outcome = design_matrix(requests), outcomes(requests)
    posterior = logit.fit(design, outcome, PRIOR_SD)
    return AllianceStudy(
        requests=len(requests),
        granted=int(np.sum(outcome)),
        coefficients=_coefficients(posterior),
        rule=_score(logit.leave_one_out(design, outcome, PRIOR_SD), outcome),
        facts=_score(facts_rule.leave_one_out(requests), outcome),
        base_rate=_score(logit.leave_one_out_base_rate(outcome), outcome),
        apart=predict_held_out(requests, held_out),
        grant_delay=grant_delays(requests, posterior),
        refusal_delay=refusal_delays(requests),
    )


def design_matrix(requests: Sequence[InterventionRequest]) -> Floats:
    """Return the features of each request after a column of ones, (n, 6)."""
    return np.array([(1.0, *features(request.scores)) for request in requests])


def outcomes(requests: Sequence[InterventionRequest]) -> Floats:
    """Return 1 where forces were sent, else 0, (n,)."""
    return np.array([float(request.granted_bin) for request in requests])


def estimate(requests: Sequence[InterventionRequest]) -> logit.LogitFit:
    """Return the posterior of the six weights."""
    return logit.fit(design_matrix(requests), outcomes(requests), PRIOR_SD)


def weights(posterior: logit.LogitFit, z: Floats | None = None) -> Weights:
    """Return the weights at the mode, or those that six standard normals ``z`` stand for."""
    values = posterior.mean if z is None else posterior.value(z)
    return Weights(*(float(value) for value in values))


def predict_held_out(
    requests: Sequence[InterventionRequest], held_out: Sequence[str]
) -> tuple[Prediction, ...]:
    """Predict the requests named in ``held_out`` from all others; unknown names are skipped.

    None of them is seen by the fit.
    """
    others = [request for request in requests if request.case_id not in held_out]
    by_id = {request.case_id: request for request in requests}
    rows = [by_id[name] for name in held_out if name in by_id]
    if not rows:
        return ()
    posterior = estimate(others)
    design = design_matrix(rows)
    return tuple(
        Prediction(
            r.case_id, r.granted_bin == 1, float(p), *logit.averaged_probability(posterior, row)
        )
        for r, p, row in zip(rows, logit.probability(posterior, design), design, strict=True)
    )


def grant_delays(
    requests: Sequence[InterventionRequest], posterior: logit.LogitFit
) -> Delays | None:
    """Return the law of days to a grant given the fitted utility; None where it has no slope."""
    granted = [request for request in requests if request.days_to_grant is not None]
    if len(granted) < 3:
        return None
    days = np.array([request.days_to_grant for request in granted], dtype=np.float64)
    y, u = _log_days(days), design_matrix(granted) @ posterior.mean
    dy, du = y - np.mean(y), u - np.mean(u)
    varied = float(np.sum(du * du))
    if not varied > 0.0:
        return None
    slope = float(np.sum(du * dy)) / varied
    residuals = dy - slope * du
    total = float(np.sum(dy * dy))
    return Delays(
        requests=len(granted),
        intercept=float(np.mean(y)) - slope * float(np.mean(u)),
        slope=slope,
        spread=float(np.sqrt(np.sum(residuals * residuals) / (len(granted) - 2))),
        correlation=slope * float(np.sqrt(varied / total)) if total > 0.0 else None,
        median=float(np.median(days)),
        upper_quartile=float(np.quantile(days, 0.75)),
    )


def refusal_delays(requests: Sequence[InterventionRequest]) -> Delays | None:
    """Return the law of days to an explicit refusal; None with fewer than two of them."""
    refused = [r for r in requests if r.delay_kind == REFUSAL]
    days = np.array([float(r.delay_days) for r in refused if r.delay_days is not None])
    if len(days) < 2:
        return None
    y = _log_days(days)
    return Delays(
        requests=len(days),
        intercept=float(np.mean(y)),
        slope=None,
        spread=float(np.std(y, ddof=1)),
        correlation=None,
        median=float(np.median(days)),
        upper_quartile=float(np.quantile(days, 0.75)),
    )


def _coefficients(posterior: logit.LogitFit) -> tuple[Coefficient, ...]:
    return tuple(
        Coefficient(
            name, meaning, float(mean), float(sd), float(mean - _Z90 * sd), float(mean + _Z90 * sd)
        )
        for (name, meaning), mean, sd in zip(
            COEFFICIENTS.items(), posterior.mean, posterior.sd, strict=True
        )
    )


def _score(p: Floats, outcome: Floats) -> AllianceScore:
    return AllianceScore(logit.log_score(p, outcome), logit.brier_score(p, outcome))


def _log_days(days: Floats) -> Floats:
    return np.array([log(float(d) + 0.5) for d in days])
