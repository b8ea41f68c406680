"""A scenario: the validated, frozen content of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from steppe.core.clock import Clock
from steppe.model.custom import CustomRules
from steppe.scenario.tables import (
    Building,
    Documentation,
    Force,
    Member,
    Observation,
    Place,
    Positive,
    PriceStep,
    Prose,
    Region,
    Slug,
)
from steppe.scenario.units import PRICE_UNIT, CalendarDate, Hours, LocalTime, Refusal

if TYPE_CHECKING:
    from steppe.scenario.patch import Patch
    from steppe.scenario.roles import Roles

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
Value = bool | int | float | str | None
MANY = 2_000
"""No list or mapping of a scenario is longer."""


class Part(BaseModel):
    """Base of all parts of a scenario: frozen, no unknown keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ClockConfig(Part):
    """When the run begins (local time, full hour) and how many hours it lasts."""

    start: LocalTime
    hours: Hours

    @field_validator("start")
    @classmethod
    def _full_hour(cls, start: LocalTime) -> LocalTime:
        if start.minute or start.second or start.microsecond:
            raise Refusal("a run starts at a full hour", "YYYY-MM-DDTHH:00")
        return start

    def clock(self) -> Clock:
        """Return the clock of the run."""
        return Clock(self.start, self.hours)


class Country(Part):
    """The country and its citizens, whose number must equal the sum over its regions."""

    name: str
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    citizens: Annotated[int, Field(ge=1, le=2_000_000_000)]
    gini: Annotated[float, Field(gt=0.0, lt=1.0)]
    """National income inequality; spreads within regions are scaled together to reproduce it."""
    capital: Slug | None = None
    """Place whose loss, with half of the units, means the fall; the largest place counts too."""


class Prices(Part):
    """The good whose price moves; ``shock`` scales the jump (1 as observed, 0 none)."""

    good: str
    unit: Annotated[str, Field(pattern=PRICE_UNIT)]
    shock: Annotated[float, Field(ge=0.0, le=10.0)] = 1.0


class Information(Part):
    """Whether cut-offs of internet and telephone follow the timeline or never happen."""

    blackout: Literal["scripted", "none"] = "scripted"


class Regime(Part):
    """How the regime decides; concessions and lethal force can be withheld separately.

    Without a ``rule`` the scenario's mode decides: history, or a policy of its own.
    """

    rule: Literal["scripted", "policy"] | None = None
    concessions: Literal["scripted", "none"] = "scripted"
    lethal_force: Literal["scripted", "none"] = "scripted"


Score = Annotated[float, Field(ge=0.0, le=2.0)]


class Request(Part):
    """The request for help as known on its day: each feature scored 0 to 2."""

    threat: Score = 1.0
    stake: Score = 1.0
    precedent: Score = 1.0
    milcost: Score = 0.75
    rival: Score = 0.75
    constraint: Score = 1.0
    align: Score = 1.0


class Alliance(Part):
    """How the alliance answers; its signal and its troops can be switched apart.

    Without a ``rule`` the scenario's mode decides: history, or an answer of its own.
    """

    name: str = ""
    rule: Literal["scripted", "decline", "expected-utility", "empirical"] | None = None
    signal: bool = True
    troops: bool = True
    request: Request = Request()


class Faction(Part):
    """A part of the elite: its share of power, its rents under a challenger, the crowd's anger."""

    id: Slug
    name: Prose
    share: Annotated[float, Field(ge=0.0, le=1.0)]
    rent: Annotated[float, Field(ge=0.0, le=10.0)]
    challenger_rent: Annotated[float, Field(ge=0.0, le=10.0)]
    anger: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class Elite(Part):
    """The ruling coalition; the first faction is the incumbent's, the second may be purged."""

    factions: Annotated[tuple[Faction, ...], Field(max_length=50)] = ()


