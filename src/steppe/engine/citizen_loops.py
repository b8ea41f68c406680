"""The street: the loops over citizens, the only hot part of a run.

Written in plain Python over arrays; ``core.compile`` turns the same text into parallel machine
code. Loops run over places, so no two threads touch the same citizen, cell or count; all sums are
of integers, so no order matters. Each parallel loop only calls the function for one place: written
out inside the loop, stores through the columns of a tuple would be lost by the compiler.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, unit
from steppe.engine.street_types import HourAddress, words_of
from steppe.model.mechanisms.contact import arrests_possible, hazards, hours_out, meet, warier
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    WOUNDED,
    Citizen,
    Here,
)
from steppe.model.mechanisms.participation import decide

prange = range
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DECISION = int(Purpose.DECISION) << 16
_CONTACT = int(Purpose.CONTACT) << 16


class Citizens(NamedTuple):
    """Columns of the pool, rows ordered by number; ``first`` (places + 1) bounds each place.

    ``address`` int64 is that of a citizen's random numbers: his place by name, his number in it.
    ``state`` uint8 code; ``timer`` int32 hours left in detention, recovery or rest; ``ties`` int32
    number of personal ties on the street; ``was_out`` uint8 1 if out when ties were last told.
    Where citizens act by hazards: ``mark`` is the integral of the hazard at which one goes first,
    ``outings`` how often he has come back, ``took_part`` 1 if he has been on the street since he
    was last arrested; ``lists`` int32 (4, rows) says by place who goes first, is on the street, is
    away and is looked for in a round-up, ``out``, ``away`` and ``at_large`` how long the last three
    are; ``suspects`` uint32 has the numbers in their place of the last. By place too, ``next_mark``
    is a number below which no mark of the quiet lies, ``idle`` 1 if nothing happens. What begins
    with ``block`` is gathered of a few of them for a loop; ``change`` uint8 is what a loop finds of
    a few, or of all of a place.
    """

    number: NDArray[Any]
    address: NDArray[Any]
    first: NDArray[Any]
    state: NDArray[Any]
    timer: NDArray[Any]
    ties: NDArray[Any]
    was_out: NDArray[Any]
    hardship: NDArray[Any]
    risk_aversion: NDArray[Any]
    exposure: NDArray[Any]
    deprivation: NDArray[Any]
    rank: NDArray[Any]
    online: NDArray[Any]
    mark: NDArray[Any]
    outings: NDArray[Any]
    took_part: NDArray[Any]
    out: NDArray[Any]
    away: NDArray[Any]
    at_large: NDArray[Any]
    next_mark: NDArray[Any]
    idle: NDArray[Any]
    lists: NDArray[Any]
    suspects: NDArray[Any]
    block_address: NDArray[Any]
    block_state: NDArray[Any]
    block_hardship: NDArray[Any]
    block_exposure: NDArray[Any]
    block_deprivation: NDArray[Any]
    change: NDArray[Any]


class ChoiceFields(NamedTuple):
    """What citizens read in an hour: arrays by region, place and cell, then numbers.

    ``officers`` are agents by place.
    """

    region_of_place: Ints
    place_start: Ints
    cell_start: Ints
    legitimacy: Floats
    loss: Floats
    hardship_cut: Floats
    outrage: Floats
    risk: Floats
    cost: Floats
    city_pull: Floats
    weight_online: Floats
    weight_ties: Floats
    weight_lost: Floats
    ties_lost: Floats
    look_limit: Ints
    success: Floats
    cell_pull: Floats
    violence_pull: Floats
    cover: Floats
    national_pull: float
    price_sensitivity: float
    deprivation_sensitivity: float
    offline_reach: float
    release_fear: float
    reconsider_limit: int
    slots: int
    officers: Floats
    force_level: Floats


class CellNumbers(NamedTuple):
    """The part of ``ChoiceFields`` that says which cell a citizen lives in."""

    place_start: Ints
    cell_start: Ints


Cells = ChoiceFields | CellNumbers
"""What says which cell a citizen lives in."""


class Counts(NamedTuple):
    """Agents counted by place (and cell), int64; ``transitions`` is (places, 4, 4)."""

    peaceful: NDArray[np.int64]
    violent: NDArray[np.int64]
    looting: NDArray[np.int64]
    detained: NDArray[np.int64]
    wounded: NDArray[np.int64]
    dead: NDArray[np.int64]
    arrests: NDArray[np.int64]
    woundings: NDArray[np.int64]
    deaths: NDArray[np.int64]
    joined: NDArray[np.int64]
    transitions: NDArray[np.int64]
    cell_active: NDArray[np.int64]
    cell_violent: NDArray[np.int64]
    cell_looting: NDArray[np.int64]


def release(citizens: Citizens, i: int, release_fear: float) -> None:
    """Count an hour off a detained or wounded citizen; who comes out is quiet, and warier."""
    citizens.timer[i] -= 1
    if citizens.timer[i] <= 0:
        if citizens.state[i] == DETAINED:
            citizens.risk_aversion[i] = warier(citizens.risk_aversion[i], release_fear)
        citizens.state[i] = QUIET


def surroundings(fields: ChoiceFields, place: int, cell: int) -> Here:
    """Return what surrounds a citizen of ``cell`` in ``place`` this hour."""
    region = fields.region_of_place[place]
    return Here(
        fields.legitimacy[region],
        fields.loss[region],
        fields.hardship_cut[place],
        fields.price_sensitivity,
        fields.deprivation_sensitivity,
        fields.offline_reach,
        fields.outrage[place],
        fields.risk[place],
        fields.cost[place],
        fields.city_pull[place],
        fields.cell_pull[cell],
        fields.national_pull,
        fields.weight_online[place],
        fields.weight_ties[place],
        fields.weight_lost[place],
        fields.ties_lost[place],
        fields.success[place],
        fields.violence_pull[cell],
        fields.cover[cell],
    )


def cell_of(where: Cells, place: int, number: int) -> int:
    """Return the cell of citizen ``number`` of ``place``;"""
    cells = where.cell_start[place + 1] - where.cell_start[place]
    return int(where.cell_start[place] + (number - where.place_start[place]) % cells)


def mark_doubtful(at: HourAddress, address: Ints, limit: int, marks: NDArray[np.uint8]) -> None:
    """Mark who thinks again: whose first word of the hour is below ``limit``; vector code."""
    for n in range(len(address)):
        marks[n] = words_of(at, address[n], _DECISION)[0] < limit


def decide_place(
    p: Any, citizens: Citizens, fields: ChoiceFields, counts: Counts, place: int, at: HourAddress
) -> None:
    """Let every citizen of the pool of ``place`` who thinks again choose an action.

    The name ``decide`` stands for whichever rule of participation is bound in.
    """
    for a in range(4):
        for b in range(4):
            counts.transitions[place, a, b] = 0
    low, high = citizens.first[place], citizens.first[place + 1]
    again = citizens.change[low:high]
    mark_doubtful(at, citizens.address[low:high], fields.reconsider_limit, again)
    for i in range(low, high):
        state = int(citizens.state[i])
        if state >= DETAINED:
            if state != DEAD:
                release(citizens, i, fields.release_fear)
            continue
        if again[i - low] == 0:
            continue
        _, w_choice, w_look, _ = words_of(at, citizens.address[i], _DECISION)
        here = surroundings(fields, place, cell_of(fields, place, citizens.number[i]))
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
        chosen = decide(p, here, citizen, unit(w_choice), looked)
        counts.transitions[place, state, chosen] += 1
        citizens.state[i] = chosen


def decide_all(
    p: Any, citizens: Citizens, fields: ChoiceFields, counts: Counts, at: HourAddress
) -> None:
    """Let every citizen of the pool who thinks again choose an action.

    All read the counts of the last hour, so the order of citizens does not matter.
    """
    for place in prange(len(citizens.first) - 1):
        decide_place(p, citizens, fields, counts, place, at)


def out_in_place(citizens: Citizens, place: int) -> int:
    """Return how many citizens of the pool are on the street in ``place``."""
    out = 0
    for i in range(citizens.first[place], citizens.first[place + 1]):
        if PEACEFUL <= citizens.state[i] <= LOOTING:
            out += 1
    return out


def encounter_place(
    p: Any, citizens: Citizens, counts: Counts, fields: ChoiceFields, place: int, at: HourAddress
) -> None:
    """Let citizens on the street of ``place`` meet officers (in agents, not persons).

    Arrests stop when every officer has made his.
    """
    counts.arrests[place] = 0
    counts.woundings[place] = 0
    counts.deaths[place] = 0
    out = out_in_place(citizens, place)
    officers = fields.officers[place]
    if out == 0 or officers <= 0.0:
        return
    death, wound, arrest = hazards(p, int(fields.force_level[place]), officers / out)
    left = arrests_possible(p, officers)
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = int(citizens.state[i])
        if state < PEACEFUL or state > LOOTING:
            continue
        w_fate, w_time, _, _ = words_of(at, citizens.address[i], _CONTACT)
        fate = meet(p, death, wound, arrest, state, unit(w_fate))
        if fate == state or (fate == DETAINED and left <= 0):
            continue
        citizens.state[i] = fate
        if fate == DEAD:
            counts.deaths[place] += 1
            continue
        citizens.timer[i] = hours_out(p, fate, unit(w_time))
        if fate == WOUNDED:
            counts.woundings[place] += 1
        else:
            counts.arrests[place] += 1
            left -= 1


def encounter_all(
    p: Any, citizens: Citizens, counts: Counts, fields: ChoiceFields, at: HourAddress
) -> None:
    """Let citizens on the street meet officers in every place."""
    for place in prange(len(citizens.first) - 1):
        encounter_place(p, citizens, counts, fields, place, at)


def count_place(citizens: Citizens, where: Cells, counts: Counts, place: int) -> None:
    """Count citizens of ``place`` by state, and those on the street for each of its cells."""
    for cell in range(where.cell_start[place], where.cell_start[place + 1]):
        counts.cell_active[cell] = 0
        counts.cell_violent[cell] = 0
        counts.cell_looting[cell] = 0
    peaceful = violent = looting = detained = wounded = dead = 0
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = citizens.state[i]
        if state == QUIET:
            continue
        if state <= LOOTING:
            cell = cell_of(where, place, citizens.number[i])
            counts.cell_active[cell] += 1
            if state == PEACEFUL:
                peaceful += 1
            elif state == VIOLENT:
                violent += 1
                counts.cell_violent[cell] += 1
            else:
                looting += 1
                counts.cell_looting[cell] += 1
        elif state == DETAINED:
            detained += 1
        elif state == WOUNDED:
            wounded += 1
        else:
            dead += 1
    counts.peaceful[place] = peaceful
    counts.violent[place] = violent
    counts.looting[place] = looting
    counts.detained[place] = detained
    counts.wounded[place] = wounded
    counts.dead[place] = dead


def count_all(citizens: Citizens, where: Cells, counts: Counts) -> None:
    """Count citizens by state for each place, and those on the street for each cell."""
    for place in prange(len(citizens.first) - 1):
        count_place(citizens, where, counts, place)


def notify_ties(citizens: Citizens, first: Ints, listeners: NDArray[np.int32]) -> None:
    """Tell the listeners of every citizen who took to the street or left it since last told.

    Cost follows the number of changes, not of citizens on the street.
    """
    for i in range(len(citizens.state)):
        out = 1 if PEACEFUL <= citizens.state[i] <= LOOTING else 0
        change = out - int(citizens.was_out[i])
        if change != 0:
            citizens.was_out[i] = out
            for j in range(first[i], first[i + 1]):
                citizens.ties[listeners[j]] += change
