"""Arms: runs of one seed under several scenarios, lived together as long as they are alike.

Arms that nothing can have parted yet are one history: its hour is lived and recorded once. Of
histories that have parted, those whose citizens are alike and see the same share the street, by
far the most costly part: what decides it is compared to the last bit, hour by hour. Each arm
leaves what it would have left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from steppe.case.canonical import canonical, scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.random import key_of
from steppe.engine.checkpoint import Checkpoint, check_start
from steppe.engine.conditional_events import causes, waiting
from steppe.engine.first_hour import first_hour
from steppe.engine.hour_context import HourContext
from steppe.engine.plan import plan
from steppe.engine.population_cache import (
    Population,
    bit_equal,
    build_population,
    population_inputs,
)
from steppe.engine.recorder import Recorder
from steppe.engine.step import (
    CitizenLoops,
    CompiledLoops,
    hour_context,
    live_after_street,
    live_before_street,
)
from steppe.engine.version import engine_version
from steppe.engine.world import World, branched, build, with_happened
from steppe.model.columns import COLUMNS

HAPPENED = "happened "
"""Beginning of the names under which a checkpoint keeps when conditional events happened."""

STATE = tuple(column.name for column in COLUMNS if column.kind == "state")
"""Columns that a run changes."""


@dataclass(slots=True)
class SharedRun:
    """Arms that have been alike so far, and the one world that is lived for them."""

    arms: list[int]
    world: World
    recorder: Recorder


class CoupledRuns:
    """Runs of one seed under ``scenarios``, at the end of ``hour`` hours.

    All have the same people and are equally long (``group_by_population``), or ``ValueError``.
    With ``start`` they go on from a checkpoint; ``loops`` replaces the compiled loops.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        scale: float,
        *,
        loops: CitizenLoops | None = None,
        start: Checkpoint | None = None,
    ) -> None:
        if len(group_by_population(scenarios, scale)) != 1:
            raise ValueError("arms must have the same people and be equally long")
        for scenario in scenarios if start else ():
            assert start is not None
            check_start(start, scenario, seed, scale)
        self._address = (seed, scale)
        self._loops = CompiledLoops() if loops is None else loops
        self._worlds = _worlds(scenarios, seed, scale)
        self.hour = 0
        world = self._worlds[0]
        first = SharedRun(list(range(len(scenarios))), world, Recorder(world))
        self._apart: dict[tuple[int, int], int] = {}
        if start is not None:
            self._restore(first, start)
        self._streets = [[first]]

    @property
    def hours(self) -> int:
        """Hours of each run in all."""
        return self._worlds[0].clock.hours

    def live(self) -> None:
        """Let one hour pass in every arm."""
        branches: list[list[SharedRun]] = []
        for history in (one for street in self._streets for one in street):
            self._follow_causes(history)
        for street in self._streets:
            histories = [part for history in street for part in self._branches(history)]
            branches += self._live_hour(histories)
        self._streets = branches
        self.hour += 1

    def _follow_causes(self, history: SharedRun) -> None:
        """Let events happen whose cause is there since the hour before."""
        world = history.world
        events = waiting(world.scenario, world.happened) if self.hour > 0 else ()
        if events:
            record = history.recorder.street(world, self.hour - 1)
            if new := causes(world.scenario, events, record):
                history.recorder.tell(one.as_event(world.scenario) for one in new)
                now = {one.event.id: one.acts for one in new}
                self._make_happen(history, {**world.happened, **now})

    def _make_happen(self, history: SharedRun, happened: Mapping[str, int]) -> None:
        for arm in history.arms:
            self._worlds[arm] = with_happened(self._worlds[arm], happened)
        script = self._worlds[history.arms[0]]
        history.world = replace(
            history.world, script=script.script, events=script.events, happened=happened
        )

    def arm(self, index: int) -> tuple[World, Recorder]:
        """Return the world of an arm as it is now, and the recorder of its history."""
        history = next(h for street in self._streets for h in street if index in h.arms)
        return _with_shared_state(self._worlds[index], history.world), history.recorder

    def checkpoint(self, index: int = 0) -> Checkpoint:
        """Return the state of one arm as it is now; what is lived later does not change it."""
        if not isinstance(self._loops, CompiledLoops):
            raise ValueError("only a run with compiled loops can be saved and go on")
        world, recorder = self.arm(index)
        citizens, calm = world.citizens, world.pool.attributes.risk_aversion
        warier = (citizens.risk_aversion != calm).nonzero()[0]
        arrays = {
            "citizen state": citizens.state,
            "citizen timer": citizens.timer,
            "citizen mark": citizens.mark,
            "citizen outings": citizens.outings,
            "citizen took_part": citizens.took_part,
            "citizen warier": warier,
            "citizen risk_aversion": citizens.risk_aversion[warier],
            **{f"column {name}": world.columns[name] for name in STATE},
            **{f"{HAPPENED}{name}": np.array([hour]) for name, hour in world.happened.items()},
            **recorder.state(self.hour),
        }
        return Checkpoint(
            scenario=canonical(world.scenario),
            scenario_hash=scenario_hash(world.scenario),
            seed=self._address[0],
            scale=self._address[1],
            engine_version=engine_version(world.scenario),
            hours=self.hour,
            arrays={name: values.copy() for name, values in arrays.items()},
            events=recorder.events,
        )

    def _restore(self, history: SharedRun, start: Checkpoint) -> None:
        if not isinstance(self._loops, CompiledLoops):
            raise ValueError("only a run with compiled loops can be saved and go on")
        world, arrays = history.world, start.arrays
        citizens = world.citizens
        citizens.state[:] = arrays["citizen state"]
        for name in ("timer", "mark", "outings", "took_part"):
            getattr(citizens, name)[:] = arrays[f"citizen {name}"]
        citizens.risk_aversion[arrays["citizen warier"]] = arrays["citizen risk_aversion"]
        self._loops.restore(world)
        for name in STATE:
            world.columns[name] = arrays[f"column {name}"].copy()
        history.recorder.restore(arrays, start.events)
        self.hour = start.hours
        happened = {
            name.removeprefix(HAPPENED): int(hour[0])
            for name, hour in arrays.items()
            if name.startswith(HAPPENED)
        }
        if happened:
            self._make_happen(history, happened)

    def _branches(self, history: SharedRun) -> list[SharedRun]:
        """Return the histories into which ``history`` parts in the coming hour."""
        if len(history.arms) == 1:
            return [history]
        groups: list[list[int]] = []
        for arm in history.arms:
            for group in groups:
                if self._first_hour(group[0], arm) > self.hour:
                    group.append(arm)
                    break
            else:
                groups.append([arm])
        return [
            replace(history, arms=groups[0]),
            *(self._branch(history, group) for group in groups[1:]),
        ]

    def _first_hour(self, one: int, other: int) -> int:
        if (one, other) not in self._apart:
            scenarios = [self._worlds[arm].scenario for arm in (one, other)]
            self._apart[one, other] = first_hour(*scenarios)
        return self._apart[one, other]

    def _branch(self, history: SharedRun, arms: list[int]) -> SharedRun:
        """Return a history of its own for ``arms``; its citizens are still those of ``history``.

        Arms that differ from the start begin with columns of their own.
        """
        if self.hour == 0:
            own = self._worlds[arms[0]]
            world = replace(own, citizens=history.world.citizens, counts=history.world.counts)
            return SharedRun(arms, world, Recorder(world))
        world = _with_shared_state(self._worlds[arms[0]], history.world)
        state = {name: history.world.columns[name].copy() for name in STATE}
        recorder = Recorder(world)
        recorder.restore(history.recorder.state(self.hour), history.recorder.events)
        return SharedRun(arms, replace(world, columns=world.columns | state), recorder)

    def _live_hour(self, histories: list[SharedRun]) -> list[list[SharedRun]]:
        """Let an hour pass in histories whose citizens are alike; return them street by street."""
        streets: list[tuple[HourContext, list[SharedRun]]] = []
        for history in histories:
            live_before_street(history.world, self.hour)
            here = hour_context(history.world)
            for other, street in streets:
                if bit_equal(here, other):
                    street.append(history)
                    break
            else:
                streets.append((here, [history]))
        for _, street in streets[1:]:
            own = branched(street[0].world)
            for history in street:
                history.world = replace(history.world, citizens=own.citizens, counts=own.counts)
        for here, street in streets:
            self._filled(here, street)
        return [street for _, street in streets]

    def _filled(self, here: HourContext, street: list[SharedRun]) -> None:
        self._loops.live(street[0].world, here, self.hour)
        for history in street:
            live_after_street(history.world, self.hour)
            history.recorder.observe(history.world, self.hour)


def _with_shared_state(world: World, leader: World) -> World:
    """Return ``world`` with the columns, citizens and counts of the one lived for it."""
    return replace(world, columns=leader.columns, citizens=leader.citizens, counts=leader.counts)


def _worlds(scenarios: Sequence[Scenario], seed: int, scale: float) -> list[World]:
    plans = [plan(scenario) for scenario in scenarios]
    people: Population = build_population(
        population_inputs(scenarios[0], plans[0], scale), key_of(seed)
    )
    return [build(s, p, seed, scale, people) for s, p in zip(scenarios, plans, strict=True)]


def group_by_population(scenarios: Sequence[Scenario], scale: float) -> list[list[int]]:
    """Return the positions of ``scenarios`` in groups with the same people and length."""
    if len(scenarios) == 1:
        return [[0]]
    inputs = [(s.clock.hours, population_inputs(s, plan(s), scale)) for s in scenarios]
    groups: list[list[int]] = []
    for i, one in enumerate(inputs):
        for group in groups:
            if bit_equal(one, inputs[group[0]]):
                group.append(i)
                break
        else:
            groups.append([i])
    return groups
