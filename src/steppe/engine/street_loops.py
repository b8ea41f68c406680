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

MAY_COME, OUT, AWAY = range(3)
"""Rows of ``Citizens.lists``."""


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


def draw_words(citizens: Citizens, at: HourAddress, place: int, purpose: int) -> None:
    """Draw a random word for each citizen of a place, in a loop that becomes vector code."""
    address = citizens.address[citizens.first[place] : citizens.first[place + 1]]
    word = citizens.word[citizens.first[place] : citizens.first[place + 1]]
    for i in range(len(address)):
        word[i] = words_of(at, address[i], purpose)[0]


def draw_in(scene: Scene, citizens: Citizens, i: int) -> int:
    """Return what a quiet citizen begins: to join the crowd, to loot or, by ``QUIET``, nothing.

    Competing hazards, one random number.
    """
    p, here = scene.p, scene.here
    mark = unit(citizens.word[i])
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


def stay_or_leave(scene: Scene, citizens: Citizens, i: int) -> tuple[int, int]:
    """Return the state of a citizen on the street after this hour, and his hours of rest if any.

    He goes home, or else may turn violent.
    """
    p, here = scene.p, scene.here
    words = words_of(scene.at, citizens.address[i], _DECISION)
    state = int(citizens.state[i])
    inclined = here.cover if state == LOOTING else willing_of(scene, citizens, i)
    hours = 0
    if unit(words[0]) < chance(leave_hazard(p.leaving, here, inclined)):
        state = WITHDRAWN if unit(words[2]) < p.leaving.last else RESTING
        hours = hours_of_rest(p.leaving, unit(words[3])) if state == RESTING else 0
    elif state == PEACEFUL and unit(words[1]) < chance(violence_hazard(p.violence, here, inclined)):
        state = VIOLENT
    return state, hours


def come_back(at: HourAddress, citizens: Citizens, i: int, integral: float) -> None:
    """Let a citizen whose time is over come back: quiet with a new mark, from custody for good."""
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


def begin_hour(counts: Counts, place: int) -> None:
    """Set the counts of what happens in an hour to 0."""
    counts.joined[place] = 0
    counts.arrests[place] = 0
    counts.woundings[place] = 0
    counts.deaths[place] = 0
    for a in range(4):
        for b in range(4):
            counts.transitions[place, a, b] = 0


def live_place(
    scene: Scene, citizens: Citizens, streets: Streets, counts: Counts, place: int
) -> None:
    """Let the citizens of one place join, leave, turn violent and go first."""
    begin_hour(counts, place)
    citizens.idle[place] = 1 if is_idle(citizens, streets, place) else 0
    if citizens.idle[place] == 1:
        return
    integral = streets.integral[place]
    most = chance(most_drawn_in(scene))
    scene = Scene(scene.p, scene.here, scene.at, most)
    if most > 0.0:
        draw_words(citizens, scene.at, place, _DECISION)
    begin = citizens.first[place]
    quiet, out, away = list_citizens(citizens, place, integral, most)
    starters = 0
    for n in range(begin, begin + quiet):
        i = citizens.lists[MAY_COME, n]
        if citizens.mark[i] <= integral:
            starters += 1
        else:
            action = draw_in(scene, citizens, i)
            if action != QUIET:
                take_to_street(citizens, counts, place, i, action)
    for n in range(begin, begin + out):
        i = citizens.lists[OUT, n]
        before = int(citizens.state[i])
        after, hours = stay_or_leave(scene, citizens, i)
        if after != before:
            counts.transitions[place, before, VIOLENT if after == VIOLENT else QUIET] += 1
            citizens.state[i] = after
        if after == RESTING:
            citizens.timer[i] = hours
    for n in range(begin, begin + away):
        i = citizens.lists[AWAY, n]
        citizens.timer[i] -= 1
        if citizens.timer[i] <= 0:
            come_back(scene.at, citizens, i, integral)
    if starters == 0:
        return
    for n in range(begin, begin + quiet):
        i = citizens.lists[MAY_COME, n]
        if citizens.state[i] == QUIET and citizens.mark[i] <= integral:
            go_first(scene, citizens, counts, place, i, integral)


def list_citizens(
    citizens: Citizens, place: int, integral: float, most: float
) -> tuple[int, int, int]:
    """List the quiet who may come, those out and those away; return how many each list has.

    A chance below ``most`` or a mark that is reached is needed to come; a branch for each citizen
    would cost more than all else, so rows are written in any case and kept where they apply.
    """
    begin, end = citizens.first[place], citizens.first[place + 1]
    states, marks, words = (
        citizens.state[begin:end],
        citizens.mark[begin:end],
        citizens.word[begin:end],
    )
    may_come = citizens.lists[MAY_COME, begin:end]
    on_street, elsewhere = citizens.lists[OUT, begin:end], citizens.lists[AWAY, begin:end]
    quiet = out = away = 0
    for i in range(len(states)):
        state = states[i]
        may_come[quiet] = on_street[out] = elsewhere[away] = begin + i
        comes = (marks[i] <= integral) | (unit(words[i]) < most)
        quiet += (state == QUIET) & comes
        out += (state >= PEACEFUL) & (state <= LOOTING)
        away += (state > LOOTING) & (state != DEAD) & (state != WITHDRAWN)
    return quiet, out, away


def live_all(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let an hour pass for the citizens of every place; all read the last hour's counts."""
    for place in range(len(citizens.first) - 1):
        live_place(Scene(p, here_of(streets, place), at, 1.0), citizens, streets, counts, place)
