"""The street by hazards: citizens meet officers, and those who took part are arrested later.

The name ``contact_hazards`` stands for the rule that the plan names.
"""

from __future__ import annotations

from typing import Any

from steppe.core.random import Purpose, unit
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_loops import draw_words
from steppe.engine.street_types import (
    HourAddress,
    Scene,
    StreetParameters,
    Streets,
    here_of,
    is_at_large,
    words_of,
)
from steppe.model.mechanisms.contact import hours_out
from steppe.model.mechanisms.contact_by_order import contact_hazards
from steppe.model.mechanisms.crowd import DEAD, DETAINED, LOOTING, PEACEFUL, VIOLENT, WOUNDED
from steppe.model.mechanisms.street import chance

_CONTACT = int(Purpose.CONTACT) << 16
_ROUND_UP = int(Purpose.ROUND_UP) << 16

AT_RISK = 0
"""The row of ``Citizens.lists`` that officers take; joining is done with it by then."""


def strike(citizens: Citizens, counts: Counts, place: int, i: int, fate: int) -> None:
    """Let a citizen be killed, wounded or arrested."""
    citizens.state[i] = fate
    if fate == DEAD:
        counts.deaths[place] += 1
    elif fate == WOUNDED:
        counts.woundings[place] += 1
    else:
        counts.arrests[place] += 1
        citizens.took_part[i] = 0


def fate_of(hazards: Any, state: int, u: float) -> int:
    """Return the state after an hour of exclusive ``hazards`` (death, wound, arrest)."""
    death, wound, arrest = hazards
    total = death + wound + arrest
    if total <= 0.0:
        return state
    share = chance(total) / total
    if u < share * death:
        return DEAD
    if u < share * (death + wound):
        return WOUNDED
    return DETAINED if u < share * total else state


def meet_place(
    scene: Scene, citizens: Citizens, streets: Streets, counts: Counts, place: int
) -> None:
    """Let citizens on the street meet officers, and let those who took part be arrested."""
    if citizens.idle[place] == 1:
        return
    p, here = scene.p, scene.here
    fetched = chance(streets.round_up[place])
    if citizens.busy[place] == 0 and counts.joined[place] == 0 and fetched <= 0.0:
        return
    hazards = (
        contact_hazards(p.contact, here, PEACEFUL),
        contact_hazards(p.contact, here, VIOLENT),
        contact_hazards(p.contact, here, LOOTING),
    )
    if fetched > 0.0:
        draw_words(citizens, scene.at, place, _ROUND_UP)
    begin = citizens.first[place]
    for n in range(begin, begin + list_at_risk(citizens, place, fetched)):
        i = citizens.lists[AT_RISK, n]
        state = int(citizens.state[i])
        fate = state
        words = words_of(scene.at, citizens.address[i], _CONTACT)
        if PEACEFUL <= state <= LOOTING:
            fate = fate_of(hazards[state - PEACEFUL], state, unit(words[0]))
        if fate == state and is_fetched(citizens, i, fetched):
            fate = DETAINED
        if fate != state:
            strike(citizens, counts, place, i, fate)
            if fate != DEAD:
                citizens.timer[i] = hours_out(p.contact, fate, unit(words[1]))


def is_fetched(citizens: Citizens, i: int, fetched: float) -> bool:
    """Return whether a citizen who took part is arrested in a round-up of that chance."""
    if citizens.took_part[i] == 0 or not is_at_large(citizens.state[i]):
        return False
    return bool(unit(citizens.word[i]) < fetched)


def list_at_risk(citizens: Citizens, place: int, fetched: float) -> int:
    """List who is out and whom a round-up of that chance reaches; return how many they are.

    As in ``list_citizens``, without a branch for each citizen.
    """
    begin, end = citizens.first[place], citizens.first[place + 1]
    states, took_part = citizens.state[begin:end], citizens.took_part[begin:end]
    words, rows = citizens.word[begin:end], citizens.lists[AT_RISK, begin:end]
    total = 0
    for i in range(len(states)):
        rows[total] = begin + i
        out = (states[i] >= PEACEFUL) & (states[i] <= LOOTING)
        total += out | ((took_part[i] == 1) & (unit(words[i]) < fetched))
    return total


def meet_all(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let citizens meet officers in every place."""
    for place in range(len(citizens.first) - 1):
        meet_place(Scene(p, here_of(streets, place), at, 1.0), citizens, streets, counts, place)
