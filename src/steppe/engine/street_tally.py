"""The street by hazards: citizens counted by state, from the lists of those out and away."""

from __future__ import annotations

from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_lists import AWAY, OUT
from steppe.model.mechanisms.crowd import DETAINED, LOOTING, VIOLENT, WOUNDED


def how_many(citizens: Citizens, row: int, place: int, length: int, state: int) -> int:
    """Return how many of the first ``length`` in a list of a place are in ``state``."""
    begin = citizens.first[place]
    rows = citizens.lists[row, begin : begin + length]
    total = 0
    for n in range(len(rows)):
        total += citizens.state[rows[n]] == state
    return total


def tally_place(citizens: Citizens, counts: Counts, place: int) -> None:
    """Count the citizens of one place by state; the dead by the deaths of this hour."""
    out, away = citizens.out[place], citizens.away[place]
    counts.violent[place] = how_many(citizens, OUT, place, out, VIOLENT)
    counts.looting[place] = how_many(citizens, OUT, place, out, LOOTING)
    counts.peaceful[place] = out - counts.violent[place] - counts.looting[place]
    counts.detained[place] = how_many(citizens, AWAY, place, away, DETAINED)
    counts.wounded[place] = how_many(citizens, AWAY, place, away, WOUNDED)
    counts.dead[place] += counts.deaths[place]


def tally_all(citizens: Citizens, counts: Counts) -> None:
    """Count the citizens of every place where anything can have happened."""
    for place in range(len(citizens.first) - 1):
        if citizens.idle[place] == 0:
            tally_place(citizens, counts, place)
