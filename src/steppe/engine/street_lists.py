"""The street by hazards: who is out, away or wanted, listed so that work follows them alone.

Each place has its part of every list, as long as its pool. The order of a list means nothing:
whoever comes is put at its end, and who goes leaves his row to the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.core.random import MASK
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    RESTING,
    WOUNDED,
)

if TYPE_CHECKING:
    from steppe.engine.citizen_loops import Citizens, Counts, Ints
    from steppe.engine.street_types import Scene

FIRST, OUT, AWAY, SUSPECTS = range(4)
"""Rows of ``Citizens.lists``: who goes first this hour, is on the street, is detained, wounded or
at rest, and whom a round-up looks for."""

NEVER = 1e300
"""A mark that no integral reaches."""


def is_out(state: int) -> bool:
    """Return whether a citizen is on the street."""
    return (state >= PEACEFUL) & (state <= LOOTING)


def is_away(state: int) -> bool:
    """Return whether a citizen is detained, wounded or at rest, so that his hours are counted."""
    return (state == DETAINED) | (state == WOUNDED) | (state == RESTING)


def enlist(citizens: Citizens, lengths: Ints, row: int, place: int, i: int) -> None:
    """Put citizen ``i`` at the end of a list of his place, of which ``lengths`` are given."""
    citizens.lists[row, citizens.first[place] + lengths[place]] = i
    lengths[place] += 1


def strike_off(citizens: Citizens, lengths: Ints, row: int, place: int, rank: int) -> None:
    """Take who has a ``rank`` from 0 in a list off it; the last of the list takes his row."""
    first = citizens.first[place]
    lengths[place] -= 1
    citizens.lists[row, first + rank] = citizens.lists[row, first + lengths[place]]


def enlist_suspect(citizens: Citizens, place: int, i: int) -> None:
    """Put citizen ``i`` on the list of those whom a round-up looks for, with his number beside."""
    at = citizens.first[place] + citizens.at_large[place]
    citizens.suspects[at] = citizens.address[i] & MASK
    enlist(citizens, citizens.at_large, SUSPECTS, place, i)


def strike_off_suspect(citizens: Citizens, place: int, rank: int) -> None:
    """Take who has a ``rank`` from 0 in the list of the wanted off it."""
    begin = citizens.first[place]
    strike_off(citizens, citizens.at_large, SUSPECTS, place, rank)
    citizens.suspects[begin + rank] = citizens.suspects[begin + citizens.at_large[place]]


def take_to_street(scene: Scene, citizens: Citizens, counts: Counts, i: int, action: int) -> None:
    """Let a quiet citizen begin ``action``."""
    place = scene.place
    counts.transitions[place, QUIET, action] += 1
    counts.joined[place] += 1
    citizens.state[i] = action
    enlist(citizens, citizens.out, OUT, place, i)
    if citizens.took_part[i] == 0:
        citizens.took_part[i] = 1
        enlist_suspect(citizens, place, i)


def drop_from_street(citizens: Citizens, place: int) -> None:
    """Take who is no longer on the street off that list, where it is not known which rows."""
    rows = citizens.lists[OUT, citizens.first[place] : citizens.first[place + 1]]
    length = 0
    for n in range(citizens.out[place]):
        rows[length] = rows[n]
        length += is_out(citizens.state[rows[n]])
    citizens.out[place] = length


def drop_from_suspects(citizens: Citizens, place: int) -> None:
    """Take the dead and who has been arrested off the list of those whom a round-up looks for."""
    here = slice(citizens.first[place], citizens.first[place + 1])
    rows, numbers = citizens.lists[SUSPECTS, here], citizens.suspects[here]
    length = 0
    for n in range(citizens.at_large[place]):
        rows[length], numbers[length] = rows[n], numbers[n]
        length += (citizens.took_part[rows[n]] == 1) & (citizens.state[rows[n]] != DEAD)
    citizens.at_large[place] = length


def lowest_mark(citizens: Citizens, place: int, integral: float) -> float:
    """Return the lowest mark of the quiet that ``integral`` has not reached, in vector code.

    Marks are positive, so that their bits have their order; those of whole numbers need no rule
    for what is no number.
    """
    here = slice(citizens.first[place], citizens.first[place + 1])
    states, marks = citizens.state[here], citizens.mark[here]
    bits = marks.view(np.int64)
    never = np.float64(NEVER).view(np.int64)
    lowest = never
    for n in range(len(states)):
        waits = (states[n] == QUIET) & (marks[n] > integral)
        lowest = min(lowest, bits[n] if waits else never)
    return float(np.int64(lowest).view(np.float64))


def how_many_reached(citizens: Citizens, place: int, integral: float) -> int:
    """Return how many of the quiet have a mark that ``integral`` has reached, in vector code."""
    here = slice(citizens.first[place], citizens.first[place + 1])
    states, marks = citizens.state[here], citizens.mark[here]
    total = 0
    for n in range(len(states)):
        total += (states[n] == QUIET) & (marks[n] <= integral)
    return total


def list_first(citizens: Citizens, place: int, integral: float) -> int:
    """List by number the quiet whose mark ``integral`` has reached; return how many they are.

    Notes the lowest mark of the other quiet, below which nobody need be looked at.
    """
    citizens.next_mark[place] = lowest_mark(citizens, place, integral)
    if how_many_reached(citizens, place, integral) == 0:
        return 0
    begin = citizens.first[place]
    total = 0
    for i in range(begin, citizens.first[place + 1]):
        if citizens.mark[i] <= integral and citizens.state[i] == QUIET:
            citizens.lists[FIRST, begin + total] = i
            total += 1
    return total


def list_place(citizens: Citizens, counts: Counts, place: int) -> None:
    """Make the lists of one place, its lowest mark and its dead from the states of its citizens."""
    citizens.out[place] = citizens.away[place] = citizens.at_large[place] = 0
    counts.dead[place] = 0
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = citizens.state[i]
        if is_out(state):
            enlist(citizens, citizens.out, OUT, place, i)
        if is_away(state):
            enlist(citizens, citizens.away, AWAY, place, i)
        if state == DEAD:
            counts.dead[place] += 1
        elif citizens.took_part[i] == 1:
            enlist_suspect(citizens, place, i)
    citizens.next_mark[place] = lowest_mark(citizens, place, 0.0)


def list_all(citizens: Citizens, counts: Counts) -> None:
    """Make the lists of every place anew, as before the first hour or after a checkpoint."""
    for place in range(len(citizens.first) - 1):
        list_place(citizens, counts, place)
        citizens.idle[place] = 0
