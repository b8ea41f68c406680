"""What decides the streets of one hour, so that runs whose streets are alike can share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steppe.engine.plan import PlanStep


@dataclass(frozen=True, slots=True)
class HourContext:
    """All that decides what citizens do in an hour, besides their own state and random numbers.

    Worlds with equal contexts and citizens have equal streets. ``rules`` are the citizen rules of
    the plan with their parameters, ``fields`` the arrays and numbers that citizens read.
    """

    rules: tuple[PlanStep, ...]
    fields: Any

    def rule(self, role: str) -> PlanStep | None:
        """Return the rule that plays ``role``; None where nobody does."""
        return next((step for step in self.rules if step.mechanism.role == role), None)
