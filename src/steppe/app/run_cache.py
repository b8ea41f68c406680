"""What the store holds, remembered between looks: folders never change once they are there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from statistics import median

from steppe.case.scenario import Scenario
from steppe.core.errors import StoreError
from steppe.engine.version import engine_version, shared_version
from steppe.results.reader import load_record
from steppe.results.run_index import RunSummary, summarize
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.study.parameter_draws import ParameterDraws
from steppe.study.request import ENGINE

MOST_RUNS = 40
"""So many runs are kept in memory, some 5 MB each."""

_UNREADABLE = (StoreError, KeyError, TypeError)
"""What reading a run raises that is damaged, or whose record has not the fields of this version."""


@dataclass(slots=True)
class RunCache:
    """A view of a store for many quick questions; safe to ask from several threads."""

    store: Store
    _summaries: dict[str, RunSummary] = field(default_factory=dict)
    _unreadable: dict[str, str] = field(default_factory=dict)
    _runs: OrderedDict[str, Trajectory] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def summaries(self) -> list[RunSummary]:
        """Return the summaries of all readable runs; only those new since last time are read."""
        keys = self.store.keys()
        with self._lock:
            for key in keys:
                if key not in self._summaries and key not in self._unreadable:
                    self._read(key)
            for key in self._unreadable.keys() - set(keys):  # somebody removed it
                del self._unreadable[key]
            return [self._summaries[key] for key in keys if key in self._summaries]

    def _read(self, key: str) -> None:
        try:
            self._summaries[key] = summarize(load_record(self.store.folder(key), key))
        except _UNREADABLE as error:
            self._unreadable[key] = _reason(error)

    def unreadable(self) -> dict[str, str]:
        """Return, by key, why runs that lie in the store cannot be read and are left out."""
        self.summaries()
        with self._lock:
            return dict(self._unreadable)

    def citizens(self) -> list[RunSummary]:
        """Return the summaries of runs by citizens: what the app runs and compares for real."""
        return [run for run in self.summaries() if run.engine == ENGINE]

    def of(
        self, scenario: Scenario, hashes: Mapping[int, str], scale: float
    ) -> dict[int, RunSummary]:
        """Return the runs of a history by seed; ``hashes`` says which scenario each seed runs.

        All are of one version of the engine: this program's own if there are such runs, else the
        one that ran last.
        """
        fit = [run for run in self.citizens()
               if run.scale == scale and hashes.get(run.seed) == run.scenario_hash]  # fmt: skip
        return _of_one_version(scenario, fit)

    def scales(
        self, draws: ParameterDraws, sees: Callable[[str], bool]
    ) -> dict[float, frozenset[int]]:
        """Return which seeds of a history are stored at each scale, as their records say.

        Only runs count of which ``sees`` is true.
        """
        paths = set(draws.rows(1))
        fit = [run for run in self.citizens() if _is_of(run, draws, paths) and sees(run.key)]
        return {
            scale: frozenset(
                _of_one_version(draws.scenario, [run for run in fit if run.scale == scale])
            )
            for scale in sorted({run.scale for run in fit})
        }

    def trajectories(self, keys: Iterable[str]) -> list[Trajectory]:
        """Return runs in full; those asked for last stay in memory.

        A run that cannot be read raises ``StoreError`` and is left out from then on.
        """
        runs = []
        for key in keys:
            with self._lock:
                run = self._runs.get(key)
            if run is None:
                run = self._full(key)
            with self._lock:
                self._runs[key] = run
                self._runs.move_to_end(key)
                while len(self._runs) > MOST_RUNS:
                    self._runs.popitem(last=False)
            runs.append(run)
        return runs

    def _full(self, key: str) -> Trajectory:
        try:
            return self.store.get(key)
        except _UNREADABLE as error:
            with self._lock:
                self._summaries.pop(key, None)
                if self.store.has(key):
                    self._unreadable[key] = _reason(error)
            raise StoreError(_reason(error)) from error

    def seconds(self, case: str, hours: int, scale: float) -> tuple[float, int] | None:
        """Return the median seconds a run took (building included) and of how many runs.

        Only runs of this engine, of the same case, hours and scale count: nothing is guessed.
        """
        own = shared_version()
        took = [
            sum(run.timings.values())
            for run in self.citizens()
            if (run.case, run.hours, run.scale, shared_version(run.engine_version))
            == (case, hours, scale, own)
        ]
        return (median(took), len(took)) if took else None


def _reason(error: Exception) -> str:
    if isinstance(error, StoreError):
        return str(error)
    return f"its record is not one of this version of steppe ({error})"


def _of_one_version(scenario: Scenario, runs: Sequence[RunSummary]) -> dict[int, RunSummary]:
    if not runs:
        return {}
    own = engine_version(scenario)
    versions = {run.engine_version for run in runs}
    version = own if own in versions else max(runs, key=lambda run: run.made).engine_version
    same = [run for run in runs if run.engine_version == version]
    return {run.seed: run for run in sorted(same, key=lambda run: run.seed)}


def _is_of(run: RunSummary, draws: ParameterDraws, paths: Set[str]) -> bool:
    if not paths:
        return run.scenario_hash == draws.base
    draw = run.draw
    return (
        draw is not None
        and set(draw.paths) == paths
        and ((draw.base, draw.source, draw.sample) == (draws.base, draws.source, draws.sample))
    )
