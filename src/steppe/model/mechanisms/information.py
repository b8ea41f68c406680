"""Information: who can learn of the streets, and what a cut-off changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, log_uniform, param
from steppe.core.random import Purpose
from steppe.core.response import Floats, exact_sum, exp_array, normal_array
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase


@dataclass(frozen=True)
class InformationParameters(Parameters):
    """Weights of the layers through which a citizen learns of others."""

    online_weight: float = param(
        2.0,
        "1",
        (0.0, 20.0),
        symbol="w_on",
        meaning="weight of broadcast and messaging relative to sight",
        source="Enikolopov, Makarin & Petrova, Econometrica 88 (2020): direction only",
        status="assumed",
        prior=log_uniform(0.1, 8.0),
    )
    offline_reach: float = param(
        0.25,
        "1",
        (0.0, 1.0),
        symbol="w_off",
        meaning="share of the broadcast weight that reaches a citizen who is not online",
        source="none",
        status="assumed",
    )
    phone_share: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="a_tel",
        meaning="share of what is heard through personal ties that comes by telephone",
        source="none",
        status="assumed",
    )
    report_noise: float = param(
        0.3,
        "1",
        (0.0, 2.0),
        symbol="s_report",
        meaning="standard deviation of the logarithm of the reported share of citizens out",
        source="none",
        status="assumed",
    )
    curiosity: float = param(
        0.02,
        "per hour",
        (0.0, 1.0),
        symbol="q_look",
        meaning="chance in an hour of a full cut to go and look at the city's crowd",
        source="Hassanpour, Political Communication 31 (2014): mechanism only",
        status="assumed",
    )
    cut_cost: float = param(
        0.005,
        "budget share per day",
        (0.0, 0.1),
        symbol="l_cut",
        meaning="budget share lost for each day of a running internet cut: payments fail",
        source="none",
        status="assumed",
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
    fields = _layers(p, place_internet_cut, place_phone_cut, place_cut_days)
    return fields | _reported(p, active / persons, u_report)


def inform_dampened(
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
    """Set weights as ``inform`` does, but let nothing take the place of what is cut.

    m_i = (m_loc + a m_tie + w m_on)/(1 + 1 + w_on): a cut can only lower what is perceived.
    """
    active = exact_sum(place_peaceful) + exact_sum(place_violent) + exact_sum(place_looting)
    fields = _layers(p, place_internet_cut, place_phone_cut, place_cut_days)
    fields["place_weight_lost"] = p.online_weight * place_internet_cut
    fields["place_ties_lost"] = p.phone_share * place_phone_cut
    fields["place_curious"] = np.zeros_like(place_internet_cut)
    return fields | _reported(p, active / persons, u_report)


def inform_unaffected(
    p: InformationParameters,
    *,
    place_cut_days: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    persons: float,
    u_report: Floats,
) -> dict[str, Any]:
    """Set weights as if nothing were cut: news finds other ways; payments still fail."""
    active = exact_sum(place_peaceful) + exact_sum(place_violent) + exact_sum(place_looting)
    none = np.zeros_like(place_cut_days)
    fields = _layers(p, none, none, place_cut_days)
    return fields | _reported(p, active / persons, u_report)


def _reported(p: InformationParameters, share: float, u_report: Floats) -> dict[str, Any]:
    noise = exp_array(p.report_noise * normal_array(u_report))
    return {"nation_reported_share": share * noise}


def _layers(
    p: InformationParameters, internet_cut: Floats, phone_cut: Floats, cut_days: Floats
) -> dict[str, Any]:
    return {
        "place_weight_online": p.online_weight * (1.0 - internet_cut),
        "place_weight_ties": 1.0 - p.phone_share * phone_cut,
        "place_weight_lost": np.zeros_like(internet_cut),
        "place_ties_lost": np.zeros_like(internet_cut),
        "place_curious": p.curiosity * internet_cut,
        "place_hardship_cut": p.cut_cost * cut_days,
    }


_WRITES = (
    "nation_reported_share",
    "place_weight_online",
    "place_weight_ties",
    "place_weight_lost",
    "place_ties_lost",
    "place_curious",
    "place_hardship_cut",
)

INFORMATION = Mechanism(
    name="disperses",
    role="information",
    street="choices",
    phase=Phase.INFORMATION,
    title="Information layers; a blackout disperses attention",
    equation="m_i = (m_loc + a m_tie + w m_on)/(1 + a + w);  w = w_on (1 - b_on);  "
    "a = 1 - a_tel b_tel",
    parameters=InformationParameters,
    rule=inform,
    writes=_WRITES,
    random_numbers={"u_report": RandomNumber(Purpose.REPORT, "nation")},
    sources=(
        "Hassanpour, Political Communication 31 (2014)",
        "Enikolopov, Makarin & Petrova, Econometrica 88 (2020)",
        "Gohdes, Journal of Peace Research 52 (2015)",
    ),
    evidence="supported",
)

DAMPENED = Mechanism(
    name="dampens",
    role="information",
    street="choices",
    phase=Phase.INFORMATION,
    title="Information layers; a blackout dampens",
    equation="m_i = (m_loc + a m_tie + w m_on)/(1 + 1 + w_on)",
    parameters=InformationParameters,
    rule=inform_dampened,
    writes=_WRITES,
    random_numbers={"u_report": RandomNumber(Purpose.REPORT, "nation")},
    sources=(
        "Manacorda & Tesei, Econometrica 88 (2020): direction of coverage",
        "Gohdes, American Journal of Political Science 64 (2020)",
    ),
    evidence="supported",
)

UNAFFECTED = Mechanism(
    name="no-effect",
    role="information",
    street="choices",
    phase=Phase.INFORMATION,
    title="Information layers; a blackout changes nothing",
    equation="m_i = (m_loc + m_tie + w_on m_on)/(1 + 1 + w_on)",
    parameters=InformationParameters,
    rule=inform_unaffected,
    writes=_WRITES,
    random_numbers={"u_report": RandomNumber(Purpose.REPORT, "nation")},
    sources=("Rydzak, Karanja & Opiyo, International Journal of Communication 14 (2020)",),
    evidence="supported",
)
