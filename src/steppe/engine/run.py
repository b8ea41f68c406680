"""Run one scenario with one seed: build the world, live its hours, keep what it left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, overload

from steppe.case.canonical import canonical, scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.compile import set_threads
from steppe.core.random import whole_number
from steppe.engine.checkpoint import Checkpoint
from steppe.engine.coupled_runs import CoupledRuns, group_by_population
from steppe.engine.event_detector import in_order
from steppe.engine.outcome import outcome
from steppe.engine.recorder import Recorder
from steppe.engine.step import CitizenLoops
from steppe.engine.timeline_events import scripted_events
from steppe.engine.usage import peak_memory_mib
from steppe.engine.version import MODEL_VERSION, engine_version
from steppe.engine.world import World
from steppe.results.scales import scale_words
from steppe.results.trajectory import EngineName, Event, RunRecord, Trajectory

if TYPE_CHECKING:
    from steppe.case.load import AnyCase

__all__ = ["MODEL_VERSION", "Progress", "engine_version", "peak_memory_mib", "run", "run_arms"]

FEW_AGENTS = 1_000_000
"""With fewer agents one thread is quicker: two would wait for each other longer than they work."""

Progress = Callable[[int, int], None]
"""Called after each hour with (hours done, hours in all)."""


class Observer(Protocol):
    """Sees the world before its first hour and after every hour; it must change nothing.

    What it keeps belongs to the run under its name, which becomes part of the run's key.
    """

    name: str

    def begin(self, world: World) -> None:
        """See the world before hour 0."""

    def observe(self, world: World, hour: int) -> None:
        """See the world at the end of ``hour``."""


@overload
def run(
    scenario: AnyCase,
    seed: int = ...,
    *,
    scale: float = ...,
    threads: int | None = ...,
    progress: Progress | None = ...,
    loops: CitizenLoops | None = ...,
    start: Checkpoint | None = ...,
    observer: Observer | None = ...,
    until: None = ...,
    engine: EngineName = ...,
) -> Trajectory:
    """Run to the end."""


@overload
def run(
    scenario: AnyCase,
    seed: int = ...,
    *,
    scale: float = ...,
    threads: int | None = ...,
    progress: Progress | None = ...,
    start: Checkpoint | None = ...,
    until: int,
) -> Checkpoint:
    """Run for so many hours."""


def run(
    scenario: AnyCase,
    seed: int = 1,
    *,
    scale: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
    loops: CitizenLoops | None = None,
    start: Checkpoint | None = None,
    observer: Observer | None = None,
    until: int | None = None,
    engine: EngineName = "citizens",
) -> Trajectory | Checkpoint:
    """Return the trajectory of ``scenario`` for one ``seed``, or its state after some hours.

    ``scale`` is agents per citizen (1: everybody); ``threads`` (all, or one where agents are few)
    changes the time a run takes and nothing else; ``loops`` replaces the loops over citizens (see
    ``engine.step``). With ``until`` the run stops after so many hours and returns a
    ``Checkpoint``; with ``start`` it goes on from one and leaves the same bits as a run that never
    stopped. The checkpoint may be of a scenario that differs from this one only in what cannot
    have acted by then. An ``observer`` sees every hour and becomes part of the run's key.
    ``engine`` says who is simulated: every citizen, or counts of exchangeable ones (see
    ``engine.cohort_run``), which takes milliseconds and none of the other options.

    Raises ``ValueError`` for a seed, scale, hour or plan that cannot be run, ``CheckpointError``
    for a checkpoint from which this run cannot go on.
    """
    from steppe.case.load import as_scenario

    scenario, (seed, scale) = as_scenario(scenario), _address(seed, scale)
    if engine == "cohorts":
        if scale != 1.0 or any(one is not None for one in (loops, start, observer, until)):
            raise ValueError("cohorts run whole histories of everybody: no other option goes with")
        from steppe.engine.cohort_run import run_cohorts

        return run_cohorts(scenario, [seed])[0]
    began = _begin(threads, scenario, scale)
    if observer is not None and start is not None:
        raise ValueError(f"{observer.name} are recorded from hour 0 on, not from a checkpoint")
    arms = CoupledRuns([scenario], seed, scale, loops=loops, start=start)
    last = arms.hours if until is None else until
    if not max(arms.hour, 1) <= last <= arms.hours:
        raise ValueError(f"until must be in {max(arms.hour, 1)}..{arms.hours}, got {until}")
    built = time.perf_counter()
    if observer is not None:
        observer.begin(arms.arm(0)[0])
    while arms.hour < last:
        arms.live()
        if observer is not None:
            observer.observe(arms.arm(0)[0], arms.hour - 1)
        if progress is not None:
            progress(arms.hour, arms.hours)
    if until is not None:
        return arms.checkpoint()
    seconds = {"build": built - began, "run": time.perf_counter() - built}
    recording = {} if observer is None else {observer.name: True}
    return _trajectory(*arms.arm(0), (seed, scale), seconds, recording)


def run_arms(
    scenarios: Sequence[Scenario],
    seed: int = 1,
    *,
    scale: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
    start: Checkpoint | None = None,
) -> list[Trajectory]:
    """Return the trajectories of several scenarios for one seed, in their order.

    Each is what ``run`` returns, to the last bit; hours and streets that are the same in several
    are run once (see ``engine.coupled_runs``). ``progress`` gets the hours of all arms together;
    each trajectory is given an equal share of the time.
    """
    seed, scale = _address(seed, scale)
    runs: dict[int, Trajectory] = {}
    done, total = 0, sum(scenario.clock.hours for scenario in scenarios)
    for group in group_by_population(scenarios, scale):
        began = _begin(threads, scenarios[group[0]], scale)
        arms = CoupledRuns([scenarios[i] for i in group], seed, scale, start=start)
        built = time.perf_counter()
        while arms.hour < arms.hours:
            arms.live()
            if progress is not None:
                progress(done + arms.hour * len(group), total)
        done += arms.hours * len(group)
        share = len(group)
        seconds = {
            "build": (built - began) / share,
            "run": (time.perf_counter() - built) / share,
        }
        for place, i in enumerate(group):
            runs[i] = _trajectory(*arms.arm(place), (seed, scale), seconds, {})
    return [runs[i] for i in range(len(scenarios))]


def _address(seed: int, scale: float) -> tuple[int, float]:
    """Return seed and scale as plain numbers of Python, whatever library they come from."""
    if isinstance(scale, str):
        raise ValueError(f"scale must be a number, got {scale!r}")
    return whole_number(seed, "seed", 2**64), float(scale)


def _begin(threads: int | None, scenario: Scenario, scale: float) -> float:
    """Set the number of threads and start the watch."""
    few = scenario.country.citizens * scale < FEW_AGENTS
    set_threads(1 if threads is None and few else threads)
    return time.perf_counter()


def _trajectory(
    world: World,
    recorder: Recorder,
    address: tuple[int, float],
    seconds: dict[str, float],
    recording: dict[str, bool],
) -> Trajectory:
    series = recorder.series()
    return Trajectory(
        record=_record(world, *address, seconds, recording),
        series=series,
        coords=recorder.coords,
        events=_events(world, recorder.events),
        outcome=outcome(world, series, recorder.events),
    )


def _events(world: World, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return scripted and model-made events by hour; in one hour the script comes first."""
    return in_order(scripted_events(world.events, world.clock), events)


def _record(
    world: World, seed: int, scale: float, seconds: dict[str, float], recording: dict[str, bool]
) -> RunRecord:
    return RunRecord(
        case=world.scenario.id,
        scenario=canonical(world.scenario),
        scenario_hash=scenario_hash(world.scenario),
        seed=seed,
        model_version=MODEL_VERSION,
        engine_version=engine_version(world.scenario),
        scale=scale,
        citizens=world.scenario.country.citizens,
        agents=world.geography.agents,
        start=world.clock.start.isoformat(timespec="minutes"),
        hours=world.clock.hours,
        timings=seconds,
        memory_mib=peak_memory_mib(),
        warnings=_warnings(scale),
        recording=recording,
    )


def _warnings(scale: float) -> tuple[str, ...]:
    if scale == 1.0:
        return ()
    return (f"scale {scale:g}: each agent stands for {1 / scale:g} citizens. {scale_words(scale)}",)
