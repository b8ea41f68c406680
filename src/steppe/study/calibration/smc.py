"""Sequential Monte Carlo without likelihood: from the whole prior to vectors near the evidence.

Approximate Bayesian computation by population Monte Carlo (Sisson, Fan & Tanaka, PNAS 104, 2007;
Del Moral, Doucet & Jasra, Statistics and Computing 22, 2012): a population of vectors in the unit
cube of the prior, a tolerance that falls, moves by differential evolution inside it (ter Braak,
Statistics and Computing 16, 2006), of all coordinates or some (Vrugt et al., International Journal
of Nonlinear Sciences and Numerical Simulation 10, 2009), as many rounds of them before the
tolerance falls again as let most vectors move (Drovandi & Pettitt, Biometrics 67, 2011). A vector
that moves is judged with new seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array

Floats = NDArray[np.float64]

Distance = Callable[[Floats, int, float], Floats]
"""Distances (n,) of vectors (n, parameter); the second argument is the number of the round.

The third is a bound: a distance that is larger may be given as infinite.
"""


INSIDE = 2.0**-40
"""How far from the edge of the unit cube a vector lies: a value there may be infinite."""

SMALLEST = 4
"""Vectors of the smallest population: a move takes three."""


@dataclass(frozen=True, slots=True)
class SmcSettings:
    """How large the population is and when it stops.

    ``keep`` is the share of the population inside the next tolerance, ``jitter`` the spread of a
    move beside the difference of two others, in standard deviations of the population;
    ``acceptance`` is the share of moves below which it stops, ``floor`` the tolerance. ``stay``
    is the share of the vectors that may stay where they are before the tolerance falls again: 1
    for one round of moves.
    """

    particles: int = 400
    generations: int = 40
    keep: float = 0.6
    jitter: float = 0.02
    acceptance: float = 0.03
    floor: float = 0.0
    stay: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.particles < SMALLEST:
            raise ValueError(f"a population needs {SMALLEST} vectors, got {self.particles}")
        if not 0.0 < self.keep < 1.0:
            raise ValueError(f"keep must be in (0, 1), got {self.keep:g}")
        if not 0.0 < self.stay <= 1.0:
            raise ValueError(f"stay must be in (0, 1], got {self.stay:g}")

    def rounds(self, accepted: float) -> int:
        """Return R = log ``stay`` / log(1 - p), the rounds in which most vectors move.

        p is the share of moves ``accepted``, or that at which the search stops if it is smaller.
        """
        p = max(accepted, self.acceptance)
        if self.stay == 1.0 or p >= 1.0:
            return 1
        return math.ceil(math.log(self.stay) / math.log1p(-p)) if p > 0.0 else 1


@dataclass(frozen=True, slots=True)
class SmcGeneration:
    """One generation: its tolerance, the share of moves accepted, and how many were tried."""

    tolerance: float
    accepted: float
    tried: int


@dataclass(frozen=True, slots=True)
class SmcResult:
    """The final population (particle, parameter), its distances, and its generations."""

    unit: Floats
    distance: Floats
    generations: tuple[SmcGeneration, ...]

    @property
    def tolerance(self) -> float:
        """The last tolerance."""
        return self.generations[-1].tolerance if self.generations else float("inf")

    @property
    def rounds(self) -> int:
        """Rounds of moves so far."""
        return sum(one.tried for one in self.generations) // len(self.unit)


def smc(
    first: Floats,
    distance: Distance,
    settings: SmcSettings,
    *,
    begun: SmcResult | None = None,
    on_generation: Callable[[SmcResult], None] | None = None,
) -> SmcResult:
    """Return the population that starts from the best of ``first`` (n, parameter), unit cube.

    n must be at least the size of the population. ``on_generation`` is told the population after
    each generation; from one of those, as ``begun``, the same search goes on.
    """
    if len(first) < settings.particles:
        raise ValueError(f"{len(first)} first vectors for {settings.particles} particles")
    now = SmcResult(*_best(first, distance, settings.particles), ()) if begun is None else begun
    while not _is_done(now, settings):
        now = _next(now, distance, settings)
        if on_generation is not None:
            on_generation(now)
    return now


def _is_done(now: SmcResult, settings: SmcSettings) -> bool:
    if not now.generations:
        return False
    last = now.generations[-1]
    enough = len(now.generations) >= settings.generations or last.tolerance <= settings.floor
    return enough or last.accepted < settings.acceptance


def _next(now: SmcResult, distance: Distance, settings: SmcSettings) -> SmcResult:
    """Return the next generation: the tolerance falls, and every vector inside it may move."""
    key, first = key_of(settings.seed), now.rounds + 1
    tolerance = max(float(np.quantile(now.distance, settings.keep)), settings.floor)
    unit, far = _resampled(now.unit, now.distance, tolerance, _Numbers(key, first))
    accepted: list[float] = []
    while not accepted or len(accepted) < settings.rounds(float(np.mean(accepted))):
        number = first + len(accepted)
        moves = _moves(unit, settings.jitter, _Numbers(key, number))
        tried = distance(moves, number, tolerance)
        inside = tried <= tolerance
        unit[inside], far[inside] = moves[inside], tried[inside]
        accepted.append(float(inside.mean()))
    generation = SmcGeneration(tolerance, float(np.mean(accepted)), len(unit) * len(accepted))
    return SmcResult(unit, far, (*now.generations, generation))


def _best(first: Floats, distance: Distance, size: int) -> tuple[Floats, Floats]:
    """Return the best ``size`` of ``first`` and their distances.

    They are judged in parts, each with the bound that those before it have set.
    """
    far = np.empty(0)
    for start in range(0, len(first), size):
        bound = np.inf if len(far) < size else float(np.partition(far, size - 1)[size - 1])
        far = np.append(far, distance(first[start : start + size], 0, bound))
    best = np.argsort(far, kind="stable")[:size]
    return first[best].copy(), far[best]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The random numbers of one round of moves, by address: one set for each ``use``."""

    key: tuple[int, int]
    round: int

    def uniforms(self, use: int, size: int) -> Floats:
        """Return ``size`` numbers in (0, 1)."""
        return uniforms(self.key, Purpose.SEARCH, self.round, size, use)

    def below(self, use: int, size: int, limit: int) -> NDArray[np.int64]:
        """Return ``size`` whole numbers in 0..limit-1."""
        return (self.uniforms(use, size) * limit).astype(np.int64)


