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

KEPT = 32
"""Histories whose draws are kept."""

_Label = tuple[int, str, tuple[str, ...]]


@dataclass(slots=True)
class _Kept:
    scenario: Scenario
    """Held, so that its id stays its own."""
    sample: Posterior | None
    draws: ParameterDraws
    hashes: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class DrawCache:
    """The draws of the histories asked for last; safe to ask from several threads."""

    _kept: OrderedDict[_Label, _Kept] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, arm: SeedRuns) -> ParameterDraws:
        """Return how the runs of ``arm`` get their parameters; errors as for ``rows_of``."""
        return self._of(arm).draws

    def hashes(self, arm: SeedRuns) -> Mapping[int, str]:
        """Return the hash of the scenario that each seed of ``arm`` runs."""
        kept = self._of(arm)
        if arm.parameters == "default":
            return dict.fromkeys(arm.seeds, kept.draws.base)
        missing = [seed for seed in arm.seeds if seed not in kept.hashes]
        if missing:
            hash_of = kept.draws.hashes()
            kept.hashes.update({seed: hash_of(seed) for seed in missing})
        return {seed: kept.hashes[seed] for seed in arm.seeds}

    def _of(self, arm: SeedRuns) -> _Kept:
        label = id(arm.scenario), arm.parameters, arm.fixed
        sample = posterior_of(arm.scenario) if arm.parameters == "posterior" else None
        with self._lock:
            kept = self._kept.get(label)
        if kept is None or kept.sample is not sample:
            kept = _Kept(
                arm.scenario, sample, draw_parameters(arm.scenario, arm.parameters, arm.fixed)
            )
        with self._lock:
            self._kept[label] = kept
            self._kept.move_to_end(label)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept
