"""What a toy found: numbers, lines, and how they compare with what was published.

Toys take seconds and are run again each time, so they are not kept in the store of runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity along an axis: ``x`` and ``values`` (points,), each with its unit."""

    name: str
    axis: str
    axis_unit: str
    x: NDArray[np.float64]
    values: NDArray[np.float64]
    unit: str
    meaning: str

    def __post_init__(self) -> None:
        if self.x.ndim != 1 or self.x.shape != self.values.shape:
            raise ValueError(f"{self.name}: {self.values.shape} values over {self.x.shape} points")
        self.x.setflags(write=False)
        self.values.setflags(write=False)

    def at(self, x: float) -> float:
        """Return the value at the point nearest to ``x``."""
        return float(self.values[int(np.argmin(np.abs(self.x - x)))])


@dataclass(frozen=True, slots=True)
class Findings:
    """What a model returns: ``measures`` by name (units are the model's), and ``lines``."""

    measures: Mapping[str, float]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """One published result against what was found; ``low`` and ``high`` are allowed, ends too."""

    measure: str
    says: str
    found: float
    published: str
    low: float
    high: float
    unit: str
    source: str

    @property
    def met(self) -> bool:
        """Say whether what was found lies within the tolerance declared in the case."""
        return self.low <= self.found <= self.high


@dataclass(frozen=True, slots=True)
class ToyResult:
    """The result of a toy case: findings, comparisons, and what is needed to repeat it."""

    case: str
    model: str
    seeds: tuple[int, ...]
    measures: Mapping[str, float]
    lines: tuple[Line, ...]
    comparisons: tuple[PublishedValue, ...]
    changed: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Say whether every published result was met."""
        return all(one.met for one in self.comparisons)

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return next(line.values for line in self.lines if line.name == name)

    def to_xarray(self) -> xarray.Dataset:
        """Return lines as variables over their axes, and measures as scalars, with units."""
        import xarray

        data: dict[str, Any] = {name: ((), value) for name, value in self.measures.items()}
        coords: dict[str, Any] = {}
        for line in self.lines:
            coords[line.axis] = (line.axis, line.x, {"units": line.axis_unit})
            attributes = {"units": line.unit, "long_name": line.meaning}
            data[line.name] = (line.axis, line.values, attributes)
        attrs = {"case": self.case, "model": self.model, "seeds": list(self.seeds)}
        return xarray.Dataset(data, coords=coords, attrs=attrs)
