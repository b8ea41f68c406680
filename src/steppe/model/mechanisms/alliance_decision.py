"""Alliance deciding by itself: whether it helps, how soon, with how many."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

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
from steppe.model.mechanisms.alliance_parameters import AllianceDecisionParameters
from steppe.model.phases import Phase

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


class HelpRequest(NamedTuple):
    """A request for help: hours since it was made (-1 before), 1 granted, -1 refused, 0 open."""

    hours: float
    granted: float
    leaving: float

    @classmethod
    def of(cls, request: Floats, hours: Floats, granted: Floats, leaving: Floats) -> HelpRequest:
        """Return the request as it stands one hour later than ``hours``."""
        since = float(hours[0])
        if since >= 0.0:
            since += 1.0
        elif request[0] > 0.0:
            since = 0.0
        return cls(since, float(granted[0]), float(leaving[0]))


class Luck(NamedTuple):
    """What is open about an answer: a uniform for yes or no, normals for delay and size."""

    answer: float
    delay: float
    size: float


def utility(weights: Floats, values: Floats) -> float:
    """Return U = sum_k b_k x_k over the features of the request."""
    return exact_sum(weights * values)


def delay_hours(p: AllianceDecisionParameters, u: float, z: float) -> float:
    """Return d in hours: ln(d + 0.5) = d0 + d1 U + d_sd z, d in days and at least 0."""
    return 24.0 * max(exp(p.delay_mean + p.delay_slope * u + p.delay_spread * z) - 0.5, 0.0)


def troops_present(
    p: AllianceDecisionParameters, present: float, leaving: float, z: float
) -> float:
    """Return C = C_tot e^(C_sd z) min(1, present/t_up) max(0, 1 - leaving/t_out), whole persons."""
    size = p.troops_median * float(exp_array(p.troops_spread * np.array([z]))[0])
    strength = min(1.0, present / p.build_up) if present > 0.0 else 0.0
    return float(int(size * strength * max(0.0, 1.0 - leaving / p.leave)))


def backing(
    p: AllianceDecisionParameters, request: HelpRequest, delay: float, troops: float
) -> float:
    """Return B: B_t with troops, B_w while they leave or it is weighed, B_d once announced."""
    if request.hours < 0.0:
        return 0.0
    if troops > 0.0:
        return p.signal_troops
    if request.leaving > 0.0 or request.hours < p.announce * delay:
        return p.signal_words
    return p.signal_decision if request.granted > 0.0 else 0.0


def respond_to(
    p: AllianceDecisionParameters,
    u: float,
    request: HelpRequest,
    luck: Luck,
    calm_hours: int,
    allowed: tuple[float, float],
) -> dict[str, Any]:
    """Return what the answer of utility ``u`` is this hour.

    ``calm_hours`` are hours in a row of little threat; ``allowed`` is 0 or 1 for signal and troops.
    """
    chance = logistic(u)
    if request.hours == 0.0:
        request = request._replace(granted=1.0 if luck.answer < chance else -1.0)
    delay = delay_hours(p, u, luck.delay)
    arrived = request.granted > 0.0 and request.hours >= delay
    if arrived and (request.leaving > 0.0 or calm_hours >= p.stay):
        request = request._replace(leaving=request.leaving + 1.0)
    present = request.hours - delay + 1.0 if arrived else 0.0
    troops = troops_present(p, present, request.leaving, luck.size) * allowed[1]
    signal = backing(p, request, delay, troops) * allowed[0]
    return {
        "nation_request_hour": np.array([request.hours]),
        "nation_grant": np.array([chance]),
        "nation_granted": np.array([request.granted]),
        "nation_leaving_hours": np.array([request.leaving]),
        "nation_signal": np.array([signal]),
        "nation_troops": np.array([troops]),
        "nation_freed_officers": np.array([p.freed_per_soldier * troops]),
    }


def _normal(u: Floats) -> float:
    return float(normal_array(u)[0])


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
    u = utility(coefficients(p) + POSTERIOR_SD * normal_array(u_weights), feature_value)
    request = HelpRequest.of(
        nation_request, nation_request_hour, nation_granted, nation_leaving_hours
    )
    luck = Luck(float(u_answer[0]), _normal(u_delay), _normal(u_size))
    allowed = float(script_signal_allowed[0]), float(script_troops_allowed[0])
    return respond_to(p, u, request, luck, int(nation_relief_hours[0]), allowed)


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
    ln(d + 0.5) ~ N(4.31 - 0.96 U, 1.41) days;  B = B_w while it is weighed, B_d once announced,
    B_t with troops in the country, 0 after a refusal
    """
    u = utility(coefficients(p), feature_value)
    request = HelpRequest.of(
        nation_request, nation_request_hour, nation_granted, nation_leaving_hours
    )
    luck = Luck(float(u_answer[0]), _normal(u_delay), _normal(u_size))
    allowed = float(script_signal_allowed[0]), float(script_troops_allowed[0])
    return respond_to(p, u, request, luck, int(nation_relief_hours[0]), allowed)


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
