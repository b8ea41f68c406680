"""How protests like this one went on elsewhere: the landmarks of 2,762 protests in autocracies.

Like this one are those of the same day, size class and state (still going on, or over for now).
A protest that goes on without a new event stays as large as it was last.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NAME = "landmarks.csv.gz"
HORIZONS = (7, 14, 30)
"""Days ahead that the file knows."""

CLASSES = (1e3, 1e4, 1e5)
"""Sizes at which a protest is of the next class."""

LEAST = 20
"""With fewer protests of the same size class those of every size count."""

_COLUMNS = (
    "day", "running", "largest_so_far", "last_size", "ends_7d", "escalates_30d", "lethal_30d",
    *(f"events_{days}d" for days in HORIZONS), *(f"largest_{days}d" for days in HORIZONS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Growth:
    """Protests like one, by column (protest,)."""

    columns: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.columns["day"])

    def take(self, which: NDArray[np.bool_]) -> Growth:
        """Return the protests of a mask."""
        return Growth(MappingProxyType({name: v[which] for name, v in self.columns.items()}))

    @property
    def ends(self) -> float:
        """The share without visible protest in the next seven days."""
        return float(self.columns["ends_7d"].mean())

    @property
    def escalates(self) -> float | None:
        """The share with a crowd of a larger class within 30 days; None if none is larger."""
        values = self.columns["escalates_30d"]
        values = values[values >= 0.0]
        return float(values.mean()) if values.size else None

    @property
    def lethal(self) -> float:
        """The share in which citizens are killed within 30 days."""
        return float(self.columns["lethal_30d"].mean())

    def crowds(self, largest: float, days: int) -> Floats:
        """Return the crowds (protest,) to expect ``days`` ahead of one that was so large at most.

        The largest of the days up to the horizon stands for each of them.
        """
        c, horizon = self.columns, next((one for one in HORIZONS if days <= one), HORIZONS[-1])
        goes_on = (c["ends_7d"] == 0.0) & (horizon == HORIZONS[0])
        same = np.where(goes_on, c["last_size"], 0.0)
        size = np.where(c[f"events_{horizon}d"] > 0.0, c[f"largest_{horizon}d"], same)
        return np.asarray(largest * size / c["largest_so_far"], dtype=np.float64)


@cache
def growth_elsewhere() -> Growth:
    """Return all protests of the file that comes with the program, at every landmark."""
    data = files("steppe").joinpath("data", NAME).read_bytes()
    rows = list(csv.DictReader(gzip.decompress(data).decode("utf-8").splitlines()))
    table = {name: np.array([float(row[name]) for row in rows]) for name in _COLUMNS}
    growth = Growth(MappingProxyType(table))
    return growth.take(table["ends_7d"] >= 0.0)  # the data end before it can be told


@cache
def growth_of(day: int, size: float | None = None, running: bool | None = None) -> Growth:
    """Return the protests like one of ``size`` (None: any) on its ``day``.

    A day between two landmarks counts as the earlier. On its first day no protest is told from
    one that is over.
    """
    every = growth_elsewhere()
    landmark = max(one for one in np.unique(every.columns["day"]) if one <= max(day, 1))
    like = every.take(every.columns["day"] == landmark)
    if running is not None and landmark > 1.0:
        like = like.take(like.columns["running"] == float(running))
    if size is None:
        return like
    same = np.digitize(like.columns["largest_so_far"], CLASSES) == np.digitize(size, CLASSES)
    return like.take(same) if same.sum() >= LEAST else like
