"""The codes of each country in the data sets of the field, from the packaged table.

GeoNames gives ISO 3166-1 and FIPS 10-4; Gleditsch-Ward and Correlates of War numbers, which differ
from each other for a few states, come from the tables that use them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError, nearest


@dataclass(frozen=True, slots=True)
class CountryCodes:
    """One country: name and codes, '' where a data set gives none; the time zone of its capital."""

    name: str
    iso3: str
    iso2: str
    numeric: str
    fips: str
    gw: str
    cow: str
    zone: str

    def is_named(self, text: str) -> bool:
        """Return whether ``text`` is the name or an ISO code of this country."""
        plain = text.strip()
        if plain.isdigit():
            return bool(self.numeric) and int(plain) == int(self.numeric)
        return plain.casefold() in (
            self.name.casefold(), self.iso3.casefold(), self.iso2.casefold()
        )  # fmt: skip


@cache
def country_rows() -> tuple[Mapping[str, str], ...]:
    """Return the rows of the packaged table of countries."""
    text = (files("steppe") / "data" / "countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def all_codes() -> Mapping[str, CountryCodes]:
    """Return the codes of every country by its ISO code of three letters."""
    return {
        row["iso3"]: CountryCodes(
            row["name"], row["iso3"], row["iso2"], row["numeric"], row["fips"], row["gw"],
            row["cow"], row["zone"],
        )
        for row in country_rows()
    }  # fmt: skip


def find_country(text: str) -> CountryCodes:
    """Return the country that ``text`` names by name or ISO code; ``CaseError`` with the nearest.

    The codes of the user's own invented countries are in no table: they are refused too.
    """
    for codes in all_codes().values():
        if codes.is_named(text):
            return codes
    names = [name for codes in all_codes().values() for name in (codes.name, codes.iso3)]
    near = nearest(text, names)
    wrong = f"no country is called '{text[:60]}'"
    allowed = "a name in English or an ISO code, as KGZ"
    raise CaseError([SourceMark("country").fault("", wrong, allowed, near)])