SOURCE, FIRST, SECOND, SCALE, LEAP, NOISE, SHARE, COORDINATE, ALWAYS, ANEW, VALUE = range(11)
"""What a number is for: who replaces a vector outside, and the parts of a move."""

SCALES = np.array([0.3, 0.6, 1.0])
"""Lengths of a move, in those that suit a normal posterior."""

SHARES = np.array([0.1, 0.3, 1.0])
"""Shares of the coordinates that a move changes (crossover): of many, few fit together at once."""

FRESH = 0.25
"""Share of moves that draw one coordinate anew from the prior: what a population has lost of a
parameter on which little else depends comes back only so."""

LEAPS = 0.1
"""Share of moves as long as the difference itself, from one mode to another."""


def _resampled(
    unit: Floats, far: Floats, tolerance: float, numbers: _Numbers
) -> tuple[Floats, Floats]:
    """Replace every vector outside the tolerance by one inside it."""
    inside = np.flatnonzero(far <= tolerance)
    outside = np.flatnonzero(far > tolerance)
    rows = np.arange(len(far))
    rows[outside] = inside[numbers.below(SOURCE, len(outside), len(inside))]
    return unit[rows].copy(), far[rows].copy()


def _moves(unit: Floats, jitter: float, numbers: _Numbers) -> Floats:
    """Return one move for each vector: the difference of two others, reflected into the cube.

    It changes a share of the coordinates, at least one of them; or one is drawn anew.
    """
    count, width = unit.shape
    share = SHARES[numbers.below(SHARE, count, len(SHARES))][:, None]
    changed = numbers.uniforms(COORDINATE, count * width).reshape(count, width) < share
    always = numbers.below(ALWAYS, count, width)
    changed[np.arange(count), always] = True
    first = numbers.below(FIRST, count, count)
    second = (first + 1 + numbers.below(SECOND, count, count - 1)) % count
    suited = 2.38 / np.sqrt(2.0 * changed.sum(axis=1))
    scale = suited * SCALES[numbers.below(SCALE, count, len(SCALES))]
    scale = np.where(numbers.uniforms(LEAP, count) < LEAPS, 1.0, scale)[:, None]
    noise = normal_array(numbers.uniforms(NOISE, count * width)).reshape(count, width)
    noise *= jitter * unit.std(axis=0)
    ends = np.abs(unit + changed * (scale * (unit[first] - unit[second]) + noise))
    ends = np.where(ends > 1.0, 2.0 - ends, ends)
    anew = np.flatnonzero(numbers.uniforms(ANEW, count) < FRESH)
    ends[anew] = unit[anew]
    ends[anew, always[anew]] = numbers.uniforms(VALUE, count)[anew]
    return np.asarray(np.clip(ends, INSIDE, 1.0 - INSIDE), dtype=np.float64)
