"""Removal: the same seeds without one mechanism, or with a rival in its place, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from steppe.case.scenario import Scenario
from steppe.engine.plan import rule_of
from steppe.model.ledger import ESSENTIAL, MECHANISMS, NONE, fitting, street_of
from steppe.study.ensemble import ensemble
from steppe.study.settings import ScaledOptions

OUTCOMES = ("peak_active", "killed", "arrested", "units_defected")
"""Outcomes whose change is shown, besides the share of runs in which the regime falls."""


@dataclass(frozen=True, slots=True)
class AblationEffect:
    """One patch of structure: the role, the rule in its place, and its effect.

    ``differences`` maps an outcome to the (5 %, median, 95 %) of paired differences over seeds,
    baseline minus this run with the same seed; ``falls`` are the shares of runs in which the
    regime falls, before and after.
    """

    role: str
    rule: str
    before: str
    pairs: int
    differences: dict[str, tuple[float, float, float]]
    falls: tuple[float, float]


def patches(scenario: Scenario, *, rivals: bool = False) -> Iterator[tuple[str, str, str]]:
    """Yield (role, rule now, rule instead) for every role that can be switched off or replaced.

    Rivals are those that go with the way citizens act; those of participation may change it.
    """
    street = street_of(scenario.mechanisms)
    for role, rules in MECHANISMS.items():
        now = rule_of(scenario, role)
        if role not in ESSENTIAL and now != NONE:
            yield role, now, NONE
        if rivals and now != NONE:
            for rule in rules if role == "participation" else fitting(role, street):
                if rule != now:
                    yield role, now, rule


def ablations(
    scenario: Scenario,
    seeds: Sequence[int],
    *,
    rivals: bool = False,
    **options: Unpack[ScaledOptions],
) -> Iterator[AblationEffect]:
    """Run ``scenario`` and each patch of its structure with the same seeds; yield the effects.

    Runs that are in the store are not made again. Errors as for ``ensemble``.
    """

    def outcomes(variant: Scenario) -> dict[int, dict[str, float | int | str]]:
        result = ensemble(variant, seeds, **options, parameters="default")
        runs = (result.store.get(key, names=()) for key in result.keys.values())
        return {run.record.seed: dict(run.outcome) for run in runs}

    base = outcomes(scenario)
    for role, now, rule in patches(scenario, rivals=rivals):
        other = outcomes(scenario.change(f"mechanisms.{role}", rule))
        yield _effect(role, now, rule, base, other)


def _effect(
    role: str,
    now: str,
    rule: str,
    base: dict[int, dict[str, float | int | str]],
    other: dict[int, dict[str, float | int | str]],
) -> AblationEffect:
    both = sorted(set(base) & set(other))
    differences: dict[str, tuple[float, float, float]] = {}
    for name in OUTCOMES if both else ():
        gaps = [float(base[s][name]) - float(other[s][name]) for s in both]
        low, middle, high = np.quantile(gaps, (0.05, 0.5, 0.95))
        differences[name] = (float(low), float(middle), float(high))
    falls = tuple(
        sum(runs[s]["fate"] == "falls" for s in both) / max(len(both), 1) for runs in (base, other)
    )
    return AblationEffect(role, rule, now, len(both), differences, (falls[0], falls[1]))
