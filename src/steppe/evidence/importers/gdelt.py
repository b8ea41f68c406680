"""GDELT 1.0 and 2.0 event files: tab-separated, without header or quotes, 57, 58 or 61 columns.

Rows are media reports, not counts of people: protest (root code 14) and violence (18-20) give the
number of articles about them, summed by day and region, with confidence low. Reports of an event
more than seven days old are quarantined, as they are mostly retrospect. What governments are
reported to have done is a candidate for the timeline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from steppe.case.schema import Lever
from steppe.case.tables import Observation
from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import (
    ImportRow,
    RowError,
    UnknownNameError,
    calendar_day,
    plain,
)
from steppe.evidence.importers.imported import (
    Imported,
    ImportResult,
    TimelineCandidate,
)
from steppe.evidence.importers.plain import make
from steppe.evidence.importers.table import (
    ReadOptions,
    TableLayout,
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
LAYOUT = TableLayout("\t", (), header=(VERSION_2, VERSION_1, VERSION_1[:-1]), quoting=False)

MEASURES = {
    "14": "protest_articles",
    "18": "violence_articles",
    "19": "violence_articles",
    "20": "violence_articles",
}
"""CAMEO root code to measure."""

LEVERS: Mapping[str, tuple[Lever, float]] = {
    "173": ("force_level", 2.0),
    "175": ("force_level", 3.0),
    "1723": ("curfew", 1.0),
    "1724": ("emergency", 1.0),
    "152": ("reinforce", 1.0),
    "154": ("reinforce", 1.0),
    "082": ("concession", 1.0),
    "083": ("concession", 1.0),
    "0832": ("concession", 1.0),
    "0234": ("alliance_request", 1.0),
    "0861": ("troops_arrive", 1.0),
    "0874": ("troops_withdraw", 1.0),
}
"""CAMEO code to what an actor of the timeline may have done [our reading of the codebook]."""

MAX_AGE_DAYS = 7


def read_gdelt(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``path`` says of ``country``, which it knows by its FIPS 10-4 code.

    ``regions`` maps the plain ActionGeo_ADM1Code, or the unit's name, to a region id.
    Raises ``CaseError`` for a file that cannot be read at all.
    """
    result = read(path, LAYOUT, lambda row: _imported(row, country, regions), options)
    return replace(result, observations=_daily(result.observations))


def _day(row: ImportRow, name: str) -> str:
    digits = row.text(name)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 14)):
        raise RowError(f"{name} {digits[:40]!r} is not of the form YYYYMMDD")
    return calendar_day(name, int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _imported(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    if row.text("ActionGeo_CountryCode") != country.fips:
        raise RowError("another country")
    if row.whole("IsRootEvent") != 1:
        raise RowError("not the main event of its report")
    day, added = _day(row, "SQLDATE"), _day(row, "DATEADDED")
    age = (date.fromisoformat(added) - date.fromisoformat(day)).days
    if not 0 <= age <= MAX_AGE_DAYS:
        raise RowError(f"reported {age} days after the event, at most {MAX_AGE_DAYS}")
    articles, code = row.whole("NumArticles"), row.text("EventCode")
    if articles < 1:
        raise RowError("NumArticles is below 1")
    root, number = row.text("EventRootCode"), row.whole("GLOBALEVENTID")
    if root not in MEASURES and code not in LEVERS:
        raise RowError(f"EventRootCode {root[:40]!r} is not a code for protest or violence")
    row.inside(day)
    region = _region(row, regions)
    source = row.optional("SOURCEURL") or f"GDELT event {number}"
    if root in MEASURES:
        yield make(
            id=f"gdelt-{number}",
            date=day,
            region=region,
            measure=MEASURES[root],
            value=float(articles),
            unit="articles",
            confidence="low",
            source=source,
            note=f"code {code}; {row.optional('ActionGeo_FullName')}",
        )
    if code in LEVERS:
        do, value = LEVERS[code]
        at = datetime.fromisoformat(f"{day}T12:00")
        text = f"CAMEO {code}, {articles} articles, {row.optional('ActionGeo_FullName')}"
        yield TimelineCandidate(at, region, do, value, text, source)


def _region(row: ImportRow, regions: Mapping[str, str]) -> str:
    """Return the region by the code of its first-level unit, else by the name in the place's.

    A place is written "Town, Unit, Country", a unit "Unit, Country".
    """
    code = row.optional("ActionGeo_ADM1Code")
    parts = [part.strip() for part in row.optional("ActionGeo_FullName").split(",")]
    if plain(code) in regions or len(parts) < 2 or not parts[-2]:
        return row.region("ActionGeo_ADM1Code", regions)
    if plain(parts[-2]) in regions:
        return regions[plain(parts[-2])]
    raise UnknownNameError("ActionGeo_FullName", parts[-2])


def _daily(reports: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Return one observation for each day, region and measure: the articles of all its reports."""
    groups: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for report in reports:
        groups[report.date, report.region, report.measure].append(report)
    return tuple(
        reports[0].model_copy(update={
            "id": f"gdelt-{day}-{measure.split('_')[0]}-{region}"[:64],
            "value": sum(report.value or 0.0 for report in reports),
            "note": f"{len(reports)} reports",
        })
        for (day, region, measure), reports in sorted(groups.items())
    )  # fmt: skip
