"""The framing contest: what an audience believes the unrest to be, by Bayes.

Sources: Chong & Druckman, APSR 101 (2007); Guriev & Treisman, Journal of Public Economics 186
(2020); Kamenica & Gentzkow, American Economic Review 101 (2011). That credibility matters is
established.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from steppe.core.response import exact_sum

FRAMES = ("economic-grievance", "terrorism", "color-revolution", "elite-plot")
"""What the unrest may be believed to be."""

Belief = tuple[float, ...]


def message_likelihood(frame: int, credibility: float, habit: Sequence[float]) -> Belief:
    """Return P(message f | truth f') = κ 1[f' = f] + (1 - κ) π(f), for each truth f'.

    ``credibility`` κ in [0, 1] is the source's with this audience; ``habit`` π is what the source
    would say anyway, a distribution over frames.
    """
    if not 0.0 <= credibility <= 1.0:
        raise ValueError(f"credibility must lie in [0, 1], got {credibility}")
    _check_distribution(habit)
    noise = (1.0 - credibility) * habit[frame]
    return tuple(noise + credibility * (truth == frame) for truth in range(len(habit)))


def update(belief: Sequence[float], likelihood: Sequence[float]) -> Belief:
    """Return the posterior, proportional to belief times likelihood.

    Raises ``ValueError`` when the belief held what was seen to be impossible.
    """
    _check_distribution(belief)
    joint = [p * seen for p, seen in zip(belief, likelihood, strict=True)]
    total = exact_sum(joint)
    if not total > 0.0 or min(joint) < 0.0:
        raise ValueError("what was seen has no probability under this belief")
    return tuple(p / total for p in joint)


def hear(belief: Sequence[float], likelihoods: Iterable[Sequence[float]]) -> Belief:
    """Return the posterior after several messages and cues that are independent given the truth."""
    posterior = tuple(belief)
    for likelihood in likelihoods:
        posterior = update(posterior, likelihood)
    return posterior


def exposed(belief: Sequence[float], posterior: Sequence[float], share: float) -> Belief:
    """Return the mean belief of an audience of whom ``share`` in [0, 1] were reached."""
    return tuple(b + share * (p - b) for b, p in zip(belief, posterior, strict=True))


def forget(belief: Sequence[float], prior: Sequence[float], rate: float = 0.01) -> Belief:
    """Return the belief moved a share ``rate`` of the way to the prior: 1 % per day."""
    return exposed(belief, prior, rate)


def _check_distribution(belief: Sequence[float]) -> None:
    if not belief or min(belief) < 0.0 or abs(exact_sum(belief) - 1.0) > 1e-9:
        raise ValueError("a belief must be at least 0 everywhere and sum to 1")
