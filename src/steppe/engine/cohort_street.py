"""The streets of the cohort engine: what the members of a place do in an hour, counted by bin.

The law is that of ``street_loops``: the same rules, called by the same names, in the same order.
Where a citizen draws a number of his own, a bin draws its count by the quantile function of the
binomial, at an address of place, bin and hour. What does not depend on the bin is drawn for the
place and dealt out to its bins in proportion (``deal``).
"""

from __future__ import annotations

from steppe.core.quantiles import binomial_quantile, geometric_quantile, happen
from steppe.core.random import Purpose, unit, words_at
from steppe.engine.cohort_numbers import (
    ANSWER,
    COMPANION_NOTED,
    COMPANIONS,
    DEAL,
    GROUP,
    LAST,
    LOOTERS,
    RECOVER,
    RETURN,
    STARTER_NOTED,
    STARTERS,
    deal,
    number_of,
    number_of_bin,
    take,
    total_of,
)
from steppe.engine.cohort_types import (
    ACT,
    DRAW,
    EXPOSURE,
    FRESH,
    JOIN,
    LATENT,
    LEAVE,
    LEAVERS,
    LOOTING,
    NOTED,
    PEACEFUL,
    RESTING,
    U_JOIN,
    U_LEAVE,
    U_TURN,
    U_VIOLENT,
    VIOLENT,
    WILLING,
    WITHDRAWN,
    WOUNDED,
    Town,
)
from steppe.engine.street_types import Scene
from steppe.model.mechanisms.contact import recovery_chance
from steppe.model.mechanisms.joining import join_hazard
from steppe.model.mechanisms.leaving import leave_hazard, return_chance
from steppe.model.mechanisms.looting import loot_hazard
from steppe.model.mechanisms.street import hardship
from steppe.model.mechanisms.violence import violence_hazard
from steppe.model.mechanisms.willingness import willing

_BIN = int(Purpose.COHORT_STREET) << 16


def choose_starters(scene: Scene, town: Town, starters: int) -> None:
    """Write how many of each bin go first into ``town``, and leave them where they are."""
    rows = town.rows
    for i in range(rows.shape[1]):
        rows[DRAW, i] = 0
        rows[ACT, i] = rows[FRESH, i] + rows[NOTED, i]
    if starters > 0:
        deal(rows[ACT], starters, number_of(scene, town, STARTERS), rows[DRAW])


def weigh_bins(scene: Scene, town: Town) -> None:
    """Write how willing the people of each bin are, and the hazards that follow from it."""
    p, here = scene.p, scene.here
    latent, exposure, ready = town.bins[LATENT], town.bins[EXPOSURE], town.bins[WILLING]
    join, leave = town.bins[JOIN], town.bins[LEAVE]
    for i in range(len(ready)):
        own = hardship(here, latent[i], exposure[i], town.deprivation)
        w = willing(p.willingness, here, own)
        ready[i] = w
        join[i] = join_hazard(p.joining, here, w)
        leave[i] = leave_hazard(p.leaving, here, w)


def number_bins(scene: Scene, town: Town) -> None:
    """Write the four uniforms of each bin in this hour."""
    at, bins = scene.at, town.bins
    for i in range(bins.shape[1]):
        a, b, c, d = words_at(town.address + i, at.hour, _BIN, at.key0, at.key1)
        bins[U_JOIN, i], bins[U_LEAVE, i] = unit(a), unit(b)
        bins[U_TURN, i], bins[U_VIOLENT, i] = unit(c), unit(d)


def decide_bins(scene: Scene, town: Town) -> int:
    """Let the bins of a place join, loot, leave and turn violent; return how many took part.

    Those who leave are written into ``town`` and wait there until the others have come back.
    """
    p, here = scene.p, scene.here
    rows, bins = town.rows, town.bins
    weigh_bins(scene, town)
    number_bins(scene, town)
    loot = loot_hazard(p.looting, here, town.rank) if here.cover > 0.0 else 0.0
    joined = 0
    for i in range(bins.shape[1]):
        quiet = rows[FRESH, i] + rows[NOTED, i] - rows[DRAW, i]
        peaceful, violent = rows[PEACEFUL, i], rows[VIOLENT, i]
        rows[LEAVERS, i] = 0
        if peaceful + violent > 0:
            gone = happen(bins[U_LEAVE, i], peaceful, bins[LEAVE, i])
            gone_violent = happen(bins[U_VIOLENT, i], violent, bins[LEAVE, i])
            turning = violence_hazard(p.violence, here, bins[WILLING, i])
            turned = happen(bins[U_TURN, i], peaceful - gone, turning)
            rows[PEACEFUL, i] -= gone + turned
            rows[VIOLENT, i] += turned - gone_violent
            rows[LEAVERS, i] = gone + gone_violent
        hazard = bins[JOIN, i] + loot
        entrants = happen(bins[U_JOIN, i], quiet, hazard)
        if entrants > 0:
            joined += entrants
            draw_in(scene, town, i, entrants, loot / hazard)
    return joined


