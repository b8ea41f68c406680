"""The file of a toy case: parameters with units and sources, and the published results.

Read by the bounded reader of cases; frozen, no unknown keys, every fault with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, model_validator

from steppe.case.part import Slug
from steppe.case.scenario import Part
from steppe.case.units import Refusal

V = TypeVar("V")
U = TypeVar("U", bound=str)
P = TypeVar("P", bound=Part)

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=100_000_000)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Points = Annotated[tuple[float, ...], Field(min_length=1, max_length=200)]


class ValueOr(Part, Generic[V, U]):
    """One parameter: its value, its unit (only the model's own is taken) and where it is from."""

    value: V
    unit: U
    source: Text


class ToySeeds(Part):
    """Which seeds are run: ``count`` of them from ``first``."""

    first: Annotated[int, Field(ge=0, le=2**32)] = 1
    count: Annotated[int, Field(ge=1, le=100_000)] = 1

    def range(self) -> range:
        """Return the seeds, one after the other."""
        return range(self.first, self.first + self.count)


class ToySize(Part):
    """How many agents there are and for how many steps they live, in the largest of the runs."""

    agents: Count
    steps: Count


class Expectation(Part):
    """A published result: ``value`` ± ``tolerance``, or anything from ``low`` to ``high``.

    ``at`` is the place along the axis when ``measure`` is a line.
    """

    measure: Text
    at: float | None = None
    value: float | None = None
    tolerance: Annotated[float, Field(ge=0.0)] | None = None
    low: float | None = None
    high: float | None = None
    says: Text
    source: Text

    @model_validator(mode="after")
    def _one_form(self) -> Expectation:
        point = (self.value is None, self.tolerance is None)
        ends = (self.low is None, self.high is None)
        if point not in ((True, True), (False, False)) or (ends == (True, True)) == all(point):
            raise Refusal(
                "one result in one form", "value and tolerance, or low, or high, or low and high"
            )
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the largest value that agree with the published result."""
        if self.value is not None and self.tolerance is not None:
            return self.value - self.tolerance, self.value + self.tolerance
        endless = float("inf")
        low = -endless if self.low is None else self.low
        return low, endless if self.high is None else self.high

    @property
    def published(self) -> str:
        """Return the published result in words."""
        if self.value is not None:
            return f"{self.value:g} ± {self.tolerance:g}" if self.tolerance else f"{self.value:g}"
        if self.low is None:
            return f"up to {self.high:g}"
        return f"from {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


class ToyCase(Part, Generic[P]):
    """The content of a toy case; ``parameters`` are those of its ``model``."""

    format: Literal[1]
    kind: Literal["toy"]
    id: Slug
    model: Slug
    title: Text
    summary: Text
    source: Text
    size: ToySize
    seeds: ToySeeds
    parameters: P
    expectations: Annotated[tuple[Expectation, ...], Field(min_length=1)]

    def values(self) -> Mapping[str, Any]:
        """Return the bare values of the parameters by name."""
        return {name: getattr(self.parameters, name).value for name in self._names()}

    def units(self) -> Mapping[str, str]:
        """Return the units of the parameters by name."""
        return {name: getattr(self.parameters, name).unit for name in self._names()}

    def _names(self) -> list[str]:
        return list(type(self.parameters).model_fields)
