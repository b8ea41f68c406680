"""The street by hazards: citizens counted by state, and what decides whether a place is idle.

Each count is a loop of its own over bytes, which becomes vector code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_types import is_at_large
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
)


def tally_place(citizens: Citizens, counts: Counts, place: int) -> None:
    """Count the citizens of one place by state, and keep what decides whether it is idle."""
    here = slice(citizens.first[place], citizens.first[place + 1])
    states = citizens.state[here]
    counts.peaceful[place] = how_many(states, PEACEFUL)
    counts.violent[place] = how_many(states, VIOLENT)
    counts.looting[place] = how_many(states, LOOTING)
    counts.detained[place] = how_many(states, DETAINED)
    counts.wounded[place] = how_many(states, WOUNDED)
    counts.dead[place] = how_many(states, DEAD)
    home = how_many(states, QUIET) + how_many(states, WITHDRAWN)
    busy = len(states) - home - counts.dead[place]
    citizens.busy[place] = busy
    citizens.at_large[place] = how_many_at_large(states, citizens.took_part[here])
    citizens.next_mark[place] = lowest_mark(states, citizens.mark[here]) if busy == 0 else 0.0


def how_many(states: NDArray[np.uint8], state: int) -> int:
    """Return how many of ``states`` are ``state``."""
    total = 0
    for i in range(len(states)):
        total += states[i] == state
    return total


def how_many_at_large(states: NDArray[np.uint8], took_part: NDArray[np.uint8]) -> int:
    """Return how many took part and can be arrested in a round-up."""
    total = 0
    for i in range(len(states)):
        total += (took_part[i] == 1) & is_at_large(states[i])
    return total


def lowest_mark(states: NDArray[np.uint8], marks: NDArray[np.float64]) -> float:
    """Return the integral at which the first of the quiet goes first."""
    lowest = 1e300
    for i in range(len(states)):
        if states[i] == QUIET:
            lowest = min(lowest, marks[i])
    return lowest


def tally_all(citizens: Citizens, counts: Counts) -> None:
    """Count the citizens of every place where anything can have happened."""
    for place in range(len(citizens.first) - 1):
        if citizens.idle[place] == 0:
            tally_place(citizens, counts, place)
