"""Learning from abroad: what an outcome at home teaches neighbours about their own chances.

Beliefs are Beta distributions, conjugate to success and failure. Sources: Chen & Suen, AEJ:
Microeconomics 8 (2016); Beissinger, Perspectives on Politics 5 (2007); Weyland, International
Organization 63 (2009); Danneman & Ritter, JCR 58 (2014). That it exists is supported, its size
is conjecture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from steppe.core.response import exp, saturation

Outcome = Literal["success", "failure", "rescue"]
"""How a revolt ended: it won, it lost, or a foreign force saved the incumbent."""

_LESSONS = {"success": (1.0, 0.0), "failure": (0.0, 1.0), "rescue": (0.0, 2.0)}


@dataclass(frozen=True, slots=True)
class Belief:
    """A Beta(a, b) belief that a revolt succeeds; the default prior is (1, 4), mean 0.2."""

    successes: float = 1.0
    failures: float = 4.0

    def __post_init__(self) -> None:
        if not (self.successes > 0.0 and self.failures > 0.0):
            raise ValueError("both counts of a Beta belief must be above 0")

    @property
    def mean(self) -> float:
        """Expected probability of success, a / (a + b)."""
        return self.successes / (self.successes + self.failures)


def learn(belief: Belief, outcome: Outcome, similarity: float, weight: float = 1.0) -> Belief:
    """Return the belief after an outcome in a country of ``similarity`` in [0, 1].

    success: a += sim g;  failure: b += sim g;  rescue: b += 2 sim g  (``weight`` g >= 0)
    """
    if not 0.0 <= similarity <= 1.0 or weight < 0.0:
        raise ValueError("similarity must lie in [0, 1] and the weight be at least 0")
    success, failure = _LESSONS[outcome]
    step = similarity * weight
    return Belief(belief.successes + success * step, belief.failures + failure * step)


def revolt_hazard(
    base: float, rise: float, sensitivity: float, similarity: float, active_share: float
) -> float:
    """Return the neighbor's daily hazard of a revolt, a probability.

    h = h0 exp(γ (E[belief] - prior mean) + 0.5 sim ψ(A/N; 0.0025)), at most 1; ``rise`` is that of
    the mean belief over the prior's, ``active_share`` A/N the people on the street at home.
    """
    attention = 0.5 * similarity * saturation(active_share, 0.0025)
    return min(1.0, base * exp(sensitivity * rise + attention))


def precedent(similarity: float, fall_probability: float) -> float:
    """Return the neighboring incumbent's fear of a precedent, 2 ψ(sim p_fall; 0.15), in [0, 2]."""
    return 2.0 * saturation(similarity * fall_probability, 0.15)
