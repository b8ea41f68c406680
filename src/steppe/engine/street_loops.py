"""The street by hazards: the loops over citizens, where something happens to few of them.

Written in plain Python over arrays; ``core.compile`` turns the same text into machine code. A
place costs one comparison an hour while nobody there is out or at rest and nobody goes first. The
work follows events, and so little of it is left that threads would not make it faster.

The names ``willing``, ``join_hazard``, ``leave_hazard``, ``violence_hazard`` and ``loot_hazard``
stand for the rules that the plan names.
"""

from __future__ import annotations

from steppe.core.random import Purpose, unit
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_first import go_first
from steppe.engine.street_lists import (
    AWAY,
    FIRST,
    OUT,
    enlist,
    list_first,
    strike_off,
    take_to_street,
)
from steppe.engine.street_marks import first_move_gap
from steppe.engine.street_types import (
    BLOCK,
    Scene,
    words_of,
)
from steppe.model.mechanisms.crowd import (
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    RESTING,
    VIOLENT,
    WITHDRAWN,
)
from steppe.model.mechanisms.joining import join_hazard
from steppe.model.mechanisms.leaving import hours_of_rest, leave_hazard
from steppe.model.mechanisms.looting import loot_hazard
from steppe.model.mechanisms.street import chance, hardship
from steppe.model.mechanisms.violence import violence_hazard
from steppe.model.mechanisms.willingness import willing

_DECISION = int(Purpose.DECISION) << 16

STAYS, LEAVES, TURNS = range(3)
"""What a citizen on the street does in an hour: nothing, go home, turn violent."""


def is_idle(scene: Scene, citizens: Citizens, round_up: float) -> bool:
    """Return whether nothing can happen in a place this hour."""
    place = scene.place
    if citizens.out[place] + citizens.away[place] > 0:
        return False
    if scene.integral >= citizens.next_mark[place]:
        return False
    return bool(citizens.at_large[place] == 0 or round_up <= 0.0)


def willing_of(scene: Scene, citizens: Citizens, i: int) -> float:
    """Return how willing citizen ``i`` of the pool is to stand in the crowd of his place."""
    here = scene.here
    own = hardship(here, citizens.hardship[i], citizens.exposure[i], citizens.deprivation[i])
    return willing(scene.p.willingness, here, own)


def most_drawn_in(scene: Scene) -> float:
    """Return an upper bound of the hazard with which a citizen of the place joins or loots."""
    p, here = scene.p, scene.here
    join = join_hazard(p.joining, here, 1.0) if here.crowd > 0.0 else 0.0
    loot = loot_hazard(p.looting, here, 0.0) if here.cover > 0.0 else 0.0
    return join + loot


def draw_in(scene: Scene, citizens: Citizens, i: int) -> int:
    """Return what a quiet citizen begins: to join the crowd, to loot or, by ``QUIET``, nothing.

    Competing hazards, one random number.
    """
    p, here = scene.p, scene.here
    mark = unit(words_of(scene.at, citizens.address[i], _DECISION)[0])
    join = 0.0
    if here.crowd > 0.0:
        join = join_hazard(p.joining, here, willing_of(scene, citizens, i))
    loot = 0.0
    if here.cover > 0.0:
        loot = loot_hazard(p.looting, here, citizens.rank[i])
    both = join + loot
    if both <= 0.0 or mark >= chance(both):
        return QUIET
    return PEACEFUL if mark < chance(both) * (join / both) else LOOTING


def mark_may_come(scene: Scene, citizens: Citizens, low: int, high: int, most: float) -> int:
    """Mark in a block the quiet with a random number below ``most``; return how many they are.

    Nearly all citizens are only looked at here, in a loop that becomes vector code.
    """
    address, states = citizens.address[low:high], citizens.state[low:high]
    changes = citizens.change[: high - low]
    total = 0
    for n in range(len(address)):
        below = unit(words_of(scene.at, address[n], _DECISION)[0]) < most
        changes[n] = below & (states[n] == QUIET)
        total += changes[n]
    return total


def draw_in_all(scene: Scene, citizens: Citizens, counts: Counts, starters: int) -> None:
    """Let the quiet of a place join or loot, but for the ``starters``, who go first.

    A citizen whose random number is above what the highest hazard in the place asks for stays
    quiet without further computation, so no rule of joining may fall as willingness rises.
    """
    most = chance(most_drawn_in(scene))
    if most <= 0.0:
        return
    end = citizens.first[scene.place + 1]
    for low in range(citizens.first[scene.place], end, BLOCK):
        high = min(low + BLOCK, end)
        if mark_may_come(scene, citizens, low, high, most) == 0:
            continue
        for i in range(low, high):
            if citizens.change[i - low] == 1 and (
                starters == 0 or citizens.mark[i] > scene.integral
            ):
                action = draw_in(scene, citizens, i)
                if action != QUIET:
                    take_to_street(scene, citizens, counts, i, action)


