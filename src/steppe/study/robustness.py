"""Robustness to structure: does a result hold under other parameters and other theories?

A headline is one counterfactual and the outcome it is told by. Its paired effect is measured
again over draws of the parameters and with each rival rule in its role. It holds where its
interval is on the same side of 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Unpack

import numpy as np

from steppe.case.scenario import Scenario
from steppe.model.ledger import NONE
from steppe.results.outcomes import regime_stays
from steppe.study.effects import Effect, effect
from steppe.study.ensemble import ensemble
from steppe.study.parameters import ParameterSource
from steppe.study.rule_patches import patches
from steppe.study.settings import ScaledOptions

Verdict = Literal["holds", "reversed", "undecided", "no effect"]

ROLES = ("news", "risk", "participation", "loyalty")
"""Roles whose rivals can change who is on the street and who obeys; a headline may set others."""

SURVIVAL = "regime_stays"
"""Outcome that is 1 where the regime is still there at the end."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A result worth telling: what a counterfactual of the case does to one outcome."""

    counterfactual: str
    outcome: str


HEADLINES = (
    Headline("no-price-shock", "peak_active"),
    Headline("half-price-shock", "peak_active"),
    Headline("no-blackout", "peak_active"),
    Headline("no-concession", "peak_active"),
    Headline("no-lethal-force", "killed"),
    Headline("no-intervention", SURVIVAL),
)
"""The results that the reference case is told by."""


@dataclass(frozen=True, slots=True)
class Version:
    """A way the world may work: whose rule is replaced by which, or which parameters are drawn."""

    name: str
    parameters: ParameterSource = "default"
    role: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RobustnessFinding:
    """One headline in one version: the case as it is less the counterfactual, and the verdict.

    ``effect`` is None, and ``reason`` says why, where the version could not be run.
    """

    headline: Headline
    version: Version
    effect: Effect | None
    verdict: Verdict | None
    reason: str = ""


def versions(
    scenario: Scenario, draws: Sequence[ParameterSource] = ("prior",)
) -> tuple[Version, ...]:
    """Return the case as it is, with parameters drawn, and with each rival rule of ``ROLES``."""
    rivals = (
        Version(f"{role}: {rule}", role=role, rule=rule)
        for role, _, rule in patches(scenario, rivals=True)
        if role in ROLES and rule != NONE
    )
    return (
        Version("as it is"), *(Version(f"{one} draws", parameters=one) for one in draws), *rivals
    )  # fmt: skip


def robustness(
    scenario: Scenario,
    seeds: Sequence[int],
    *,
    headlines: Sequence[Headline] = HEADLINES,
    draws: Sequence[ParameterSource] = ("prior",),
    among: Sequence[Version] | None = None,
    **options: Unpack[ScaledOptions],
) -> Iterator[RobustnessFinding]:
    """Yield every headline in every version, version by version, as soon as its runs are made.

    The first version is what every other is held against: the case as it is, unless ``among``
    gives the versions. Runs in the store are not made again. Raises ``CaseError`` for a
    counterfactual the case does not have; other errors as for ``ensemble``.
    """
    for one in headlines:
        scenario.counterfactual(one.counterfactual)
    reference: dict[Headline, Effect] = {}

    def outcomes(variant: Scenario, source: ParameterSource) -> dict[int, dict[str, float]]:
        result = ensemble(variant, seeds, **options, parameters=source)
        runs = (result.store.get(key, names=()) for key in result.keys.values())
        people = scenario.country.citizens
        return {run.record.seed: numbers(run.outcome, people) for run in runs}

    for version in versions(scenario, draws) if among is None else among:
        now = scenario
        if version.role:
            now = scenario.change(f"mechanisms.{version.role}", version.rule)
        base = outcomes(now, version.parameters)
        for one in headlines:
            other = outcomes(now.counterfactual(one.counterfactual), version.parameters)
            here = paired_effect(one.outcome, base, other)
            if here is None:
                yield RobustnessFinding(one, version, None, None, "no finished run tells it")
                continue
            reference.setdefault(one, here)
            yield RobustnessFinding(one, version, here, compare_effects(reference[one], here))


def numbers(outcome: Mapping[str, float | int | str], citizens: int) -> dict[str, float]:
    """Return the outcomes of a run that are numbers, survival among them."""
    values = {name: float(v) for name, v in outcome.items() if not isinstance(v, str)}
    return values | (
        {SURVIVAL: float(regime_stays(outcome, citizens))} if "fate" in outcome else {}
    )


def paired_effect(
    name: str, base: dict[int, dict[str, float]], other: dict[int, dict[str, float]]
) -> Effect | None:
    """Return the effect over the seeds that finished in both arms."""
    both = [
        seed
        for seed in sorted(set(base) & set(other))
        if name in base[seed] and name in other[seed]
    ]
    if not both:
        return None
    arms = [np.array([runs[seed][name] for seed in both]) for runs in (base, other)]
    return effect(name, arms[0], arms[1])


def direction(effect: Effect) -> int:
    """Return 1 or -1 where the interval of an effect is on one side of 0, else 0."""
    return int(effect.low > 0.0) - int(effect.high < 0.0)


def compare_effects(reference: Effect, other: Effect) -> Verdict:
    """Return whether what is told of the case as it is holds in another version too."""
    if direction(other) == 0:
        return "no effect" if other.low == other.high == 0.0 else "undecided"
    if direction(reference) == 0:
        return "undecided"
    return "holds" if direction(other) == direction(reference) else "reversed"