def draw_in(scene: Scene, town: Town, i: int, entrants: int, looting: float) -> None:
    """Let people of a bin take to the street, a share ``looting`` of them to loot."""
    at = scene.at
    words = words_at(town.address + i + town.bins.shape[1], at.hour, _BIN, at.key0, at.key1)
    looters = binomial_quantile(unit(words[1]), entrants, looting)
    take(town, i, entrants, unit(words[0]))
    town.rows[PEACEFUL, i] += entrants - looters
    town.rows[LOOTING, i] += looters


def looters_leave(scene: Scene, town: Town, looters: int) -> None:
    """Let looters leave who were out before this hour; cover is to them what a crowd is to others.

    Those who began this hour are not told apart: they are dealt out with the others of their bin.
    """
    if looters == 0:
        return
    leave = leave_hazard(scene.p.leaving, scene.here, scene.here.cover)
    gone = happen(number_of(scene, town, LOOTERS), looters, leave)
    if gone == 0:
        return
    shares = town.rows[ACT]
    deal(town.rows[LOOTING], gone, number_of(scene, town, DEAL + LOOTERS), shares)
    for i in range(len(shares)):
        town.rows[LOOTING, i] -= shares[i]
        town.rows[LEAVERS, i] += shares[i]


def come_back(scene: Scene, town: Town, resting: int, wounded: int) -> int:
    """Let people come back from rest and from wounds, quiet and noted; return how many."""
    back = 0
    if resting > 0:
        back = return_home(scene, town, RESTING, resting, return_chance(scene.p.leaving))
    if wounded > 0:
        back += return_home(scene, town, WOUNDED, wounded, recovery_chance(scene.p.contact))
    return back


def return_home(scene: Scene, town: Town, state: int, total: int, likely: float) -> int:
    """Let each of ``total`` who are in ``state`` come home with the same chance."""
    use = RETURN if state == RESTING else RECOVER
    back = binomial_quantile(number_of(scene, town, use), total, likely)
    if back == 0:
        return 0
    shares = town.rows[ACT]
    deal(town.rows[state], back, number_of(scene, town, DEAL + use), shares)
    for i in range(len(shares)):
        town.rows[state, i] -= shares[i]
        town.rows[NOTED, i] += shares[i]
    return back


def rest_or_withdraw(scene: Scene, town: Town) -> None:
    """Send those who left home, some of them for good."""
    leavers, last = town.rows[LEAVERS], town.rows[ACT]
    total = total_of(leavers)
    if total == 0:
        return
    for_good = binomial_quantile(number_of(scene, town, LAST), total, scene.p.leaving.last)
    deal(leavers, for_good, number_of(scene, town, DEAL + LAST), last)
    for i in range(len(leavers)):
        town.rows[WITHDRAWN, i] += last[i]
        town.rows[RESTING, i] += leavers[i] - last[i]


def go_first(scene: Scene, town: Town, starters: int) -> int:
    """Let the starters of a place go first, with the willing they ask; return how many went.

    Whoever is quiet answers by his willingness; of those who would, as many come as are wanted.
    """
    rows, first, would = town.rows, town.rows[DRAW], town.rows[ACT]
    needed = 0
    for j in range(starters):
        size = geometric_quantile(number_of_bin(scene, town, j, GROUP), scene.p.group)
        needed += size - 1
    for i in range(len(first)):
        if first[i] > 0:
            take(town, i, first[i], number_of_bin(scene, town, i, STARTER_NOTED))
            rows[PEACEFUL, i] += first[i]
        u = number_of_bin(scene, town, i, ANSWER)
        would[i] = binomial_quantile(u, rows[FRESH, i] + rows[NOTED, i], town.bins[WILLING, i])
    come = min(needed, total_of(would))
    if come > 0:
        companions = town.rows[DRAW]
        deal(would, come, number_of(scene, town, DEAL + COMPANIONS), companions)
        for i in range(len(companions)):
            if companions[i] > 0:
                take(town, i, companions[i], number_of_bin(scene, town, i, COMPANION_NOTED))
                rows[PEACEFUL, i] += companions[i]
    return starters + come
