"""Contact of the cohort engine: people on the street meet officers, and some are fetched later."""

from __future__ import annotations

import math

from steppe.core.quantiles import binomial_quantile, happen
from steppe.engine.cohort_numbers import (
    DEAL,
    DEATH_OF,
    FETCHED,
    HITS,
    WHERE_FETCHED,
    WOUND_OF,
    deal,
    number_of,
    number_of_bin,
    total_of,
)
from steppe.engine.cohort_types import (
    ACT,
    DRAW,
    FRESH,
    LOOTING,
    NOTED,
    PEACEFUL,
    RELEASED,
    RESTING,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
    Ints,
    Town,
)
from steppe.engine.street_types import Scene
from steppe.model.mechanisms.contact_by_order import contact_hazards


def meet(scene: Scene, town: Town, state: int, due: Ints) -> tuple[int, int, int]:
    """Let people on the street in ``state`` meet officers.

    Return how many died, were wounded and were arrested; those arrested are added to ``due``.
    """
    total = total_of(town.rows[state])
    if total == 0:
        return 0, 0, 0
    death, wound, arrest = contact_hazards(scene.p.contact, scene.here, state)
    hazard = death + wound + arrest
    hits = happen(number_of(scene, town, HITS + state), total, hazard)
    if hits == 0:
        return 0, 0, 0
    deaths = binomial_quantile(number_of(scene, town, DEATH_OF + state), hits, death / hazard)
    wounds = 0
    if wound > 0.0:
        u = number_of(scene, town, WOUND_OF + state)
        wounds = binomial_quantile(u, hits - deaths, wound / (wound + arrest))
    hit, part = town.rows[ACT], town.rows[DRAW]
    deal(town.rows[state], hits, number_of(scene, town, DEAL + HITS + state), hit)
    for i in range(len(hit)):
        town.rows[state, i] -= hit[i]
    if deaths > 0:
        strike(hit, deaths, number_of(scene, town, DEAL + DEATH_OF + state), part)
    if wounds > 0:
        strike(hit, wounds, number_of(scene, town, DEAL + WOUND_OF + state), part)
        for i in range(len(hit)):
            town.rows[WOUNDED, i] += part[i]
    detain(hit, due)
    return deaths, wounds, hits - deaths - wounds


def strike(hit: Ints, amount: int, u: float, part: Ints) -> None:
    """Choose ``amount`` of those hit for one fate, and take them from the others."""
    deal(hit, amount, u, part)
    for i in range(len(hit)):
        hit[i] -= part[i]


def detain(people: Ints, due: Ints) -> None:
    """Add people to those who come out of detention together; nobody does if ``due`` is empty."""
    for i in range(len(due)):
        due[i] += people[i]


def release(town: Town, due: Ints) -> None:
    """Let those out of detention whose hour has come: they have had enough, and are not sought."""
    for i in range(len(due)):
        town.rows[RELEASED, i] += due[i]
        due[i] = 0


def fetch(scene: Scene, town: Town, total: int, hazard: float, due: Ints) -> int:
    """Fetch some of the ``total`` who took part and are at large; return how many."""
    arrests = happen(number_of(scene, town, FETCHED), total, hazard)
    if arrests == 0:
        return 0
    noted, shares = town.rows[DRAW], town.rows[ACT]
    for i in range(len(noted)):
        noted[i] = at_large(town.rows, i)
    deal(noted, arrests, number_of(scene, town, DEAL + FETCHED), shares)
    for i in range(len(shares)):
        if shares[i] > 0:
            u = number_of_bin(scene, town, i, WHERE_FETCHED)
            fetch_from(town.rows, i, shares[i], u)
    detain(shares, due)
    return arrests


def at_large(rows: Ints, i: int) -> int:
    """Return how many of a bin took part and are at large."""
    out = rows[PEACEFUL, i] + rows[VIOLENT, i] + rows[LOOTING, i]
    return int(out + rows[NOTED, i] + rows[RESTING, i] + rows[WITHDRAWN, i])


def fetch_from(rows: Ints, i: int, amount: int, u: float) -> None:
    """Take ``amount`` of a bin from wherever those who took part are, in proportion."""
    total = at_large(rows, i)
    upto, before = 0, 0
    for state in range(FRESH + 1, WITHDRAWN + 1):
        if state != WOUNDED:
            upto += rows[state, i]
            until = math.floor(upto * amount / total + u)
            rows[state, i] -= until - before
            before = until
