"""Decisions: from a number with its interval to a verdict, by rules that can err only so often.

A share of runs p has the 95 % interval [l, u] of Wilson. With the minimum m fixed in the file

    supported      l > m          contradicted      u < 1 - m          undecided otherwise

so a claim whose true share is m or less is called supported, and one whose true share is 1 - m or
more contradicted, in about 2.5 % of studies. A mean effect e with the 95 % interval [l, u] is held
against the margin d in the claimed direction

    supported      l > d          contradicted      u < d

and "no effect" against both sides at once (equivalence, Schuirmann 1987):

    supported      -d < l, u < d          contradicted      l > d or u < -d
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from steppe.study.causation import wilson
from steppe.study.effects import Floats, interval

Verdict = Literal["supported", "contradicted", "undecided", "not testable"]
Leaning = Literal["for", "against", "between"]
SUPPORTED: Verdict = "supported"
CONTRADICTED: Verdict = "contradicted"
UNDECIDED: Verdict = "undecided"
UNTESTABLE: Verdict = "not testable"
VERDICTS: tuple[Verdict, ...] = (CONTRADICTED, UNDECIDED, SUPPORTED, UNTESTABLE)
"""Every verdict, what went against the source first."""

FEWEST = 5
"""With fewer runs that bear on a claim nothing is decided."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one test found: the verdict, the number behind it with its interval, and why.

    ``measure`` says what the number is, ``n`` how many runs or pairs bear on it. ``leaning`` is
    the side of the bar the number itself lies on, whatever its interval. ``by_seed`` is the
    number's part of each seed; ``details`` are further numbers for whoever looks closer.
    """

    verdict: Verdict
    measure: str
    reason: str
    number: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    leaning: Leaning = "between"
    by_seed: Mapping[int, float] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, the side the number itself lies on, and the number with its interval."""

    verdict: Verdict
    leaning: Leaning
    number: float
    low: float
    high: float


def by_share(successes: int, trials: int, minimum: float) -> Decision:
    """Decide on a share of runs that must exceed ``minimum``."""
    p, low, high = wilson(successes, trials)
    leaning: Leaning = "for" if p >= minimum else "against" if p <= 1.0 - minimum else "between"
    verdict = SUPPORTED if low > minimum else CONTRADICTED if high < 1.0 - minimum else UNDECIDED
    return Decision(_enough(verdict, trials), leaning, p, low, high)


def by_range(successes: int, trials: int, lowest: float, highest: float) -> Decision:
    """Decide on a share of runs that must lie between ``lowest`` and ``highest``."""
    p, low, high = wilson(successes, trials)
    inside = lowest <= p <= highest
    verdict = UNDECIDED
    if low >= lowest and high <= highest:
        verdict = SUPPORTED
    elif high < lowest or low > highest:
        verdict = CONTRADICTED
    return Decision(_enough(verdict, trials), "for" if inside else "against", p, low, high)


def by_mean(gaps: Floats, margin: float, *, binary: bool = False) -> Decision:
    """Decide whether the mean of ``gaps`` (pairs,) in the claimed direction exceeds ``margin``."""
    e, low, high = mean_interval(gaps, binary=binary)
    verdict = SUPPORTED if low > margin else CONTRADICTED if high < margin else UNDECIDED
    leaning: Leaning = "for" if e > margin else "against"
    return Decision(_enough(verdict, len(gaps)), leaning, e, low, high)


def by_equivalence(gaps: Floats, margin: float, *, binary: bool = False) -> Decision:
    """Decide whether the mean of ``gaps`` (pairs,) is within ``margin`` of none."""
    e, low, high = mean_interval(gaps, binary=binary)
    verdict = UNDECIDED
    if low >= -margin and high <= margin:
        verdict = SUPPORTED
    elif low > margin or high < -margin:
        verdict = CONTRADICTED
    leaning: Leaning = "for" if abs(e) <= margin else "against"
    return Decision(_enough(verdict, len(gaps)), leaning, e, low, high)


