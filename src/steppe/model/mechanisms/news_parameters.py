"""How fast and how far news of crowds travels, and what a cut-off does to it."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type


@dataclass(frozen=True)
class NewsParameters(Parameters):
    """How fast and how far news of a crowd travels, and what a cut-off keeps of it."""

    delay: float = param(
        28.0,
        "h",
        (0.1, 1e4),
        symbol="tau_n",
        meaning="time constant of news: how long until people act on it, and how long it lasts",
        source="none",
        status="assumed",
        prior=log_uniform(8.0, 72.0),
    )
    hearing: float = param(
        0.0,
        "1",
        (0.0, 1.0),
        symbol="s_n",
        meaning="part of that time which passes until people hear of a crowd; the rest passes "
        "until they act on it",
        source="Hurtado & Kirosingh, Journal of Mathematical Biology 79 (2019): two stages make "
        "a delay that is less spread than one; size open",
        status="assumed",
        prior=uniform(0.0, 0.5),
    )
    half: float = param(
        1.8e-5,
        "1",
        (1e-9, 1.0),
        symbol="h_n",
        meaning="weighted crowd elsewhere, as a share of the country's people, at which news is "
        "half of what it can be",
        source="none",
        status="assumed",
        prior=log_uniform(5e-6, 5e-4),
    )
    national: float = param(
        0.19,
        "1",
        (0.0, 1.0),
        symbol="u",
        meaning="part of the news that does not depend on distance",
        source="Bonnasse-Gahot et al., Scientific Reports 8 (2018): nearness counts beside the "
        "media; size open",
        status="assumed",
        prior=uniform(0.0, 1.0),
    )
    reach: float = param(
        500.0,
        "km",
        (1.0, 1e5),
        symbol="ell",
        meaning="distance at which the rest of the news has fallen to 1/e",
        source="Bonnasse-Gahot et al., Scientific Reports 8 (2018): form; size open",
        status="assumed",
        prior=log_uniform(100.0, 1500.0),
    )
    inside: float = param(
        100.0,
        "km",
        (0.0, 1e4),
        symbol="d_in",
        meaning="distance assumed between two places of one region",
        source="none",
        status="assumed",
    )
    least: float = param(
        50.0,
        "persons",
        (0.0, 1e6),
        symbol="A_min",
        meaning="crowd in one place below which nobody elsewhere hears of it",
        source="none",
        status="assumed",
    )
    cut_reach: float = param(
        0.9,
        "1",
        (0.0, 1.0),
        symbol="k_cut",
        meaning="share of the news that a complete internet cut keeps out",
        source="none",
        status="assumed",
    )
    cut_cost: float = param(
        0.005,
        "budget share per day",
        (0.0, 0.1),
        symbol="l_cut",
        meaning="budget share lost for each day that an internet cut lasts, since payments fail",
        source="none",
        status="assumed",
    )


NewsValues = values_type(NewsParameters, "NewsValues")
"""The parameters as compiled code takes them."""


@dataclass(frozen=True)
class DispersionParameters(NewsParameters):
    """News, and curiosity once it stops."""

    curiosity: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="c_look",
        meaning="how much a complete cut itself counts as news, where there is news to cut",
        source="Hassanpour, Political Communication 31 (2014): mechanism only",
        status="assumed",
    )
