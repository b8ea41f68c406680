"""Alliance deciding by itself: whether it helps, how soon, with how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.random import Purpose
from steppe.core.response import (
    Floats,
    exact_sum,
    exp,
    exp_array,
    logistic,
    normal_array,
)
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase

_SOURCE = "Bayesian ridge on 44 open requests for help, 1953-2022 (see steppe alliance)"


@dataclass(frozen=True)
class AllianceDecisionParameters(Parameters):
    """Weights of the patron's utility, delay, size and length of stay."""

    intercept: float = param(
        0.75,
        "1",
        (-10.0, 10.0),
        symbol="b0",
        meaning="log-odds of help at neutral features",
        source=_SOURCE,
        status="calibrated",
    )
    threat: float = param(
        0.51,
        "1",
        (-10.0, 10.0),
        symbol="b1",
        meaning="weight of the threat to the client",
        source=_SOURCE,
        status="calibrated",
    )
    stake: float = param(
        0.70,
        "1",
        (-10.0, 10.0),
        symbol="b2",
        meaning="weight of stake and precedent",
        source=_SOURCE,
        status="calibrated",
    )
    cost: float = param(
        -0.97,
        "1",
        (-10.0, 10.0),
        symbol="b3",
        meaning="weight of military cost and rivals",
        source=_SOURCE,
        status="calibrated",
    )
    constraint: float = param(
        -1.13,
        "1",
        (-10.0, 10.0),
        symbol="b4",
        meaning="weight of constraints at home",
        source=_SOURCE,
        status="calibrated",
    )
    align: float = param(
        0.65,
        "1",
        (-10.0, 10.0),
        symbol="b5",
        meaning="weight of trust in the asker",
        source=_SOURCE,
        status="calibrated",
    )
    delay_mean: float = param(
        4.31,
        "log days",
        (-10.0, 10.0),
        symbol="d0",
        meaning="mean of ln(delay + 0.5) of granted requests at U = 0",
        source=_SOURCE,
        status="calibrated",
    )
    delay_slope: float = param(
        -0.96,
        "log days",
        (-10.0, 10.0),
        symbol="d1",
        meaning="change of that mean per unit of U",
        source=_SOURCE,
        status="calibrated",
    )
    delay_spread: float = param(
        1.41,
        "log days",
        (0.0, 10.0),
        symbol="d_sd",
        meaning="standard deviation of ln(delay + 0.5)",
        source=_SOURCE,
        status="calibrated",
    )
    announce: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="f_dec",
        meaning="part of the delay after which the decision is announced",
        source="none",
        status="assumed",
    )
    troops_median: float = param(
        2500.0,
        "persons",
        (1.0, 1e6),
        symbol="C_tot",
        meaning="median size of the force sent",
        source="planned size, Kazakhstan 2022",
        status="assumed",
    )
    troops_spread: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="C_sd",
        meaning="standard deviation of the logarithm of the size",
        source="none",
        status="assumed",
    )
    build_up: float = param(
        72.0,
        "h",
        (1.0, 10_000.0),
        symbol="t_up",
        meaning="hours until the force is complete",
        source="Kazakhstan 2022: 6 to 9 January",
        status="measured",
    )
    stay: float = param(
        96.0,
        "h",
        (0.0, 10_000.0),
        symbol="t_stay",
        meaning="hours of little threat after which the force begins to leave",
        source="none",
        status="assumed",
    )
    leave: float = param(
        144.0,
        "h",
        (1.0, 10_000.0),
        symbol="t_out",
        meaning="hours the withdrawal takes",
        source="Kazakhstan 2022: 13 to 19 January",
        status="measured",
    )
    freed_per_soldier: float = param(
        0.79,
        "1",
        (0.0, 10.0),
        symbol="f_free",
        meaning="officers freed by each foreign soldier on guard",
        source="Kazakhstan 2022: 1,600 freed by 2,030 (Russian defence minister, 13 January)",
        status="measured",
    )


