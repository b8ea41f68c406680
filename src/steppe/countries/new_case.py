"""A case of any country from packaged open tables: what is in it, before it is written.

Everything that no table has is assumed, by declared rules that are the same everywhere, and tagged
so cell by cell. The trigger is a price that jumps, a vote that costs legitimacy, a harm, or a call
to protest, with the middle of the range of sizes that a trigger of unknown size is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from steppe.case.schema import Elite, Trigger
from steppe.case.society import Good
from steppe.case.tables import Building, Force, Member, NamedShare, Place, Region
from steppe.core.errors import CaseError, Fault
from steppe.countries.codes import CountryCodes, all_codes, country_rows
from steppe.countries.estimate import CITY, Area, areas_of, places_of_areas
from steppe.countries.facts import Facts, alliance_members, armed_forces, facts, people_before
from steppe.countries.geometry import Polygon
from steppe.countries.institutions import (
    UNEMPLOYED_PCT,
    ages,
    buildings,
    elite,
    forces,
    group_shares,
)
from steppe.countries.units import Unit

TriggerKind = Literal["price", "election", "outrage", "call"]
TRIGGERS: tuple[TriggerKind, ...] = ("price", "election", "outrage", "call")

PRICE_RATIO = 1.77
"""New over old price of a jump of unknown size: the middle of 1.25 to 2.5 on a log scale."""

EXPOSED = 0.5
"""Share of households that buy the good: the middle of 0.2 to 0.8."""

GOOD = Good(id="good", name="the good", unit="old prices")
"""The good whose price moves; its price is 1 before it does."""

LEGITIMACY_LOSS = 0.15
"""Loss of legitimacy by a vote, and outrage at a harm: the middle of 0 to 0.3."""

QUIET_DAYS = 4
"""Days before the trigger: a country that is not quiet in them says nothing about the trigger."""

SOURCE = "SOURCES.md"


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What the user wants: country, day of the trigger, days from it on, kind of trigger."""

    country: CountryCodes
    start: date
    days: int
    trigger: TriggerKind


@dataclass(frozen=True, slots=True)
class NewCase:
    """The content of a case: tables as rows, outlines by region, and the facts behind them."""

    request: CaseRequest
    facts: Facts
    capital: str
    regions: tuple[Region, ...]
    places: tuple[Place, ...]
    goods: tuple[Good, ...]
    forces: tuple[Force, ...]
    buildings: tuple[Building, ...]
    members: tuple[Member, ...]
    elite: Elite
    outlines: dict[str, tuple[Polygon, ...]]
    trigger: Trigger

    @property
    def citizens(self) -> int:
        """People of the country."""
        return sum(region.population for region in self.regions)

    @property
    def start(self) -> date:
        """The first day of the run."""
        return self.request.start - timedelta(days=QUIET_DAYS)

    @property
    def hours(self) -> int:
        """Hours of the run: the quiet days, and those from the trigger on."""
        return 24 * (QUIET_DAYS + self.request.days)


def new_case(request: CaseRequest, units: Sequence[Unit]) -> NewCase:
    """Return the case of ``request`` in a country of these ``units``."""
    iso3 = request.country.iso3
    people = people_before(iso3, request.start)
    if people < len(units):
        wrong = f"{request.country.name} has {people:,} people in {len(units)} units"
        raise CaseError([Fault("country", 0, 0, "", wrong, "a country with people")])
    numbers = facts(iso3, request.start, people)
    used: set[str] = set()
    areas = areas_of(units, people, numbers.urban, used)
    places = places_of_areas(areas, used)
    capital = _capital(request.country, places)
    return NewCase(
        request=request,
        facts=numbers,
        capital=capital,
        regions=tuple(_region(area, numbers, request) for area in areas),
        places=places,
        goods=(GOOD,) if request.trigger == "price" else (),
        forces=_police_and_army(places, capital, numbers.soldiers),
        buildings=tuple(buildings(places, capital)),
        members=tuple(_members(numbers.patron, request)),
        elite=elite(),
        outlines={area.id: area.unit.polygons for area in areas},
        trigger=_trigger(request, capital),
    )


def _capital(country: CountryCodes, places: Sequence[Place]) -> str:
    name = next(row["capital"] for row in country_rows() if row["iso3"] == country.iso3)
    settled = [place for place in places if place.kind != "rural"] or list(places)
    same = [place for place in settled if place.name == name]
    return max(same or settled, key=lambda place: place.population).id


