"""Numbers of places and bins by address, and counts dealt out to bins."""

from __future__ import annotations

import math

from steppe.core.random import Purpose, unit, words_at
from steppe.engine.cohort_types import FRESH, NEXT_NUMBER, NOTED, NUMBER, CohortRun, Ints, Town
from steppe.engine.street_types import HourAddress, Scene

_PLACE = int(Purpose.COHORT_PLACE) << 16
_FIRST = int(Purpose.COHORT_FIRST) << 16

STARTERS, RETURN, RECOVER, LAST, LOOTERS, FETCHED, COMPANIONS = range(7)
HITS, DEATH_OF, WOUND_OF, DEAL = 16, 32, 48, 64
"""What a number of a place is for; from ``HITS`` on one for each state, ``DEAL`` added to deal."""
GROUP, ANSWER, STARTER_NOTED, COMPANION_NOTED, WHERE_FETCHED = range(1, 6)
"""What a number of a bin is for, besides those of its every hour; of ``GROUP`` the n-th group."""


def number_of(scene: Scene, town: Town, use: int) -> float:
    """Return the uniform of a place in this hour for one ``use``."""
    at = scene.at
    return unit(words_at(town.address + use, at.hour, _PLACE, at.key0, at.key1)[0])


def number_of_bin(scene: Scene, town: Town, i: int, use: int) -> float:
    """Return the uniform of a bin in this hour for one ``use`` of going first or being fetched."""
    at = scene.at
    return unit(words_at(town.address + i, at.hour, _FIRST + use, at.key0, at.key1)[0])


def set_numbers(run: CohortRun, at: HourAddress) -> None:
    """Set the number by which starters are drawn; a block of words serves two hours."""
    address = run.country.address
    numbers, after = run.state.place[NUMBER], run.state.place[NEXT_NUMBER]
    for c in range(len(address)):
        if at.hour % 2 == 0:
            a, b, x, y = words_at(address[c], at.hour, _FIRST, at.key0, at.key1)
            numbers[c] = fine_unit(a, b)
            after[c] = fine_unit(x, y)
        else:
            numbers[c] = after[c]


def fine_unit(high: int, low: int) -> float:
    """Return a number in (0, 1) of 53 bits: hazards of going first are smaller than 2**-32."""
    return ((high << 21) + (low >> 11) + 0.5) * 1.1102230246251565e-16


def deal(counts: Ints, amount: int, u: float, shares: Ints) -> None:
    """Deal ``amount`` out to bins in proportion to ``counts``, rounded without bias.

    Systematic sampling: no bin gets more than it has, and all is dealt out.
    """
    total = total_of(counts)
    upto = 0
    before = 0
    for i in range(len(counts)):
        shares[i] = 0
        if counts[i] > 0 and before < amount:
            upto += counts[i]
            until = math.floor(upto * amount / total + u)
            shares[i] = until - before
            before = until


def total_of(counts: Ints) -> int:
    """Return the sum of the bins."""
    total = 0
    for i in range(len(counts)):
        total += counts[i]
    return total


def take(town: Town, i: int, amount: int, u: float) -> None:
    """Take people of a bin who take to the street from its quiet, noted and fresh in proportion."""
    rows = town.rows
    noted, fresh = rows[NOTED, i], rows[FRESH, i]
    from_noted = 0
    if noted > 0:
        from_noted = math.floor(amount * noted / (noted + fresh) + u)
    rows[NOTED, i] -= from_noted
    rows[FRESH, i] -= amount - from_noted
