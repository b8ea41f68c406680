"""Branches: one history up to an hour, simulated once for each seed, and several after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from steppe.case.scenario import Scenario
from steppe.engine.first_hour import acts_before
from steppe.study.coupled import run_coupled
from steppe.study.ensemble import STORE, AnySeeds, AnyStore, as_seeds, as_store
from steppe.study.events import OnEvent
from steppe.study.executors import Executor
from steppe.study.pair import Pair, arms_of, compared
from steppe.study.parameters import ParameterSource


def branch(
    baseline: Scenario,
    variants: Sequence[Scenario | str],
    seeds: AnySeeds = 8,
    *,
    at: int,
    store: AnyStore = STORE,
    scale: float = 1.0,
    workers: int | None = None,
    executor: Executor | None = None,
    parameters: ParameterSource | None = None,
    fixed: Collection[str] = (),
    on_event: OnEvent | None = None,
) -> list[Pair]:
    """Run ``baseline`` for ``at`` hours once for each seed, and on from there in every way.

    ``variants`` are scenarios or names of counterfactuals. Returns the pair that each makes with
    the baseline. The state after ``at`` hours is kept in the store, so that more branches from
    there cost only what comes after; every branch is stored as the run it would be alone. Raises
    ``ValueError`` when a variant can act before ``at``; other errors and options as for ``pair``.
    """
    if not 1 <= at < baseline.clock.hours:
        raise ValueError(f"at must be in 1..{baseline.clock.hours - 1}, got {at}")
    others = [baseline.counterfactual(v) if isinstance(v, str) else v for v in variants]
    for other in others:
        for one in acts_before(baseline, other, at):
            raise ValueError(f"{one.path} can act from hour {one.hour} on, before hour {at}")
    asked, kept = as_seeds(seeds), as_store(store)
    arms = arms_of(baseline, others, asked, scale, parameters, fixed)
    run_coupled(arms, store=kept, at=at, workers=workers, executor=executor, on_event=on_event)
    return compared(arms, kept, workers, executor, on_event)
