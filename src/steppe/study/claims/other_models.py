"""Trying verdicts in other models: by cohorts where they tell all that is asked, else by citizens.

What another model says is a look with few seeds, and cohorts have the law of citizens at a
hundredth of the cost. All arms of a claim are run by one engine, so that its pairs stay pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steppe.case.claims_model import Claim
from steppe.results.trajectory import EngineName
from steppe.study.claims.decision_rules import Finding
from steppe.study.claims.runner import ArmTransform, Runner, Table, union
from steppe.study.engine_scope import is_followed

if TYPE_CHECKING:
    from steppe.study.claims.evaluate import Evaluator


@dataclass(frozen=True, slots=True, eq=False)
class OtherModel:
    """A claim, and another model to try it in: its name and what becomes of every arm."""

    claim: Claim
    name: str
    transform: ArmTransform


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """What a claim's number becomes in another model, and by which engine."""

    model: OtherModel
    finding: Finding
    engine: EngineName


@dataclass(frozen=True, slots=True)
class ModelTrials:
    """How other models are tried: the runners of the verdict's ``engine`` and, if any, of looks."""

    evaluator: Evaluator
    runner: Runner
    engine: EngineName
    look_runner: Runner | None = None

    def __call__(self, models: Sequence[OtherModel], seeds: Sequence[int]) -> list[ModelFinding]:
        """Return the finding of each of ``models``, in their order; arms are run once for all."""
        looks = [one for one in models if self.look_runner and self._is_followed(one)]
        quick = self._table(self.look_runner, looks, seeds)
        whole = [one for one in looks if self._is_whole(one, quick)]
        others = [one for one in models if one not in whole]
        slow = self._table(self.runner, others, seeds)
        return [
            self._finding(one, slow, self.engine) if one in others
            else self._finding(one, quick, "cohorts")
            for one in models
        ]  # fmt: skip

    def _finding(self, model: OtherModel, table: Table, engine: EngineName) -> ModelFinding:
        finding = self.evaluator.finding(model.claim, table, model.transform)
        return ModelFinding(model, finding, engine)

    def _is_followed(self, model: OtherModel) -> bool:
        """Tell whether cohorts follow everything that the arms of a model change."""
        scenario_of = self.evaluator.resolver.scenario_of
        return all(
            is_followed(scenario_of(arm.with_source("default")), path)
            for arm in self.evaluator.quantities(model.claim, model.transform)
            for path in arm.paths
        )

    def _is_whole(self, model: OtherModel, table: Table) -> bool:
        """Tell whether runs showed every quantity that a claim asks of its arms."""
        arms = self.evaluator.quantities(model.claim, model.transform)
        return all((arm, one) in table for arm, quantities in arms.items() for one in quantities)

    def _table(
        self, runner: Runner | None, models: Iterable[OtherModel], seeds: Sequence[int]
    ) -> Table:
        arms = union([self.evaluator.quantities(one.claim, one.transform) for one in models])
        return runner(arms, seeds) if runner and arms else {}
