"""What a report says, as plain frozen values: made by ``build``, drawn by ``page``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.report.provenance import Provenance
from steppe.results.trajectory import EngineName

if TYPE_CHECKING:
    from steppe.report.parameter_entries import ParameterEntry

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles over seeds that every fan carries, in this order."""

MAX_CURVES = 20
"""At most this many single-seed curves are drawn behind a fan."""

Verdict = Literal["met", "near", "missed", "untested"]
Standing = Literal["met", "near", "missed", "given", "untested"]
"""A verdict, or ``given``: met, but only because the script put the figure in."""

Floats = NDArray[np.float64]
Bounds = tuple[float | None, float | None, float | None]


class ScoredTarget(Protocol):
    """What the report needs of one scored target, as ``steppe.evidence.scoring`` gives it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def observed(self) -> Bounds: ...
    @property
    def simulated(self) -> tuple[float, float, float] | None: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def source(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target as the page shows it: ``observed`` (low, value, high), ``simulated`` quantiles.

    ``simulated`` is None when no run gives a value; ``reason`` then says why it is untested.
    """

    id: str
    title: str
    unit: str
    group: str
    observed: Bounds
    simulated: tuple[float, float, float] | None
    verdict: Standing
    source: str
    note: str
    reason: str
    is_input: bool = False
    """Whether the script puts the figure in, so that it tests nothing."""


@dataclass(frozen=True, slots=True)
class ObservedPoint:
    """An observed figure placed on a fan; hours are fractions, ``hours`` its width in time."""

    hour: float
    hours: float
    low: float | None
    value: float | None
    high: float | None
    confidence: str
    label: str
    after: bool = False


@dataclass(frozen=True, slots=True)
class Fan:
    """One quantity over time. ``quantiles`` (level, hour); ``curves`` (seed, hour), first seeds.

    ``regional`` (region, level, hour) and ``regional_curves`` (seed, region, hour) are None where
    the quantity exists for the whole country only. ``step`` is the resolution the page keeps.
    """

    key: str
    title: str
    unit: str
    step: float
    meaning: str
    quantiles: Floats
    curves: Floats
    regional_title: str
    regional: Floats | None
    regional_curves: Floats | None
    observed: Mapping[str, tuple[ObservedPoint, ...]]


@dataclass(frozen=True, slots=True)
class Layer:
    """Medians over seeds of a quantity: ``regional`` (region, hour), ``national`` (hour,)."""

    key: str
    title: str
    unit: str
    step: float
    regional: Floats
    national: Floats


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region as the map needs it."""

    id: str
    name: str
    kind: str
    population: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CityCrowd:
    """A city whose crowd is drawn as a circle; ``active`` (hour,) is the median over seeds."""

    id: str
    name: str
    region: str
    lat: float
    lon: float
    active: Floats


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """Something on the timeline, from ``start`` to ``end`` (hours); share: in how many seeds."""

    start: float
    end: float
    label: str
    detail: str
    share: float = 1.0
    middle: float | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One actor's row of the timeline."""

    key: str
    title: str
    marks: tuple[TimelineMark, ...]


@dataclass(frozen=True, slots=True)
class TimelineNote:
    """A key event drawn on the fans; ``end`` after ``start`` makes it a band."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True)
class Share:
    """In how many of the seeds something came about, with the 95 % Wilson interval."""

    key: str
    label: str
    seeds: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """One number per seed, and the (5, 50, 95 %) quantiles over seeds; ``digits`` are shown."""

    key: str
    label: str
    unit: str
    values: tuple[float, ...]
    quantiles: tuple[float, float, float]
    observed: Bounds = (None, None, None)
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Assumption:
    """One choice the run rests on; ``kind`` says who decides it."""

    kind: Literal["scripted", "endogenous", "off", "data"]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What was run: which case, asked what, when, for whom, how finely."""

    case: str
    title: str
    summary: str
    question: str
    changes: tuple[str, ...]
    """What was changed from the case, one line each; empty for the case as it is."""
    country: str
    start: str
    hours: int
    citizens: int
    agents: int
    scale: float
    model_version: str
    parameters: str = ""
    """Where the parameters come from, in words; with ``drawn`` each seed has its own."""
    drawn: str = ""
    """``prior`` or ``posterior``; empty when all seeds have the same parameters."""
    engine: EngineName = "citizens"
    reply: str = ""
    """What one history says to the question: the command that answers it."""


@dataclass(frozen=True, slots=True)
class ReportPayload:
    """Everything on the page; all arrays are over seeds already, except the few curves."""

    about: Subject
    answer: tuple[str, ...]
    figures: tuple[Spread, ...]
    seeds: tuple[int, ...]
    regions: tuple[RegionRow, ...]
    boundaries: Mapping[str, Any]
    layers: tuple[Layer, ...]
    cities: tuple[CityCrowd, ...]
    fans: tuple[Fan, ...]
    notes: tuple[TimelineNote, ...]
    lanes: tuple[Lane, ...]
    presence: NDArray[np.int64]
    """(region, day): 1 protest reported, 0 reported calm, -1 unknown."""
    targets: tuple[TargetRow, ...]
    fates: tuple[Share, ...]
    spreads: tuple[Spread, ...]
    parameters: tuple[ParameterEntry, ...]
    assumptions: tuple[Assumption, ...]
    repeat: Provenance