class Stakeholder(Part):
    """An interested party in an issue: what it wants (0 refuse, 1 grant all), can do and cares."""

    id: Slug
    name: Prose
    position: Annotated[float, Field(ge=0.0, le=1.0)]
    capability: Annotated[float, Field(ge=0.0, le=1000.0)]
    salience: Annotated[float, Field(ge=0.0, le=1.0)]


class Issue(Part):
    """A demand of the patron: its value to him, its cost to the client, how it can be enforced.

    Values and costs are in units of 1 % of the client's value of survival.
    """

    id: Slug
    title: Prose
    patron_value: Annotated[float, Field(ge=0.0, le=1000.0)]
    client_cost: Annotated[float, Field(gt=0.0, le=1000.0)]
    enforceability: Annotated[float, Field(ge=0.0, le=1.0)]
    stakeholders: Annotated[tuple[Stakeholder, ...], Field(max_length=50)] = ()
    """Parties of the spatial model of bargaining, which needs at least two."""


class Neighbour(Part):
    """A neighbouring regime that watches: how alike its people and regime are."""

    id: Slug
    name: Prose
    similarity: Annotated[float, Field(ge=0.0, le=1.0)]


class TimelineEvent(Part):
    """A lever pulled by an actor at a known time; ``where`` lists regions, places or national."""

    id: Slug
    at: LocalTime
    actor: Actor
    do: Lever
    where: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MANY)]
    value: float
    until: LocalTime | None = None
    precision: Annotated[Literal["reported", "approx", "day", "assumed"], Documentation("assumed")]
    source: Prose
    text: Prose
    enabled: bool = True


class Target(Part):
    """An observed figure that a run is held against; see ``evidence.targets`` for observables."""

    id: Slug
    title: str
    observable: str
    region: Slug = "national"
    date: CalendarDate
    low: float | None = None
    value: float | None = None
    high: float | None = None
    unit: str
    source: str
    note: str = ""


class Evidence(Part):
    """What counts as a visible protest (persons in one place) and the targets."""

    visible_protest: Positive = 100.0
    targets: Annotated[tuple[Target, ...], Documentation(()), Field(max_length=MANY)] = ()


class Counterfactual(Part):
    """A named patch: the question it asks and what it sets."""

    title: str
    question: str
    set: Annotated[dict[str, Value], Field(min_length=1, max_length=MANY)]


class Settings(Part):
    """What ``scenario.yaml`` holds itself, without the tables it names.

    ``mechanisms`` maps a role to the name of the rule that plays it (``none`` switches the role
    to its neutral setting, ``FILE.py:NAME`` is a rule in a file); ``parameters`` maps mechanism
    and parameter to a value that replaces the ledger's default.
    """

    format: Literal[1]
    id: Slug
    title: Prose
    summary: Prose
    questions: Annotated[tuple[str, ...], Documentation(()), Field(max_length=MANY)] = ()
    clock: ClockConfig
    country: Country
    prices: Prices
    mode: Literal["scripted", "endogenous"] = "scripted"
    """Who decides: history, or the actors themselves from ``endogenous_from`` on."""
    endogenous_from: LocalTime | None = None
    """Hour from which actors who decide for themselves are free; before it, history."""
    information: Information = Information()
    regime: Regime = Regime()
    alliance: Alliance = Alliance()
    elite: Elite = Elite()
    issues: Annotated[tuple[Issue, ...], Field(max_length=50)] = ()
    neighbours: Annotated[tuple[Neighbour, ...], Field(max_length=100)] = ()
    mechanisms: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, dict[str, float]] = Field(default_factory=dict)
    timeline: Annotated[tuple[TimelineEvent, ...], Field(max_length=MANY)] = ()
    evidence: Evidence = Evidence()
    counterfactuals: Annotated[dict[Slug, Counterfactual], Documentation({})] = Field(
        default_factory=dict, max_length=MANY
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """The folder that a scenario was loaded from; scenarios are equal wherever they lie.

    ``parameters`` are the values that the case itself gives, by role and name.
    """

    folder: Path | None = field(default=None, compare=False)
    parameters: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)


