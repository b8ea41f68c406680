"""The members of the mobilisable pool: the citizens whose random word is below a limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.random import Purpose, words_at

prange = range
Ints = NDArray[np.int64]

_POOL = int(Purpose.POOL) << 16
_BLOCK = 4096


def fill_pool(
    who: Ints,
    limits: Ints,
    key0: int,
    key1: int,
    room: Ints,
    sizes: Ints,
    address: Ints,
    cohort: NDArray[np.uint8],
) -> None:
    """Write the addresses and cohorts of the members of each place, in order, from ``room`` on.

    A word below its limit is a member; ``who`` (places, cohorts + 1) is the address of the first
    citizen of each cohort. Words are drawn by the block, in a loop that becomes vector code.
    ``sizes`` counts all members, also those for whom there is no room (places + 1).
    """
    for place in prange(who.shape[0]):
        slot, end = room[place], room[place + 1]
        words = np.empty(_BLOCK, dtype=np.uint32)
        for c in range(limits.shape[1]):
            limit = limits[place, c]
            if limit == 0:
                continue
            for start in range(who[place, c], who[place, c + 1], _BLOCK):
                size = min(who[place, c + 1] - start, _BLOCK)
                for i in range(size):
                    words[i] = words_at(start + i, 0, _POOL, key0, key1)[0]
                for i in range(size):
                    if words[i] < limit:
                        if slot < end:
                            address[slot] = start + i
                            cohort[slot] = c
                        slot += 1
        sizes[place] = slot - room[place]


def members(who: Ints, limits: Ints, key: tuple[int, int]) -> tuple[Ints, Ints, NDArray[np.uint8]]:
    """Return how many members each place has, and the address and cohort of each member, in order.

    Room is made for as many as there will hardly ever be; once more where it was too little.
    """
    mean = (np.diff(who, axis=1) * (limits / 4294967296.0)).sum(axis=1)
    room = np.ceil(mean + 8.0 * np.sqrt(mean) + 32.0).astype(np.int64)
    sizes = np.zeros(len(who), dtype=np.int64)
    while True:
        begin = np.append(0, np.cumsum(room)).astype(np.int64)
        address = np.empty(int(begin[-1]), dtype=np.int64)
        cohort = np.empty(len(address), dtype=np.uint8)
        compiled(fill_pool, parallel=True)(who, limits, *key, begin, sizes, address, cohort)
        if bool((sizes <= room).all()):
            break
        room = sizes.copy()
    is_member = np.arange(len(address)) - np.repeat(begin[:-1], room) < np.repeat(sizes, room)
    return sizes, address[is_member], cohort[is_member]