def stay_or_leave(scene: Scene, state: int, own: float, words: tuple[int, int, int, int]) -> int:
    """Return what a citizen on the street in ``state`` with hardship ``own`` does this hour.

    He goes home, or else may turn violent.
    """
    p, here = scene.p, scene.here
    inclined = here.cover if state == LOOTING else willing(p.willingness, here, own)
    leaves = unit(words[0]) < chance(leave_hazard(p.leaving, here, inclined))
    turns = unit(words[1]) < chance(violence_hazard(p.violence, here, inclined))
    change = TURNS if (state == PEACEFUL) & turns else STAYS
    return LEAVES if leaves else change


def mark_changes(scene: Scene, citizens: Citizens, low: int, high: int) -> None:
    """Mark what a block of those on the street does: gathered first, then in vector code."""
    rows, size = citizens.lists[OUT, low:high], high - low
    address, states = citizens.block_address[:size], citizens.block_state[:size]
    latent, exposure = citizens.block_hardship[:size], citizens.block_exposure[:size]
    deprivation, changes = citizens.block_deprivation[:size], citizens.change[:size]
    for n in range(len(rows)):
        i = rows[n]
        address[n], states[n] = citizens.address[i], citizens.state[i]
        latent[n], exposure[n] = citizens.hardship[i], citizens.exposure[i]
        deprivation[n] = citizens.deprivation[i]
    for n in range(len(address)):
        own = hardship(scene.here, latent[n], exposure[n], deprivation[n])
        words = words_of(scene.at, address[n], _DECISION)
        changes[n] = stay_or_leave(scene, states[n], own, words)


def leave_all(scene: Scene, citizens: Citizens, counts: Counts, out: int) -> None:
    """Let the first ``out`` on the street of a place go home or turn violent, the last first."""
    begin, high = citizens.first[scene.place], out
    while high > 0:
        low = max(high - BLOCK, 0)
        mark_changes(scene, citizens, begin + low, begin + high)
        for n in range(high - 1, low - 1, -1):
            change = citizens.change[n - low]
            if change == LEAVES:
                go_home(scene, citizens, counts, n)
            elif change == TURNS:
                counts.transitions[scene.place, PEACEFUL, VIOLENT] += 1
                citizens.state[citizens.lists[OUT, begin + n]] = VIOLENT
        high = low


def go_home(scene: Scene, citizens: Citizens, counts: Counts, rank: int) -> None:
    """Let a citizen on the street go home, for good or for some hours of rest."""
    place = scene.place
    p, i = scene.p.leaving, citizens.lists[OUT, citizens.first[place] + rank]
    words = words_of(scene.at, citizens.address[i], _DECISION)
    counts.transitions[place, citizens.state[i], QUIET] += 1
    strike_off(citizens, citizens.out, OUT, place, rank)
    if unit(words[2]) < p.last:
        citizens.state[i] = WITHDRAWN
        return
    citizens.state[i] = RESTING
    citizens.timer[i] = hours_of_rest(p, unit(words[3]))
    enlist(citizens, citizens.away, AWAY, place, i)


def come_back(scene: Scene, citizens: Citizens, i: int) -> None:
    """Let a citizen whose time is over come back: quiet with a new mark, from custody for good."""
    at, place = scene.at, scene.place
    if citizens.state[i] == DETAINED:
        citizens.state[i] = WITHDRAWN
    else:
        citizens.state[i] = QUIET
        citizens.outings[i] += 1
        gap = first_move_gap(citizens.address[i], citizens.outings[i], at.key0, at.key1)
        citizens.mark[i] = scene.integral + gap
        citizens.next_mark[place] = min(citizens.next_mark[place], citizens.mark[i])


def come_back_all(scene: Scene, citizens: Citizens) -> None:
    """Count an hour off the time of those away, and let come back whose time is over."""
    begin = citizens.first[scene.place]
    for rank in range(citizens.away[scene.place] - 1, -1, -1):
        i = citizens.lists[AWAY, begin + rank]
        citizens.timer[i] -= 1
        if citizens.timer[i] <= 0:
            come_back(scene, citizens, i)
            strike_off(citizens, citizens.away, AWAY, scene.place, rank)


def begin_hour(counts: Counts, place: int) -> None:
    """Set the counts of what happens in an hour to 0."""
    counts.joined[place] = 0
    counts.arrests[place] = 0
    counts.woundings[place] = 0
    counts.deaths[place] = 0
    for a in range(4):
        for b in range(4):
            counts.transitions[place, a, b] = 0


def live_place(scene: Scene, citizens: Citizens, counts: Counts, round_up: float) -> None:
    """Let the citizens of one place join, leave, turn violent and go first.

    Each does one of these: who is drawn in was quiet when the hour began, and stands in the list
    behind those who may leave.
    """
    place = scene.place
    begin_hour(counts, place)
    citizens.idle[place] = 1 if is_idle(scene, citizens, round_up) else 0
    if citizens.idle[place] == 1:
        return
    starters, out = 0, citizens.out[place]
    if scene.integral >= citizens.next_mark[place]:
        starters = list_first(citizens, place, scene.integral)
    draw_in_all(scene, citizens, counts, starters)
    come_back_all(scene, citizens)
    leave_all(scene, citizens, counts, out)
    for n in range(citizens.first[place], citizens.first[place] + starters):
        go_first(scene, citizens, counts, citizens.lists[FIRST, n])
