"""Personal ties: whom a citizen hears from, by sight of cell, place and group, and by distance.

A tie is a function of (seed, citizen, slot), so none is stored but those between members of the
pool, the only ones along which anything can be heard. Who hears from whom is kept the other way
round (listeners of each member), so that news is pushed from those whose state changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.random import Purpose, unit, words_at
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.geography import Geography
from steppe.population.pool import Pool

prange = range
Ints = NDArray[np.int64]

_TIE = int(Purpose.TIE) << 16


class TieRule(NamedTuple):
    """Slots inside the cell, shares, and the geography ties are drawn on."""

    near: int
    far_share: float
    homophily: float
    place_start: Ints
    address: Ints
    group_start: Ints
    cell_start: Ints
    threshold: Ints


def tie_rule(geography: Geography, p: PopulationParameters) -> TieRule:
    """Return the rule of ties of a geography; near ties are rounded to whole slots."""
    return TieRule(
        int(p.ties * p.ties_near + 0.5),
        p.ties_far,
        p.homophily,
        geography.place_start,
        geography.address,
        np.ascontiguousarray(geography.group_start),
        geography.cell_start,
        geography.tie_threshold,
    )


def choose_place(thresholds: Ints, here: int, word: int) -> int:
    """Return the place that ``word`` chooses by gravity from ``here`` (first with w < limit)."""
    low = 0
    high = thresholds.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if word < thresholds[here, middle]:
            high = middle
        else:
            low = middle + 1
    return low


def pick(low: int, high: int, word: int) -> int:
    """Return the number in [low, high) that a 32-bit ``word`` chooses, each equally likely."""
    return low + ((word * (high - low)) >> 32)


def tie(rule: TieRule, number: int, slot: int, place: int, group: int, key0: int, key1: int) -> int:
    """Return the number of the citizen heard from through ``slot``.

    The first slots lie inside the cell; of the rest a share leads to another place by gravity,
    the others stay in the place. Inside the place a share is sought within the own group.
    """
    start = rule.place_start[place]
    who = int(rule.address[place] + number - start)
    w_far, w_place, w_kin, w_who = words_at(who, 0, _TIE | slot, key0, key1)
    if slot >= rule.near and unit(w_far) < rule.far_share:
        there = choose_place(rule.threshold, place, w_place)
        return pick(rule.place_start[there], rule.place_start[there + 1], w_who)
    low = start
    high = rule.place_start[place + 1]
    if unit(w_kin) < rule.homophily:
        low = rule.group_start[place, group]
        high = rule.group_start[place, group + 1]
    if slot >= rule.near:
        return pick(low, high, w_who)
    cells = rule.cell_start[place + 1] - rule.cell_start[place]
    cell = (number - start) % cells
    first = (low - start - cell + cells - 1) // cells
    last = (high - start - cell + cells - 1) // cells
    if last <= first:
        first = 0
        last = (rule.place_start[place + 1] - start - cell + cells - 1) // cells
    return int(start + pick(first, last, w_who) * cells + cell)


def find(numbers: Ints, number: int) -> int:
    """Return the row of ``number`` in the sorted ``numbers``, or -1."""
    low = 0
    high = len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < number:
            low = middle + 1
        else:
            high = middle
    if low < len(numbers) and numbers[low] == number:
        return low
    return -1


def mark_members(number: Ints, bitmap: NDArray[np.uint8]) -> None:
    """Set the bit of every member in ``bitmap`` (uint8, eight agents a byte)."""
    for i in range(len(number)):
        bitmap[number[i] >> 3] |= 1 << (number[i] & 7)


def heard_members(
    rule: TieRule,
    first: Ints,
    number: Ints,
    group: NDArray[np.uint8],
    slots: int,
    bitmap: NDArray[np.uint8],
    key0: int,
    key1: int,
    heard: NDArray[np.int32],
) -> None:
    """Write the row of the member heard through each slot, -1 if nobody in the pool."""
    for place in prange(len(first) - 1):
        for i in range(first[place], first[place + 1]):
            for slot in range(slots):
                other = tie(rule, number[i], slot, place, group[i], key0, key1)
                row = -1
                if (bitmap[other >> 3] >> (other & 7)) & 1:
                    row = find(number, other)
                    if row == i:
                        row = -1
                heard[i, slot] = row


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties inside the pool: ``listeners[first[j]:first[j+1]]`` hear from member j.

    A citizen tied twice to one person is listed twice. ``slots`` is the number of ties of each.
    """

    first: Ints
    listeners: NDArray[np.int32]
    slots: int


def no_ties(members: int) -> Ties:
    """Return the ties of people who hear from nobody personally."""
    return Ties(np.zeros(members + 1, dtype=np.int64), np.zeros(0, dtype=np.int32), 0)


def build_ties(
    geography: Geography, pool: Pool, p: PopulationParameters, key: tuple[int, int]
) -> Ties:
    """Find all ties between members of the pool."""
    slots = int(p.ties)
    bitmap = np.zeros(geography.agents // 8 + 1, dtype=np.uint8)
    compiled(mark_members)(pool.number, bitmap)
    heard = np.empty((len(pool), slots), dtype=np.int32)
    compiled(heard_members, parallel=True)(
        tie_rule(geography, p), pool.first, pool.number, pool.group, slots, bitmap, *key, heard
    )
    listener, slot = np.nonzero(heard >= 0)
    source = heard[listener, slot]
    order = np.argsort(source, kind="stable")
    counts = np.bincount(source, minlength=len(pool))
    first = np.append(0, np.cumsum(counts)).astype(np.int64)
    return Ties(first, listener[order].astype(np.int32), slots)
