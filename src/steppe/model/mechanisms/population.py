"""Population: parameters of who is where and who knows whom; its rules are in ``population``."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import Parameters, param


@dataclass(frozen=True)
class PopulationParameters(Parameters):
    """Cells of sight and personal ties."""

    cell_size: float = param(
        2000.0,
        "persons",
        (100.0, 100_000.0),
        symbol="N_z",
        meaning="people within sight of one another",
        source="none",
        status="assumed",
    )
    ties: float = param(
        12.0,
        "1",
        (0.0, 64.0),
        symbol="n_tie",
        meaning="personal ties of a citizen: the sympathy group",
        source="size of sympathy groups in surveys; order of magnitude",
        status="literature",
    )
    ties_near: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="p_near",
        meaning="share of ties inside one's own cell",
        source="none",
        status="assumed",
    )
    ties_far: float = param(
        0.24,
        "1",
        (0.0, 1.0),
        symbol="p_far",
        meaning="share of the other ties that lead to another place",
        source="none",
        status="assumed",
    )
    tie_distance: float = param(
        200.0,
        "km",
        (1.0, 20_000.0),
        symbol="d_tie",
        meaning="distance over which ties to other places fall to half of their nearby weight",
        source="gravity law; scale not measured",
        status="assumed",
    )
    homophily: float = param(
        0.5,
        "1",
        (0.0, 1.0),
        symbol="h_tie_group",
        meaning="share of ties inside one's place that are sought within one's own group",
        source="McPherson, Smith-Lovin & Cook, Annual Review of Sociology 27 (2001): direction",
        status="assumed",
    )
    jobless_income: float = param(
        0.3,
        "1",
        (0.01, 1.0),
        symbol="w_u",
        meaning="income of the unemployed relative to what they would earn",
        source="none",
        status="assumed",
    )
