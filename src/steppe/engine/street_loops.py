"""The street by hazards: the loops over citizens, where something happens to few of them.

Written in plain Python over arrays; ``core.compile`` turns the same text into machine code. A
place costs one comparison an hour while nobody there is out or at rest and nobody goes first. The
work follows events, and so little of it is left that threads would not make it faster.

The names ``willing``, ``join_hazard``, ``leave_hazard``, ``violence_hazard`` and ``loot_hazard``
stand for the rules that the plan names.
"""

from __future__ import annotations

from steppe.core.random import Purpose, unit, words_at
from steppe.core.response import log
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_types import (
    HourAddress,
    Scene,
    StreetParameters,
    Streets,
    here_of,
    is_at_large,
    words_of,
)
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    RESTING,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
)
from steppe.model.mechanisms.joining import join_hazard
from steppe.model.mechanisms.leaving import hours_of_rest, leave_hazard
from steppe.model.mechanisms.looting import loot_hazard
from steppe.model.mechanisms.street import chance, hardship
from steppe.model.mechanisms.violence import violence_hazard
from steppe.model.mechanisms.willingness import willing

_DECISION = int(Purpose.DECISION) << 16
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


def is_idle(citizens: Citizens, streets: Streets, place: int) -> bool:
    """Return whether nothing can happen in a place this hour."""
    if citizens.busy[place] > 0 or streets.integral[place] >= citizens.next_mark[place]:
        return False
    return bool(citizens.at_large[place] == 0 or streets.round_up[place] <= 0.0)


def willing_of(scene: Scene, citizens: Citizens, i: int) -> float:
    """Return how willing citizen ``i`` of the pool is to stand in the crowd of his place."""
    here = scene.here
    own = hardship(here, citizens.hardship[i], citizens.exposure[i], citizens.deprivation[i])
    return willing(scene.p.willingness, here, own)


def take_to_street(citizens: Citizens, counts: Counts, place: int, i: int, action: int) -> None:
    """Let a quiet citizen begin ``action``."""
    counts.transitions[place, QUIET, action] += 1
    counts.joined[place] += 1
    citizens.state[i] = action
    citizens.took_part[i] = 1


def most_drawn_in(scene: Scene) -> float:
    """Return an upper bound of the hazard with which a citizen of the place joins or loots."""
    p, here = scene.p, scene.here
    join = join_hazard(p.joining, here, 1.0) if here.crowd > 0.0 else 0.0
    loot = loot_hazard(p.looting, here, 0.0) if here.cover > 0.0 else 0.0
    return join + loot


def draw_in(scene: Scene, citizens: Citizens, counts: Counts, place: int, i: int) -> None:
    """Let a quiet citizen join the crowd, or loot: competing hazards, one random number."""
    p, here = scene.p, scene.here
    mark = unit(words_of(scene.at, citizens.address[i], _DECISION)[0])
    if mark >= scene.most:
        return
    join = 0.0
    if here.crowd > 0.0:
        join = join_hazard(p.joining, here, willing_of(scene, citizens, i))
    loot = 0.0
    if here.cover > 0.0:
        loot = loot_hazard(p.looting, here, citizens.rank[i])
    both = join + loot
    if both <= 0.0:
        return
    happens = chance(both)
    if mark < happens * (join / both):
        take_to_street(citizens, counts, place, i, PEACEFUL)
    elif mark < happens:
        take_to_street(citizens, counts, place, i, LOOTING)


def stay_or_leave(scene: Scene, citizens: Citizens, counts: Counts, place: int, i: int) -> None:
    """Let a citizen on the street go home, or else turn violent."""
    p, here = scene.p, scene.here
    words = words_of(scene.at, citizens.address[i], _DECISION)
    state = int(citizens.state[i])
    inclined = here.cover if state == LOOTING else willing_of(scene, citizens, i)
    if unit(words[0]) < chance(leave_hazard(p.leaving, here, inclined)):
        counts.transitions[place, state, QUIET] += 1
        if unit(words[2]) < p.leaving.last:
            citizens.state[i] = WITHDRAWN
            return
        citizens.state[i] = RESTING
        citizens.timer[i] = hours_of_rest(p.leaving, unit(words[3]))
        return
    turns = chance(violence_hazard(p.violence, here, inclined)) if state == PEACEFUL else 0.0
    if unit(words[1]) < turns:
        counts.transitions[place, PEACEFUL, VIOLENT] += 1
        citizens.state[i] = VIOLENT


