"""Removal: the same seeds without one mechanism, or with a rival in its place, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Unpack

from steppe.case.load import AnyCase, as_scenario
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.engine.cohort_scope import refuse
from steppe.engine.plan import plan
from steppe.results.trajectory import EngineName
from steppe.study.engine_scope import is_told
from steppe.study.pair import Pair, pair
from steppe.study.rule_patches import patches
from steppe.study.settings import AnySeeds, StudyOptions

OUTCOMES = ("peak_active", "killed", "arrested", "units_defected")
"""Outcomes whose change is shown, besides the share of runs in which the regime falls."""


@dataclass(frozen=True, slots=True)
class AblationEffect:
    """One patch of structure: the role, the rule in its place, and the pair that it makes.

    Differences of the pair are baseline minus the run with ``rule``: what the rule ``before`` adds.
    """

    role: str
    rule: str
    before: str
    pair: Pair

    def document(self) -> dict[str, object]:
        """Return the effect as JSON holds it."""
        return {
            "role": self.role,
            "rule": self.rule,
            "before": self.before,
            "parameters": self.pair.baseline.parameters,
            "engine": self.pair.baseline.engine,
            "effects": [row.document() for row in self.pair.comparison.rows],
        }


def unseen(
    scenario: Scenario, engine: EngineName, *, rivals: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return (role, rule instead) of the patches that runs of ``engine`` cannot tell of."""
    if engine == "citizens":
        return ()
    return tuple(
        (role, rule)
        for role, _, rule in patches(scenario, rivals=rivals)
        if not is_told(scenario, f"mechanisms.{role}", engine)
        or _is_refused(scenario.change(f"mechanisms.{role}", rule))
    )


def _is_refused(scenario: Scenario) -> bool:
    try:
        refuse(scenario, plan(scenario))
    except SteppeError:
        return True
    return False


def ablations(
    scenario: AnyCase, seeds: AnySeeds, *, rivals: bool = False, **options: Unpack[StudyOptions]
) -> Iterator[AblationEffect]:
    """Run ``scenario`` and each patch of its structure with the same seeds; yield the effects.

    Runs that are in the store are not made again. A rival that the posterior sample does not fit
    is held against the case with parameters as it gives them. What cohorts leave out (``unseen``)
    is not tried with them. Options and errors as for ``pair``.
    """
    scenario = as_scenario(scenario)
    left_out = unseen(scenario, options.get("engine", "citizens"), rivals=rivals)
    for role, now, rule in patches(scenario, rivals=rivals):
        if (role, rule) not in left_out:
            other = scenario.change(f"mechanisms.{role}", rule)
            yield AblationEffect(role, rule, now, pair(scenario, other, seeds, **options))
