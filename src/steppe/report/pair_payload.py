"""What the report of a pair says, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from steppe.report.payload import (
    CityCrowd,
    Fan,
    Floats,
    Layer,
    RegionRow,
    Share,
    TimelineMark,
    TimelineNote,
)
from steppe.report.provenance import Provenance
from steppe.results.trajectory import EngineName
from steppe.study.causation import Causation
from steppe.study.comparison import OutcomeDifference
from steppe.study.effects import Effect
from steppe.study.individual_divergence import IndividualDivergence

ArmKey = Literal["base", "other"]
Whose = Literal["both", "base", "other"]


@dataclass(frozen=True, slots=True)
class PairArm:
    """One of the two histories: what a run's report has over time, without observed figures."""

    key: ArmKey
    name: str
    scenario_hash: str
    fans: tuple[Fan, ...]
    layers: tuple[Layer, ...]
    cities: tuple[CityCrowd, ...]
    fates: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The paired difference of a quantity over time: mean, low and high end of its interval.

    ``national`` (3, hour); ``regional`` (3, region, hour) or None where there is none.
    """

    key: str
    title: str
    unit: str
    step: float
    national: Floats
    regional: Floats | None


@dataclass(frozen=True, slots=True)
class RegionDifference:
    """Where the histories diverge: the median first hour over seeds, and two effects by region.

    ``crowd`` is the mean number on the street from the hour the histories diverge on; ``apart`` in
    how many pairs anything recorded there differs; ``citizens`` whose own history differs in the
    seed that was lived side by side, None if none was.
    """

    id: str
    name: str
    first: float | None
    apart: int
    crowd: Effect
    arrests: Effect
    citizens: int | None


@dataclass(frozen=True, slots=True)
class PatchStep:
    """One change of the patch."""

    path: str
    old: str
    new: str
    text: str


@dataclass(frozen=True, slots=True)
class PairMark:
    """A mark of the timeline, and in which of the two histories it is."""

    mark: TimelineMark
    whose: Whose


@dataclass(frozen=True, slots=True)
class PairLane:
    """One actor's row of the timeline of both histories."""

    key: str
    title: str
    marks: tuple[PairMark, ...]


@dataclass(frozen=True, slots=True)
class PairSubject:
    """What was compared: which case, what was changed, when, for whom, how finely."""

    case: str
    case_title: str
    title: str
    question: str
    country: str
    start: str
    hours: int
    citizens: int
    agents: int
    scale: float
    model_version: str
    shared: tuple[str, ...]
    parameters: str = ""
    """Where the parameters of both histories come from, in words."""
    drawn: bool = False
    """Whether each seed has parameters of its own, alike in both histories."""
    engine: EngineName = "citizens"


@dataclass(frozen=True, slots=True)
class PairPayload:
    """Everything on the page of a pair; differences are baseline minus counterfactual."""

    about: PairSubject
    patch: tuple[PatchStep, ...]
    answer: tuple[str, ...]
    fit: str
    """How the baseline stands against what was observed; '' where nothing was."""
    seeds: tuple[int, ...]
    failed: tuple[tuple[str, int, str], ...]
    """Seeds that are missing: in which arm, which seed, why."""
    parted: str
    regions: tuple[RegionRow, ...]
    boundaries: Mapping[str, Any]
    arms: tuple[PairArm, PairArm]
    layer_gaps: tuple[Difference, ...]
    fan_gaps: tuple[Difference, ...]
    notes: tuple[TimelineNote, ...]
    lanes: tuple[PairLane, ...]
    effects: tuple[OutcomeDifference, ...]
    tiles: tuple[OutcomeDifference, ...]
    """What the answer names: outcomes after the histories diverge."""
    causes: tuple[Causation, ...]
    places: tuple[RegionDifference, ...]
    histories: IndividualDivergence | None
    repeat: Provenance
