"""The columns of citizens at hour 0, and which of them a run changes."""

from __future__ import annotations

import numpy as np

from steppe.core.compile import compiled
from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_lists import list_all
from steppe.engine.street_marks import set_first_marks
from steppe.engine.street_types import BLOCK
from steppe.population.pool import Pool

CHANGING = (
    "state",
    "timer",
    "ties",
    "was_out",
    "risk_aversion",
    "mark",
    "outings",
    "took_part",
    "out",
    "away",
    "at_large",
    "next_mark",
    "idle",
    "lists",
    "suspects",
)
"""Columns of the pool that a run changes; the others are functions of seed and number."""

SCRATCH = (
    "block_address",
    "block_state",
    "block_hardship",
    "block_exposure",
    "block_deprivation",
    "change",
)
"""Columns that a loop fills for some citizens and the next uses; else they mean nothing."""


def new_citizens(pool: Pool, key: tuple[int, int], counts: Counts) -> Citizens:
    """Return the citizens of a pool at hour 0, when all are quiet."""
    size, places = len(pool), len(pool.first) - 1
    a = pool.attributes
    citizens = Citizens(
        number=pool.number,
        address=pool.address,
        first=pool.first,
        state=np.zeros(size, dtype=np.uint8),
        timer=np.zeros(size, dtype=np.int32),
        ties=np.zeros(size, dtype=np.int32),
        was_out=np.zeros(size, dtype=np.uint8),
        hardship=a.hardship,
        risk_aversion=a.risk_aversion.copy(),  # changes as people come out of detention
        exposure=a.exposure,
        deprivation=a.deprivation,
        rank=a.rank,
        online=a.online,
        mark=np.zeros(size),
        outings=np.zeros(size, dtype=np.int32),
        took_part=np.zeros(size, dtype=np.uint8),
        out=np.zeros(places, dtype=np.int64),
        away=np.zeros(places, dtype=np.int64),
        at_large=np.zeros(places, dtype=np.int64),
        next_mark=np.zeros(places),
        idle=np.zeros(places, dtype=np.uint8),
        lists=np.zeros((4, size), dtype=np.int32),
        suspects=np.zeros(size, dtype=np.uint32),
        block_address=np.zeros(BLOCK, dtype=np.int64),
        block_state=np.zeros(BLOCK, dtype=np.uint8),
        block_hardship=np.zeros(BLOCK),
        block_exposure=np.zeros(BLOCK),
        block_deprivation=np.zeros(BLOCK),
        change=np.zeros(max(size, BLOCK), dtype=np.uint8),
    )
    compiled(set_first_marks)(citizens, *key)
    compiled(list_all)(citizens, counts)
    return citizens


def with_own_columns(citizens: Citizens) -> Citizens:
    """Return ``citizens`` with columns of their own where a run changes them."""
    own = {name: getattr(citizens, name).copy() for name in CHANGING}
    return citizens._replace(**own)
