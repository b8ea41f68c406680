"""Risk: what citizens expect taking part to cost them in this place at this hour."""

from __future__ import annotations

from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.params import values_of
from steppe.core.response import Floats, Number, exp
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.risk_parameters import RiskParameters, RiskValues
from steppe.model.phases import Phase


def circadian(p: RiskParameters, hour_of_day: int) -> float:
    """Return the share of people up and about: w_n from h_3 to h_5, 1 from h_11 to h_21.

    Linear between; the hours are those of the clock, and evening runs past midnight.
    """
    if p.day_from <= hour_of_day <= p.day_until:
        return 1.0
    if p.night_from <= hour_of_day <= p.night_until:
        return p.night_awake
    asleep = 1.0 - p.night_awake
    if p.night_until < hour_of_day < p.day_from:
        return p.night_awake + asleep * (hour_of_day - p.night_until) / (p.day_from - p.night_until)
    late = (hour_of_day - p.day_until) % 24.0
    return 1.0 - asleep * late / (p.night_from + 24.0 - p.day_until)


def weigh_risk(
    p: RiskParameters,
    *,
    place_force_level: Floats,
    place_officers: Floats,
    place_rumour_heard: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_curfew: Floats,
    hour_of_day: int,
) -> dict[str, Any]:
    """Set perceived risk and the cost of the hour.

    R_c = sev(f_c) (1 - exp(-k F'_c / max(A_c, 1))),  F' = F (1 - d_q heard) where a rumour runs
    cost_c = n (1 - circ(h)) + k_curfew [curfew] + k_shoot [f_c = 4]
    """
    ratio = believed_ratio(
        p, place_officers, place_rumour_heard, place_peaceful + place_violent + place_looting
    )
    return _fields(p, ratio, place_force_level, place_curfew, hour_of_day)


def weigh_risk_floor(
    p: RiskParameters,
    *,
    place_force_level: Floats,
    place_officers: Floats,
    place_rumour_heard: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_curfew: Floats,
    hour_of_day: int,
) -> dict[str, Any]:
    """Set risk as ``weigh_risk`` does, with the ratio of officers rounded down.

    R_c = sev(f_c) (1 - exp(-k floor(F'_c / max(A_c, 1)))): none as soon as the crowd is larger,
    the form under which Epstein's outbursts appear.
    """
    ratio = believed_ratio(
        p, place_officers, place_rumour_heard, place_peaceful + place_violent + place_looting
    )
    return _fields(p, np.floor(ratio), place_force_level, place_curfew, hour_of_day)


def fear_nothing(
    p: RiskParameters, *, place_force_level: Floats, place_curfew: Floats, hour_of_day: int
) -> dict[str, Any]:
    """Set no risk but the severity of force and the cost of the hour: repression cannot deter."""
    ratio = np.zeros_like(place_force_level)
    return _fields(p, ratio, place_force_level, place_curfew, hour_of_day)


def believed_ratio(p: RiskParameters, officers: Number, heard: Number, active: Number) -> Number:
    """Return officers per citizen on the street as people believe it: F (1 - d_q heard)/A."""
    least = np.maximum(active, 1.0)
    return officers * (1.0 - p.rumour * heard) / least  # type: ignore[no-any-return]


def severity_of(p: RiskParameters, level: int) -> float:
    """Return the severity of a level of force, 0 none to 4 shoot on sight."""
    return (0.0, p.severity_presence, p.severity_gas, p.severity_fire, p.severity_sight)[level]


def fear(severity: Number, ease: Number) -> Number:
    """Return R = sev (1 - ease), where ease is exp(-k F'/max(A, 1))."""
    return severity * (1.0 - ease)


def hour_cost(p: RiskParameters, awake: float, curfew: Number, on_sight: Number) -> Number:
    """Return n (1 - circ) + k_curfew [curfew] + k_shoot [f = 4]."""
    return p.night_cost * (1.0 - awake) + p.curfew_cost * curfew + p.shoot_cost * on_sight


def _fields(
    p: RiskParameters,
    ratio: Floats,
    place_force_level: Floats,
    place_curfew: Floats,
    hour_of_day: int,
) -> dict[str, Any]:
    awake = circadian(p, hour_of_day)
    severity, risk, cost = np.empty((3, len(ratio)))
    places = (place_force_level, ratio, place_curfew)
    compiled(fill_risk)(values_of(RiskValues, p), places, awake, (severity, risk, cost))
    return {
        "place_severity": severity,
        "place_risk": risk,
        "place_cost": cost,
        "nation_awake": np.array([awake]),
    }


def fill_risk(
    p: RiskParameters,
    places: tuple[Floats, Floats, Floats],
    awake: float,
    to: tuple[Floats, Floats, Floats],
) -> None:
    """Write severity, risk and cost of each place from force, officers per citizen and curfew."""
    force, ratio, curfew = places
    severity, risk, cost = to
    for c in range(len(ratio)):
        severity[c] = severity_of(p, int(force[c]))
        risk[c] = fear(severity[c], exp(-p.arrest_constant * ratio[c]))
        cost[c] = hour_cost(p, awake, curfew[c], 1.0 if force[c] >= 4.0 else 0.0)


RISK = Mechanism(
    name="epstein-severity",
    role="risk",
    phase=Phase.RISK,
    title="Perceived risk and cost of going out",
    equation="R = sev(f) (1 - exp(-k F'/max(A,1))),  F' = F (1 - d_q heard)",
    parameters=RiskParameters,
    rule=weigh_risk,
    writes=("place_severity", "place_risk", "place_cost", "nation_awake"),
    sources=("Epstein, PNAS 99 suppl. 3 (2002)", "Siegel, Journal of Politics 73 (2011)"),
    evidence="supported",
)

RISK_FLOOR = Mechanism(
    name="epstein-floor",
    role="risk",
    phase=Phase.RISK,
    title="Perceived risk with a rounded ratio",
    equation="R = sev(f) (1 - exp(-k floor(F'/max(A,1))))",
    parameters=RiskParameters,
    rule=weigh_risk_floor,
    writes=("place_severity", "place_risk", "place_cost", "nation_awake"),
    sources=("Epstein, PNAS 99 suppl. 3 (2002): as in its published implementations",),
    evidence="supported",
)

FEARLESS = Mechanism(
    name="backlash-only",
    role="risk",
    phase=Phase.RISK,
    title="Repression does not deter",
    equation="R = 0",
    parameters=RiskParameters,
    rule=fear_nothing,
    writes=("place_severity", "place_risk", "place_cost", "nation_awake"),
    sources=("Opp & Roehl, Social Forces 69 (1990)", "Rasler, ASR 61 (1996)"),
    evidence="supported",
)
