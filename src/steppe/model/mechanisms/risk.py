"""Risk: what citizens expect taking part to cost them in this place at this hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, uniform, values_type
from steppe.core.response import Floats, Number, exp_array
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class RiskParameters(Parameters):
    """Perceived risk and the costs of going out."""

    arrest_constant: float = param(
        2.3,
        "1",
        (0.0, 50.0),
        symbol="k",
        meaning="makes the chance of arrest 0.9 when officers equal citizens on the street",
        source="Epstein, PNAS 99 suppl. 3 (2002)",
        status="literature",
    )
    severity_presence: float = param(
        0.5,
        "1",
        (0.0, 10.0),
        symbol="sev_1",
        meaning="severity of officers standing by",
        source="none",
        status="assumed",
    )
    severity_gas: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="sev_2",
        meaning="severity of arrests and gas, the unit of the scale",
        source="none",
        status="assumed",
    )
    severity_fire: float = param(
        2.0,
        "1",
        (0.0, 10.0),
        symbol="sev_3",
        meaning="severity of selective live fire",
        source="none",
        status="assumed",
    )
    severity_sight: float = param(
        2.5,
        "1",
        (0.0, 10.0),
        symbol="sev_4",
        meaning="severity of the order to shoot on sight",
        source="none",
        status="assumed",
    )
    rumour: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="d_q",
        meaning="share of the officers that those who heard of defections no longer count",
        source="none",
        status="assumed",
    )
    night_cost: float = param(
        0.12,
        "1",
        (0.0, 2.0),
        symbol="n",
        meaning="cost of being out in the dead of night",
        source="none",
        status="assumed",
    )
    night_awake: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="w_n",
        meaning="share of people up and about in the dead of night",
        source="none",
        status="assumed",
    )
    night_from: float = param(
        3.0,
        "h",
        (0.0, 4.0),
        symbol="h_3",
        meaning="hour from which fewest people are awake",
        source="none",
        status="assumed",
    )
    night_until: float = param(
        5.0,
        "h",
        (5.0, 8.0),
        symbol="h_5",
        meaning="hour until which fewest people are awake",
        source="none",
        status="assumed",
    )
    day_from: float = param(
        11.0,
        "h",
        (9.0, 12.0),
        symbol="h_11",
        meaning="hour from which everybody is awake",
        source="none",
        status="assumed",
    )
    day_until: float = param(
        21.0,
        "h",
        (18.0, 23.0),
        symbol="h_21",
        meaning="hour until which everybody is awake",
        source="none",
        status="assumed",
    )
    curfew_cost: float = param(
        0.10,
        "1",
        (0.0, 2.0),
        symbol="k_curfew",
        meaning="cost of being out under curfew",
        source="none",
        status="assumed",
        prior=uniform(0.0, 0.3),
    )
    shoot_cost: float = param(
        0.0,
        "1",
        (0.0, 2.0),
        symbol="k_shoot",
        meaning="further cost of being out when the order is to shoot on sight",
        source="none",
        status="assumed",
    )


RiskValues = values_type(RiskParameters, "RiskValues")
"""The parameters as compiled code takes them."""


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
    ladder = np.array([severity_of(p, level) for level in range(5)])
    severity = ladder[place_force_level.astype(np.int64)]
    awake = circadian(p, hour_of_day)
    on_sight = (place_force_level >= 4.0).astype(np.float64)
    return {
        "place_severity": severity,
        "place_risk": fear(severity, exp_array(-p.arrest_constant * ratio)),
        "place_cost": hour_cost(p, awake, place_curfew, on_sight),
        "nation_awake": np.array([awake]),
    }


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
