"""Bargaining in space: every party with a stake pulls, challenges and gives way in rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.model.theory.bargaining import BargainingIssue, delivered, leverage
from steppe.model.theory.spatial import Actor, rounds, weighted_median


@dataclass(frozen=True)
class SpatialParameters(Parameters):
    """Rounds of challenge and concession, and the fading of leverage."""

    rounds: float = param(
        4.0,
        "1",
        (0.0, 20.0),
        symbol="n_r",
        meaning="rounds of challenge and concession before the issue is settled",
        source="Bueno de Mesquita, International Interactions 23 (1997): a few rounds",
        status="assumed",
    )
    spatial_half_life: float = param(
        60.0,
        "days",
        (0.1, 10_000.0),
        symbol="t_lev_s",
        meaning="half-life of the patron's leverage once the troops have left",
        source="none",
        status="assumed",
    )


def forecast(p: SpatialParameters, parties: list[Actor]) -> float:
    """Return the position at which an issue is settled: the weighted median after all rounds.

    With fewer than two parties, or parties of no weight, nothing is granted.
    """
    if len(parties) < 2 or exact_sum([party.weight for party in parties]) <= 0.0:
        return 0.0
    return min(1.0, max(0.0, weighted_median(rounds(parties, int(p.rounds))[-1])))


def settle_spatial(
    p: SpatialParameters,
    *,
    stakeholder_issue: Any,
    stakeholder_position: Floats,
    stakeholder_capability: Floats,
    stakeholder_salience: Floats,
    issue_enforceability: Floats,
    issue_agreed: Floats,
    nation_leverage: Floats,
    nation_troops: Floats,
    nation_threat: Floats,
    hour_of_day: int,
) -> dict[str, Any]:
    """Settle every issue at midnight once troops are in the country, where the parties end up.

    x_k = weighted median of positions after n_r rounds of challenge and concession
    delivered x (e + (1-e) leverage), as in the other rules; there is no side payment
    """
    present = 1.0 if nation_troops[0] > 0.0 else 0.0
    power, agreed = float(nation_leverage[0]), issue_agreed
    if hour_of_day == 0:
        if present and exact_sum(agreed) == 0.0:
            parties: list[list[Actor]] = [[] for _ in issue_agreed]
            for row, issue in enumerate(stakeholder_issue):
                if int(issue) < len(parties):
                    parties[int(issue)].append(
                        Actor(
                            str(row),
                            float(stakeholder_position[row]),
                            float(stakeholder_capability[row]),
                            float(stakeholder_salience[row]),
                        )
                    )
            agreed = np.array([forecast(p, found) for found in parties], dtype=np.float64)
        renewed = float(nation_threat[0]) if exact_sum(agreed) > 0.0 else 0.0
        power = leverage(power, present, renewed, 1.0, p.spatial_half_life)
    kept = [
        delivered(BargainingIssue(str(k), 0.0, 0.0, float(e)), float(x), 1.0, power)
        for k, (e, x) in enumerate(zip(issue_enforceability, agreed, strict=True))
    ]
    return {
        "issue_agreed": np.asarray(agreed, dtype=np.float64),
        "issue_delivered": np.array(kept, dtype=np.float64),
        "nation_leverage": np.array([power]),
        "nation_side_payment": np.zeros(1),
    }


SPATIAL = Mechanism(
    name="spatial",
    role="bargaining",
    phase=Phase.POWER,
    title="The price of rescue, by challenge and concession",
    equation="x = weighted median after n_r rounds;  E[x] = x (e + (1-e) leverage)",
    parameters=SpatialParameters,
    rule=settle_spatial,
    writes=("issue_agreed", "issue_delivered", "nation_leverage", "nation_side_payment"),
    sources=(
        "Bueno de Mesquita, International Interactions 23 (1997)",
        "Scholz, Calbert & Smith, Journal of Theoretical Politics 23 (2011)",
        "Black, Journal of Political Economy 56 (1948)",
    ),
    evidence="conjecture",
)
