"""The street by hazards: when a citizen goes first and with how many, by random numbers of his."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steppe.core.random import Purpose, unit, words_at
from steppe.core.response import log

if TYPE_CHECKING:
    from steppe.engine.citizen_loops import Citizens

_FIRST_MOVE = int(Purpose.FIRST_MOVE) << 16


def first_move_gap(who: int, outings: int, key0: int, key1: int) -> float:
    """Return by how much the integral must grow for a citizen to go first: Exp(1) by address."""
    high, low, _, _ = words_at(who, outings, _FIRST_MOVE, key0, key1)
    return -log(((high << 21) + (low >> 11) + 0.5) * 1.1102230246251565e-16)


def group_size(mean: float, who: int, outings: int, key0: int, key1: int) -> int:
    """Return the size of the group that goes first with a citizen: geometric from 1, ``mean``."""
    if mean <= 1.0:
        return 1
    word = words_at(who, outings, _FIRST_MOVE, key0, key1)[2]
    return 1 + int(log(unit(word)) / log(1.0 - 1.0 / mean))


def set_first_marks(citizens: Citizens, key0: int, key1: int) -> None:
    """Set, for each citizen of the pool, the integral at which he first goes first."""
    for i in range(len(citizens.address)):
        citizens.mark[i] = first_move_gap(citizens.address[i], 0, key0, key1)
