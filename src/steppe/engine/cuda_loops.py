"""The citizen loops on a graphics processor, shared out by citizen.

The rules are the functions that ``engine.citizen_loops`` calls. What differs is who takes
which row, and that sums are made by atomic additions of integers, whose order does not matter.
Only arrests have an order: where officers have fewer arrests left than citizens are due, the first
in the order of the pool are arrested, and one thread of the place walks through them.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from steppe.core.random import Purpose, philox, unit
from steppe.engine.citizen_loops import cell_of, release, surroundings
from steppe.model.mechanisms.contact import arrests_possible, hazards, hours_out, meet
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    WOUNDED,
    Citizen,
)
from steppe.model.mechanisms.participation import decide

cuda: Any = None
"""``numba.cuda``, put here by ``core.device.kernel``."""

_DECISION = int(Purpose.DECISION) << 16
_CONTACT = int(Purpose.CONTACT) << 16

Tally: Any = namedtuple(
    "Tally",
    [
        "transitions",
        "states",
        "out",
        "wanted",
        "harm",
        "cell_active",
        "cell_violent",
        "cell_looting",
    ],
)
"""Agents counted on the device: ``transitions`` (places, 4, 4), ``states`` (places, 7), ``out``
and ``wanted`` (places): on the street, and due to be arrested; ``harm`` (places, 3): arrests,
woundings, deaths; then by cell."""


def decide_rows(
    p: Any, citizens: Any, fields: Any, tally: Any, place_of: Any, hour: int, key0: int, key1: int
) -> None:
    """Let every citizen of the pool who thinks again choose an action."""
    for i in range(cuda.grid(1), len(place_of), cuda.gridsize(1)):
        state = int(citizens.state[i])
        if state >= DETAINED:
            if state != DEAD:
                release(citizens, i, fields.release_fear)
            continue
        place = int(place_of[i])
        chosen = think(p, citizens, fields, place, i, hour, key0, key1)
        if chosen >= 0:
            cuda.atomic.add(tally.transitions, (place, state, chosen), 1)
            citizens.state[i] = chosen


def think(
    p: Any, citizens: Any, fields: Any, place: int, i: int, hour: int, key0: int, key1: int
) -> int:
    """Return what the citizen in row ``i`` of ``place`` chooses; -1 if he does not think again.

    On the processor this stands in the loop of ``citizen_loops.decide_place``: there, to hand
    all columns to a function for each citizen costs eight times as much as the rule.
    """
    number = int(citizens.number[i])
    w_again, w_choice, w_look, _ = philox(number, 0, hour, _DECISION, key0, key1)
    if w_again >= fields.reconsider_limit:
        return -1
    state = int(citizens.state[i])
    here = surroundings(fields, place, cell_of(fields, place, number))
    citizen = Citizen(
        state,
        citizens.hardship[i],
        citizens.risk_aversion[i],
        citizens.exposure[i],
        citizens.deprivation[i],
        citizens.rank[i],
        citizens.online[i],
        citizens.ties[i] / fields.slots,
    )
    looked = state == QUIET and w_look < fields.look_limit[place]
    return int(decide(p, here, citizen, unit(w_choice), looked))


def gather_rows(citizens: Any, tally: Any, place_of: Any) -> None:
    """Count who is on the street in each place."""
    for i in range(cuda.grid(1), len(place_of), cuda.gridsize(1)):
        if PEACEFUL <= citizens.state[i] <= LOOTING:
            cuda.atomic.add(tally.out, place_of[i], 1)


def fate_rows(
    p: Any, citizens: Any, tally: Any, place_of: Any, fate: Any, officers: Any, force_level: Any,
    hour: int, key0: int, key1: int,
) -> None:  # fmt: skip
    """Write what befalls each citizen on the street; ``officers`` are agents by place."""
    for i in range(cuda.grid(1), len(place_of), cuda.gridsize(1)):
        state = int(citizens.state[i])
        place = int(place_of[i])
        fate[i] = state
        if state < PEACEFUL or state > LOOTING or officers[place] <= 0.0:
            continue
        ratio = officers[place] / tally.out[place]
        death, wound, arrest = hazards(p, int(force_level[place]), ratio)
        word = philox(int(citizens.number[i]), 0, hour, _CONTACT, key0, key1)[0]
        fate[i] = meet(p, death, wound, arrest, state, unit(word))
        if fate[i] == DETAINED:
            cuda.atomic.add(tally.wanted, place, 1)


def ration_places(p: Any, citizens: Any, tally: Any, fate: Any, officers: Any) -> None:
    """Spare the last of those due to be arrested where officers have too few arrests for all."""
    for place in range(cuda.grid(1), len(officers), cuda.gridsize(1)):
        left = arrests_possible(p, officers[place])
        if tally.wanted[place] <= left:
            continue
        for i in range(citizens.first[place], citizens.first[place + 1]):
            if fate[i] == DETAINED and citizens.state[i] != DETAINED:
                if left <= 0:
                    fate[i] = citizens.state[i]
                else:
                    left -= 1


def suffer_rows(
    p: Any, citizens: Any, tally: Any, place_of: Any, fate: Any, hour: int, key0: int, key1: int
) -> None:
    """Let what was written befall citizens, and count arrests, woundings and deaths."""
    for i in range(cuda.grid(1), len(place_of), cuda.gridsize(1)):
        befell = int(fate[i])
        if befell == citizens.state[i]:
            continue
        citizens.state[i] = befell
        kind = 2 if befell == DEAD else 1 if befell == WOUNDED else 0
        cuda.atomic.add(tally.harm, (place_of[i], kind), 1)
        if befell != DEAD:
            word = philox(int(citizens.number[i]), 0, hour, _CONTACT, key0, key1)[1]
            citizens.timer[i] = hours_out(p, befell, unit(word))


def count_rows(citizens: Any, where: Any, tally: Any, place_of: Any) -> None:
    """Count citizens by state for each place, and those on the street for each cell."""
    for i in range(cuda.grid(1), len(place_of), cuda.gridsize(1)):
        state = int(citizens.state[i])
        if state == QUIET:
            continue
        place = int(place_of[i])
        cuda.atomic.add(tally.states, (place, state), 1)
        if state <= LOOTING:
            cell = cell_of(where, place, int(citizens.number[i]))
            cuda.atomic.add(tally.cell_active, cell, 1)
            if state == VIOLENT:
                cuda.atomic.add(tally.cell_violent, cell, 1)
            elif state == LOOTING:
                cuda.atomic.add(tally.cell_looting, cell, 1)


def notify_rows(citizens: Any, first: Any, listeners: Any) -> None:
    """Tell the listeners of every citizen who took to the street or left it since last told."""
    for i in range(cuda.grid(1), len(citizens.state), cuda.gridsize(1)):
        out = 1 if PEACEFUL <= citizens.state[i] <= LOOTING else 0
        change = out - int(citizens.was_out[i])
        if change != 0:
            citizens.was_out[i] = out
            for j in range(first[i], first[i + 1]):
                cuda.atomic.add(citizens.ties, listeners[j], change)