POSTERIOR_SD = np.array([0.58, 0.66, 0.67, 0.41, 0.58, 0.57])
"""Posterior standard deviations of b0..b5, from the same fit as their means."""


def features(request: Any) -> Floats:
    """Return the features of a request scored 0 to 2, centred, with 1 for the intercept.

    (1, threat - 1, (stake + precedent)/2 - 1, milcost + rival - 1.5, constraint - 1, align - 1)
    """
    return np.array(
        [
            1.0,
            request.threat - 1.0,
            (request.stake + request.precedent) / 2.0 - 1.0,
            request.milcost + request.rival - 1.5,
            request.constraint - 1.0,
            request.align - 1.0,
        ]
    )


def coefficients(p: AllianceDecisionParameters) -> Floats:
    """Return b0..b5."""
    return np.array([p.intercept, p.threat, p.stake, p.cost, p.constraint, p.align])


def answer_empirical(
    p: AllianceDecisionParameters,
    *,
    nation_request: Floats,
    nation_request_hour: Floats,
    feature_value: Floats,
    nation_granted: Floats,
    nation_relief_hours: Any,
    nation_leaving_hours: Floats,
    script_signal_allowed: Floats,
    script_troops_allowed: Floats,
    u_answer: Floats,
    u_delay: Floats,
    u_size: Floats,
    u_weights: Floats,
) -> dict[str, Any]:
    """Answer with weights drawn once from the posterior of the fit, so that its doubt counts.

    b_k ~ N(mean_k, sd_k), independent
    """
    return _answer(
        p,
        coefficients(p) + POSTERIOR_SD * normal_array(u_weights),
        nation_request=nation_request,
        nation_request_hour=nation_request_hour,
        feature_value=feature_value,
        nation_granted=nation_granted,
        nation_relief_hours=nation_relief_hours,
        nation_leaving_hours=nation_leaving_hours,
        script_signal_allowed=script_signal_allowed,
        script_troops_allowed=script_troops_allowed,
        u_answer=u_answer,
        u_delay=u_delay,
        u_size=u_size,
    )


def answer(
    p: AllianceDecisionParameters,
    *,
    nation_request: Floats,
    nation_request_hour: Floats,
    feature_value: Floats,
    nation_granted: Floats,
    nation_relief_hours: Any,
    nation_leaving_hours: Floats,
    script_signal_allowed: Floats,
    script_troops_allowed: Floats,
    u_answer: Floats,
    u_delay: Floats,
    u_size: Floats,
) -> dict[str, Any]:
    """Answer a request: with chance Λ(U), after a delay, with a force that comes and goes.

    U = b0 + b1 (threat - 1) + b2 ((stake + precedent)/2 - 1) + b3 (milcost + rival - 1.5)
        + b4 (constraint - 1) + b5 (align - 1)
    ln(d + 0.5) ~ N(4.31 - 0.96 U, 1.41) days;  B = 0.3 while it is weighed, 0.6 once announced,
    1 with troops in the country, 0 after a refusal
    """
    return _answer(
        p,
        coefficients(p),
        nation_request=nation_request,
        nation_request_hour=nation_request_hour,
        feature_value=feature_value,
        nation_granted=nation_granted,
        nation_relief_hours=nation_relief_hours,
        nation_leaving_hours=nation_leaving_hours,
        script_signal_allowed=script_signal_allowed,
        script_troops_allowed=script_troops_allowed,
        u_answer=u_answer,
        u_delay=u_delay,
        u_size=u_size,
    )


