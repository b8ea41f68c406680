"""What a run costs: CPU time of building the world, of every part of the hour, of recording.

The parts are those the engine itself goes through, one after the other, with a look at the clock
between them; a run that is not profiled has no such looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter_ns, process_time_ns

from steppe.case.scenario import Scenario
from steppe.core.compile import set_threads
from steppe.core.random import key_of
from steppe.engine.outcome import outcome
from steppe.engine.plan import plan
from steppe.engine.population_cache import build_population, population_inputs
from steppe.engine.recorder import Recorder
from steppe.engine.run import peak_memory_mib
from steppe.engine.step import CompiledLoops, parts
from steppe.engine.world import build
from steppe.model.phases import Phase
from steppe.study.task import warm_up

BUILD, RECORD = "build", "record"
"""What is done before the first hour, and what is kept of each."""

STAGES = (BUILD, *(phase.name.lower() for phase in Phase), RECORD)
"""Stages of a run in their order."""


@dataclass(slots=True)
class Cost:
    """What one part took in all: CPU time of every thread, time on the clock, how often."""

    stage: str
    name: str
    cpu_ns: int = 0
    wall_ns: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """The costs of one run in the order of the run, and what was run."""

    case: str
    seed: int
    scale: float
    hours: int
    agents: int
    pool: int
    threads: int
    costs: tuple[Cost, ...]
    memory_mib: float

    @property
    def cpu_ms(self) -> float:
        """CPU time of all parts, in milliseconds."""
        return sum(cost.cpu_ns for cost in self.costs) / 1e6

    @property
    def wall_ms(self) -> float:
        """Time of all parts on the clock, in milliseconds."""
        return sum(cost.wall_ns for cost in self.costs) / 1e6

    def stage_ms(self, stage: str) -> float:
        """CPU time of one stage, in milliseconds."""
        return sum(cost.cpu_ns for cost in self.costs if cost.stage == stage) / 1e6


@dataclass(slots=True)
class _Meter:
    costs: dict[tuple[str, str], Cost] = field(default_factory=dict)

    @contextmanager
    def of(self, stage: str, name: str) -> Iterator[None]:
        cost = self.costs.setdefault((stage, name), Cost(stage, name))
        cpu, wall = process_time_ns(), perf_counter_ns()
        try:
            yield
        finally:
            cost.cpu_ns += process_time_ns() - cpu
            cost.wall_ns += perf_counter_ns() - wall
            cost.times += 1


def profile(
    scenario: Scenario,
    seed: int = 1,
    *,
    scale: float = 1.0,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Profile:
    """Run ``scenario`` once and return what each part of it cost; nothing is stored.

    One thread by default: threads that wait for each other use CPU time that no part needs.
    Machine code is made, or read from its cache, beforehand and does not count.
    """
    warm_up(scenario)
    set_threads(threads)
    meter = _Meter()
    hours = plan(scenario)
    with meter.of(BUILD, "census"):
        census = population_inputs(scenario, hours, scale)
    with meter.of(BUILD, "pool and ties"):
        people = build_population(census, key_of(seed))
    with meter.of(BUILD, "columns and script"):
        world = build(scenario, hours, seed, scale, people)
        recorder, loops = Recorder(world), CompiledLoops()
    for hour in range(world.clock.hours):
        for part in parts(world, hour, loops):
            with meter.of(part.phase.name.lower(), part.name):
                part.act()
        with meter.of(RECORD, "series and events"):
            recorder.observe(world, hour)
        if progress is not None:
            progress(hour + 1, world.clock.hours)
    with meter.of(RECORD, "outcome"):
        outcome(world, recorder.series(), recorder.events)
    return Profile(
        case=scenario.id,
        seed=seed,
        scale=scale,
        hours=world.clock.hours,
        agents=world.geography.agents,
        pool=len(people.pool),
        threads=threads,
        costs=tuple(meter.costs.values()),
        memory_mib=peak_memory_mib(),
    )