def by_bar(number: float, low: float, high: float, bar: float, n: int) -> Decision:
    """Decide on a number with an interval of its own that must reach ``bar``."""
    verdict = SUPPORTED if low >= bar else CONTRADICTED if high < bar else UNDECIDED
    return Decision(_enough(verdict, n), "for" if number >= bar else "against", number, low, high)


def mean_interval(gaps: Floats, *, binary: bool = False) -> tuple[float, float, float]:
    """Return the mean of ``gaps`` (pairs,) with its 95 % interval.

    Differences of what happens or not (``binary``) are -1, 0 or 1: theirs is the square-and-add
    interval of two dependent shares (Newcombe, Statistics in Medicine 17, 1998), which does not
    collapse when all pairs agree. Others are resampled.
    """
    mean = float(gaps.mean())
    if binary:
        return mean, *_signed_shares(int((gaps > 0).sum()), int((gaps < 0).sum()), len(gaps))
    low, high = interval(gaps)
    return mean, float(low), float(high)


def _signed_shares(plus: int, minus: int, n: int) -> tuple[float, float]:
    p, p_low, p_high = wilson(plus, n)
    q, q_low, q_high = wilson(minus, n)
    room = (1.0 - p) * (1.0 - q)
    r = -math.sqrt(p * q / room) if room > 0.0 else 0.0
    return (
        p - q - _added(p - p_low, q_high - q, r),
        p - q + _added(p_high - p, q - q_low, r),
    )


def _added(a: float, b: float, r: float) -> float:
    return math.sqrt(max(a * a - 2.0 * r * a * b + b * b, 0.0))


def _enough(verdict: Verdict, n: int) -> Verdict:
    return verdict if n >= FEWEST else UNDECIDED


def all_of(parts: Sequence[Finding]) -> Finding:
    """Weigh tests that must all hold: one that fails is enough against the claim."""
    verdict = _weakest([part.verdict for part in parts], (CONTRADICTED, UNTESTABLE, UNDECIDED))
    lean: Leaning = "between"
    if any(part.leaning == "against" for part in parts):
        lean = "against"
    elif all(part.leaning == "for" for part in parts):
        lean = "for"
    return _joint_finding(verdict, lean, parts, "all must hold")


def any_of(parts: Sequence[Finding]) -> Finding:
    """Weigh tests of which one is enough for the claim."""
    verdict = _weakest([part.verdict for part in parts], (SUPPORTED, UNDECIDED, UNTESTABLE))
    lean: Leaning = "between"
    if any(part.leaning == "for" for part in parts):
        lean = "for"
    elif all(part.leaning == "against" for part in parts):
        lean = "against"
    return _joint_finding(verdict, lean, parts, "one is enough")


def _weakest(verdicts: Sequence[Verdict], order: Sequence[Verdict]) -> Verdict:
    return next((verdict for verdict in order if verdict in verdicts), verdicts[0])


def _joint_finding(verdict: Verdict, lean: Leaning, parts: Sequence[Finding], rule: str) -> Finding:
    """Return the finding of several tests; its number is that of the part that decides."""
    leading = next((part for part in parts if part.verdict == verdict), parts[0])
    reasons = "; ".join(f"{part.verdict}: {part.reason}" for part in parts)
    return Finding(
        verdict, leading.measure, f"{rule}. {reasons}", leading.number, leading.low, leading.high,
        leading.n, lean, leading.by_seed, {"parts": [part_document(part) for part in parts]},
    )  # fmt: skip


def part_document(part: Finding) -> dict[str, Any]:
    """Return one finding as plain values."""
    return {
        "verdict": part.verdict, "measure": part.measure, "number": part.number,
        "interval": interval_of(part), "n": part.n,
        "reason": part.reason, "leaning": part.leaning, "details": dict(part.details),
    }  # fmt: skip


def interval_of(part: Finding) -> list[float | None] | None:
    """Return the ends of a finding's interval, None for an open end, or None without interval."""
    return None if part.low is None and part.high is None else [part.low, part.high]
