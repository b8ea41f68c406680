"""What each seed of a history draws, kept between requests: working it out takes half a second."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from steppe.case.scenario import Scenario
from steppe.study.ensemble import SeedRuns
from steppe.study.parameter_draws import ParameterDraws, draw_parameters
from steppe.study.posterior import Posterior, posterior_of

MOST_HISTORIES = 32
"""Histories whose draws are kept."""

_Label = tuple[int, str, tuple[str, ...]]


@dataclass(slots=True)
class _History:
    scenario: Scenario
    """Held, so that its id stays its own."""
    sample: Posterior | None
    draws: ParameterDraws
    hashes: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class DrawCache:
    """The draws of the histories asked for last; safe to ask from several threads."""

    _histories: OrderedDict[_Label, _History] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, arm: SeedRuns) -> ParameterDraws:
        """Return how the runs of ``arm`` get their parameters; errors as for ``rows_of``."""
        return self._of(arm).draws

    def hashes(self, arm: SeedRuns) -> Mapping[int, str]:
        """Return the hash of the scenario that each seed of ``arm`` runs."""
        history = self._of(arm)
        if arm.parameters == "default":
            return dict.fromkeys(arm.seeds, history.draws.base)
        missing = [seed for seed in arm.seeds if seed not in history.hashes]
        if missing:
            hash_of = history.draws.hashes()
            history.hashes.update({seed: hash_of(seed) for seed in missing})
        return {seed: history.hashes[seed] for seed in arm.seeds}

    def _of(self, arm: SeedRuns) -> _History:
        label = id(arm.scenario), arm.parameters, arm.fixed
        sample = posterior_of(arm.scenario) if arm.parameters == "posterior" else None
        with self._lock:
            history = self._histories.get(label)
        if history is None or history.sample is not sample:
            history = _History(
                arm.scenario, sample, draw_parameters(arm.scenario, arm.parameters, arm.fixed)
            )
        with self._lock:
            self._histories[label] = history
            self._histories.move_to_end(label)
            while len(self._histories) > MOST_HISTORIES:
                self._histories.popitem(last=False)
        return history
