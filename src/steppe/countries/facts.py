"""Facts of a country before a year: cities, people, income, regime, forces, patron.

Packaged open tables, see SOURCES.md beside them. A figure of a later year is never used; where no
earlier one exists a declared value stands in, and ``Facts.assumed`` names it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError, nearest

INTERNET_BEGINS = 1993
"""Before this year nobody at large was online, whatever tables leave blank."""

DEFAULTS: Mapping[str, float] = MappingProxyType({
    "gini": 38.0, "urban_pct": 50.0, "median_age": 25.0, "internet_pct": 0.0, "lied": 3.0,
    "gdppc_ppp": 10_000.0,
})  # fmt: skip
"""What stands in for a figure no table has: about the median of countries since 1980 [assumed]."""

SOLDIERS_PER_CITIZEN = 0.005
"""Armed forces where no table has them [assumed]."""


@dataclass(frozen=True, slots=True)
class City:
    """A settlement of 100,000 or more: name, place on the map, people as GeoNames has them."""

    name: str
    lat: float
    lon: float
    people: int


@dataclass(frozen=True, slots=True)
class PatronHistory:
    """A state that is no more: states on its soil, capital, and the box its cities lie in."""

    on: tuple[str, ...]
    capital: str
    west: float = -180.0
    south: float = -90.0


FORMER: Mapping[str, PatronHistory] = MappingProxyType({
    "DDR": PatronHistory(("DEU",), "Berlin", west=11.0, south=50.3),
    "CSK": PatronHistory(("CZE", "SVK"), "Prague"),
    "YUG": PatronHistory(("SRB", "MNE"), "Belgrade"),
    "SCG": PatronHistory(("SRB", "MNE"), "Belgrade"),
    "SUN": PatronHistory(
        ("ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "RUS", "TJK",
         "TKM", "UKR", "UZB"), "Moscow",
    ),
    "YMD": PatronHistory(("YEM",), "Aden"),
})  # fmt: skip
"""Codes of former states whose cities are found under their successors [our reading]."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a country before a year.

    ``people_now`` are those of the table of countries, to which the sizes of ``cities`` belong; 0
    where the country has other borders now. ``gini``, ``urban`` and ``online`` are shares,
    ``median_age`` in years, ``income`` GDP per head in international dollars, ``soldiers`` persons
    in the armed forces, ``lied`` the lexical index of electoral democracy (0 no elections to 6
    full suffrage and contested). ``patron`` is the alliance whose leader, not the country itself,
    could be asked for help, or ''; ``assumed`` names the figures that no table has.
    """

    capital: str
    cities: tuple[City, ...]
    people_now: int
    gini: float
    urban: float
    median_age: float
    online: float
    income: float
    soldiers: float
    lied: float
    patron: str
    assumed: tuple[str, ...]


def facts(iso3: str, day: date, citizens: int) -> Facts:
    """Return what is known of country ``iso3`` from the years before that of ``day``.

    Raises ``CaseError`` for a code that no table has.
    """
    former = FORMER.get(iso3)
    if former is None and iso3 not in _countries():
        countries = sorted({*_countries(), *FORMER})
        raise CaseError(
            [
                SourceMark("crises").fault(
                    "iso3",
                    f"no country has the code '{iso3}'",
                    "ISO 3166-1",
                    nearest(iso3, countries) or "",
                )
            ]
        )
    figures, assumed = _figures(iso3, day.year)
    soldiers = figures.pop("armed_forces", None)
    if soldiers is None:
        assumed = (*assumed, "armed_forces")
        soldiers = SOLDIERS_PER_CITIZEN * citizens
    return Facts(
        capital=former.capital if former else _countries()[iso3][0],
        cities=_cities_of(iso3),
        people_now=_people_now(iso3),
        gini=figures["gini"] / 100.0,
        urban=figures["urban_pct"] / 100.0,
        median_age=figures["median_age"],
        online=figures["internet_pct"] / 100.0,
        income=figures["gdppc_ppp"],
        soldiers=soldiers,
        lied=figures["lied"],
        patron=patron_of(iso3, day),
        assumed=assumed,
    )


def patron_of(iso3: str, day: date) -> str:
    """Return the alliance that ``iso3`` could ask for help on ``day`` without leading it, or ''."""
    return next(
        (
            row["alliance"]
            for row in _rows("alliances.csv")
            if row["iso3"] == iso3
            and row["lead"] != iso3
            and row["from"] <= day.isoformat() < (row["to"] or "9999")
        ),
        "",
    )


def alliance_members(alliance: str, day: date) -> list[tuple[str, bool]]:
    """Return the members of ``alliance`` on ``day``, and whether each leads it."""
    return [
        (row["iso3"], row["iso3"] == row["lead"])
        for row in _rows("alliances.csv")
        if row["alliance"] == alliance and row["from"] <= day.isoformat() < (row["to"] or "9999")
    ]


def people_before(iso3: str, day: date) -> int:
    """Return the people of a country in the year before that of ``day``, or those it has now."""
    return int(_last("pop", iso3, day)) or _people_now(iso3)


def armed_forces(iso3: str, day: date) -> float:
    """Return the persons in the armed forces before the year of ``day``, 0 if no table has them."""
    return _last("armed_forces", iso3, day)


def _last(name: str, iso3: str, day: date) -> float:
    years = _years().get(iso3, {})
    known_in = [year for year in years if year < day.year and name in years[year]]
    return years[max(known_in)][name] if known_in else 0.0


def _figures(iso3: str, year: int) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the last figure of each kind before ``year``, and which had to be assumed."""
    figures: dict[str, float] = {}
    for earlier in sorted(y for y in _years().get(iso3, {}) if y < year):
        figures |= _years()[iso3][earlier]
    missing = tuple(
        name for name in DEFAULTS
        if name not in figures and not (name == "internet_pct" and year <= INTERNET_BEGINS)
    )  # fmt: skip
    return {**DEFAULTS, **figures}, missing


@cache
def _cities_of(iso3: str) -> tuple[City, ...]:
    """Return the cities of a country, largest first."""
    former = FORMER.get(iso3, PatronHistory((iso3,), ""))
    inside = [
        city
        for one in former.on
        for city in _cities().get(one, ())
        if city.lon >= former.west and city.lat >= former.south
    ]
    return tuple(sorted(inside, key=lambda city: (-city.people, city.name)))


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (files("steppe") / "data" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _countries() -> Mapping[str, tuple[str, int]]:
    """Return the capital of each country, '' where it has none, and its people now."""
    rows = _rows("countries.csv")
    return {row["iso3"]: (row["capital"], int(row["population"])) for row in rows}


def _people_now(iso3: str) -> int:
    former = FORMER.get(iso3, PatronHistory((iso3,), ""))
    if former.west > -180.0 or former.south > -90.0:
        return 0
    return sum(_countries()[one][1] for one in former.on)


@cache
def _cities() -> Mapping[str, tuple[City, ...]]:
    by_country: dict[str, list[City]] = defaultdict(list)
    for row in _rows("cities.csv"):
        city = City(row["name"], float(row["lat"]), float(row["lon"]), int(row["population"]))
        by_country[row["iso3"]].append(city)
    return {iso3: tuple(cities) for iso3, cities in by_country.items()}


@cache
def _years() -> Mapping[str, Mapping[int, dict[str, float]]]:
    by_country: dict[str, dict[int, dict[str, float]]] = defaultdict(dict)
    for row in _rows("country_years.csv"):
        figures = {k: float(v) for k, v in row.items() if v and k not in ("iso3", "year")}
        by_country[row["iso3"]][int(row["year"])] = figures
    return by_country
