"""GDELT 1.0 and 2.0 event files: tab-separated, without header or quotes, 58 or 61 columns.

Rows are media reports, not counts of people: a protest (root code 14) or violence (18-20) gives
the number of articles about it, with confidence low. Reports of an event more than seven days
old are quarantined, as they are mostly retrospect.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from steppe.case.tables import Observation
from steppe.evidence.importers.plain import make
from steppe.evidence.importers.table import (
    ImportResult,
    ImportRow,
    RowError,
    TableLayout,
    TableLimits,
    calendar_day,
    read,
)


def _actor(n: int) -> list[str]:
    ends = (
        "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
        "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
    )  # fmt: skip
    return [f"Actor{n}{end}" for end in ends]


def _geo(prefix: str) -> list[str]:
    ends = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
    return [f"{prefix}Geo_{end}" for end in ends]


VERSION_2 = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *_actor(1), *_actor(2),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone", *_geo("Actor1"), *_geo("Actor2"),
    *_geo("Action"), "DATEADDED", "SOURCEURL",
)  # fmt: skip
VERSION_1 = tuple(name for name in VERSION_2 if not name.endswith("_ADM2Code"))
LAYOUT = TableLayout("\t", (), header=(VERSION_2, VERSION_1), quoting=False)

MEASURES = {
    "14": "protest_articles",
    "18": "violence_articles",
    "19": "violence_articles",
    "20": "violence_articles",
}
"""CAMEO root code to measure."""

MAX_AGE_DAYS = 7


def read_gdelt(
    path: Path, country: str, regions: Mapping[str, str], limits: TableLimits | None = None
) -> ImportResult:
    """Return the observations in ``path`` for the FIPS 10-4 code ``country``.

    ``regions`` maps ActionGeo_ADM1Code to a region id. Raises ``CaseError`` for a file that
    cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: [_observation(row, country, regions)], limits)


def _day(row: ImportRow, name: str) -> str:
    digits = row.text(name)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 14)):
        raise RowError(f"{name} {digits[:40]!r} is not of the form YYYYMMDD")
    return calendar_day(name, int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _observation(row: ImportRow, country: str, regions: Mapping[str, str]) -> Observation:
    if row.text("ActionGeo_CountryCode") != country:
        raise RowError("another country")
    if row.whole("IsRootEvent") != 1:
        raise RowError("not the main event of its report")
    day, added = _day(row, "SQLDATE"), _day(row, "DATEADDED")
    age = (date.fromisoformat(added) - date.fromisoformat(day)).days
    if not 0 <= age <= MAX_AGE_DAYS:
        raise RowError(f"reported {age} days after the event, at most {MAX_AGE_DAYS}")
    articles = row.whole("NumArticles")
    if articles < 1:
        raise RowError("NumArticles is below 1")
    return make(
        id=f"gdelt-{row.whole('GLOBALEVENTID')}",
        date=day,
        region=row.one_of("ActionGeo_ADM1Code", regions, "in the table of regions"),
        measure=row.one_of("EventRootCode", MEASURES, "a code for protest or violence"),
        value=float(articles),
        unit="articles",
        confidence="low",
        source=row.text("SOURCEURL"),
        note=f"code {row.text('EventCode')}; {row.optional('ActionGeo_FullName')}",
    )
