"""A world whose true effects are known: outcomes planted in the place of runs.

What chance deals a seed is the same in both arms; a planted cause acts on it with the probability
stated here. Taking a cause away is a change of the case like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from steppe.case.claims import ClaimsFile, read_claims
from steppe.case.scenario import Scenario
from steppe.study.claims.arms import Arm, ArmResolver
from steppe.study.claims.decision_rules import Finding
from steppe.study.claims.evaluate import Evaluator
from steppe.study.claims.runner import ArmQuantities, Table

CAUSE = ("timeline.no-comment.enabled", False)
"""The change that takes the planted cause away; any would do, for nothing is run."""

HEAD = """\
format: 1
source: "planted"
seeds: {seeds}
claims:
"""
CLAIM = """\
  - id: {id}
    text: "planted"
    asserted_by: test
    kind: causal
    test:
      {test}
"""
PATCH = "set: {timeline.no-comment.enabled: false}"

Draws = tuple[float, float, float]
"""What chance deals one seed: a uniform and two normal numbers."""

Plant = Callable[[Draws, bool], float]
"""(draws of one seed, is the cause there?) -> what the run would show."""


@cache
def dealt(world: int, seed: int) -> Draws:
    """Return the draws of ``seed`` in repetition ``world``."""
    rng = np.random.default_rng((world, seed))
    return float(rng.random()), float(rng.standard_normal()), float(rng.standard_normal())


def file_of(folder: Path, scenario: Scenario, *tests: str, seeds: int | str = 20) -> ClaimsFile:
    """Write claims T1, T2, ... with ``tests`` and read them."""
    text = HEAD.format(seeds=seeds)
    text += "".join(CLAIM.format(id=f"T{i}", test=test) for i, test in enumerate(tests, 1))
    path = folder / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    return read_claims(path, scenario)


class Planted:
    """A runner that shows what was planted; ``world`` tells one repetition from another."""

    def __init__(self, plant: Plant, world: int = 0) -> None:
        self.plant, self.world = plant, world
        self.asked: list[tuple[Arm, tuple[int, ...]]] = []

    def __call__(self, wanted: ArmQuantities, seeds: Sequence[int]) -> Table:
        self.asked += [(arm, tuple(seeds)) for arm in wanted]
        return {
            (arm, quantity): {seed: self.value(arm, seed) for seed in seeds}
            for arm, quantities in wanted.items()
            for quantity in quantities
        }

    def value(self, arm: Arm, seed: int) -> float:
        """What a run of ``arm`` shows: both arms of a pair share the draws of the seed."""
        return self.plant(dealt(self.world, seed), CAUSE not in arm.changes)


def findings(
    file: ClaimsFile, scenario: Scenario, plant: Plant, worlds: int
) -> list[list[Finding]]:
    """Return for each of ``worlds`` repetitions the findings of all claims."""
    bench = Evaluator(scenario, ArmResolver(scenario, file.content), {})
    seeds = range(1, file.content.seeds + 1)
    found = []
    for world in range(worlds):
        runner = Planted(plant, world)
        row = []
        for claim in file.claims:
            row.append(bench.finding(claim, runner(bench.quantities(claim), seeds)))
        found.append(row)
    return found


def happens(with_it: float, without: float) -> Plant:
    """Plant something that happens with these probabilities, as alike in both arms as can be."""
    return lambda draws, there: float(draws[0] < (with_it if there else without))


def adds(mean: float, spread: float = 1.0) -> Plant:
    """Plant a cause that adds a normal amount to a number that differs from seed to seed."""

    def plant(draws: Draws, there: bool) -> float:
        level, amount = 100.0 + 10.0 * draws[1], mean + spread * draws[2]
        return level + (amount if there else 0.0)

    return plant
