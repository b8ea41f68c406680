"""A cheap look that rules out vectors before they are simulated in full: history matching.

Most of the prior is silent or puts millions on the streets, and those cost most. Every vector is
first run with fewer agents and only to the last day of the screened targets. It is ruled out when
any of them is more than ``LIMIT`` standard deviations from what was observed (the three-sigma rule
of Pukelsheim, American Statistician 48, 1994; Vernon, Goldstein and Bower, Bayesian Analysis 5,
2010). To the tolerance is added ``ALLOWANCE`` for the smaller scale. What is left is the prior
that inference starts from; no result of a look enters it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import CalibrationTarget

LIMIT = 3.0
"""Standard deviations from which a vector is ruled out."""

ALLOWANCE = 0.2
"""Standard deviation of what the scale of a look does to log10 of a turnout; see the docs."""

SCALE = 0.1
"""Agents of a look for each agent of a full run."""


@dataclass(frozen=True, slots=True)
class Screening:
    """How vectors are looked at: the scenario cut short, agents per citizen, and the targets."""

    scenario: Scenario
    scale: float
    targets: tuple[CalibrationTarget, ...]

    @classmethod
    def of(
        cls, scenario: Scenario, targets: Sequence[CalibrationTarget], scale: float
    ) -> Self | None:
        """Return the look that comes before runs at ``scale``; None if no target is screened."""
        screened = tuple(one for one in targets if one.screened)
        if not screened:
            return None
        clock = scenario.clock.clock()
        days = (one.resolved.observable.parse(one.resolved.target.date) for one in screened)
        end = max(days).replace(hour=0, minute=0) + timedelta(days=1)
        hours = max(1, min(clock.hours, clock.hour_of(end)))
        short = scenario.clock.model_copy(update={"hours": hours})
        return cls(scenario.model_copy(update={"clock": short}), SCALE * scale, screened)

    def plausible(self, table: SimulationTable) -> NDArray[np.bool_]:
        """Return (run,): is the look not so far off that the vector is ruled out.

        A look that does not show a target is far off.
        """
        fine = np.ones(len(table), dtype=np.bool_)
        for one in self.targets:
            away = np.abs(one.scaled(table.column(one.id)) - one.observed)
            fine &= away <= LIMIT * np.hypot(one.tolerance, ALLOWANCE)
        return fine
