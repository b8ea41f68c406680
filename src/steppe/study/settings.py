"""How a study is run: where runs are stored, who makes them, what their parameters are.

All studies take these options by keyword; from there on they are one frozen value.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from steppe.core.random import whole_number
from steppe.results.store import Store
from steppe.results.trajectory import EngineName
from steppe.study.events import OnEvent
from steppe.study.executors import Executor
from steppe.study.limits import LAST_SEED, check_engine
from steppe.study.parameters import ParameterSource

STORE = "runs"
"""The folder of stored runs, in the current folder, unless another is named."""

MOST_SEEDS = 10_000_000
"""No study has more; a larger number is a mistake."""

AnyStore = Store | str | Path
AnySeeds = int | Iterable[int]


class ExecutionOptions(TypedDict, total=False):
    """Where runs are stored and who makes them; see ``ensemble``."""

    store: AnyStore
    workers: int | None
    executor: Executor | None
    on_event: OnEvent | None


class ScaledOptions(ExecutionOptions, total=False):
    """The same with who is simulated: the engine, and agents for one citizen; see ``ensemble``."""

    scale: float
    engine: EngineName


class StudyOptions(ScaledOptions, total=False):
    """What every study may be told; ``ensemble`` says what each means."""

    parameters: ParameterSource | None
    fixed: Collection[str]


@dataclass(frozen=True, slots=True)
class StudySettings:
    """The options of a study, with what was left out filled in."""

    store: Store
    workers: int | None = None
    executor: Executor | None = None
    on_event: OnEvent | None = None
    scale: float = 1.0
    parameters: ParameterSource | None = None
    fixed: tuple[str, ...] = ()
    engine: EngineName = "citizens"

    def __post_init__(self) -> None:
        check_engine(self.engine, self.scale)

    @classmethod
    def of(cls, **options: Unpack[StudyOptions]) -> StudySettings:
        """Return the settings that ``options`` mean; ``TypeError`` for one that there is not."""
        fixed = options.get("fixed", ())
        values: dict[str, object] = {**options}
        values["store"] = as_store(options.get("store", STORE))
        values["fixed"] = (fixed,) if isinstance(fixed, str) else tuple(fixed)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def batch_options(self) -> BatchOptions:
        """What ``batch`` needs of them."""
        return {
            "store": self.store,
            "workers": self.workers,
            "executor": self.executor,
            "on_event": self.on_event,
        }


class BatchOptions(TypedDict):
    """The options of ``batch``."""

    store: Store
    workers: int | None
    executor: Executor | None
    on_event: OnEvent | None


def as_store(store: AnyStore) -> Store:
    """Return the store, or the one in that folder."""
    return store if isinstance(store, Store) else Store(store)


def as_seeds(seeds: AnySeeds) -> tuple[int, ...]:
    """Return the seeds, or the first so many from 1 on; whole numbers of any type.

    Raises ``ValueError`` for anything else.
    """
    if isinstance(seeds, Iterable) and not isinstance(seeds, str | bytes):
        with contextlib.suppress(TypeError):  # a number of NumPy that looks like an array
            return tuple(whole_number(seed, "seed", LAST_SEED + 1) for seed in iter(seeds))
    return tuple(range(1, whole_number(seeds, "the number of seeds", MOST_SEEDS + 1) + 1))
