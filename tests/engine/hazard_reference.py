"""The slow reference of the street by hazards: every citizen, one at a time, in plain Python.

No pool, no idle places, no bound that spares a citizen, nothing noted from hour to hour but what
is true of each: everybody is evaluated every hour, and only the scalar rules and the addresses of
random numbers are shared with the compiled loops. A run must leave the same bits either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.engine.reference import STATE_NAMES, address_of, members

from steppe.core.random import Purpose, unit, words_at
from steppe.engine.hazard_street import NAMES, loops_of
from steppe.engine.hour_context import HourContext
from steppe.engine.street_marks import first_move_gap, group_size
from steppe.engine.street_types import here_of
from steppe.engine.world import World
from steppe.model.mechanisms.contact import hours_out
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    RESTING,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
)
from steppe.model.mechanisms.leaving import hours_of_rest
from steppe.model.mechanisms.street import chance, hardship

OUT = (PEACEFUL, VIOLENT, LOOTING)


@dataclass(slots=True)
class HazardCitizen:
    """One citizen with everything that is true of him."""

    number: int
    address: int
    place: int
    own: Any
    mark: float
    state: int = QUIET
    timer: int = 0
    outings: int = 0
    took_part: bool = False


class HazardReference:
    """Lets citizens act, meet officers and be counted, one after the other."""

    def __init__(self, world: World) -> None:
        places = len(world.geography.place_ids)
        self.places: list[list[HazardCitizen]] = [[] for _ in range(places)]
        for number, place, own in members(world):
            who = address_of(world, number, place)
            mark = first_move_gap(who, 0, *world.key)
            self.places[place].append(HazardCitizen(number, who, place, own, mark))

    def live(self, world: World, here: HourContext, hour: int) -> None:
        """Let an hour pass for everybody."""
        self.decide(world, here, hour)
        self.meet(world, here, hour)
        self.count(world)

    def decide(self, world: World, here: HourContext, hour: int) -> None:
        """Let everybody join, loot, leave, turn violent or come back; then some go first."""
        world.counts.transitions[:] = 0
        world.counts.joined[:] = 0
        for place, persons in enumerate(self.places):
            scene = Scene(world, here, place, hour)
            integral = float(here.fields.integral[place])
            first = [p for p in persons if p.state == QUIET and p.mark <= integral]
            waiting = {p.number for p in first}
            for person in persons:
                if person.number not in waiting:
                    scene.act(person)
            for person in first:
                if person.state == QUIET:
                    scene.go_first(person, persons)

    def meet(self, world: World, here: HourContext, hour: int) -> None:
        """Let everybody on the street meet officers, and fetch those who took part."""
        for name in ("arrests", "woundings", "deaths"):
            getattr(world.counts, name)[:] = 0
        for place, persons in enumerate(self.places):
            scene = Scene(world, here, place, hour)
            for person in persons:
                scene.meet(person)

    def count(self, world: World) -> None:
        """Count everybody by state and place."""
        for state, name in enumerate(STATE_NAMES, start=PEACEFUL):
            counted = [sum(p.state == state for p in persons) for persons in self.places]
            getattr(world.counts, name)[:] = counted


class Scene:
    """One place in one hour."""

    def __init__(self, world: World, here: HourContext, place: int, hour: int) -> None:
        self.counts, self.place, self.hour, self.key = world.counts, place, hour, world.key
        self.here = here_of(here.fields, place)
        self.p = loops_of(world).parameters
        self.integral = float(here.fields.integral[place])
        self.fetched = chance(float(here.fields.round_up[place]))
        self.rules = {}
        for role, (_, neutral) in NAMES.items():
            step = here.rule(role)
            self.rules[role] = neutral if step is None else step.mechanism.rule

    def words(self, person: HazardCitizen, purpose: Purpose) -> Any:
        """Return a citizen's random words of the hour."""
        return words_at(person.address, self.hour, int(purpose) << 16, *self.key)

    def willing(self, person: HazardCitizen) -> float:
        """Return how willing a citizen is to stand in the crowd."""
        own = person.own
        felt = hardship(self.here, own.hardship, own.exposure, own.deprivation)
        return float(self.rules["willingness"](self.p.willingness, self.here, felt))

    def begin(self, person: HazardCitizen, state: int) -> None:
        """Let a quiet citizen take to the street."""
        self.counts.transitions[self.place, QUIET, state] += 1
        self.counts.joined[self.place] += 1
        person.state, person.took_part = state, True

    def act(self, person: HazardCitizen) -> None:
        """Let one citizen do what this hour brings; who waits to go first is not asked."""
        if person.state == QUIET:
            self.draw_in(person)
        elif person.state in OUT:
            self.stay_or_leave(person)
        elif person.state not in (DEAD, WITHDRAWN):
            self.come_back(person)

    def draw_in(self, person: HazardCitizen) -> None:
        """Let a quiet citizen join or loot: the hazards compete for one random number."""
        u = unit(self.words(person, Purpose.DECISION)[0])
        join = self.rules["participation"](self.p.joining, self.here, self.willing(person))
        loot = self.rules["looting"](self.p.looting, self.here, person.own.rank)
        both = join + loot
        if both <= 0.0:
            return
        if u < chance(both) * (join / both):
            self.begin(person, PEACEFUL)
        elif u < chance(both):
            self.begin(person, LOOTING)

    def stay_or_leave(self, person: HazardCitizen) -> None:
        """Let a citizen on the street go home, or else turn violent."""
        words = self.words(person, Purpose.DECISION)
        inclined = self.here.cover if person.state == LOOTING else self.willing(person)
        if unit(words[0]) < chance(self.rules["leaving"](self.p.leaving, self.here, inclined)):
            self.counts.transitions[self.place, person.state, QUIET] += 1
            last = unit(words[2]) < self.p.leaving.last
            person.state = WITHDRAWN if last else RESTING
            person.timer = 0 if last else hours_of_rest(self.p.leaving, unit(words[3]))
        elif person.state == PEACEFUL:
            hazard = self.rules["violence"](self.p.violence, self.here, inclined)
            if unit(words[1]) < chance(hazard):
                self.counts.transitions[self.place, PEACEFUL, VIOLENT] += 1
                person.state = VIOLENT

    def come_back(self, person: HazardCitizen) -> None:
        """Count an hour off rest, detention or recovery."""
        person.timer -= 1
        if person.timer > 0:
            return
        if person.state == DETAINED:
            person.state = WITHDRAWN
            return
        person.state = QUIET
        person.outings += 1
        gap = first_move_gap(person.address, person.outings, *self.key)
        person.mark = self.integral + gap

    def go_first(self, person: HazardCitizen, persons: list[HazardCitizen]) -> None:
        """Let a citizen go first with the willing who follow him by number, once round."""
        size = group_size(self.p.group, person.address, person.outings, *self.key)
        self.begin(person, PEACEFUL)
        at = persons.index(person)
        for other in persons[at + 1 :] + persons[:at]:
            if size == 1:
                return
            if other.state != QUIET or other.mark <= self.integral:
                continue
            if unit(self.words(other, Purpose.GROUP)[0]) < self.willing(other):
                self.begin(other, PEACEFUL)
                size -= 1

    def meet(self, person: HazardCitizen) -> None:
        """Let one citizen meet officers, on the street or at home."""
        fate = person.state
        words = self.words(person, Purpose.CONTACT)
        if person.state in OUT:
            rule = self.rules["contact"]
            death, wound, arrest = rule(self.p.contact, self.here, person.state)
            total = death + wound + arrest
            share = chance(total) / total if total > 0.0 else 0.0
            u = unit(words[0])
            if u < share * death:
                fate = DEAD
            elif u < share * (death + wound):
                fate = WOUNDED
            elif u < share * total:
                fate = DETAINED
        at_large = person.state in (QUIET, *OUT, RESTING, WITHDRAWN)
        found = unit(self.words(person, Purpose.ROUND_UP)[0]) < self.fetched
        if fate == person.state and at_large and person.took_part and found:
            fate = DETAINED
        if fate == person.state:
            return
        person.state = fate
        name = {DEAD: "deaths", WOUNDED: "woundings", DETAINED: "arrests"}[fate]
        getattr(self.counts, name)[self.place] += 1
        if fate == DETAINED:
            person.took_part = False
        if fate != DEAD:
            person.timer = hours_out(self.p.contact, fate, unit(words[1]))
