"""The street by hazards: citizens meet officers, and those who took part are arrested later.

The name ``contact_hazards`` stands for the rule that the plan names.
"""

from __future__ import annotations

from typing import Any

from steppe.core.random import Purpose, unit
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
from steppe.model.mechanisms.contact import hours_out
from steppe.model.mechanisms.contact_by_order import contact_hazards
from steppe.model.mechanisms.crowd import DEAD, DETAINED, LOOTING, PEACEFUL, VIOLENT, WOUNDED
from steppe.model.mechanisms.street import chance

_CONTACT = int(Purpose.CONTACT) << 16
_ROUND_UP = int(Purpose.ROUND_UP) << 16


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
    for i in range(citizens.first[place], citizens.first[place + 1]):
        state = int(citizens.state[i])
        fate = state
        if PEACEFUL <= state <= LOOTING:
            words = words_of(scene.at, citizens.address[i], _CONTACT)
            fate = fate_of(hazards[state - PEACEFUL], state, unit(words[0]))
        if fate == state and fetched > 0.0 and citizens.took_part[i] == 1 and is_at_large(state):
            word = words_of(scene.at, citizens.address[i], _ROUND_UP)[0]
            fate = DETAINED if unit(word) < fetched else state
        if fate != state:
            strike(citizens, counts, place, i, fate)
            if fate != DEAD:
                word = words_of(scene.at, citizens.address[i], _CONTACT)[1]
                citizens.timer[i] = hours_out(p.contact, fate, unit(word))


def meet_all(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let citizens meet officers in every place."""
    for place in range(len(citizens.first) - 1):
        meet_place(Scene(p, here_of(streets, place), at, 1.0), citizens, streets, counts, place)
