"""The street by hazards: citizens meet officers, and those who took part are arrested later.

The name ``contact_hazards`` stands for the rule that the plan names.
"""

from __future__ import annotations

import numpy as np

from steppe.core.random import Purpose, unit
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_lists import (
    AWAY,
    OUT,
    SUSPECTS,
    drop_from_street,
    drop_from_suspects,
    enlist,
    is_away,
    is_out,
    strike_off,
    strike_off_suspect,
)
from steppe.engine.street_types import (
    BLOCK,
    Scene,
    is_at_large,
    words_of,
)
from steppe.model.mechanisms.contact import hours_out
from steppe.model.mechanisms.contact_by_order import contact_hazards
from steppe.model.mechanisms.crowd import DEAD, DETAINED, LOOTING, PEACEFUL, VIOLENT, WOUNDED
from steppe.model.mechanisms.street import chance

_CONTACT = int(Purpose.CONTACT) << 16
_ROUND_UP = int(Purpose.ROUND_UP) << 16

Bounds = tuple[float, float, float]
"""Below the first a random number means death, below the next a wound, below the last arrest."""


def strike(scene: Scene, citizens: Citizens, counts: Counts, i: int, fate: int) -> None:
    """Let a citizen be killed, wounded or arrested; he is put on the list of those away."""
    before, place = citizens.state[i], scene.place
    citizens.state[i] = fate
    if fate == DEAD:
        counts.deaths[place] += 1
        return
    if fate == WOUNDED:
        counts.woundings[place] += 1
    else:
        counts.arrests[place] += 1
        citizens.took_part[i] = 0
    words = words_of(scene.at, citizens.address[i], _CONTACT)
    citizens.timer[i] = hours_out(scene.p.contact, fate, unit(words[1]))
    if not is_away(before):
        enlist(citizens, citizens.away, AWAY, place, i)


def bounds_of(scene: Scene, state: int) -> Bounds:
    """Return the bounds of a random number for an hour on the street in ``state``.

    The hazards (death, wound, arrest) compete: share = (1 - e^-total)/total of each comes true.
    """
    death, wound, arrest = contact_hazards(scene.p.contact, scene.here, state)
    total = death + wound + arrest
    if total <= 0.0:
        return 0.0, 0.0, 0.0
    share = chance(total) / total
    return share * death, share * (death + wound), share * total


def fate_of(bounds: Bounds, state: int, u: float) -> int:
    """Return the state of a citizen in ``state`` after an hour, by his random number ``u``."""
    death, wound, arrest = bounds
    if u < death:
        return DEAD
    if u < wound:
        return WOUNDED
    return DETAINED if u < arrest else state


def mark_struck(
    scene: Scene, citizens: Citizens, low: int, high: int, most: tuple[float, float, float]
) -> int:
    """Mark whom of a block of those on the street something befalls; return how many they are.

    ``most`` are the bounds for the peaceful, the violent and looters; vector code.
    """
    rows, size = citizens.lists[OUT, low:high], high - low
    address, states = citizens.block_address[:size], citizens.block_state[:size]
    changes = citizens.change[:size]
    for n in range(len(rows)):
        address[n], states[n] = citizens.address[rows[n]], citizens.state[rows[n]]
    peaceful, violent, looting = most
    total = 0
    for n in range(len(address)):
        others = looting if states[n] == LOOTING else peaceful
        bound = violent if states[n] == VIOLENT else others
        changes[n] = unit(words_of(scene.at, address[n], _CONTACT)[0]) < bound
        total += changes[n]
    return total


def meet_officers(scene: Scene, citizens: Citizens, counts: Counts) -> None:
    """Let the citizens on the street of a place meet officers, from the last listed."""
    bounds = bounds_of(scene, PEACEFUL), bounds_of(scene, VIOLENT), bounds_of(scene, LOOTING)
    most = bounds[0][2], bounds[1][2], bounds[2][2]
    if max(most[0], most[1], most[2]) <= 0.0:
        return
    place = scene.place
    begin, high = citizens.first[place], citizens.out[place]
    while high > 0:
        low = max(high - BLOCK, 0)
        struck = mark_struck(scene, citizens, begin + low, begin + high, most)
        for n in range(high - 1, low - 1, -1):
            if struck > 0 and citizens.change[n - low] == 1:
                i = citizens.lists[OUT, begin + n]
                state = int(citizens.state[i])
                u = unit(words_of(scene.at, citizens.address[i], _CONTACT)[0])
                fate = fate_of(bounds[state - PEACEFUL], state, u)
                strike(scene, citizens, counts, i, fate)
                strike_off(citizens, citizens.out, OUT, place, n)
        high = low
    if counts.deaths[place] + counts.arrests[place] > 0:
        drop_from_suspects(citizens, place)


def mark_found(scene: Scene, citizens: Citizens, low: int, high: int, fetched: float) -> int:
    """Mark whom of a block of the wanted a round-up of that chance reaches; vector code."""
    home = citizens.address[low] >> 32
    numbers, changes = citizens.suspects[low:high], citizens.change[: high - low]
    total = 0
    for n in range(len(numbers)):
        who = (home << 32) | np.int64(numbers[n])
        changes[n] = unit(words_of(scene.at, who, _ROUND_UP)[0]) < fetched
        total += changes[n]
    return total


def fetch(scene: Scene, citizens: Citizens, counts: Counts, fetched: float) -> None:
    """Let those who took part and are at large be arrested with a chance, at home or outside."""
    place = scene.place
    begin, high = citizens.first[place], citizens.at_large[place]
    from_street = 0
    while high > 0:
        low = max(high - BLOCK, 0)
        hits = mark_found(scene, citizens, begin + low, begin + high, fetched)
        for n in range(high - 1, low - 1, -1):
            if hits > 0 and citizens.change[n - low] == 1:
                i = citizens.lists[SUSPECTS, begin + n]
                if is_at_large(citizens.state[i]):
                    from_street += is_out(citizens.state[i])
                    strike(scene, citizens, counts, i, DETAINED)
                    strike_off_suspect(citizens, place, n)
        high = low
    if from_street > 0:
        drop_from_street(citizens, place)


def meet_place(scene: Scene, citizens: Citizens, counts: Counts, round_up: float) -> None:
    """Let citizens on the street meet officers, and let those who took part be arrested."""
    if citizens.out[scene.place] > 0:
        meet_officers(scene, citizens, counts)
    fetched = chance(round_up)
    if fetched > 0.0:
        fetch(scene, citizens, counts, fetched)
