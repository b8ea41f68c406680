"""A scenario: the validated, frozen content of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from steppe.core.clock import Clock
from steppe.scenario.tables import (
    Building,
    Force,
    Member,
    NonNegative,
    Observation,
    Place,
    Positive,
    PriceStep,
    Region,
    Slug,
)

Lever = Literal[
    "internet_cut",
    "phone_cut",
    "emergency",
    "curfew",
    "force_level",
    "concession",
    "dismiss_government",
    "dismiss_old_ruler",
    "frame_terrorism",
    "alliance_request",
    "alliance_decision",
    "troops_arrive",
    "troops_withdraw",
    "reinforce",
    "free_officers",
    "statement",
]
Actor = Literal["government", "president", "alliance", "patron", "market", "protesters"]
Value = bool | int | float | str


class Part(BaseModel):
    """Base of all parts of a scenario: frozen, no unknown keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ClockConfig(Part):
    """When the run begins (local time, full hour) and how many hours it lasts."""

    start: datetime
    hours: Annotated[int, Field(ge=1, le=8784)]

    def clock(self) -> Clock:
        """Return the clock of the run."""
        return Clock(self.start, self.hours)


class Country(Part):
    """The country and its number of citizens, which must equal the sum over its regions."""

    name: str
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    citizens: Annotated[int, Field(ge=1, le=2_000_000_000)]


class Prices(Part):
    """The good whose price moves; ``shock`` scales the jump (1 as observed, 0 none)."""

    good: str
    unit: str
    shock: Annotated[float, Field(ge=0.0, le=10.0)] = 1.0


class Information(Part):
    """Whether cut-offs of internet and telephone follow the timeline or never happen."""

    blackout: Literal["scripted", "none"] = "scripted"


class Regime(Part):
    """How the regime decides; concessions and lethal force can be withheld separately."""

    rule: Literal["scripted"] = "scripted"
    concessions: Literal["scripted", "none"] = "scripted"
    lethal_force: Literal["scripted", "none"] = "scripted"


class Alliance(Part):
    """How the alliance answers; its signal and its troops can be switched apart."""

    name: str = ""
    rule: Literal["scripted", "decline"] = "scripted"
    signal: bool = True
    troops: bool = True


class TimelineEvent(Part):
    """A lever pulled by an actor at a known time; ``where`` lists region or place ids or national."""

    id: Slug
    at: datetime
    actor: Actor
    do: Lever
    where: tuple[str, ...]
    value: float
    until: datetime | None = None
    precision: Literal["reported", "approx", "day", "assumed"]
    source: str
    text: str
    enabled: bool = True


class Target(Part):
    """An observed figure that a run is held against; see ``evidence.targets`` for observables."""

    id: Slug
    title: str
    observable: str
    region: str = "national"
    date: str
    low: float | None = None
    value: float | None = None
    high: float | None = None
    unit: str
    source: str
    note: str = ""


class Evidence(Part):
    """What counts as a visible protest (persons in one place) and the targets."""

    visible_protest: Positive = 100.0
    targets: tuple[Target, ...] = ()


class Counterfactual(Part):
    """A named patch: the question it asks and what it sets."""

    title: str
    question: str
    set: dict[str, Value]


class Scenario(Part):
    """A whole crisis: country, people, prices, media, forces, alliance, timeline, evidence.

    ``mechanisms`` maps a role to the name of the rule that plays it (``none`` switches the role
    to its neutral setting); ``parameters`` maps mechanism and parameter to a value that replaces
    the ledger's default.
    """

    format: Literal[1]
    id: Slug
    title: str
    summary: str
    questions: tuple[str, ...] = ()
    clock: ClockConfig
    country: Country
    prices: Prices
    information: Information = Information()
    regime: Regime = Regime()
    alliance: Alliance = Alliance()
    mechanisms: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, dict[str, float]] = Field(default_factory=dict)
    timeline: tuple[TimelineEvent, ...] = ()
    evidence: Evidence = Evidence()
    counterfactuals: dict[str, Counterfactual] = Field(default_factory=dict)

    regions: tuple[Region, ...]
    places: tuple[Place, ...]
    price_steps: tuple[PriceStep, ...]
    forces: tuple[Force, ...]
    buildings: tuple[Building, ...] = ()
    members: tuple[Member, ...] = ()
    observations: tuple[Observation, ...] = ()
    boundaries: str = ""
    """GeoJSON text of the regions' boundaries; properties ``id`` and ``name``."""


__all__ = [
    "Alliance",
    "ClockConfig",
    "Counterfactual",
    "Country",
    "Evidence",
    "Information",
    "Lever",
    "NonNegative",
    "Prices",
    "Regime",
    "Scenario",
    "Target",
    "TimelineEvent",
    "Value",
]