def _answer(
    p: AllianceDecisionParameters,
    weights: Floats,
    *,
    nation_request: Floats,
    nation_request_hour: Floats,
    feature_value: Floats,
    nation_granted: Floats,
    nation_relief_hours: Any,
    nation_leaving_hours: Floats,
    script_signal_allowed: Floats,
    script_troops_allowed: Floats,
    u_answer: Floats,
    u_delay: Floats,
    u_size: Floats,
) -> dict[str, Any]:
    u = exact_sum(weights * feature_value)
    chance = logistic(u)
    since = float(nation_request_hour[0])
    if since >= 0.0:
        since += 1.0
    elif nation_request[0] > 0.0:
        since = 0.0
    granted = float(nation_granted[0])
    if since == 0.0:
        granted = 1.0 if u_answer[0] < chance else -1.0
    z = float(normal_array(u_delay)[0])
    delay = 24.0 * max(exp(p.delay_mean + p.delay_slope * u + p.delay_spread * z) - 0.5, 0.0)
    leaving = float(nation_leaving_hours[0])
    arrived = granted > 0.0 and since >= delay
    if arrived and (leaving > 0.0 or int(nation_relief_hours[0]) >= p.stay):
        leaving += 1.0
    size = p.troops_median * float(exp_array(p.troops_spread * normal_array(u_size))[0])
    strength = min(1.0, (since - delay + 1.0) / p.build_up) if arrived else 0.0
    troops = float(int(size * strength * max(0.0, 1.0 - leaving / p.leave)))
    troops *= float(script_troops_allowed[0])
    signal = 0.0
    if since >= 0.0:
        told = 0.6 if granted > 0.0 else 0.0
        signal = told if since >= p.announce * delay else 0.3
        signal = 1.0 if troops > 0.0 else (0.3 if leaving > 0.0 else signal)
    return {
        "nation_request_hour": np.array([since]),
        "nation_grant": np.array([chance]),
        "nation_granted": np.array([granted]),
        "nation_leaving_hours": np.array([leaving]),
        "nation_signal": np.array([signal * float(script_signal_allowed[0])]),
        "nation_troops": np.array([troops]),
        "nation_freed_officers": np.array([p.freed_per_soldier * troops]),
    }


_WRITES = (
    "nation_request_hour",
    "nation_grant",
    "nation_granted",
    "nation_leaving_hours",
    "nation_signal",
    "nation_troops",
    "nation_freed_officers",
)
_RANDOM_NUMBERS = {
    "u_answer": RandomNumber(Purpose.ALLIANCE_ANSWER, "nation", once=True),
    "u_delay": RandomNumber(Purpose.ALLIANCE_DELAY, "nation", once=True),
    "u_size": RandomNumber(Purpose.ALLIANCE_SIZE, "nation", once=True),
}
_SOURCES = (
    "Morrow, American Journal of Political Science 35 (1991)",
    "Leeds, International Organization 57 (2003)",
    "Tansey, Koehler & Schmotz, Comparative Political Studies 50 (2017)",
)

ALLIANCE_DECISION = Mechanism(
    name="expected-utility",
    role="alliance",
    phase=Phase.SCRIPT,
    title="The alliance weighs a request",
    equation="P(grant) = Λ(U);  ln(d + 0.5) ~ N(d0 + d1 U, d_sd)",
    parameters=AllianceDecisionParameters,
    rule=answer,
    writes=_WRITES,
    random_numbers=_RANDOM_NUMBERS,
    sources=_SOURCES,
    evidence="supported",
)

ALLIANCE_EMPIRICAL = Mechanism(
    name="empirical",
    role="alliance",
    phase=Phase.SCRIPT,
    title="The alliance weighs a request, with the doubt of the fit",
    equation="P(grant) = Λ(U),  b ~ posterior;  ln(d + 0.5) ~ N(d0 + d1 U, d_sd)",
    parameters=AllianceDecisionParameters,
    rule=answer_empirical,
    writes=_WRITES,
    random_numbers={
        **_RANDOM_NUMBERS,
        "u_weights": RandomNumber(Purpose.ALLIANCE_WEIGHTS, "feature", once=True),
    },
    sources=_SOURCES,
    evidence="supported",
)
