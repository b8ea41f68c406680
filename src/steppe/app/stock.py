"""What the store holds, remembered between looks: folders never change once they are there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from steppe.core.errors import StoreError
from steppe.engine.run import engine_version
from steppe.results.catalogue import RunSummary, summarize
from steppe.results.reading import load_record
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory

KEPT = 40
"""So many runs are kept in memory, some 5 MB each."""


@dataclass(slots=True)
class Stock:
    """A view of a store for many quick questions; safe to ask from several threads."""

    store: Store
    _known: dict[str, RunSummary] = field(default_factory=dict)
    _damaged: set[str] = field(default_factory=set)
    _runs: OrderedDict[str, Trajectory] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def summaries(self) -> list[RunSummary]:
        """Return the summaries of all readable runs; only those new since last time are read."""
        keys = self.store.keys()
        with self._lock:
            for key in keys:
                if key not in self._known and key not in self._damaged:
                    self._read(key)
            return [self._known[key] for key in keys if key in self._known]

    def _read(self, key: str) -> None:
        try:
            self._known[key] = summarize(load_record(self.store.folder(key), key))
        except StoreError:
            self._damaged.add(key)

    def of(self, scenario_hash: str, scale: float) -> dict[int, RunSummary]:
        """Return the runs of a scenario by seed, of one version of the engine.

        It is this program's own version if there are such runs, else the one that ran last.
        """
        fit = [
            run for run in self.summaries()
            if run.scenario_hash == scenario_hash and run.scale == scale
        ]  # fmt: skip
        if not fit:
            return {}
        own = engine_version()
        versions = {run.engine_version for run in fit}
        chosen = own if own in versions else max(fit, key=lambda run: run.made).engine_version
        runs = [run for run in fit if run.engine_version == chosen]
        return {run.seed: run for run in sorted(runs, key=lambda run: run.seed)}

    def scales(self, scenario_hash: str) -> dict[float, int]:
        """Return how many seeds of a scenario are stored at each scale."""
        found = {run.scale for run in self.summaries() if run.scenario_hash == scenario_hash}
        return {scale: len(self.of(scenario_hash, scale)) for scale in sorted(found)}

    def trajectories(self, keys: Iterable[str]) -> list[Trajectory]:
        """Return runs in full; those asked for last stay in memory."""
        found = []
        for key in keys:
            with self._lock:
                run = self._runs.get(key)
            if run is None:
                run = self.store.get(key)
            with self._lock:
                self._runs[key] = run
                self._runs.move_to_end(key)
                while len(self._runs) > KEPT:
                    self._runs.popitem(last=False)
            found.append(run)
        return found

    def seconds(self, case: str, hours: int, scale: float) -> tuple[float, int] | None:
        """Return the median seconds a run took (building included) and of how many runs.

        Only runs of this engine, of the same case, hours and scale count: nothing is guessed.
        """
        own = engine_version()
        took = [
            sum(run.timings.values())
            for run in self.summaries()
            if (run.case, run.hours, run.scale, run.engine_version) == (case, hours, scale, own)
        ]
        return (median(took), len(took)) if took else None
