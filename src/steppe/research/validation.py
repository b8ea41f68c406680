"""Validation: crises and requests for help that nothing was fitted to, forecast and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from steppe.core.response import normal_quantile
from steppe.evidence.scoring import fair_crps
from steppe.research.crises.runs import Simulations, simulate
from steppe.research.crises.scores import (
    CaseScore,
    Skill,
    amount_skill,
    binary_skill,
    brier,
    ignorance,
    score_cases,
)
from steppe.research.crises.table import Crisis, known, open_crises
from steppe.research.intervention import facts_rule, logit, rule
from steppe.research.intervention.requests import InterventionRequest, open_requests
from steppe.research.landmarks import benchmark
from steppe.research.landmarks.benchmark import TaskScore
from steppe.study.effects import Effect, effect
from steppe.study.parameters import ParameterSource
from steppe.study.settings import ExecutionOptions

_MEMBERS = 199
"""Quantiles that stand for a normal forecast where its CRPS is taken."""


@dataclass(frozen=True, slots=True)
class CrisisStudy:
    """How well crises were forecast: every case, and the skill for each outcome.

    ``brier``, ``log`` and ``crps`` map an outcome to its skill; ``failures`` are (case, reason).
    """

    cases: tuple[CaseScore, ...]
    simulations: tuple[Simulations, ...]
    brier: dict[str, Skill]
    log: dict[str, Skill]
    crps: dict[str, Skill]
    failures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A request for help forecast by a fit that has not seen it.

    ``probability`` is that of the rule, averaged over the posterior of its weights, ``by_facts``
    that of facts which need nobody's judgement. ``days`` it took if it was granted;
    ``expected_days`` the 5 %, 50 %, 95 % points of the law.
    """

    case_id: str
    granted: bool
    probability: float
    by_facts: float
    base_rate: float
    days: float | None
    expected_days: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class RequestStudy:
    """How well requests were forecast; gaps are rule less base rate, below 0 the rule is better.

    ``facts`` is the Brier score of the rule from facts less that of the base rate, ``delays`` the
    CRPS of ln(days + 1/2) of grants against the spread of other grants.
    """

    requests: tuple[Forecast, ...]
    brier: Effect
    log: Effect
    facts: Effect
    delays: Effect | None


def validate_crises(
    crises: Sequence[Crisis],
    seeds: Sequence[int],
    *,
    source: ParameterSource = "population",
    **options: Unpack[ExecutionOptions],
) -> CrisisStudy:
    """Forecast each crisis from what was known before it, and score the forecasts.

    References learn from the packaged crises and from the others given, never from the case
    itself. Errors as for ``simulate``; ``ValueError`` when not one run was finished.
    """
    facts = [known(row) for row in crises]
    study = simulate(facts, seeds, source=source, **options)
    cases = score_cases(crises, study, open_crises())
    if not cases:
        raise ValueError("no run was finished")
    names = ("incumbent_out", "defection", "concession")
    return CrisisStudy(
        cases,
        study,
        _with_skill({name: binary_skill(cases, name, brier) for name in names}),
        _with_skill({name: binary_skill(cases, name, ignorance) for name in names}),
        _with_skill({name: amount_skill(cases, name) for name in ("peak", "deaths")}),
        tuple((one.case_id, reason) for one in study for reason in one.failures),
    )


def _with_skill(skills: dict[str, Skill | None]) -> dict[str, Skill]:
    return {name: skill for name, skill in skills.items() if skill is not None}


def validate_requests(requests: Sequence[InterventionRequest]) -> RequestStudy:
    """Forecast each request by the rule estimated on the packaged ones without it, and score.

    A request counts as the same when its id, or its client and date, are. Raises ``ValueError``
    for an empty list.
    """
    if not requests:
        raise ValueError("no request to score")
    pool = open_requests()
    learnt = [_learn(request, pool) for request in requests]
    forecasts = tuple(
        _forecast(request, rest) for request, rest in zip(requests, learnt, strict=True)
    )
    happened = np.array([float(one.granted) for one in forecasts])
    rule = np.array([one.probability for one in forecasts])
    facts = np.array([one.by_facts for one in forecasts])
    rate = np.array([one.base_rate for one in forecasts])
    return RequestStudy(
        forecasts,
        effect("brier", brier(rule, happened), brier(rate, happened)),
        effect("log", ignorance(rule, happened), ignorance(rate, happened)),
        effect("facts", brier(facts, happened), brier(rate, happened)),
        _delays(requests, learnt),
    )


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What the packaged requests without one of them say of it.

    ``law`` is mean and spread of ln(days + 1/2) to a grant, None where they allow no law.
    """

    others: tuple[InterventionRequest, ...]
    probability: float
    by_facts: float
    law: tuple[float, float] | None


def _learn(request: InterventionRequest, pool: Sequence[InterventionRequest]) -> _Learnt:
    same = (request.client, request.request_date)
    others = tuple(
        one
        for one in pool
        if one.case_id != request.case_id and (one.client, one.request_date) != same
    )
    posterior = rule.estimate(others)
    row = rule.design_matrix([request])
    delays = rule.grant_delays(others, posterior)
    law = None
    if delays is not None and delays.slope is not None:
        utility = float((row @ posterior.mean)[0])
        law = delays.intercept + delays.slope * utility, delays.spread
    facts = facts_rule.probability(others, request)
    return _Learnt(others, logit.averaged_probability(posterior, row[0])[0], facts, law)


def _forecast(request: InterventionRequest, learnt: _Learnt) -> Forecast:
    days = None
    if learnt.law is not None:
        middle, half = learnt.law[0], normal_quantile(0.95) * learnt.law[1]
        low, median, high = (
            max(0.0, float(np.exp(y)) - 0.5) for y in (middle - half, middle, middle + half)
        )
        days = (low, median, high)
    granted = request.granted_bin == 1
    return Forecast(
        request.case_id,
        granted,
        learnt.probability,
        learnt.by_facts,
        float(np.mean(rule.outcomes(learnt.others))),
        request.days_to_grant,
        days,
    )


def _delays(requests: Sequence[InterventionRequest], learnt: Sequence[_Learnt]) -> Effect | None:
    """Score the delay of grants: normal law in ln(days + 1/2) against that of other grants."""
    mine: list[float] = []
    past: list[float] = []
    z = np.array([normal_quantile((k + 0.5) / _MEMBERS) for k in range(_MEMBERS)])
    for request, rest in zip(requests, learnt, strict=True):
        days = request.days_to_grant
        if days is not None and rest.law is not None:
            y = float(np.log(days + 0.5))
            others = [one.days_to_grant for one in rest.others if one.days_to_grant is not None]
            mine.append(fair_crps(rest.law[0] + rest.law[1] * z, y))
            past.append(fair_crps(np.log(np.array(others) + 0.5), y))
    return effect("delay", np.array(mine), np.array(past)) if mine else None


def document(
    crises: CrisisStudy | None,
    requests: RequestStudy | None,
    landmarks: Sequence[TaskScore] = (),
) -> dict[str, Any]:
    """Return the studies for programs; numbers to six decimals."""
    content: dict[str, Any] = {}
    if crises is not None:
        content["crises"] = _crises(crises)
    if requests is not None:
        content["interventions"] = {
            "n": len(requests.requests),
            "brier": _six(requests.brier.baseline),
            "brier_reference": _six(requests.brier.variant),
            "log": _six(requests.log.baseline),
        }
    if landmarks:
        content["landmarks"] = benchmark.document(landmarks)
    return content


def _crises(study: CrisisStudy) -> dict[str, Any]:
    out, log = study.brier.get("incumbent_out"), study.log.get("incumbent_out")
    return {
        "n": len(study.cases),
        "brier": _six(out.model[0]) if out else None,
        "brier_references": {
            **{name: _six(score) for name, (score, _) in (out.references if out else {}).items()},
            "one_half": 0.25,
        },
        "log": _six(log.model[0]) if log else None,
        "crps_peak": _six(study.crps["peak"].model[0]) if "peak" in study.crps else None,
        "crps_deaths": _six(study.crps["deaths"].model[0]) if "deaths" in study.crps else None,
        "per_case": [_case(case) for case in study.cases],
    }


def _case(case: CaseScore) -> dict[str, Any]:
    row: dict[str, Any] = {
        "case_id": case.case_id, "runs": case.runs, "visible": case.visible,
        "falls_in_run": _six(case.falls),
    }  # fmt: skip
    for name, one in case.binary.items():
        row[name] = {
            "happened": one.happened, "model": _six(one.model),
            "base_rate": _six(one.base_rate), "logit": _six(one.logit),
        }  # fmt: skip
    for name, amount in case.amounts.items():
        row[name] = {
            "observed_log10": [_six(x) for x in amount.observed],
            "forecast_log10": [_six(x) for x in amount.forecast],
            "crps": _six(amount.model), "crps_base_rate": _six(amount.base_rate),
            "crps_ridge": _six(amount.ridge), "covered": amount.covered,
        }  # fmt: skip
    return row


def _six(value: float) -> float:
    return round(value, 6)
