"""The contract of a mechanism: one rule of the model at one scale.

A *field* rule is a pure function of small arrays. Its keyword arguments are exactly the columns
it reads, so the signature is the declaration; it returns a mapping with exactly the columns it
writes. Arguments with these names are supplied by the engine besides columns:

- ``hour``: hour of the run, 0 at its start
- ``hour_of_day``: local hour, 0..23
- ``persons``: citizens of the country, float
- ``u_<name>``: addressed random numbers, uniform in (0, 1), one for each row of their scale

A *citizen* rule is a scalar function of one citizen, compiled and fused by the engine.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME, Scale
from steppe.model.phases import Phase

if TYPE_CHECKING:
    from steppe.core.random import Purpose

CONTEXT = ("hour", "hour_of_day", "persons")
"""Arguments a field rule may take that are neither columns nor random numbers."""

Evidence = Literal["established", "supported", "conjecture"]
Street = Literal["any", "hazards", "choices"]
"""With which kind of rule of participation a rule goes together: one by which things happen to
citizens with a hazard, one by which every citizen weighs his action anew, or either."""


@functools.cache
def _arguments(rule: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(rule).parameters)[1:]


@dataclass(frozen=True, slots=True)
class RandomNumber:
    """An addressed random number a field rule asks for: its purpose and whose rows have one.

    One with ``once`` is the same in every hour of the run.
    """

    purpose: Purpose
    scale: Scale
    index: int = 0
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One rule: what it is for, when it acts, what it reads and writes, and where it comes from.

    ``role`` is the part it plays; rivals share a role. ``neutral`` holds the values that its
    written columns keep when the role is switched off (missing columns keep their start value).
    ``citizen_reads`` are declared by hand for citizen rules, whose arguments are scalars;
    ``values`` is the tuple type in which their compiled form takes the parameters. A mechanism of
    another ``street`` than the scenario's rule of participation has no part in a run.
    """

    name: str
    role: str
    phase: Phase
    title: str
    equation: str
    parameters: type[Parameters]
    rule: Callable[..., Any]
    writes: tuple[str, ...]
    sources: tuple[str, ...]
    evidence: Evidence
    street: Street = "any"
    random_numbers: Mapping[str, RandomNumber] = field(default_factory=dict)
    neutral: Mapping[str, float] = field(default_factory=dict)
    citizen: bool = False
    citizen_reads: tuple[str, ...] = ()
    values: Any = None

    def __post_init__(self) -> None:
        for name in (*self.reads, *self.writes, *self.neutral):
            if name not in BY_NAME and not name.startswith("citizen_"):
                raise ValueError(f"{self.name}: {name!r} is not a column")
        for name in self.writes:
            if name in BY_NAME and BY_NAME[name].kind != "state":
                raise ValueError(f"{self.name}: {name!r} is {BY_NAME[name].kind}, not writable")
        if self.citizen and self.values is None:
            raise ValueError(f"{self.name}: a citizen rule needs the tuple type of its parameters")
        if not self.sources:
            raise ValueError(f"{self.name}: a mechanism names its sources")

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the rule's keyword arguments, in order."""
        return _arguments(self.rule)

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns the rule reads."""
        if self.citizen:
            return self.citizen_reads
        return tuple(
            name for name in self.arguments if name not in CONTEXT and not name.startswith("u_")
        )
