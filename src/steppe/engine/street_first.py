"""The street by hazards: who goes first, and who goes along, each by random numbers of his own.

The name ``willing`` stands for the rule that the plan names.
"""

from __future__ import annotations

from steppe.core.random import Purpose, unit, words_at
from steppe.core.response import log
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_lists import take_to_street
from steppe.engine.street_types import BLOCK, Scene, words_of
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET
from steppe.model.mechanisms.street import hardship
from steppe.model.mechanisms.willingness import willing

_FIRST_MOVE = int(Purpose.FIRST_MOVE) << 16
_GROUP = int(Purpose.GROUP) << 16


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


def mark_companions(scene: Scene, citizens: Citizens, low: int, high: int) -> int:
    """Mark in a block the quiet who are willing to go along with who goes first; vector code.

    Each of them is willing or not by a random number of his own. Returns how many they are.
    """
    here, changes = slice(low, high), citizens.change[: high - low]
    address, states, marks = citizens.address[here], citizens.state[here], citizens.mark[here]
    latent, exposure = citizens.hardship[here], citizens.exposure[here]
    deprivation = citizens.deprivation[here]
    total = 0
    for n in range(len(address)):
        own = hardship(scene.here, latent[n], exposure[n], deprivation[n])
        word = words_of(scene.at, address[n], _GROUP)[0]
        comes = unit(word) < willing(scene.p.willingness, scene.here, own)
        changes[n] = comes & (states[n] == QUIET) & (marks[n] > scene.integral)
        total += changes[n]
    return total


def take_along(
    scene: Scene, citizens: Citizens, counts: Counts, rows: tuple[int, int], left: int
) -> int:
    """Let up to ``left`` of the willing in ``rows`` go along, by number; return who is missing."""
    begin, last = rows
    while begin < last and left > 0:
        end = min(begin + BLOCK // 4, last)
        if mark_companions(scene, citizens, begin, end) > 0:
            for j in range(begin, end):
                if left > 0 and citizens.change[j - begin] == 1:
                    take_to_street(scene, citizens, counts, j, PEACEFUL)
                    left -= 1
        begin = end
    return left


def go_first(scene: Scene, citizens: Citizens, counts: Counts, i: int) -> None:
    """Let a citizen go first, with the next quiet and willing citizens of his place by number.

    The search goes once round the pool of the place at most, so a group can be smaller than its
    size.
    """
    first, end = citizens.first[scene.place], citizens.first[scene.place + 1]
    at, who, outings = scene.at, citizens.address[i], citizens.outings[i]
    left = group_size(scene.p.group, who, outings, at.key0, at.key1) - 1
    take_to_street(scene, citizens, counts, i, PEACEFUL)
    left = take_along(scene, citizens, counts, (i + 1, end), left)
    take_along(scene, citizens, counts, (first, i), left)
