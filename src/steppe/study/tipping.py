"""How much a trigger has to be: the chance of a large protest by its size, and where it tips.

The tipping point is the size at which the chance of the event crosses one half, on the best
monotone curve through the shares (isotonic regression: Barlow, Bartholomew, Bremner & Brunk,
Statistical Inference under Order Restrictions, 1972). All seeds are run at every size, so whole
seeds are resampled. The interval reaches outwards to the sizes that were run: between two
neighbours in the design nothing is known.

"Small trigger, large consequences" is the elasticity: relative change of the outcome over
relative change of the trigger, both against the mean of the two ends (arc elasticity).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from steppe.results.figures import figures
from steppe.study.causation import Interval, wilson
from steppe.study.effects import LEVELS, Floats, interval, weights
from steppe.study.sweep import Sweep, SweepError, values_of

HALF = 0.5
BLOCK = 200
"""So many resamples are fitted at once, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class DoseStep:
    """From one size of the trigger to the next: how the mean outcome answers.

    ``elasticity`` is (estimate, low, high) with a 95 % bootstrap interval over seeds, NaN where
    the outcome is 0 at both ends.
    """

    start: float
    end: float
    before: float
    after: float
    elasticity: Interval


@dataclass(frozen=True, slots=True)
class Tipping:
    """Dependence of an event and an outcome on the size of one trigger.

    ``sizes`` are in rising order, ``path`` is what varied in ``case``. ``chance`` has the share of
    seeds with the event at each size (Wilson 95 %), ``fitted`` the monotone curve through them,
    ``level`` the mean outcome (95 % bootstrap). ``point`` is (estimate, low, high), an end being
    -inf or inf where the interval leaves the range, or None when the curve does not cross one half;
    ``inside`` is the share of resamples that cross it. ``rising`` says whether more of the trigger
    makes the event more likely.
    """

    path: str
    event: str
    outcome: str
    sizes: tuple[float, ...]
    seeds: int
    chance: tuple[Interval, ...]
    fitted: tuple[float, ...]
    level: tuple[Interval, ...]
    rising: bool
    point: Interval | None
    inside: float
    steps: tuple[DoseStep, ...]
    case: str = ""

    @property
    def plot(self) -> Any:
        """The figure of this tipping point."""
        return figures(self)

    @property
    def verdict(self) -> str:
        """Say in a sentence where the trigger tips, or that it does not within the range."""
        low, high = self.sizes[0], self.sizes[-1]
        if self.point is None:
            side = "above" if self.fitted[0] > HALF else "below"
            return (
                f"no tipping point between {low:g} and {high:g}: the chance stays {side} one half"
            )
        at, start, end = self.point
        first = f"below {low:g}" if start == -np.inf else f"{start:.3g}"
        last = f"above {high:g}" if end == np.inf else f"{end:.3g}"
        return f"tips at {at:.3g} (95 %: {first} to {last})"

    @property
    def steepest(self) -> DoseStep | None:
        """The step with the largest elasticity in absolute value; None where none is known."""
        finite = [step for step in self.steps if np.isfinite(step.elasticity[0])]
        return max(finite, key=lambda step: abs(step.elasticity[0])) if finite else None


def tipping(
    sweep: Sweep,
    *,
    event: str = "large_protest",
    outcome: str = "peak_active",
    above: float | None = None,
) -> Tipping:
    """Return how the event and the outcome depend on the one thing that ``sweep`` varied.

    With ``above`` the event is that the outcome is at least so much, whatever ``event`` is. Raises
    ``SweepError`` unless one number varied, over at least two sizes, and all runs are there.
    """
    if len(sweep.design.axes) != 1:
        raise SweepError(f"a tipping point needs one axis, this sweep has {len(sweep.design.axes)}")
    axis = sweep.design.axes[0]
    if not axis.is_number:
        raise SweepError(f"{axis.name} is no number, so that it has no tipping point")
    if above is not None:
        event = outcome
    arrays = values_of(sweep, (event, outcome))
    if above is not None:
        event = f"{outcome} >= {above:g}"
        arrays[event] = (arrays[outcome] >= above).astype(np.float64)
    sizes = np.array(sweep.design.column(axis.path), dtype=np.float64)
    result = curve(sizes, arrays[event], arrays[outcome], (axis.name, event, outcome))
    return replace(result, case=sweep.scenario.id)


def curve(sizes: Floats, happened: Floats, size_of: Floats, names: tuple[str, str, str]) -> Tipping:
    """Return the dependence on ``sizes`` (size,) of an event and an outcome (size, seed).

    ``happened`` is 1 or 0; ``names`` are those of trigger, event and outcome.
    """
    if len(sizes) < 2 or len(np.unique(sizes)) < len(sizes):
        raise SweepError("a tipping point needs at least two different sizes")
    order = np.argsort(sizes)
    sizes, happened, size_of = sizes[order], happened[order], size_of[order]
    seeds = happened.shape[1]
    counts = happened.sum(axis=1)
    rising = _rises(counts)
    shares = monotone(counts[None], rising)[0] / seeds
    point, inside = _point(sizes, happened, shares, rising)
    low, high = interval(size_of.T)
    mean = size_of.mean(axis=1)
    return Tipping(
        *names,
        tuple(map(float, sizes)),
        seeds,
        tuple(wilson(int(n), seeds) for n in counts),
        tuple(map(float, shares)),
        tuple(zip(map(float, mean), map(float, low), map(float, high), strict=True)),
        rising,
        point,
        inside,
        _steps(sizes, size_of),
    )


