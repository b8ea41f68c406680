"""From a claim to its finding, given what its arms show; and the arms it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steppe.case.claims_model import AftermathRow, Claim
from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.claims_tests import ClaimTest
from steppe.case.scenario import Scenario
from steppe.study.claims.arms import Arm, ArmResolver, quantities_of
from steppe.study.claims.decision_rules import UNDECIDED, UNTESTABLE, Finding, all_of, any_of
from steppe.study.claims.record_tests import (
    judge_aftermath,
    judge_event,
    judge_evidence,
    judge_record,
)
from steppe.study.claims.run_tests import (
    Readings,
    judge_cause,
    judge_counterfactual,
    judge_doses,
    judge_run,
    judge_spread,
)
from steppe.study.claims.runner import ArmQuantities, ArmTransform, Table

Judge = Callable[[Any, Readings, float], Finding]

_RUN: Mapping[str, Judge] = {
    "run": judge_run,
    "spread": judge_spread,
    "counterfactual": judge_counterfactual,
    "cause": judge_cause,
    "dose_response": judge_doses,
}
NOT_TOLD = "runs by cohorts do not tell; judge it with --engine citizens"

RUN_TESTS = tuple(_RUN)
"""Kinds of test that need runs."""


def same(arm: Arm) -> Arm:
    """Return the arm as it is."""
    return arm


class Evaluator:
    """A scenario, the file's common rules and what came later: all that a test may look at."""

    def __init__(
        self, scenario: Scenario, resolver: ArmResolver, aftermath: Mapping[str, AftermathRow]
    ) -> None:
        self.scenario, self.resolver, self.aftermath = scenario, resolver, aftermath
        self._weigh: dict[str, Callable[[ClaimTest], Finding]] = {
            "evidence": lambda t: judge_evidence(t.evidence, scenario, aftermath),  # type: ignore[arg-type]
            "event": lambda t: judge_event(t.event, scenario),  # type: ignore[arg-type]
            "record": lambda t: judge_record(t.record),  # type: ignore[arg-type]
            "aftermath": lambda t: judge_aftermath(t.aftermath, aftermath),  # type: ignore[arg-type]
        }

    def needs_runs(self, claim: Claim) -> bool:
        """Tell whether a claim is tested on runs, at least in part."""
        return any(part.kind in RUN_TESTS for part in claim.test.parts)

    def quantities(self, claim: Claim, transform: ArmTransform = same) -> ArmQuantities:
        """Return what the tests of ``claim`` ask of each arm."""
        by_arm: dict[Arm, frozenset[ClaimQuantity]] = {}
        for part in claim.test.parts:
            for arm in self.resolver.arms(part).values():
                other = transform(arm)
                by_arm[other] = by_arm.get(other, frozenset()) | frozenset(quantities_of(part))
        return by_arm

    def finding(self, claim: Claim, table: Table, transform: ArmTransform = same) -> Finding:
        """Return the finding of ``claim`` from what its arms show."""
        parts = [self._single(part, table, transform) for part in claim.test.parts]
        if claim.test.all_of:
            return all_of(parts)
        return any_of(parts) if claim.test.any_of else parts[0]

    def _single(self, test: ClaimTest, table: Table, transform: ArmTransform) -> Finding:
        if test.not_testable is not None:
            return Finding(UNTESTABLE, "", test.not_testable.reason)
        if test.kind not in _RUN:
            return self._weigh[test.kind](test)
        arms = {part: transform(arm) for part, arm in self.resolver.arms(test).items()}
        quantities = list(quantities_of(test))
        if untold := [q.name for q in quantities for arm in arms.values() if (arm, q) not in table]:
            return Finding(UNDECIDED, "", f"{untold[0]}: {NOT_TOLD}")
        judge = _RUN[test.kind]
        minimum = self.resolver.claims.minimum_probability
        return judge(
            getattr(test, test.kind), lambda part, quantity: table[arms[part], quantity], minimum
        )
