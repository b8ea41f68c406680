"""What risk is perceived under force, and what being out costs by the hour."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param, uniform, values_type


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