def come_back(at: HourAddress, citizens: Citizens, i: int, integral: float) -> None:
    """Count down rest, detention or recovery; who comes back is quiet, with a new mark.

    Who was in detention stays at home for good.
    """
    citizens.timer[i] -= 1
    if citizens.timer[i] > 0:
        return
    if citizens.state[i] == DETAINED:
        citizens.state[i] = WITHDRAWN
    else:
        citizens.state[i] = QUIET
        citizens.outings[i] += 1
        gap = first_move_gap(citizens.address[i], citizens.outings[i], at.key0, at.key1)
        citizens.mark[i] = integral + gap


def go_first(
    scene: Scene, citizens: Citizens, counts: Counts, place: int, i: int, integral: float
) -> None:
    """Let a citizen go first, with the next quiet and willing citizens of his place by number.

    Each of them is willing or not by a random number of his own. The search goes once round the
    pool of the place at most, so a group can be smaller than its size.
    """
    first, last = citizens.first[place], citizens.first[place + 1]
    at = scene.at
    who, outings = citizens.address[i], citizens.outings[i]
    left = group_size(scene.p.group, who, outings, at.key0, at.key1) - 1
    take_to_street(citizens, counts, place, i, PEACEFUL)
    j = i
    while left > 0:
        j = j + 1 if j + 1 < last else first
        if j == i:
            return
        if citizens.state[j] != QUIET or citizens.mark[j] <= integral:
            continue
        word = words_of(scene.at, citizens.address[j], _GROUP)[0]
        if unit(word) < willing_of(scene, citizens, j):
            take_to_street(citizens, counts, place, j, PEACEFUL)
            left -= 1


def live_place(
    scene: Scene, citizens: Citizens, streets: Streets, counts: Counts, place: int
) -> None:
    """Let the citizens of one place join, leave, turn violent and go first."""
    counts.joined[place] = 0
    counts.arrests[place] = 0
    counts.woundings[place] = 0
    counts.deaths[place] = 0
    for a in range(4):
        for b in range(4):
            counts.transitions[place, a, b] = 0
    citizens.idle[place] = 1 if is_idle(citizens, streets, place) else 0
    if citizens.idle[place] == 1:
        return
    integral = streets.integral[place]
    most = chance(most_drawn_in(scene))
    scene = Scene(scene.p, scene.here, scene.at, most)
    starters = 0
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = int(citizens.state[i])
        if state == QUIET:
            if citizens.mark[i] <= integral:
                starters += 1
            elif most > 0.0:
                draw_in(scene, citizens, counts, place, i)
        elif state <= LOOTING:
            stay_or_leave(scene, citizens, counts, place, i)
        elif state != DEAD and state != WITHDRAWN:
            come_back(scene.at, citizens, i, integral)
    if starters == 0:
        return
    for i in range(citizens.first[place], citizens.first[place + 1]):
        if citizens.state[i] == QUIET and citizens.mark[i] <= integral:
            go_first(scene, citizens, counts, place, i, integral)


def live_all(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let an hour pass for the citizens of every place; all read the last hour's counts."""
    for place in range(len(citizens.first) - 1):
        live_place(Scene(p, here_of(streets, place), at, 1.0), citizens, streets, counts, place)


def tally_place(citizens: Citizens, counts: Counts, place: int) -> None:
    """Count the citizens of one place by state, and keep what decides whether it is idle."""
    by_state = [0] * (WITHDRAWN + 1)
    at_large = 0
    next_mark = 1e300
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = int(citizens.state[i])
        by_state[state] += 1
        if state == QUIET:
            next_mark = min(next_mark, citizens.mark[i])
        if citizens.took_part[i] == 1 and is_at_large(state):
            at_large += 1
    counts.peaceful[place] = by_state[PEACEFUL]
    counts.violent[place] = by_state[VIOLENT]
    counts.looting[place] = by_state[LOOTING]
    counts.detained[place] = by_state[DETAINED]
    counts.wounded[place] = by_state[WOUNDED]
    counts.dead[place] = by_state[DEAD]
    members = citizens.first[place + 1] - citizens.first[place]
    citizens.busy[place] = members - by_state[QUIET] - by_state[WITHDRAWN] - by_state[DEAD]
    citizens.at_large[place] = at_large
    citizens.next_mark[place] = next_mark


def tally_all(citizens: Citizens, counts: Counts) -> None:
    """Count the citizens of every place where anything can have happened."""
    for place in range(len(citizens.first) - 1):
        if citizens.idle[place] == 0:
            tally_place(citizens, counts, place)
