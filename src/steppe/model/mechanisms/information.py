"""Information: who can learn of the streets, and what a cut-off changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, log_uniform, param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp_array, normal_array
from steppe.model.mechanism import Draw, Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class InformationParameters(Parameters):
    """Weights of the layers through which a citizen learns of others."""

    online_weight: float = param(
        2.0, "1", (0.0, 20.0), symbol="w_on",
        meaning="weight of broadcast and messaging relative to sight",
        source="Enikolopov, Makarin & Petrova, Econometrica 88 (2020): direction only",
        status="assumed", prior=log_uniform(0.1, 8.0),
    )
    offline_reach: float = param(
        0.25, "1", (0.0, 1.0), symbol="w_off",
        meaning="share of the broadcast weight that reaches a citizen who is not online",
        source="none", status="assumed",
    )
    phone_share: float = param(
        0.5, "1", (0.0, 1.0), symbol="a_tel",
        meaning="share of what is heard through personal ties that comes by telephone",
        source="none", status="assumed",
    )
    report_noise: float = param(
        0.3, "1", (0.0, 2.0), symbol="s_report",
        meaning="standard deviation of the logarithm of the reported share of citizens out",
        source="none", status="assumed",
    )
    curiosity: float = param(
        0.02, "per hour", (0.0, 1.0), symbol="q_look",
        meaning="chance in an hour of a full cut to go and look at the city's crowd",
        source="Hassanpour, Political Communication 31 (2014): mechanism only",
        status="assumed",
    )
    cut_cost: float = param(
        0.005, "budget share per day", (0.0, 0.1), symbol="l_cut",
        meaning="budget share lost for each day of a running internet cut: payments fail",
        source="none", status="assumed",
    )


def inform(
    p: InformationParameters,
    *,
    place_internet_cut: Floats,
    place_phone_cut: Floats,
    place_cut_days: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    persons: float,
    u_report: Floats,
) -> dict[str, Any]:
    """Set the weight of each layer and the national figure that broadcast carries.

    w_on,c = w_on (1 - b_on,c);  a_c = 1 - a_tel b_tel,c
    X = (A_nat / N) exp(s_report z),  z ~ N(0, 1)
    Weights are re-normalised where citizens decide, so a cut moves attention to what is near:
    where a crowd is in sight its pull rises, elsewhere it falls.
    """
    active = exact_sum(place_peaceful) + exact_sum(place_violent) + exact_sum(place_looting)
    return {
        "nation_reported_share": active
        / persons
        * exp_array(p.report_noise * normal_array(u_report)),
        "place_weight_online": p.online_weight * (1.0 - place_internet_cut),
        "place_weight_ties": 1.0 - p.phone_share * place_phone_cut,
        "place_curious": p.curiosity * place_internet_cut,
        "place_hardship_cut": p.cut_cost * place_cut_days,
    }


INFORMATION = Mechanism(
    name="layers",
    role="information",
    phase=Phase.INFORMATION,
    title="Information layers and blackout",
    equation="m_i = (m_loc + a m_tie + w m_on)/(1 + a + w);  w = w_on (1 - b_on);  "
    "a = 1 - a_tel b_tel",
    parameters=InformationParameters,
    rule=inform,
    writes=(
        "nation_reported_share",
        "place_weight_online",
        "place_weight_ties",
        "place_curious",
        "place_hardship_cut",
    ),
    draws={"u_report": Draw(Purpose.REPORT, "nation")},
    sources=(
        "Hassanpour, Political Communication 31 (2014)",
        "Enikolopov, Makarin & Petrova, Econometrica 88 (2020)",
        "Gohdes, Journal of Peace Research 52 (2015)",
    ),
    evidence="supported",
)
