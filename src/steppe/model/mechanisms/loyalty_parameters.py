"""What officers believe, earn and fear, and how a service is divided into units."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param, uniform, values_type


@dataclass(frozen=True)
class LoyaltyParameters(Parameters):
    """What officers believe, earn and fear."""

    belief_base: float = param(
        2.0,
        "1",
        (-10.0, 10.0),
        symbol="th0",
        meaning="log-odds of survival when all is quiet",
        source="none",
        status="assumed",
    )
    belief_signal: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_F",
        meaning="log-odds added by full foreign backing: the psychological effect of the troops",
        source="none; prior midpoint",
        status="assumed",
        prior=uniform(0.0, 2.0),
    )
    belief_defection: float = param(
        3.5,
        "1",
        (0.0, 20.0),
        symbol="th_D",
        meaning="log-odds lost when all units have changed sides",
        source="none; prior midpoint",
        status="assumed",
        prior=uniform(1.0, 6.0),
    )
    belief_crowd: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_A",
        meaning="log-odds lost to crowds across the country",
        source="none",
        status="assumed",
    )
    belief_seized: float = param(
        1.0,
        "1",
        (0.0, 10.0),
        symbol="th_S",
        meaning="log-odds lost when all symbolic buildings are lost",
        source="none",
        status="assumed",
    )
    signal_noise: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="s_u",
        meaning="standard deviation of a unit's private signal",
        source="none",
        status="assumed",
    )
    signal_memory: float = param(
        0.9,
        "1",
        (0.0, 0.999),
        symbol="ar",
        meaning="hourly persistence of the private signal",
        source="none",
        status="assumed",
    )
    punishment: float = param(
        0.5,
        "1",
        (0.0, 5.0),
        symbol="pun",
        meaning="expected punishment for having obeyed if the regime falls",
        source="none",
        status="assumed",
    )
    fraternisation: float = param(
        0.4,
        "1",
        (0.0, 5.0),
        symbol="mu_f",
        meaning="cost of using force on people like oneself",
        source="none",
        status="assumed",
    )
    crowd_fear: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="phi",
        meaning="fear of a crowd larger than one's own side",
        source="none",
        status="assumed",
    )
    desertion_belief: float = param(
        0.35,
        "1",
        (0.0, 1.0),
        symbol="p_dd",
        meaning="believed chance of survival below which a unit may change sides",
        source="none",
        status="assumed",
    )
    on_duty: float = param(
        0.33,
        "1",
        (0.01, 1.0),
        symbol="duty",
        meaning="share of a service that can be on the street at once: three shifts",
        source="none",
        status="assumed",
    )
    unit_size: float = param(
        100.0,
        "persons",
        (1.0, 10_000.0),
        symbol="n_u",
        meaning="officers of a unit",
        source="none",
        status="assumed",
    )
    home_police: float = param(
        1.0,
        "1",
        (0.0, 1.0),
        symbol="home_p",
        meaning="share of police who serve in their home region",
        source="none",
        status="assumed",
    )
    home_troops: float = param(
        0.3,
        "1",
        (0.0, 1.0),
        symbol="home_t",
        meaning="share of guard and army who serve in their home region",
        source="none",
        status="assumed",
    )
    crowd_half: float = param(
        0.0025,
        "1",
        (1e-6, 1.0),
        symbol="h_bel",
        meaning="share of citizens on the street at which crowds shake belief by half",
        source="none",
        status="assumed",
    )
    join_violence: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="v_join",
        meaning="share of violent people above which a unit does not join a crowd",
        source="none",
        status="assumed",
    )
    join_outnumbered: float = param(
        3.0,
        "1",
        (0.0, 1000.0),
        symbol="r_join",
        meaning="people per officer above which a unit joins whatever the crowd does",
        source="none",
        status="assumed",
    )
    loyalty_police: float = param(
        1.0,
        "1",
        (-5.0, 5.0),
        symbol="loy_p",
        meaning="mean loyalty of police units",
        source="none",
        status="assumed",
    )
    loyalty_guard: float = param(
        1.1,
        "1",
        (-5.0, 5.0),
        symbol="loy_g",
        meaning="mean loyalty of guard units",
        source="none",
        status="assumed",
    )
    loyalty_army: float = param(
        0.9,
        "1",
        (-5.0, 5.0),
        symbol="loy_a",
        meaning="mean loyalty of army units",
        source="none",
        status="assumed",
    )
    level: float = param(
        0.0,
        "1",
        (-5.0, 5.0),
        symbol="loy_0",
        meaning="loyalty added to every unit: what all services of a country have in common",
        source="varies by crisis: learnt in population.json",
        status="assumed",
    )
    spread_police: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="sd_p",
        meaning="standard deviation among police units",
        source="none",
        status="assumed",
    )
    spread_guard: float = param(
        0.3,
        "1",
        (0.0, 5.0),
        symbol="sd_g",
        meaning="standard deviation among guard units",
        source="none",
        status="assumed",
    )
    spread_army: float = param(
        0.4,
        "1",
        (0.0, 5.0),
        symbol="sd_a",
        meaning="standard deviation among army units",
        source="none",
        status="assumed",
    )
    conviction: float = param(
        0.2,
        "1",
        (0.0, 5.0),
        symbol="loy_fr",
        meaning="loyalty added by full belief in the government's story",
        source="none",
        status="assumed",
    )
    coordination_loss: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="c_tel",
        meaning="share of officers' effect lost when telephones are mostly cut",
        source="none",
        status="assumed",
    )


LoyaltyValues = values_type(LoyaltyParameters, "LoyaltyValues")
"""The parameters as compiled code takes them."""
