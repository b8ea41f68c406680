"""The street by hazards: who goes first takes others along, each by a random number of his own.

The name ``willing`` stands for the rule that the plan names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steppe.core.random import Purpose, unit
from steppe.engine.street_lists import take_to_street
from steppe.engine.street_marks import group_size
from steppe.engine.street_types import BLOCK, Scene, words_of
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET
from steppe.model.mechanisms.street import hardship
from steppe.model.mechanisms.willingness import willing

if TYPE_CHECKING:
    from steppe.engine.citizen_loops import Citizens, Counts

_GROUP = int(Purpose.GROUP) << 16


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
    scene: Scene, citizens: Citizens, counts: Counts, rows: tuple[int, int], missing: int
) -> int:
    """Let ``missing`` of the willing in ``rows`` go along, by number; return how many still are."""
    begin, last = rows
    while begin < last and missing > 0:
        end = min(begin + BLOCK // 4, last)
        if mark_companions(scene, citizens, begin, end) > 0:
            for j in range(begin, end):
                if missing > 0 and citizens.change[j - begin] == 1:
                    take_to_street(scene, citizens, counts, j, PEACEFUL)
                    missing -= 1
        begin = end
    return missing


def go_first(scene: Scene, citizens: Citizens, counts: Counts, i: int) -> None:
    """Let a citizen go first, with the next quiet and willing citizens of his place by number.

    The search goes once round the pool of the place at most, so a group can be smaller than its
    size.
    """
    first, end = citizens.first[scene.place], citizens.first[scene.place + 1]
    at, who, outings = scene.at, citizens.address[i], citizens.outings[i]
    missing = group_size(scene.p.group, who, outings, at.key0, at.key1) - 1
    take_to_street(scene, citizens, counts, i, PEACEFUL)
    missing = take_along(scene, citizens, counts, (i + 1, end), missing)
    take_along(scene, citizens, counts, (first, i), missing)
