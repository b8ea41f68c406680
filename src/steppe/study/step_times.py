"""Where the time of a study goes, step by step."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepTime:
    """A step of a study: seconds on the clock, and CPU seconds of this process alone."""

    name: str
    wall_s: float
    cpu_s: float


@dataclass(slots=True)
class StepTimes:
    """The steps of one study, one after the other; a step that is begun ends the one before."""

    steps: list[StepTime] = field(default_factory=list)
    _name: str = ""
    _wall: float = 0.0
    _cpu: float = 0.0

    def begin(self, name: str) -> None:
        """End the step before, if there is one, and begin ``name``."""
        self.end()
        self._name, self._wall, self._cpu = name, time.perf_counter(), time.process_time()

    def end(self) -> None:
        """End the step that is going on, if there is one."""
        if self._name:
            wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
            self.steps.append(StepTime(self._name, wall, cpu))
        self._name = ""

    @property
    def wall_s(self) -> float:
        """Seconds on the clock of all steps."""
        return sum(step.wall_s for step in self.steps)