def monotone(values: Floats, rising: bool) -> Floats:
    """Return the least-squares monotone fit to each row of ``values`` (row, size).

    The fit is max over starts of min over ends of the means between them, for equal weights.
    """
    y = values if rising else -values
    n = y.shape[1]
    sums = np.concatenate([np.zeros((len(y), 1)), np.cumsum(y, axis=1)], axis=1)
    fit = np.empty_like(y)
    starts = np.arange(n)
    span = np.arange(1, n + 1)[None, :] - starts[:, None]  # (start, end)
    means = (sums[:, None, 1:] - sums[:, starts, None]) / np.where(span > 0, span, 1)
    means = np.where(span > 0, means, np.inf)
    least = np.minimum.accumulate(means[:, :, ::-1], axis=2)[:, :, ::-1]  # min over ends >= i
    for i in range(n):
        fit[:, i] = least[:, : i + 1, i].max(axis=1)
    return fit if rising else -fit


def crossing(sizes: Floats, shares: Floats, rising: bool) -> tuple[Floats, Floats, Floats]:
    """Return where each row of ``shares`` crosses one half, and the sizes on either side.

    Linear between sizes, the middle of a stretch at exactly one half. Where a row stays on one
    side, all three are -inf (it would cross below the range) or inf (above it).
    """
    up = shares if rising else 1.0 - shares
    at_half = up >= HALF
    n = len(sizes)
    first = np.where(at_half.any(axis=1), at_half.argmax(axis=1), n)
    after = np.where((up > HALF).any(axis=1), (up > HALF).argmax(axis=1), n)
    rows = np.arange(len(up))
    right, before = np.minimum(first, n - 1), np.maximum(np.minimum(first, n - 1) - 1, 0)
    gap = up[rows, right] - up[rows, before]
    part = np.where(gap > 0, (HALF - up[rows, before]) / np.where(gap > 0, gap, 1.0), 1.0)
    at = sizes[before] + part * (sizes[right] - sizes[before])
    flat = after > first  # a stretch at exactly one half
    last = np.minimum(after, n) - 1
    at = np.where(flat & (first < n), (sizes[right] + sizes[last]) / 2.0, at)
    low, high = sizes[before], np.where(flat, sizes[np.minimum(after, n - 1)], sizes[right])
    below, above = (first == 0) & ~flat, first == n
    ends = [np.where(below, -np.inf, np.where(above, np.inf, x)) for x in (at, low, high)]
    return ends[0], ends[1], ends[2]


def _rises(counts: Floats) -> bool:
    """Return whether a rising curve fits the counts at least as well as a falling one."""
    errors = [np.sum((monotone(counts[None], up)[0] - counts) ** 2) for up in (True, False)]
    return bool(errors[0] <= errors[1])


def _point(
    sizes: Floats, happened: Floats, shares: Floats, rising: bool
) -> tuple[Interval | None, float]:
    """Return the tipping point with its interval, and the share of resamples that have one."""
    seeds = happened.shape[1]
    counts = weights(seeds)
    ends = []
    for start in range(0, len(counts), BLOCK):
        resampled = counts[start : start + BLOCK] @ happened.T  # whole numbers, so halves are exact
        ends.append(crossing(sizes, monotone(resampled, rising) / seeds, rising))
    at, low, high = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    inside = float(np.isfinite(at).mean())
    best, before, right = (float(x[0]) for x in crossing(sizes, shares[None], rising))
    if not np.isfinite(best):
        return None, inside
    lowest = float(np.quantile(low, LEVELS[0], method="lower"))  # never between -inf and a size
    highest = float(np.quantile(high, LEVELS[1], method="higher"))
    return (best, min(before, lowest), max(right, highest)), inside


def _steps(sizes: Floats, size_of: Floats) -> tuple[DoseStep, ...]:
    share = weights(size_of.shape[1]) / size_of.shape[1]
    means = share @ size_of.T  # (resample, size)
    mean = size_of.mean(axis=1)
    steps = []
    for i in range(len(sizes) - 1):
        a, b = float(sizes[i]), float(sizes[i + 1])
        best = float(_elasticity(a, b, mean[i : i + 1], mean[i + 1 : i + 2])[0])
        some = _elasticity(a, b, means[:, i], means[:, i + 1])
        some = some[np.isfinite(some)]
        low, high = np.quantile(some, LEVELS) if len(some) else (np.nan, np.nan)
        ends = (best, float(low), float(high))
        steps.append(DoseStep(a, b, float(mean[i]), float(mean[i + 1]), ends))
    return tuple(steps)


def _elasticity(a: float, b: float, before: Floats, after: Floats) -> Floats:
    """Return the arc elasticity from trigger ``a`` to ``b``; NaN where nothing can be said."""
    trigger = 2.0 * (b - a) / (a + b) if a + b != 0.0 else np.inf
    total = before + after
    positive = total != 0.0
    change = np.where(positive, 2.0 * (after - before) / np.where(positive, total, 1.0), np.nan)
    return change / trigger
