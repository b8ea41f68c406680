"""The slow reference of the street by choice: every citizen, one at a time, in plain Python.

No pool, no compact columns, no news pushed along ties: everybody is evaluated, everybody's ties
are asked every hour, and only the scalar rules are shared with the compiled loops. A run through
``ReferenceLoops`` must leave the same bits as a compiled one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, unit, words_at
from steppe.engine.citizen_loops import cell_of, surroundings
from steppe.engine.hour_context import HourContext
from steppe.engine.plan import plan
from steppe.engine.population_cache import population_inputs
from steppe.engine.run import run
from steppe.engine.step import CitizenLoops
from steppe.engine.world import World, build
from steppe.model.mechanisms.contact import arrests_possible, hazards, hours_out
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    WOUNDED,
    Citizen,
)
from steppe.population.geography import group_of_cohort
from steppe.population.pool import attributes, pool_limits, society_of
from steppe.population.ties import tie, tie_rule
from steppe.results.trajectory import Trajectory

_POOL = int(Purpose.POOL) << 16
_DECISION = int(Purpose.DECISION) << 16
_CONTACT = int(Purpose.CONTACT) << 16
STATE_NAMES = ("peaceful", "violent", "looting", "detained", "wounded", "dead")


@dataclass(slots=True)
class ReferenceCitizen:
    """One citizen with everything that is true of him."""

    number: int
    address: int
    place: int
    mobilisable: bool
    own: Any
    heard: list[int]
    risk_aversion: float
    state: int = QUIET
    timer: int = 0


def addresses(world: World) -> Iterator[tuple[int, int, int]]:
    """Yield number, place and cohort of every citizen, in the order of their numbers."""
    starts = world.geography.cohorts.starts
    for place in range(len(starts)):
        for cohort in range(world.geography.cohorts.counts.shape[1]):
            for number in range(int(starts[place, cohort]), int(starts[place, cohort + 1])):
                yield number, place, cohort


def address_of(world: World, number: int, place: int) -> int:
    """Return the address of a citizen's random numbers: his place by name, his number in it."""
    where = world.geography
    return int(where.address[place]) + number - int(where.place_start[place])


def people(world: World) -> Iterator[tuple[int, int, int, bool, Any]]:
    """Yield number, place, cohort, whether he may act, and attributes of every citizen."""
    scenario = world.scenario
    margins: Any = world.plan.parameters_even_off(scenario, "population")
    grievance: Any = world.plan.parameters("grievance")
    society, _ = society_of(scenario.regions, scenario.country.gini, margins, grievance)
    census = population_inputs(scenario, world.plan, world.geography.weight)
    limits = pool_limits(census.readiness, world.geography.address, world.key)
    for number, place, cohort in addresses(world):
        region = int(world.geography.region_of_place[place])
        who = address_of(world, number, place)
        own = attributes(society, who, region, *world.key)
        word = words_at(who, 0, _POOL, *world.key)[0]
        yield number, place, cohort, word < int(limits[place, cohort]), own


def members(world: World) -> Iterator[tuple[int, int, Any]]:
    """Yield number, place and attributes of every citizen who may act."""
    for number, place, _, mobilisable, own in people(world):
        if mobilisable:
            yield number, place, own


def everybody(world: World) -> list[ReferenceCitizen]:
    """Return every citizen of ``world``, in the order of their numbers."""
    margins: Any = world.plan.parameters_even_off(world.scenario, "population")
    rule = tie_rule(world.geography, margins)
    groups = group_of_cohort(world.geography.cohorts)
    persons: list[ReferenceCitizen] = []
    for number, place, cohort, mobilisable, own in people(world):
        heard = [
            tie(rule, number, slot, place, int(groups[cohort]), *world.key)
            for slot in range(world.ties.slots)
        ]
        persons.append(
            ReferenceCitizen(
                number,
                address_of(world, number, place),
                place,
                mobilisable,
                own,
                heard,
                own.risk_aversion,
            )
        )
    return persons


