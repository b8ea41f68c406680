"""What a trigger of each size does to a draft: the curve beside its slider, by cohorts.

The arms with and without the trigger are those of `steppe check --placebo`, in the same words.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from steppe.app.compilation import compile_once
from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.case.triggers import acting
from steppe.report.encode import safe_json
from steppe.study.placebo import (
    SEEDS,
    Placebo,
    PlaceboArm,
    arm_of,
    left_alone,
    peak_of,
    with_size,
)

STEPS = (4, 12, SEEDS)
"""Seeds of a curve, first rough, at last those of the command line."""

MOST_PEAKS = 4000
LEVEL = 1


@dataclass(frozen=True, slots=True)
class DoseRequest:
    """A case, sizes of its trigger, and how many seeds of each are run."""

    scenario: Scenario
    sizes: tuple[float, ...]
    seeds: int


def dose_request(scenario: Scenario, seeds: int) -> DoseRequest:
    """Return the request of a curve from no trigger to the largest it may have been."""
    trigger = acting(scenario)[0]
    low = trigger.low if trigger.low is not None else trigger.size / 2.0
    high = trigger.high if trigger.high is not None else trigger.size * 2.0
    third = (high - low) / 3.0
    between = (round(low + third, 4), round(high - third, 4))
    sizes = tuple(sorted({0.0, low, *between, high, trigger.size}))
    return DoseRequest(left_alone(scenario), sizes, seeds)


@dataclass(slots=True)
class DoseRuns:
    """Peaks of earlier runs, so that a slider that moves runs only what is new."""

    _peaks: OrderedDict[tuple[str, int], tuple[int, int]] = field(default_factory=OrderedDict)

    def document(self, dose: DoseRequest, threads: int, check: Callable[[], None]) -> bytes:
        """Return the curve as compressed JSON."""
        compile_once(dose.scenario, 1)
        arms = {size: self._arm(dose, size, threads, check) for size in dose.sizes}
        now = acting(dose.scenario)[0].size
        without, with_trigger = arms[0.0], arms[min(arms, key=lambda size: abs(size - now))]
        placebo = Placebo(without, with_trigger, ())
        document = {
            "seeds": dose.seeds,
            "whole": dose.seeds >= SEEDS,
            "size": now,
            "points": [{"size": size, **_point(arm)} for size, arm in arms.items()],
            "quiet": placebo.quiet,
            "added": placebo.added,
            "words": placebo.words(),
        }
        return gzip.compress(safe_json(document).encode(), LEVEL, mtime=0)

    def _arm(
        self, dose: DoseRequest, size: float, threads: int, check: Callable[[], None]
    ) -> PlaceboArm:
        scenario = with_size(dose.scenario, size)
        name = scenario_hash(scenario)
        seeds = range(1, dose.seeds + 1)
        missing = [seed for seed in seeds if (name, seed) not in self._peaks]

        def one(seed: int) -> tuple[int, int]:
            check()
            return peak_of(scenario, seed)

        with ThreadPoolExecutor(max(1, threads)) as pool:  # cohorts leave the interpreter
            for seed, peak in zip(missing, pool.map(one, missing), strict=True):
                self._peaks[name, seed] = peak
        peaks = [self._peaks[name, seed] for seed in seeds]
        while len(self._peaks) > MOST_PEAKS:
            self._peaks.popitem(last=False)
        return arm_of(scenario, f"{size:g}", peaks)


def _point(arm: PlaceboArm) -> dict[str, float]:
    low, middle, high = arm.range
    return {"low": low, "mid": middle, "high": high, "crises": arm.crises}