class Scenario(Settings):
    """A whole crisis: country, people, prices, media, forces, alliance, timeline, evidence.

    Its settings and the rows of its tables; made by ``load``, changed only by patches.
    """

    @property
    def regime_rule(self) -> str:
        """The rule by which the regime decides."""
        return self.regime.rule or ("policy" if self.mode == "endogenous" else "scripted")

    @property
    def alliance_rule(self) -> str:
        """The rule by which the alliance answers."""
        free = "expected-utility" if self.mode == "endogenous" else "scripted"
        return self.alliance.rule or free

    @property
    def free_from(self) -> int:
        """First hour in which actors who decide for themselves are free to do so."""
        if self.endogenous_from is None:
            return 0
        return max(0, self.clock.clock().hour_of(self.endogenous_from))


    regions: tuple[Region, ...]
    places: tuple[Place, ...]
    price_steps: tuple[PriceStep, ...]
    forces: tuple[Force, ...]
    buildings: tuple[Building, ...] = ()
    members: tuple[Member, ...] = ()
    observations: Annotated[tuple[Observation, ...], Documentation(())] = ()
    boundaries: Prose = ""
    """GeoJSON text of the regions' boundaries; properties ``id`` and ``name``."""
    _custom: CustomRules = PrivateAttr(default=CustomRules())
    _origin: Origin = PrivateAttr(default=Origin())

    @property
    def custom(self) -> CustomRules:
        """The rules from files that ``mechanisms`` or counterfactuals name, allowed to run."""
        return self._custom

    def with_custom(self, rules: CustomRules) -> Self:
        """Return the scenario with those of ``rules`` at hand that it names."""
        patches = (one.set.values() for one in self.counterfactuals.values())
        named = {*self.mechanisms.values(), *(value for values in patches for value in values)}
        copy = self.model_copy()
        copy._custom = rules.only(named)
        return copy

    @property
    def folder(self) -> Path | None:
        """The folder of the case that the scenario was loaded from, if it was."""
        return self._origin.folder

    @property
    def set_parameters(self) -> tuple[str, ...]:
        """Parameters (``role.name``) whose value a patch changed from what the case gives."""
        if self.folder is None:
            return ()
        given, now = (
            {(role, name): v for role, own in values.items() for name, v in own.items()}
            for values in (self._origin.parameters, self.parameters)
        )
        both = sorted(given.keys() | now.keys())
        return tuple(f"{r}.{n}" for r, n in both if given.get((r, n)) != now.get((r, n)))

    def found_in(self, folder: Path) -> Self:
        """Return the scenario as one that was loaded from ``folder`` as it is."""
        return self.from_origin(Origin(folder, self.parameters))

    def from_origin(self, origin: Origin) -> Self:
        """Return the scenario as a change of one that was loaded from ``origin``."""
        copy = self.model_copy()
        copy._origin = origin
        return copy

    @property
    def origin(self) -> Origin:
        """Where the scenario, or the one it is a change of, was loaded from."""
        return self._origin

    def counterfactual(self, name: str, *, roles: Roles | None = None) -> Scenario:
        """Return the scenario under its counterfactual ``name``; ``CaseError`` if there is none."""
        from steppe.scenario.patch import apply

        return apply(self, self.patch(name), roles=roles)

    def patch(self, name: str) -> Patch:
        """Return the counterfactual ``name`` as a patch; ``CaseError`` if there is none."""
        from steppe.scenario.patch import named

        return named(self, name)

    def change(
        self, path: str, value: Value, *, roles: Roles | None = None, allow_code: bool = False
    ) -> Scenario:
        """Return the scenario with one value changed, addressed as in ``--set``; see ``apply``."""
        from steppe.scenario.patch import apply

        return apply(self, {path: value}, roles=roles, allow_code=allow_code)


__all__ = [
    "Alliance",
    "ClockConfig",
    "Counterfactual",
    "Country",
    "Evidence",
    "Information",
    "Lever",
    "Prices",
    "Regime",
    "Scenario",
    "Settings",
    "Target",
    "TimelineEvent",
    "Value",
]
