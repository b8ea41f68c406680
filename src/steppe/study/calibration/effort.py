"""How much a calibration simulates, and about how long that takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from steppe.case.scenario import Scenario
from steppe.study.calibration.design import SEED
from steppe.study.calibration.smc import SmcSettings
from steppe.study.posterior import Posterior

SPARE = 4
"""Vectors of the population of a search for every one that its refinement starts with."""

SEARCH = SmcSettings(acceptance=0.08, stay=0.5)
REFINEMENT = SmcSettings(generations=16, keep=0.5, acceptance=0.06, stay=0.25)
"""How a search goes on and ends, then its refinement. Where few vectors move, those that take the
place of others stay copies: a population that goes on is one family in the end, which knows no
width. Hence rounds of moves until half of the vectors have moved, then three of four."""

REFINEMENT_FROM_SAMPLE = SmcSettings(generations=8, keep=0.5, acceptance=0.1, stay=0.25)
"""The same for a search that begins at an earlier sample, which is near already."""

QUICK_SEARCH = replace(SEARCH, stay=1.0)
QUICK_REFINEMENT = SmcSettings(generations=30, keep=0.8, acceptance=0.15)
"""The same for a forecast alone, which needs no vectors as near as may be: one round of moves in a
generation, and an end as soon as that would leave copies."""

HELD_OUT, LEAST_HELD_OUT = 4, 16
"""The search for a part held out leaves so many times fewer vectors, but this many at least."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: vectors, seeds of each, agents per citizen, the scramble, and how many
    searches that know nothing of each other share the vectors.

    One large search comes nearer to the figures than several small ones, which come from more
    corners of the prior. A ``quick`` one ends earlier; with ``start`` each begins at the
    draws of an earlier sample in place of the whole prior.
    """

    vectors: int
    replicates: int = 8
    scale: float = 1.0
    seed: int = SEED
    searches: int = 1
    quick: bool = False
    start: Posterior | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.vectors < 1 or self.replicates < 1:
            raise ValueError("a calibration needs at least one vector and one seed of each")
        if self.searches < 1:
            raise ValueError("a calibration needs at least one search")

    @property
    def held_out(self) -> Effort:
        """What is spent on a part held out: a quarter of the vectors, by a quick search.

        It begins with the prior, for an earlier sample has seen what is held out.
        """
        vectors = max(self.vectors // HELD_OUT, LEAST_HELD_OUT)
        return replace(self, vectors=vectors, quick=True, start=None)

    @property
    def population(self) -> SmcSettings:
        """How the first population moves through the prior."""
        return QUICK_SEARCH if self.quick else SEARCH

    @property
    def refinement(self) -> SmcSettings:
        """How the best of a population move on."""
        if self.quick:
            return QUICK_REFINEMENT
        return REFINEMENT if self.start is None else REFINEMENT_FROM_SAMPLE


COHORT_SECONDS, RUN_SECONDS = 0.02, (0.5, 0.45)
"""CPU seconds of a history by cohorts with its figures, and of a run by citizens: those that do
not depend on the number of agents, and those of a country of 20 million, 552 hours."""

SEARCHED, SEARCHED_FROM_SAMPLE, SEARCHED_QUICKLY = 5700, 1100, 1300
"""Histories by cohorts for each vector that is left, about."""

TIMED_SIZE = 19_503_159 * 552
"""Citizen-hours of the runs that were timed."""


def cpu_seconds(scenario: Scenario, effort: Effort, draws: int, held_out: int = 0) -> float:
    """Return about how much CPU time a calibration takes, with its ``draws`` of the posterior.

    ``held_out`` parts have a search each. For a country of another size in proportion; a first
    guess, not a promise.
    """
    size = scenario.country.citizens * scenario.clock.hours * effort.scale / TIMED_SIZE
    run = RUN_SECONDS[0] + size * RUN_SECONDS[1]
    runs = effort.vectors * effort.replicates + draws
    each = SEARCHED if effort.start is None else SEARCHED_FROM_SAMPLE
    searched = each * effort.vectors + SEARCHED_QUICKLY * held_out * effort.held_out.vectors
    return searched * COHORT_SECONDS + runs * run
