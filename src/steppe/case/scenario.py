"""A scenario: the validated, frozen content of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, PrivateAttr

from steppe.case.part import Part, Slug
from steppe.case.schema import (
    MANY,
    Alliance,
    Calibration,
    ClockConfig,
    Counterfactual,
    Country,
    DeclaredInput,
    Elite,
    Evidence,
    Faction,
    Information,
    Issue,
    Lever,
    Neighbour,
    Prices,
    Regime,
    Request,
    Target,
    TimelineEvent,
    Trigger,
    Value,
)
from steppe.case.society import USUAL_AUDIENCES, Audiences, Goods, Groups, Organisations
from steppe.case.tables import (
    Building,
    Documentation,
    Force,
    Member,
    NamedShare,
    Observation,
    Place,
    PriceStep,
    Prose,
    Region,
)
from steppe.case.units import LocalTime
from steppe.model.custom import CustomRules

if TYPE_CHECKING:
    from steppe.case.patch import Patch
    from steppe.case.roles import Roles


class Settings(Part):
    """What ``scenario.yaml`` holds itself, without the tables it names.

    ``mechanisms`` maps a role to the name of the rule that plays it (``none`` switches the role
    to its neutral setting, ``FILE.py:NAME`` is a rule in a file); ``parameters`` maps mechanism
    and parameter to a value that replaces the ledger's default.
    """

    format: Literal[2]
    id: Slug
    title: Prose
    summary: Prose
    questions: Annotated[tuple[str, ...], Documentation(()), Field(max_length=MANY)] = ()
    clock: ClockConfig
    country: Country
    groups: Groups = ()
    goods: Goods = ()
    prices: Prices = Prices()
    mode: Literal["scripted", "endogenous"] = "scripted"
    """Who decides: history, or the actors themselves from ``endogenous_from`` on."""
    endogenous_from: LocalTime | None = None
    """Hour from which actors who decide for themselves are free; before it, history."""
    audiences: Audiences = USUAL_AUDIENCES
    organisations: Organisations = ()
    information: Information = Information()
    regime: Regime = Regime()
    alliance: Alliance = Alliance()
    elite: Elite = Elite()
    issues: Annotated[tuple[Issue, ...], Field(max_length=50)] = ()
    neighbours: Annotated[tuple[Neighbour, ...], Field(max_length=100)] = ()
    mechanisms: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, dict[str, float]] = Field(default_factory=dict)
    timeline: Annotated[tuple[TimelineEvent, ...], Field(max_length=MANY)] = ()
    inputs: Annotated[tuple[DeclaredInput, ...], Field(max_length=MANY)] = ()
    """What the model is given beside the tables."""
    triggers: Annotated[tuple[Trigger, ...], Field(max_length=MANY)] = ()
    """What begins the crisis besides the price."""
    evidence: Evidence = Evidence()
    calibration: Annotated[Calibration, Documentation(Calibration())] = Calibration()
    counterfactuals: Annotated[dict[Slug, Counterfactual], Documentation({})] = Field(
        default_factory=dict, max_length=MANY
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a scenario was loaded from; scenarios are equal wherever they lie.

    ``parameters`` are the values that the case itself gives, by role and name.
    """

    file: Path | None = field(default=None, compare=False)
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

    @property
    def price_unit(self) -> str:
        """The unit of the good's price; '' where no good has one."""
        return self.goods[0].unit if self.goods else ""

    @property
    def group_shares(self) -> tuple[NamedShare, ...]:
        """The shares of groups, region by region."""
        return tuple(one for region in self.regions for one in region.groups)

    @property
    def exposures(self) -> tuple[NamedShare, ...]:
        """The shares of households that pay for a good, region by region."""
        return tuple(one for region in self.regions for one in region.exposure)

    regions: tuple[Region, ...]
    places: tuple[Place, ...]
    price_steps: tuple[PriceStep, ...] = ()
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
        names = {*self.mechanisms.values(), *(value for values in patches for value in values)}
        copy = self.model_copy()
        copy._custom = rules.only(names)
        return copy

    @property
    def folder(self) -> Path | None:
        """The folder of the case that the scenario was loaded from, if it was."""
        return self._origin.file.parent if self._origin.file else None

    @property
    def set_parameters(self) -> tuple[str, ...]:
        """Parameters (``role.name``) whose value a patch changed from what the case gives."""
        if self.folder is None:
            return ()
        before, now = (
            {(role, name): v for role, own in values.items() for name, v in own.items()}
            for values in (self._origin.parameters, self.parameters)
        )
        both = sorted(before.keys() | now.keys())
        return tuple(f"{r}.{n}" for r, n in both if before.get((r, n)) != now.get((r, n)))

    def with_file(self, file: Path) -> Self:
        """Return the scenario as one that was loaded from ``file`` as it is."""
        return self.from_origin(Origin(file, self.parameters))

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
        from steppe.case.patch import apply

        return apply(self, self.patch(name), roles=roles)

    def patch(self, name: str) -> Patch:
        """Return the counterfactual ``name`` as a patch; ``CaseError`` if there is none."""
        from steppe.case.patch import counterfactual_patch

        return counterfactual_patch(self, name)

    def __repr__(self) -> str:
        return f"<case {self.id}: {self.title}; {self._size()}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from html import escape

        names = ", ".join(self.counterfactuals) or "none"
        lines = [f"<b>{escape(self.title)}</b> ({escape(self.id)})", self._size()]
        return "<br>".join([*lines, f"counterfactuals: {escape(names)}"])

    def _size(self) -> str:
        people = f"{self.country.citizens:,} citizens, {len(self.regions)} regions"
        return f"{people}, {len(self.places)} places, {self.clock.hours} hours"

    def change(
        self, path: str, value: Value, *, roles: Roles | None = None, allow_code: bool = False
    ) -> Scenario:
        """Return the scenario with one value changed, addressed as in ``--set``; see ``apply``."""
        from steppe.case.patch import apply

        return apply(self, {path: value}, roles=roles, allow_code=allow_code)


__all__ = [
    "MANY",
    "Alliance",
    "Calibration",
    "ClockConfig",
    "Counterfactual",
    "Country",
    "DeclaredInput",
    "Elite",
    "Evidence",
    "Faction",
    "Information",
    "Issue",
    "Lever",
    "Part",
    "Prices",
    "Regime",
    "Request",
    "Scenario",
    "Settings",
    "Target",
    "TimelineEvent",
    "Trigger",
    "Value",
]
