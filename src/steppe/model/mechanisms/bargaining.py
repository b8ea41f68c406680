"""Bargaining: what the helped client owes, and what is ever delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param
from steppe.core.response import Floats, exact_sum
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.model.theory.bargaining import (
    BargainingIssue,
    BargainingTerms,
    carried_out,
    leverage,
    rubinstein_share,
    strike,
)


@dataclass(frozen=True)
class BargainingParameters(Parameters):
    """Worth of survival, cost of intervening, impatience, fading leverage."""

    survival_gain: float = param(
        0.2,
        "1",
        (0.0, 1.0),
        symbol="dp",
        meaning="what help is believed to add to the chance of survival",
        source="none",
        status="assumed",
    )
    precedent: float = param(
        2.0,
        "1 % of survival",
        (0.0, 100.0),
        symbol="B_prec",
        meaning="worth to the patron of showing that kindred regimes do not fall",
        source="none",
        status="assumed",
    )
    cost: float = param(
        3.0,
        "1 % of survival",
        (0.0, 100.0),
        symbol="Cost",
        meaning="cost of the intervention to the patron",
        source="none",
        status="assumed",
    )
    client_discount: float = param(
        0.9,
        "per 12 h",
        (0.0, 0.999),
        symbol="d_C",
        meaning="discount factor of the client, who cannot wait",
        source="none",
        status="assumed",
    )
    patron_discount: float = param(
        0.98,
        "per 12 h",
        (0.0, 0.999),
        symbol="d_P",
        meaning="discount factor of the patron",
        source="none",
        status="assumed",
    )
    half_life: float = param(
        60.0,
        "days",
        (0.1, 10_000.0),
        symbol="t_lev",
        meaning="half-life of the patron's leverage once the troops have left",
        source="none",
        status="assumed",
    )


def patron_share_rubinstein(p: BargainingParameters) -> float:
    """Return the patron's share when he proposes first: (1 - d_C)/(1 - d_C d_P)."""
    return rubinstein_share(p.patron_discount, p.client_discount)


def patron_share_nash(p: BargainingParameters) -> float:
    """Return the share of equals: one half."""
    return 0.5


def bargaining_issues(*columns: Floats) -> list[BargainingIssue]:
    """Return the issues of columns of value, cost and enforceability."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [BargainingIssue(str(k), *row) for k, row in enumerate(rows)]


def settle_by(patron_share: Callable[[BargainingParameters], float]) -> Callable[..., Any]:
    """Return the rule that settles the price when the patron's share of the surplus is given."""

    def settle(
        p: BargainingParameters,
        *,
        issue_value: Floats,
        issue_cost: Floats,
        issue_enforceability: Floats,
        issue_agreed: Floats,
        nation_leverage: Floats,
        nation_side_payment: Floats,
        nation_troops: Floats,
        nation_threat: Floats,
        hour_of_day: int,
    ) -> dict[str, Any]:
        """Settle the price at midnight once troops are in the country.

        x_k* = min(1, b_k/(2 c_k));  S = 100 dp + B_prec - Cost + sum(b x* - c x*^2)
        a deal if S > 0, the surplus shared by a side payment;  delivered x* (e + (1-e) leverage)
        """
        present = 1.0 if nation_troops[0] > 0.0 else 0.0
        power = float(nation_leverage[0])
        agreed, payment = issue_agreed, float(nation_side_payment[0])
        if hour_of_day == 0:
            if present and exact_sum(agreed) == 0.0 and payment == 0.0 and len(agreed):
                terms = BargainingTerms(p.survival_gain, p.precedent, p.cost)
                issues = bargaining_issues(issue_value, issue_cost, issue_enforceability)
                deal = strike(issues, terms, patron_share(p))
                agreed = np.array(deal.degrees, dtype=np.float64)
                payment = deal.side_payment
            owing = exact_sum(agreed) > 0.0 or payment != 0.0
            renewed = float(nation_threat[0]) if owing else 0.0
            power = leverage(power, present, renewed, 1.0, p.half_life)
        return {
            "issue_agreed": np.asarray(agreed, dtype=np.float64),
            "issue_delivered": agreed * carried_out(issue_enforceability, power),
            "nation_leverage": np.array([power]),
            "nation_side_payment": np.array([payment]),
        }

    return settle


_WRITES = ("issue_agreed", "issue_delivered", "nation_leverage", "nation_side_payment")

RUBINSTEIN = Mechanism(
    name="rubinstein",
    role="bargaining",
    phase=Phase.POWER,
    title="The price of rescue, by alternating offers",
    equation="x* = min(1, b/(2c));  share (1-d_C)/(1-d_C d_P);  E[x] = x* (e + (1-e) leverage)",
    parameters=BargainingParameters,
    rule=settle_by(patron_share_rubinstein),
    writes=_WRITES,
    sources=(
        "Rubinstein, Econometrica 50 (1982)",
        "Morrow, AJPS 35 (1991)",
        "Fearon, International Organization 49 (1995)",
    ),
    evidence="conjecture",
)

NASH = Mechanism(
    name="nash",
    role="bargaining",
    phase=Phase.POWER,
    title="The price of rescue, by the Nash solution",
    equation="x* = min(1, b/(2c));  share 1/2;  E[x] = x* (e + (1-e) leverage)",
    parameters=BargainingParameters,
    rule=settle_by(patron_share_nash),
    writes=_WRITES,
    sources=("Nash, Econometrica 18 (1950)", "Fearon, IO 49 (1995)"),
    evidence="conjecture",
)
