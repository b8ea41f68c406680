"""A quick look: a few seeds of both histories, at the scale of the country, in a second.

Looks are simulated by cohorts, all seeds shared by both histories. Where citizens act by a rule of
choice, which cohorts do not know, a small copy of the country is run by citizens instead. What
neither can show is refused in words, and needs a real run.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from steppe.app.arm_json import arm_document
from steppe.app.compilation import compile_once
from steppe.app.differences import difference_document
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.engine.cohort_run import prepare, run_many
from steppe.engine.cohort_scope import refuse
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.model.ledger import street_of
from steppe.report.encode import safe_json
from steppe.results.trajectory import EngineName, Trajectory
from steppe.study.ensemble import SeedRuns
from steppe.study.parameter_draws import ParameterDraws, draw_parameters

FIRST_SEEDS = 2
"""Seeds of the look that answers while a slider moves."""

MOST_SEEDS = 20
"""Seeds of a whole look."""

SMALL_COPY = 200_000
"""About so many agents of the small copy that is run where cohorts cannot."""

MOST_BASELINE_RUNS = 40
"""Baseline histories that are kept for the next look, 7 MB each: whole looks at two cases."""

MOST_CHANGED_RUNS = 24
"""Histories of changes that are kept: a whole look that was put off, and first looks at others."""

MOST_BASELINES = 8
"""Baselines that are kept as the text that the page is sent."""

LEVEL = 1
"""Of the compression: quick, for the network of a class."""

Check = Callable[[], None]
"""Called between histories; raises when nobody waits for the look any more."""

RunLabel = tuple[str, str, str, tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class LookRequest:
    """What is looked at: both arms of a comparison (one if nothing is changed).

    ``cached`` is the name of a baseline that the page has already and need not be sent again.
    """

    arms: tuple[SeedRuns, ...]
    cached: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)
    """What every view says of its setting; see ``setting_text.head``."""
    evidence: bool = False
    """Whether the runs are also held against the observed figures."""

    @property
    def seeds(self) -> int:
        """How many seeds are looked at."""
        return len(self.arms[0].seeds)


@dataclass(frozen=True, slots=True)
class LookEngine:
    """By which engine a look is simulated, at which scale, how many seeds at most, and why."""

    engine: EngineName
    scale: float = 1.0
    seeds: int = MOST_SEEDS
    reason: str = ""


def engine_for(arms: tuple[SeedRuns, ...]) -> LookEngine:
    """Return how a look of ``arms`` is simulated; ``SteppeError`` if it cannot be."""
    reasons = [reason for arm in arms if (reason := _refusal(arm.scenario))]
    if not reasons:
        return LookEngine("cohorts")
    if all(street_of(arm.scenario.mechanisms) == "choices" for arm in arms):
        return LookEngine("citizens", _small_scale(arms[0].scenario), 1, reasons[0])
    raise SteppeError(f"No quick look of this: {reasons[0]}. Press Run: citizens can do it.")


def _refusal(scenario: Scenario) -> str:
    """Return why cohorts cannot run a scenario, '' if they can."""
    try:
        refuse(scenario, plan(scenario))
    except SteppeError as error:
        return str(error).removesuffix(". Use --engine citizens")
    return ""


def _small_scale(scenario: Scenario) -> float:
    share = SMALL_COPY / scenario.country.citizens
    return 1.0 if share >= 1.0 else float(f"{share:.0e}")


@dataclass(slots=True)
class RunMemory:
    """Histories of earlier looks: the ``most`` that were looked at last."""

    most: int
    _runs: OrderedDict[RunLabel, Trajectory] = field(default_factory=OrderedDict)

    def of(
        self, labels: Sequence[RunLabel], simulate: Callable[[list[int]], Iterator[Trajectory]]
    ) -> list[Trajectory]:
        """Return the histories of ``labels``; ``simulate`` yields those of the places it is given.

        What was simulated is kept even if the look is put off.
        """
        for label in labels:
            if label in self._runs:
                self._runs.move_to_end(label)
        missing = [i for i, label in enumerate(labels) if label not in self._runs]
        for i, one in zip(missing, simulate(missing), strict=True):
            self._runs[labels[i]] = one
        runs = [self._runs[label] for label in labels]
        while len(self._runs) > self.most:
            self._runs.popitem(last=False)
        return runs


@dataclass(frozen=True, slots=True)
class _Arm:
    """One history of a look: how it is simulated, what like, and whether anybody waits still."""

    draws: ParameterDraws
    like: Scenario
    how: LookEngine
    check: Check

    def run(self, seed: int) -> Trajectory:
        """Return the run of ``scenario_of(seed)``."""

        def each_hour(hour: int, hours: int) -> None:
            self.check()

        self.check()
        draws = self.draws
        if self.how.engine == "cohorts":
            row = draws.rows(seed)
            return next(run_many(draws.scenario, [seed], [row], whole=True, like=self.like))
        return run(draws.scenario_of(seed), seed, scale=self.how.scale, progress=each_hour)


@dataclass(slots=True)
class LookRuns:
    """Histories of earlier looks, so that the baseline is not simulated again at every step."""

    threads: int = 1
    _memories: tuple[RunMemory, RunMemory] = field(
        default_factory=lambda: (RunMemory(MOST_BASELINE_RUNS), RunMemory(MOST_CHANGED_RUNS))
    )
    _baselines: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def document(self, look: LookRequest, check: Check) -> bytes:
        """Return a look as compressed JSON."""
        how = engine_for(look.arms)
        if how.engine == "cohorts":
            compile_once(look.arms[0].scenario, look.arms[0].seeds[0])
        seeds = look.arms[0].seeds[: how.seeds]
        draws = [draw_parameters(arm.scenario, arm.parameters, arm.fixed) for arm in look.arms]
        like = look.arms[0].scenario
        runs = [
            self._runs(_Arm(one, like, how, check), seeds, memory)
            for one, memory in zip(draws, self._memories, strict=False)
        ]
        name = " ".join(map(str, (how.engine, *_label(draws[0], 0)[:-1], seeds, look.evidence)))
        pairs = list(zip(*runs, strict=True)) if len(runs) == 2 else []
        head = {
            "engine": how.engine,
            "scale": how.scale,
            "reason": how.reason,
            "seeds": len(seeds),
            "whole": len(seeds) >= how.seeds,
            "name": name,
            "head": look.head,
            "differences": difference_document(
                look.arms[0].scenario, pairs, look.head.get("title", "")
            ),
        }

        def arm(at: int) -> str:
            check()
            return safe_json(arm_document(draws[at], runs[at], evidence=look.evidence))

        baseline = "null" if name == look.cached else self._baseline(name, lambda: arm(0))
        variant = arm(1) if pairs else "null"
        text = f'{safe_json(head)[:-1]},"baseline":{baseline},"variant":{variant}}}'
        return gzip.compress(text.encode(), LEVEL, mtime=0)

    def _baseline(self, name: str, make: Callable[[], str]) -> str:
        """Return the baseline called ``name`` as text: most looks at a case have the same one."""
        text = self._baselines.get(name) or make()
        self._baselines[name] = text
        self._baselines.move_to_end(name)
        while len(self._baselines) > MOST_BASELINES:
            self._baselines.popitem(last=False)
        return text

    def _runs(self, arm: _Arm, seeds: Sequence[int], memory: RunMemory) -> list[Trajectory]:
        labels = [_label(arm.draws, seed) for seed in seeds]
        return memory.of(labels, lambda missing: self._simulate(arm, [seeds[i] for i in missing]))

    def _simulate(self, arm: _Arm, seeds: Sequence[int]) -> Iterator[Trajectory]:
        if self.threads < 2 or len(seeds) < 2:
            yield from map(arm.run, seeds)
            return
        if arm.how.engine == "cohorts":
            prepare(arm.draws.scenario, arm.like)
        with ThreadPoolExecutor(self.threads) as pool:  # loops of cohorts leave the interpreter
            yield from pool.map(arm.run, seeds)


def _label(draws: ParameterDraws, seed: int) -> RunLabel:
    return draws.base, draws.source, draws.sample, draws.fixed, seed
