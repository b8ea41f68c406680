"""What the alliance weighs: the fitted utility of help, its delay, the size and stay of a force."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param

_SOURCE = "Bayesian ridge on 44 open requests for help, 1953-2022 (see steppe alliance)"


@dataclass(frozen=True)
class AllianceParameters(Parameters):
    """How strong a signal of backing B each step of the alliance is."""

    signal_words: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="B_w",
        meaning="backing known while a request is weighed, and again once the troops leave",
        source="none",
        status="assumed",
    )
    signal_decision: float = param(
        0.6,
        "1",
        (0.0, 1.0),
        symbol="B_d",
        meaning="backing known once help has been announced",
        source="none",
        status="assumed",
    )
    signal_troops: float = param(
        1.0,
        "1",
        (0.0, 1.0),
        symbol="B_t",
        meaning="backing known while troops are in the country",
        source="none",
        status="assumed",
    )


@dataclass(frozen=True)
class AllianceDecisionParameters(AllianceParameters):
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
        status="transferred",
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
        status="transferred",
    )
    freed_per_soldier: float = param(
        0.79,
        "1",
        (0.0, 10.0),
        symbol="f_free",
        meaning="officers freed by each foreign soldier on guard",
        source="Kazakhstan 2022: 1,600 freed by 2,030 (Russian defence minister, 13 January)",
        status="transferred",
    )
