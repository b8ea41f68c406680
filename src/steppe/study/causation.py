"""Probabilities of causation, read off both potential outcomes of every seed.

Pearl, Causality, 2nd ed. (2009), chapter 9. A seed fixes every draw, so its two runs are what
would have happened with and without the cause: no assumption of monotonicity is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steppe.results.outcomes import OutcomeValues, binaries, happened

Interval = tuple[float, float, float]
"""Estimate, low and high end."""


@dataclass(frozen=True, slots=True)
class Causation:
    """Probabilities that the cause the variant lacks was necessary, sufficient, or both.

    Each is (estimate, low, high) with a 95 % Wilson interval, or None where no seed bears on it.
    necessity  P(no Y without | Y with), sufficiency  P(Y with | no Y without),
    both  P(Y with and no Y without)
    ``always``, ``only_with``, ``only_without`` and ``never`` count the pairs by when Y happened.
    """

    outcome: str
    necessity: Interval | None
    sufficiency: Interval | None
    both: Interval | None
    pairs: int
    always: int
    only_with: int
    only_without: int
    never: int


def wilson(successes: int, trials: int) -> Interval:
    """Return a share with its 95 % interval (Wilson, JASA 22, 1927).

    Raises ``ValueError`` unless 0 <= ``successes`` <= ``trials`` and there are trials.
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} of {trials}")
    z = 1.959963984540054
    share = successes / trials
    scale = 1.0 + z * z / trials
    middle = (share + z * z / (2.0 * trials)) / scale
    half = z / scale * ((share * (1.0 - share) + z * z / (4.0 * trials)) / trials) ** 0.5
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return share, low, high


def causation(name: str, with_it: Sequence[bool], without: Sequence[bool]) -> Causation:
    """Return the probabilities of causation of ``name`` from both potential outcomes per seed."""
    pairs = list(zip(with_it, without, strict=True))
    always, only_with, only_without, never = (
        pairs.count(case) for case in ((True, True), (True, False), (False, True), (False, False))
    )
    happened, absent = always + only_with, only_with + never
    return Causation(
        name,
        wilson(only_with, happened) if happened else None,
        wilson(only_with, absent) if absent else None,
        wilson(only_with, len(pairs)) if pairs else None,
        len(pairs),
        always,
        only_with,
        only_without,
        never,
    )


def causes(
    baseline: Mapping[int, OutcomeValues], variant: Mapping[int, OutcomeValues], citizens: int
) -> tuple[Causation, ...]:
    """Return the probabilities of causation of every binary outcome that all runs have."""
    seeds = sorted(baseline.keys() & variant.keys())
    return tuple(
        causation(
            name, *([happened(name, arm[seed], citizens) for seed in seeds]
                    for arm in (baseline, variant)),
        )
        for name, one in (binaries() if seeds else {}).items()
        if all(one.read(arm[seed], citizens) is not None for arm in (baseline, variant)
               for seed in seeds)
    )  # fmt: skip
