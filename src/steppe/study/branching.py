"""Branches: one history up to an hour, simulated once for each seed, and several after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from steppe.case.scenario import Scenario
from steppe.engine.first_hour import acts_before
from steppe.study.coupled import run_coupled
from steppe.study.pair import Pair, arms_of, compared
from steppe.study.settings import AnySeeds, StudyOptions, StudySettings, as_seeds

NO_BRANCH = (
    "a branch goes on from a stored state, which cohorts do not keep; compare whole histories with "
    "pair instead: they are the same until the change acts, and take milliseconds"
)


def branch(
    baseline: Scenario,
    variants: Sequence[Scenario | str],
    seeds: AnySeeds = 8,
    *,
    at: int,
    **options: Unpack[StudyOptions],
) -> list[Pair]:
    """Run ``baseline`` for ``at`` hours once for each seed, and on from there in every way.

    ``variants`` are scenarios or names of counterfactuals. Returns the pair that each makes with
    the baseline. The state after ``at`` hours is kept in the store, so that more branches from
    there cost only what comes after; every branch is stored as the run it would be alone. Raises
    ``ValueError`` when a variant can act before ``at``; other errors and options as for ``pair``.
    """
    settings = StudySettings.of(**options)
    if settings.engine == "cohorts":
        raise ValueError(NO_BRANCH)
    if not 1 <= at < baseline.clock.hours:
        raise ValueError(f"at must be in 1..{baseline.clock.hours - 1}, got {at}")
    others = [baseline.counterfactual(v) if isinstance(v, str) else v for v in variants]
    for other in others:
        for one in acts_before(baseline, other, at):
            raise ValueError(f"{one.path} can act from hour {one.hour} on, before hour {at}")
    arms = arms_of(baseline, others, as_seeds(seeds), settings)
    run_coupled(arms, settings, at=at)
    return compared(arms, settings)
