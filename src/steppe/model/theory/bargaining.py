"""The price of rescue: how patron and client divide the surplus, and what is ever delivered.

Values are in units of 1 % of the client's value of survival. Sources: Nash, Econometrica 18
(1950); Rubinstein, Econometrica 50 (1982); Binmore, Rubinstein & Wolinsky, RAND Journal of
Economics 17 (1986); Morrow, AJPS 35 (1991); on commitment Fearon, International Organization 49
(1995). The theorems are established, valuations of issues are conjecture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steppe.core.response import Number, exact_sum, exp

LN2 = 0.693147180559945309417


@dataclass(frozen=True, slots=True)
class BargainingIssue:
    """One demand: worth b x to the patron, costing the client c x², met to a degree x in [0, 1].

    ``enforceability`` e in [0, 1] is the share that cannot be taken back later.
    """

    name: str
    patron_value: float
    client_cost: float
    enforceability: float

    def __post_init__(self) -> None:
        if not (self.patron_value >= 0.0 and self.client_cost >= 0.0):
            raise ValueError(f"{self.name}: value and cost must be at least 0")
        if not 0.0 <= self.enforceability <= 1.0:
            raise ValueError(f"{self.name}: enforceability must lie in [0, 1]")


@dataclass(frozen=True, slots=True)
class BargainingTerms:
    """What an agreement is worth besides its issues.

    ``survival_gain`` dp in [-1, 1]: what help adds to the client's chance of survival;
    ``precedent_gain``: worth of the precedent to the patron; ``cost``: of intervening.
    """

    survival_gain: float
    precedent_gain: float
    cost: float


@dataclass(frozen=True, slots=True)
class Deal:
    """What is agreed: degrees per issue, the patron's side payment, the gains of both.

    Without agreement everything is 0 except the surplus that was missing.
    """

    agreed: bool
    surplus: float
    degrees: tuple[float, ...]
    side_payment: float
    patron_gain: float
    client_gain: float


def rubinstein_share(proposer_discount: float, responder_discount: float) -> float:
    """Return the proposer's share with alternating offers, (1 - d_R) / (1 - d_P d_R).

    Discount factors per round lie in [0, 1], not both 1.
    """
    if not (0.0 <= proposer_discount <= 1.0 and 0.0 <= responder_discount <= 1.0):
        raise ValueError("discount factors must lie in [0, 1]")
    both = proposer_discount * responder_discount
    if both == 1.0:
        raise ValueError("without any impatience the division is open")
    return (1.0 - responder_discount) / (1.0 - both)


def joint_optimum(issue: BargainingIssue) -> float:
    """Return the degree that maximizes b x - c x² on [0, 1]: x* = min(1, b / (2 c))."""
    if issue.patron_value >= 2.0 * issue.client_cost:
        return 1.0 if issue.patron_value > 0.0 else 0.0
    return issue.patron_value / (2.0 * issue.client_cost)


def surplus(issues: Sequence[BargainingIssue], terms: BargainingTerms) -> float:
    """Return S = 100 dp + Bprec - Cost + sum of (b x* - c x*²)."""
    parts = [100.0 * terms.survival_gain, terms.precedent_gain, -terms.cost]
    for issue in issues:
        x = joint_optimum(issue)
        parts += [issue.patron_value * x, -issue.client_cost * x * x]
    return exact_sum(parts)


def strike(issues: Sequence[BargainingIssue], terms: BargainingTerms, patron_share: float) -> Deal:
    """Return the deal: agreed iff S > 0, each x at its joint optimum, the rest by side payment.

    t = α S - (sum of b x* + Bprec - Cost): from client to patron, negative from patron to client.
    """
    if not 0.0 <= patron_share <= 1.0:
        raise ValueError(f"the patron's share must lie in [0, 1], got {patron_share}")
    total = surplus(issues, terms)
    if not total > 0.0:
        return Deal(False, total, (0.0,) * len(issues), 0.0, 0.0, 0.0)
    degrees = tuple(joint_optimum(issue) for issue in issues)
    worth = [i.patron_value * x for i, x in zip(issues, degrees, strict=True)]
    patron_gain = patron_share * total
    payment = patron_gain - exact_sum([*worth, terms.precedent_gain, -terms.cost])
    return Deal(True, total, degrees, payment, patron_gain, total - patron_gain)


def leverage(before: float, presence: float, threat: float, days: float, half_life: float) -> float:
    """Return the patron's leverage after ``days``: min(1, troops present + renewed threat), or
    what is left of the leverage ``before``, which halves every ``half_life`` days (60)."""
    kept = before * exp(-LN2 * days / half_life)
    return max(min(1.0, presence + threat), kept)


def delivered(issue: BargainingIssue, degree: float, agreement: float, leverage: float) -> float:
    """Return E[x] = p_agree x (e + (1 - e) leverage): what is expected to be carried out.

    Once the troops have left and the threat is gone the client need only do what cannot be undone.
    """
    return agreement * degree * carried_out(issue.enforceability, leverage)


def carried_out(enforceability: Number, leverage: float) -> Number:
    """Return e + (1 - e) leverage: the part of what was agreed that is carried out."""
    return enforceability + (1.0 - enforceability) * leverage