def _region(area: Area, numbers: Facts, request: CaseRequest) -> Region:
    young, adult, middle, old = (round(share, 4) for share in ages(numbers.median_age))
    paid = NamedShare(id=GOOD.id, share=EXPOSED, basis="assumed", source=SOURCE)
    exposure = (paid,) if request.trigger == "price" else ()
    settlements = area.unit.settlements
    basis = {name: "assumed" if name in numbers.assumed else "filled-national" for name in _FIGURES}
    return Region.model_validate({
        "id": area.id, "name": area.unit.name, "iso": area.unit.code or request.country.iso3,
        "kind": "city" if area.urban > 0.95 and area.people >= CITY else "region",
        "population": area.people, "urban_share": area.urban,
        "area_km2": max(round(area.unit.area_km2, 1), 0.1),
        "lat": round(area.lat, 3), "lon": round(area.lon, 3),
        "centre": settlements[0].name if settlements else area.unit.name,
        "neighbours": area.neighbours,
        "groups": group_shares(),
        "share_age_0_15": young, "share_age_16_45": adult, "share_age_46_retirement": middle,
        "share_age_older": round(1.0 - young - adult - middle, 4) if old else 0.0,
        "age_basis": basis["median_age"],
        "wage": round(numbers.income / 12.0, 1), "wage_basis": basis["gdppc_ppp"],
        "unemployment_pct": UNEMPLOYED_PCT, "unemployment_basis": "assumed",
        "gini": round(numbers.gini, 4), "gini_basis": basis["gini"],
        "exposure": exposure,
        "online_share": round(numbers.online, 4), "online_basis": basis["internet_pct"],
        "source": SOURCE,
    })  # fmt: skip


_FIGURES = ("median_age", "gdppc_ppp", "gini", "internet_pct")


def _trigger(request: CaseRequest, capital: str) -> Trigger:
    """Return the trigger, whose size nobody has measured yet."""
    day = datetime.combine(request.start, time())
    loss = {"size": LEGITIMACY_LOSS, "low": 0.0, "high": 2.0 * LEGITIMACY_LOSS}
    kinds: dict[TriggerKind, dict[str, object]] = {
        "price": {"kind": "price", "at": day, "where": ("national",), "text": "The price jumps.",
                  "size": round(PRICE_RATIO - 1.0, 4), "low": 0.25, "high": 1.5},
        "election": {"kind": "legitimacy", "at": day + timedelta(hours=20),
                     "where": ("national",), "half_life": 240.0, **loss,
                     "text": "The result of the vote is announced; many do not believe it."},
        "outrage": {"kind": "harm", "at": day + timedelta(hours=10), "where": (capital,),
                    "half_life": 72.0, **loss, "text": "Somebody is killed."},
        "call": {"kind": "call", "at": day, "until": day + timedelta(days=3),
                 "where": ("national",), "size": 1.0, "low": 0.5, "high": 1.0,
                 "hours": "10-20", "through": "online",
                 "text": "Protest is called for on three days."},
    }  # fmt: skip
    common = {"id": "trigger", "basis": "assumed", "source": SOURCE}
    return Trigger.model_validate({**common, **kinds[request.trigger]}, strict=True)


def _police_and_army(places: Sequence[Place], capital: str, soldiers: float) -> tuple[Force, ...]:
    """Return the forces that have anybody; the smallest country has a police officer."""
    units = [
        one.model_copy(update={"basis": "assumed", "officers": max(one.officers, 1)})
        if one.type == "police" and one.place == capital
        else one.model_copy(update={"basis": "assumed"})
        for one in forces(places, capital, soldiers)
    ]
    return tuple(one for one in units if one.officers)


def _members(alliance: str, request: CaseRequest) -> list[Member]:
    """Return the allies that could be asked, with their forces and nothing announced."""
    names = {codes.iso3: codes.name for codes in all_codes().values()}
    return [
        Member(
            id=iso3.lower(), name=names[iso3], lead=lead,
            active_forces_thousand=round(armed_forces(iso3, request.start) / 1000.0, 1),
            announced_low=0, announced_high=0, source=SOURCE,
        )
        for iso3, lead in alliance_members(alliance, request.start)
        if iso3 != request.country.iso3 and iso3 in names
    ]  # fmt: skip
