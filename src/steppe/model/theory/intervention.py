"""Will the alliance intervene: what members want, and how long their answer takes.

Sources: Morrow, AJPS 35 (1991); Smith, ISQ 39 (1995); Regan, Civil Wars and Foreign Powers (2000);
Findley & Teo, Journal of Politics 68 (2006); Owen, The Clash of Ideas (2010); Leeds, International
Organization 57 (2003). Weights and delays are estimated on 44 open requests, a small file coded
with hindsight (see ``steppe alliance``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    """What one member sees on the day of the request, each 0 (none) to 2 (much).

    ``threat``: would the client fall without help. ``stake``: bases, people, market, what can be
    obtained. ``precedent``: is the member open to the same challenge. ``military_cost``: the
    likely opponent, demonstrators 0, rebels 1, a state or a war between peoples 2. ``rival``:
    damage with third parties. ``constraint``: other wars, parliament, opinion. ``alignment``:
    does the patron trust the asker.
    """

    threat: float
    stake: float
    precedent: float
    military_cost: float
    rival: float
    constraint: float
    alignment: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0.0 <= getattr(self, name) <= 2.0:
                raise ValueError(f"{name} must lie in [0, 2], got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the member utility; the defaults are estimated on the open requests."""

    intercept: float = 0.75
    threat: float = 0.51
    interest: float = 0.70
    cost: float = -0.97
    constraint: float = -1.13
    alignment: float = 0.65


@dataclass(frozen=True, slots=True)
class DelayLaw:
    """Days d from request to answer: ln(d + 0.5) ~ N(intercept + slope U, spread)."""

    intercept: float
    slope: float
    spread: float


GRANT_DELAY = DelayLaw(4.31, -0.96, 1.41)
"""Days to the first deployment or the collective decision: 33 granted requests."""

REFUSAL_DELAY = DelayLaw(0.85, 0.0, 1.66)
"""Days to an explicit refusal: 8 requests; others lapse in silence."""


def features(scores: Scores) -> tuple[float, float, float, float, float]:
    """Return the five centered features of the member utility, in the order of ``Weights``."""
    return (
        scores.threat - 1.0,
        (scores.stake + scores.precedent) / 2.0 - 1.0,
        scores.military_cost + scores.rival - 1.5,
        scores.constraint - 1.0,
        scores.alignment - 1.0,
    )


def utility(scores: Scores, weights: Weights, dependence: float = 0.0) -> float:
    """Return the utility of intervening for member j; ``dependence`` on the patron in [0, 1].

    U_j = b0 + b1 (threat - 1) + b2 ((stake + precedent)/2 - 1) + b3 (milcost + rival - 1.5)
          + b4 (constraint - 1) + b5 (align - 1) + 0.5 dependence_j
    """
    threat, interest, cost, constraint, alignment = features(scores)
    return (
        weights.intercept
        + weights.threat * threat
        + weights.interest * interest
        + weights.cost * cost
        + weights.constraint * constraint
        + weights.alignment * alignment
        + 0.5 * dependence
    )
