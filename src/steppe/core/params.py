"""The parameter ledger: every number of the model with value, unit, range, source and status."""

from __future__ import annotations

import collections
import dataclasses
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self, TypeVar, cast, get_args


class NamedValues(Protocol):
    """A tuple whose elements have names."""

    _fields: tuple[str, ...]


Values = TypeVar("Values", bound=NamedValues)
Status = Literal["measured", "literature", "calibrated", "transferred", "assumed"]


@dataclass(frozen=True, slots=True)
class Prior:
    """A prior distribution: uniform or log-uniform on [low, high], in the parameter's unit."""

    kind: Literal["uniform", "log-uniform"]
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"prior needs finite low < high, got {self.low}, {self.high}")
        if self.kind == "log-uniform" and self.low <= 0:
            raise ValueError("a log-uniform prior needs low > 0")

    def __str__(self) -> str:
        return f"{'U' if self.kind == 'uniform' else 'log-U'}({self.low:g}, {self.high:g})"


def uniform(low: float, high: float) -> Prior:
    """Return the uniform prior on [low, high]."""
    return Prior("uniform", low, high)


def log_uniform(low: float, high: float) -> Prior:
    """Return the prior whose logarithm is uniform on [log low, log high]."""
    return Prior("log-uniform", low, high)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What is known of one parameter; docs, schema, priors and controls are made from it."""

    name: str
    symbol: str
    default: float
    unit: str
    low: float
    high: float
    source: str
    status: Status
    meaning: str
    prior: Prior | None

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise ValueError(f"{self.name}: status must be one of {get_args(Status)}")
        if not (self.unit and self.source and self.meaning):
            raise ValueError(f"{self.name}: unit, source and meaning must be given")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"{self.name}: {self.default} outside [{self.low}, {self.high}]")
        if self.prior and not (self.low <= self.prior.low and self.prior.high <= self.high):
            raise ValueError(f"{self.name}: prior {self.prior} outside [{self.low}, {self.high}]")


def param(
    default: float,
    unit: str,
    bounds: tuple[float, float],
    *,
    symbol: str,
    meaning: str,
    source: str,
    status: Status,
    prior: Prior | None = None,
) -> Any:
    """Declare a parameter of a ``Parameters`` class: a dataclass field with its ledger entry."""
    info = ParameterInfo("?", symbol, default, unit, *bounds, source, status, meaning, prior)
    return dataclasses.field(default=default, metadata={"info": info})


def values_type(parameters: type[Parameters], name: str) -> Any:
    """Return the tuple type in which compiled rules take the values of ``parameters``.

    It must be bound to ``name`` in the module of ``parameters``, so that machine code that uses it
    can be cached on disk.
    """
    names = [field.name for field in dataclasses.fields(parameters)]
    return collections.namedtuple(name, names, module=parameters.__module__)


def values_of(kind: type[Values], parameters: Parameters) -> Values:
    """Return ``parameters`` in the tuple type that ``values_type`` made for them or their base."""
    tuples = parameters.tuples
    if kind not in tuples:
        tuples[kind] = kind(*(float(getattr(parameters, name)) for name in kind._fields))
    return cast(Values, tuples[kind])


@dataclass(frozen=True)
class Parameters:
    """Base of a mechanism's parameters: frozen, finite, inside their declared ranges."""

    def __post_init__(self) -> None:
        for info in self.ledger():
            value = getattr(self, info.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"{info.name}: expected a number, got {value!r}")
            if not (math.isfinite(value) and info.low <= value <= info.high):
                raise ValueError(f"{info.name}: {value} outside [{info.low}, {info.high}]")

    @functools.cached_property
    def tuples(self) -> dict[type[Any], Any]:
        """The values as tuples by their types, made when they are first asked for."""
        return {}

    @classmethod
    @functools.cache
    def ledger(cls) -> tuple[ParameterInfo, ...]:
        """Return the ledger entry of each parameter, in the order they are written."""
        return tuple(
            dataclasses.replace(field.metadata["info"], name=field.name)
            for field in dataclasses.fields(cls)
        )

    @classmethod
    def build(cls, values: Mapping[str, float]) -> Self:
        """Return the defaults with ``values`` put over them; unknown names raise ``KeyError``.

        What is not a number raises ``TypeError``: nothing is converted but whole numbers.
        """
        known = {info.name for info in cls.ledger()}
        unknown = sorted(set(values) - known)
        if unknown:
            raise KeyError(unknown[0])
        return cls(
            **{
                name: float(value) if type(value) is int else value
                for name, value in values.items()
            }
        )
