"""A pair: the same seeds under two scenarios, so that every difference is the patch's doing.

Both arms share every draw; they are identical up to the first hour in which the patch can act.
For outcomes that either happen or not, Pearl's probabilities of causation follow directly, for
each seed shows both potential outcomes (Pearl, Causality, 2nd ed. 2009, chapter 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.scenario.config import Scenario
from steppe.scenario.patch import Change, difference
from steppe.study.ensemble import Ensemble, ensemble
from steppe.study.events import OnEvent

Floats = NDArray[np.float64]
Outcome = Mapping[str, float | int | str]

RESAMPLES = 2000
"""Bootstrap samples behind the interval of a mean difference."""

LARGE_SHARE = 0.001
"""Share of citizens on the street at once from which a protest counts as large: 0.1 %."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Baseline less variant, seed by seed: mean with its 95 % interval, median, 90 % of seeds."""

    outcome: str
    baseline: float
    variant: float
    difference: float
    low: float
    high: float
    median: float
    q05: float
    q95: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Causation:
    """Probabilities that the cause the variant lacks was necessary, sufficient, or both.

    Each is (estimate, low, high) with a 95 % Wilson interval, or None where no seed bears on it.
    necessity  P(no Y without | Y with), sufficiency  P(Y with | no Y without),
    both  P(Y with and no Y without)
    """

    outcome: str
    necessity: tuple[float, float, float] | None
    sufficiency: tuple[float, float, float] | None
    both: tuple[float, float, float] | None
    pairs: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What one change did: the declared patch, where histories part, effects and causation."""

    baseline: Ensemble
    variant: Ensemble
    patch: tuple[Change, ...]
    first_divergence: tuple[int, ...]
    effects: tuple[Effect, ...]
    causation: tuple[Causation, ...]


def stays(outcome: Outcome, citizens: int) -> bool:
    """Tell whether the regime is still there at the end."""
    return outcome["fate"] != "falls"


def ended(outcome: Outcome, citizens: int) -> bool:
    """Tell whether the protest had ended by itself, with the regime in place."""
    return outcome["fate"] != "falls" and int(outcome["fate_hour"]) >= 0


def large(outcome: Outcome, citizens: int) -> bool:
    """Tell whether at least 0.1 % of citizens were on the street at once."""
    return float(outcome["peak_active"]) >= LARGE_SHARE * citizens


BINARY: Mapping[str, Callable[[Outcome, int], bool]] = {
    "regime_stays": stays,
    "protest_ends": ended,
    "large_protest": large,
}
"""Outcomes that happen or do not."""


def wilson(successes: int, trials: int) -> tuple[float, float, float]:
    """Return a share with its 95 % interval (Wilson, JASA 22, 1927); ``trials`` > 0."""
    z = 1.959963984540054
    share = successes / trials
    scale = 1.0 + z * z / trials
    middle = (share + z * z / (2.0 * trials)) / scale
    half = z / scale * ((share * (1.0 - share) + z * z / (4.0 * trials)) / trials) ** 0.5
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == trials else middle + half
    return share, low, high


def causation(name: str, with_it: Sequence[bool], without: Sequence[bool]) -> Causation:
    """Return the probabilities of causation of ``name`` from both potential outcomes per seed."""
    pairs = list(zip(with_it, without, strict=True))
    both = sum(a and not b for a, b in pairs)
    happened = sum(a for a, _ in pairs)
    absent = sum(not b for _, b in pairs)
    return Causation(
        name,
        wilson(both, happened) if happened else None,
        wilson(both, absent) if absent else None,
        wilson(both, len(pairs)) if pairs else None,
        len(pairs),
    )


def effect(name: str, baseline: Floats, variant: Floats) -> Effect:
    """Return the paired effect on one outcome; the interval resamples pairs, not arms."""
    gaps = baseline - variant
    n = len(gaps)
    draws = uniforms(key_of(n), Purpose.RESAMPLE, 0, RESAMPLES * n)
    means = gaps[(draws * n).astype(np.int64)].reshape(RESAMPLES, n).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    q05, median, q95 = np.quantile(gaps, (0.05, 0.5, 0.95))
    return Effect(
        name, float(baseline.mean()), float(variant.mean()), float(gaps.mean()), float(low),
        float(high), float(median), float(q05), float(q95), n,
    )


def divergence(one: Trajectory, other: Trajectory) -> int:
    """Return the first hour in which anything recorded differs; the number of hours if nothing."""
    first = min(one.record.hours, other.record.hours)
    for name in one.series.keys() & other.series.keys():
        a, b = one[name][:first], other[name][:first]
        if first == 0 or a.shape != b.shape:
            return 0
        hours = np.flatnonzero((a != b).reshape(len(a), -1).any(axis=1))
        if len(hours):
            first = min(first, int(hours[0]))
    return first


def pair(
    baseline: Scenario,
    variant: Scenario,
    seeds: Iterable[int],
    *,
    store: Store,
    scale: float = 1.0,
    workers: int | None = None,
    on_event: OnEvent | None = None,
) -> Pair:
    """Run both scenarios with the same seeds and compare them seed by seed.

    Runs in ``store`` are not made again. Raises ``ValueError`` when fewer than one seed finished
    in both arms; other errors as for ``ensemble``.
    """
    asked = tuple(seeds)
    arms = [
        ensemble(s, asked, store=store, scale=scale, workers=workers, on_event=on_event)
        for s in (baseline, variant)
    ]
    common = [seed for seed in asked if seed in arms[0].keys and seed in arms[1].keys]
    if not common:
        raise ValueError("no seed finished in both arms")
    first: list[int] = []
    outcomes: tuple[list[Outcome], list[Outcome]] = ([], [])
    for seed in common:
        one, other = (store.get(arm.keys[seed]) for arm in arms)
        first.append(divergence(one, other))
        outcomes[0].append(one.outcome)
        outcomes[1].append(other.outcome)
    return Pair(
        arms[0], arms[1], difference(baseline, variant), tuple(first),
        _effects(*outcomes), _causes(*outcomes, baseline.country.citizens),
    )


def _effects(base: list[Outcome], other: list[Outcome]) -> tuple[Effect, ...]:
    numbers = [name for name, value in base[0].items() if not isinstance(value, str)]
    return tuple(
        effect(
            name,
            np.array([float(o[name]) for o in base]),
            np.array([float(o[name]) for o in other]),
        )
        for name in numbers
        if name in other[0]
    )


def _causes(
    base: list[Outcome], other: list[Outcome], citizens: int
) -> tuple[Causation, ...]:
    return tuple(
        causation(name, [test(o, citizens) for o in base], [test(o, citizens) for o in other])
        for name, test in BINARY.items()
    )