class ReferenceLoops:
    """Decides, meets and counts citizen by citizen, asking every tie every hour."""

    def __init__(self, world: World) -> None:
        self.persons = everybody(world)

    def _out(self, number: int) -> bool:
        return PEACEFUL <= self.persons[number].state <= LOOTING

    def _release(self, person: ReferenceCitizen, fear: float) -> None:
        person.timer -= 1
        if person.timer <= 0:
            if person.state == DETAINED:
                person.risk_aversion = min(1.0, person.risk_aversion + fear)
            person.state = QUIET

    def live(self, world: World, here: HourContext, hour: int) -> None:
        """Let an hour pass for everybody."""
        self.decide(world, here, hour)
        self.meet(world, here, hour)
        self.count(world)

    def decide(self, world: World, here: HourContext, hour: int) -> None:
        """Let every citizen who may act and thinks again choose, on the last hour's streets."""
        step, fields = here.rule("participation"), here.fields
        assert step is not None
        p, rule = step.values, step.mechanism.rule
        world.counts.transitions[:] = 0
        ties = [
            sum(self._out(n) for n in person.heard if n != person.number) for person in self.persons
        ]
        for person, heard in zip(self.persons, ties, strict=True):
            if not person.mobilisable:
                continue
            if person.state >= DETAINED:
                if person.state != DEAD:
                    self._release(person, fields.release_fear)
                continue
            words = words_at(person.address, hour, _DECISION, *world.key)
            if words[0] >= fields.reconsider_limit:
                continue
            cell = cell_of(fields, person.place, person.number)
            around = surroundings(fields, person.place, cell)
            own = person.own
            citizen = Citizen(
                person.state,
                own.hardship,
                person.risk_aversion,
                own.exposure,
                own.deprivation,
                own.rank,
                own.online,
                heard / fields.slots,
            )
            looked = person.state == QUIET and words[2] < fields.look_limit[person.place]
            chosen = rule(p, around, citizen, unit(words[1]), looked)
            world.counts.transitions[person.place, person.state, chosen] += 1
            person.state = chosen

    def meet(self, world: World, here: HourContext, hour: int) -> None:
        """Let every citizen on the street meet the officers of his place."""
        step = here.rule("contact")
        if step is None:
            return
        p, rule = step.values, step.mechanism.rule
        weight = world.geography.weight
        for name in ("arrests", "woundings", "deaths"):
            getattr(world.counts, name)[:] = 0
        out = np.zeros(len(world.counts.arrests), dtype=np.int64)
        for person in self.persons:
            out[person.place] += self._out(person.number)
        left = [arrests_possible(p, f * weight) for f in world.columns["place_officers"]]
        for person in self.persons:
            officers = float(world.columns["place_officers"][person.place]) * weight
            if not self._out(person.number) or officers <= 0.0:
                continue
            level = int(world.columns["place_force_level"][person.place])
            risks = hazards(p, level, officers / int(out[person.place]))
            words = words_at(person.address, hour, _CONTACT, *world.key)
            fate = rule(p, *risks, person.state, unit(words[0]))
            if fate == person.state or (fate == DETAINED and left[person.place] <= 0):
                continue
            person.state = fate
            if fate == DEAD:
                world.counts.deaths[person.place] += 1
                continue
            person.timer = hours_out(p, fate, unit(words[1]))
            if fate == WOUNDED:
                world.counts.woundings[person.place] += 1
            else:
                world.counts.arrests[person.place] += 1
                left[person.place] -= 1

    def count(self, world: World) -> None:
        """Count everybody by state, place and cell."""
        counts = world.counts
        for name in STATE_NAMES:
            getattr(counts, name)[:] = 0
        for name in ("cell_active", "cell_violent", "cell_looting"):
            getattr(counts, name)[:] = 0
        for person in self.persons:
            if person.state == QUIET:
                continue
            name = STATE_NAMES[person.state - 1]
            getattr(counts, name)[person.place] += 1
            if self._out(person.number):
                cell = cell_of(world.geography, person.place, person.number)
                counts.cell_active[cell] += 1
                if name != "peaceful":
                    getattr(counts, f"cell_{name}")[cell] += 1


def reference_loops(world: World) -> CitizenLoops:
    """Return the slow reference for the way in which the citizens of ``world`` act."""
    from tests.engine.hazard_reference import HazardReference

    return HazardReference(world) if world.plan.street == "hazards" else ReferenceLoops(world)


def reference_run(scenario: Scenario, seed: int, scale: float) -> Trajectory:
    """Return the trajectory of a run whose citizens are all evaluated in plain Python."""
    world = build(scenario, plan(scenario), seed, scale)
    return run(scenario, seed, scale=scale, loops=reference_loops(world))
