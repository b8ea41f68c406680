"""Run one scenario with one seed: build the world, live its hours, keep what it left."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from steppe.core.compile import set_threads, source_hash
from steppe.engine.hour import CompiledStreet, Street, live
from steppe.engine.outcome import outcome
from steppe.engine.plan import plan
from steppe.engine.record import Recorder
from steppe.engine.world import World, build
from steppe.results.trajectory import Event, RunRecord, Trajectory
from steppe.scenario.canonical import canonical, scenario_hash
from steppe.scenario.config import Scenario

MODEL_VERSION = "1"
"""Raised whenever a change of a rule or parameter changes results."""

Progress = Callable[[int, int], None]
"""Called after each hour with (hours done, hours in all)."""


def engine_version() -> str:
    """Return the version of everything that can change a bit of a result."""
    return f"{MODEL_VERSION}.{source_hash()}"


def run(
    scenario: Scenario,
    seed: int = 1,
    *,
    scale: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
    street: Street | None = None,
) -> Trajectory:
    """Return the trajectory of ``scenario`` for one ``seed``.

    ``scale`` is agents per citizen (1: everybody); ``threads`` changes the time a run takes and
    nothing else; ``street`` replaces the compiled loops (see ``engine.reference``). Raises
    ``ValueError`` for a seed, scale or plan that cannot be run.
    """
    set_threads(threads)
    began = time.perf_counter()
    world = build(scenario, plan(scenario), seed, scale)
    built = time.perf_counter()
    recorder = Recorder(world)
    loops = CompiledStreet() if street is None else street
    for hour in range(world.clock.hours):
        live(world, hour, loops)
        recorder.observe(world, hour)
        if progress is not None:
            progress(hour + 1, world.clock.hours)
    series = recorder.series()
    ended = time.perf_counter()
    return Trajectory(
        record=_record(world, seed, scale, built - began, ended - built),
        series=series,
        coords=recorder.coords,
        events=_events(world, recorder.events),
        outcome=outcome(world, series, recorder.events),
    )


def _events(world: World, made: list[Event]) -> tuple[Event, ...]:
    """Return scripted and model-made events by hour; in one hour the script comes first.

    The text of a scripted event is its id in the timeline, where its words are: words are no part
    of a run.
    """
    scripted = [
        Event(
            world.clock.hour_of(e.at), e.actor, e.do, "|".join(e.where), e.value, e.id, "scripted"
        )
        for e in world.events
    ]
    inside = [e for e in scripted if 0 <= e.hour < world.clock.hours]
    return tuple(sorted([*inside, *made], key=lambda e: (e.hour, e.origin == "model")))


def peak_memory_mib() -> float:
    """Return the peak resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0 * 1024.0) if sys.platform == "darwin" else peak / 1024.0


def _record(world: World, seed: int, scale: float, build_s: float, run_s: float) -> RunRecord:
    return RunRecord(
        case=world.scenario.id,
        scenario=canonical(world.scenario),
        scenario_hash=scenario_hash(world.scenario),
        seed=seed,
        model_version=MODEL_VERSION,
        engine_version=engine_version(),
        scale=scale,
        citizens=world.scenario.country.citizens,
        agents=world.geography.agents,
        start=world.clock.start.isoformat(timespec="minutes"),
        hours=world.clock.hours,
        timings={"build": build_s, "run": run_s},
        memory_mib=peak_memory_mib(),
        warnings=_warnings(scale),
    )


def _warnings(scale: float) -> tuple[str, ...]:
    if scale == 1.0:
        return ()
    return (
        f"scale {scale:g}: each agent stands for {1 / scale:g} citizens; rare behaviour and "
        "personal ties are wrong away from one agent per citizen, so use this for quick looks",
    )
