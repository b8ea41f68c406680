"""Rows of a case's tables: frozen, typed, with the unit and range of every column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from steppe.case.part import Slug
from steppe.case.units import CalendarDate, ClockTime, LocalTime


@dataclass(frozen=True, slots=True)
class Documentation:
    """Marks a field that no run reads: it is not in the canonical form; ``blank`` stands for it."""

    blank: Any = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """Marks a field that came later: at its default it is not in the canonical form.

    So a case that does not use it keeps its hash.
    """


Prose = Annotated[str, Documentation()]
Basis = Annotated[
    Literal["measured", "derived", "filled-ipf", "filled-national", "copied", "assumed"],
    Documentation("assumed"),
]
"""What a cell is; ``copied`` is the figure of another region repeated."""
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Area = Annotated[float, Field(gt=0.0, le=20_000_000.0, allow_inf_nan=False)]
"""Square kilometres; no country is larger than 17.1 million."""
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Persons = Annotated[int, Field(ge=0, le=2_000_000_000)]
Service = Literal["police", "guard", "army"]
PriceCause = Literal["before", "market", "concession", "cap"]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]


class Row(BaseModel):
    """Base of all table rows."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True
    )


class NamedShare(Row):
    """A share of a region's people, of those who are in a group or pay for a good."""

    id: Slug
    share: Share
    basis: Basis = "assumed"
    source: Prose = ""


class RegionFigures(Row):
    """A first-level unit as its table has it: people, ages, income, reach of the internet."""

    id: Slug
    name: str
    iso: str
    kind: Literal["region", "city"]
    population: Persons
    urban_share: Share
    area_km2: Area
    lat: Latitude
    lon: Longitude
    centre: str
    neighbours: tuple[Slug, ...]
    share_age_0_15: Share
    share_age_16_45: Share
    share_age_46_retirement: Share
    share_age_older: Share
    age_basis: Basis
    wage: Positive
    wage_basis: Basis
    unemployment_pct: Annotated[float, Field(ge=0.0, le=100.0, allow_inf_nan=False)]
    unemployment_basis: Basis
    gini: Annotated[float, Field(gt=0.0, lt=1.0, allow_inf_nan=False)]
    gini_basis: Basis
    online_share: Share
    online_basis: Basis
    source: Prose
    note: Prose = ""


class Region(RegionFigures):
    """A first-level unit with its groups, in the order of the case, and who pays for its goods."""

    groups: tuple[NamedShare, ...] = ()
    exposure: tuple[NamedShare, ...] = ()

    @property
    def group_shares(self) -> tuple[float, ...]:
        """Shares of the groups; where the case has none, everybody is of one."""
        return tuple(group.share for group in self.groups) or (1.0,)

    @property
    def exposed_share(self) -> float:
        """Share of households that pay for the good that most pay for; 0 where there is none."""
        return max((one.share for one in self.exposure), default=0.0)


class GroupShareRow(Row):
    """The share of a group among the people of a region; a pair that is left out has none."""

    region: Slug
    group: Slug
    share: Share
    basis: Basis
    source: Prose


class ExposureRow(Row):
    """The share of a region's households that pay for a good; a pair left out has none."""

    region: Slug
    good: Slug
    share: Share
    basis: Basis
    source: Prose


class Place(Row):
    """A locality: a city, a town, or the rural rest of a district."""

    id: Slug
    name: str
    kind: Literal["city", "town", "rural"]
    region: Slug
    district: str = ""
    lat: Latitude
    lon: Longitude
    population: Persons
    basis: Basis
    source: Prose


class PriceStep(Row):
    """A good's price in a region from a moment on; ``before`` is the price before the shock."""

    from_: LocalTime = Field(alias="from")
    region: Slug
    good: Slug
    price: Positive
    cause: PriceCause
    basis: Basis
    source: Prose
    note: Prose = ""


class Force(Row):
    """Officers of one service stationed in one place; whole strength, not those on duty."""

    id: Slug
    name: str
    type: Service
    region: Slug
    place: Slug
    officers: Persons
    basis: Basis
    source: Prose
    note: Prose = ""


class Building(Row):
    """A symbolic building whose loss tells everyone who is in command."""

    id: Slug
    name: str
    kind: Literal[
        "city-hall", "airport", "broadcaster", "residence", "security-office", "party-office"
    ]
    place: Slug
    weight: NonNegative
    source: Prose


class Member(Row):
    """A member of the alliance that may send troops to the client."""

    id: Slug
    name: str
    lead: bool
    active_forces_thousand: NonNegative
    announced_low: Persons
    announced_high: Persons
    source: Prose


class Observation(Row):
    """One observed figure with its range, confidence and source; any of the three may be empty."""

    id: Slug
    date: CalendarDate
    time: ClockTime = ""
    region: Slug
    measure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    confidence: Literal["high", "medium", "low", "none"]
    source: Prose
    note: Prose = ""
