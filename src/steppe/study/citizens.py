"""The histories of citizens: every change of state of every citizen, streamed to a file.

A run of the whole country makes some millions of changes. They go to disk hour by hour, so that
memory stays that of the run, and become one Parquet table at its end. Watching changes no number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.engine.world import World
from steppe.results import database, tables
from steppe.results.atomic_io import discard
from steppe.results.store import Store
from steppe.results.trajectory import STATES
from steppe.results.writer import Beside

FILE = "citizens.parquet"
"""The table beside a run: hour, time, citizen, place, from_state, to_state."""

COLUMNS = {"hour": "i4", "citizen": "i8", "place": "i4", "before": "u1", "after": "u1"}


class CitizenHistories:
    """Records who is in another state at the end of an hour than at its beginning.

    Citizens are named by their number; those outside the pool never change and do not appear.
    ``folder`` is an empty folder for what is written meanwhile.
    """

    name = "citizens"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._labels: tuple[str, ...] = ()
        self._start = ""
        self._before: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)

    def begin(self, world: World) -> None:
        """See the world before hour 0."""
        self._labels = world.geography.place_ids
        self._start = np.datetime_as_string(np.datetime64(world.clock.start, "s"))
        self._before = world.citizens.state.copy()
        for name in COLUMNS:
            (self._folder / name).touch()

    def observe(self, world: World, hour: int) -> None:
        """Write down who changed in ``hour``."""
        citizens = world.citizens
        rows = np.flatnonzero(citizens.state != self._before)
        changes = {
            "hour": np.full(len(rows), hour),
            "citizen": citizens.number[rows],
            "place": np.searchsorted(citizens.first, rows, side="right") - 1,
            "before": self._before[rows],
            "after": citizens.state[rows],
        }
        for name, values in changes.items():
            with (self._folder / name).open("ab") as stream:
                stream.write(values.astype(COLUMNS[name]).tobytes())
        self._before[rows] = citizens.state[rows]

    def write(self, path: Path) -> None:
        """Write the table of all changes, by hour and then by number."""
        columns = {name: self._mapped(name) for name in COLUMNS}
        places = ",".join(map(database.text, self._labels))
        states = ",".join(map(database.text, STATES))
        select = (
            f"SELECT hour, CAST({database.text(self._start)} AS TIMESTAMP) + to_hours(hour) AS "
            f"time, citizen, CAST([{places}] AS VARCHAR[])[place + 1] AS place, "
            f"CAST([{states}] AS VARCHAR[])[before + 1] AS from_state, "
            f"CAST([{states}] AS VARCHAR[])[after + 1] AS to_state FROM cells"
        )
        tables.copy(path, "parquet", select, columns)

    def files(self) -> Beside:
        """Return the file that belongs beside the run, and what writes it."""
        return {FILE: self.write}

    def _mapped(self, name: str) -> NDArray[Any]:
        """Return what was written of a column; the system keeps as much in memory as it likes."""
        path = self._folder / name
        if path.stat().st_size == 0:
            return np.zeros(0, dtype=COLUMNS[name])
        return np.asarray(np.memmap(path, dtype=COLUMNS[name], mode="r"))


@contextmanager
def record_citizens(store: Store) -> Iterator[CitizenHistories]:
    """Yield a recorder that writes into a temp folder of ``store``, removed at the end."""
    folder = store.scratch()
    folder.mkdir()
    try:
        yield CitizenHistories(folder)
    finally:
        discard(folder)
