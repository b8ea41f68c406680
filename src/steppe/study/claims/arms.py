"""Arms: the scenarios that tests of claims need, named by what they change."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from steppe.case.claims_check import fitting
from steppe.case.claims_model import Claims
from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.claims_tests import ClaimTest
from steppe.case.patch import apply
from steppe.case.paths import addresses
from steppe.case.scenario import Scenario, Value
from steppe.core.errors import SteppeError
from steppe.results.trajectory import EngineName
from steppe.study.parameters import ParameterSource
from steppe.study.request import value_text

BASELINE, COUNTERFACTUAL, THAN = "baseline", "counterfactual", "than"


@dataclass(frozen=True, slots=True)
class Arm:
    """A change of the case, a rule in the place of another, and where parameters come from.

    ``changes`` are sorted (address, value); ``rule`` is (role, name of the rule) or None.
    """

    changes: tuple[tuple[str, Value], ...] = ()
    rule: tuple[str, str] | None = None
    source: ParameterSource = "default"

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Arm:
        """Return the arm that sets ``values``."""
        return cls(tuple(sorted(values.items(), key=lambda item: item[0])))

    def under(self, rule: tuple[str, str]) -> Arm:
        """Return the arm with another rule in a role."""
        return replace(self, rule=rule)

    def with_source(self, source: ParameterSource) -> Arm:
        """Return the arm with parameters from ``source``."""
        return replace(self, source=source)

    @property
    def paths(self) -> tuple[str, ...]:
        """The addresses that the arm sets, that of its rule among them."""
        rule = () if self.rule is None else (f"mechanisms.{self.rule[0]}",)
        return (*(path for path, _ in self.changes), *rule)

    def touches(self, role: str) -> bool:
        """Tell whether the change itself decides who plays ``role``."""
        return any(path in (f"mechanisms.{role}", f"{role}.rule") for path, _ in self.changes)

    @property
    def options(self) -> str:
        """The change as options of a command."""
        words = (f"{path}={value_text(value)}" for path, value in self.changes)
        return " ".join(f"--set {shlex.quote(word)}" for word in words)


class ArmResolver:
    """The arms of a claims file on one scenario, to be run by one engine."""

    def __init__(self, scenario: Scenario, claims: Claims, engine: EngineName = "citizens") -> None:
        self.scenario, self.claims, self.engine = scenario, claims, engine
        self._known = addresses(scenario)
        self._fits: dict[Arm, bool] = {}

    def by(self, engine: EngineName) -> ArmResolver:
        """Return the same arms, to be run by another engine."""
        return ArmResolver(self.scenario, self.claims, engine)

    def arms(self, test: ClaimTest) -> dict[str, Arm]:
        """Return the arms of a single test by their part in it; none if it needs no run."""
        body = getattr(test, test.kind)
        if test.kind not in ("run", "spread", "counterfactual", "cause", "dose_response"):
            return {}
        base = dict(self.claims.bases[body.base].set) if body.base else {}
        if test.kind == "dose_response":
            now = self._known[body.path].value if body.path in self._known else None
            return {
                f"{dose:g}": Arm.of({**base, body.path: fitting(now, dose)}) for dose in body.doses
            }
        patch = dict(body.set) or self._patch(body.patch)
        if test.kind in ("run", "spread"):
            return {BASELINE: Arm.of({**base, **patch})}
        arms = {BASELINE: Arm.of(base), COUNTERFACTUAL: Arm.of({**base, **patch})}
        if getattr(body, "than", None):
            arms[THAN] = Arm.of({**base, **self._patch(body.than)})
        return arms

    def _patch(self, name: str | None) -> dict[str, Value]:
        return dict(self.scenario.counterfactuals[name].set) if name else {}

    def scenario_of(self, arm: Arm) -> Scenario:
        """Return the scenario of ``arm``; ``CaseError`` when its parts do not fit together."""
        values = dict(arm.changes)
        if arm.rule is not None:
            values[f"mechanisms.{arm.rule[0]}"] = arm.rule[1]
        return apply(self.scenario, values) if values else self.scenario

    def fits(self, arm: Arm) -> bool:
        """Tell whether the parts of ``arm`` fit together and the engine can run its plan."""
        if arm not in self._fits:
            self._fits[arm] = self._can_be_planned(arm)
        return self._fits[arm]

    def _can_be_planned(self, arm: Arm) -> bool:
        from steppe.engine.cohort_scope import refuse
        from steppe.engine.plan import plan

        try:
            scenario = self.scenario_of(arm)
            steps = plan(scenario)
            if self.engine == "cohorts":
                refuse(scenario, steps)
        except (SteppeError, ValueError):
            return False
        return True


def quantities_of(test: ClaimTest) -> Iterator[ClaimQuantity]:
    """Yield the quantities that a single test measures in each of its arms."""
    body = getattr(test, test.kind)
    for name in ("quantity", "given"):
        value = getattr(body, name, None)
        if isinstance(value, ClaimQuantity):
            yield value
