"""What a notebook may say for short: a number of seeds, the folder of a store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from steppe.results.store import Store

STORE = "runs"
"""The folder of stored runs, in the current folder, unless another is named."""

AnyStore = Store | str | Path
AnySeeds = int | Iterable[int]


def as_store(store: AnyStore) -> Store:
    """Return the store, or the one in that folder."""
    return store if isinstance(store, Store) else Store(store)


def as_seeds(seeds: AnySeeds) -> tuple[int, ...]:
    """Return the seeds, or the first so many from 1 on."""
    return tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)
