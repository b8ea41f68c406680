"""Mass Mobilization: one protest per row, "." for a missing value, .csv or Dataverse's .tab.

A protest gives ``protest_present`` on its first day and, where the file has a category or a number
of participants, ``protest_size``. The responses of the state are candidates for the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from steppe.case.schema import Lever
from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import ImportRow, RowError, calendar_day
from steppe.evidence.importers.crowd import CrowdSize, crowd_size, is_stated
from steppe.evidence.importers.imported import (
    Imported,
    ImportResult,
    Remark,
    TimelineCandidate,
)
from steppe.evidence.importers.plain import make
from steppe.evidence.importers.table import (
    ReadOptions,
    TableLayout,
    read,
)

RESPONSES = tuple(f"stateresponse{n}" for n in range(1, 8))
LAYOUT = TableLayout(
    ",",
    ("id", "ccode", "protest", "startday", "startmonth", "startyear", "location"),
    missing=("", ".", "NA"),
    optional=("country", "participants_category", "participants", "sources", *RESPONSES),
)
SIZES: Mapping[str, CrowdSize] = {
    "50-99": CrowdSize(low=50.0, high=99.0),
    "100-999": CrowdSize(low=100.0, high=999.0),
    "1000-1999": CrowdSize(low=1000.0, high=1999.0),
    "2000-4999": CrowdSize(low=2000.0, high=4999.0),
    "5000-10000": CrowdSize(low=5000.0, high=10000.0),
    ">10000": CrowdSize(low=10000.0),
}
LEVERS: Mapping[str, tuple[Lever, float]] = {
    "arrests": ("force_level", 2.0),
    "crowd dispersal": ("force_level", 3.0),
    "beatings": ("force_level", 3.0),
    "shootings": ("force_level", 4.0),
    "killings": ("force_level", 4.0),
    "accomodation": ("concession", 1.0),
    "accommodation": ("concession", 1.0),
}
"""Response to what the government did; the file writes accommodation with one m."""


def read_mass_mobilization(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``path`` says of ``country``, which it knows by its Correlates of War number.

    ``regions`` maps the plain text of location to a region id or ``national``. Raises
    ``CaseError`` for a file that cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: _imported(row, country, regions), options)


def _imported(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    is_named = country.is_named(row.optional("country"))  # for a few it has codes of its own
    if str(row.whole("ccode")) not in (country.cow, country.gw) and not is_named:
        raise RowError("another country")
    if row.whole("protest") != 1:
        raise RowError("a year without protest, not an event")
    code, location = row.whole("id"), row.text("location")
    parts = (row.whole(f"start{part}") for part in ("year", "month", "day"))
    common = {
        "date": row.inside(calendar_day("startday", *parts)),
        "region": row.region("location", regions),
        "confidence": "medium",
        "source": f"Mass Mobilization {code}: {row.optional('sources')}".rstrip(": "),
        "note": location,
    }
    flag = {"measure": "protest_present", "value": 1.0, "unit": "flag"}
    yield make(id=f"mm-{code}-present", **flag, **common)
    size, remark = _size(row)
    if size:
        figures = {**size.fields(), "measure": "protest_size", "unit": "persons"}
        yield make(id=f"mm-{code}-size", **figures, **common)
    if remark:
        yield remark
    at = datetime.fromisoformat(f"{common['date']}T12:00")
    for response in dict.fromkeys(row.optional(name) for name in RESPONSES):
        if response in LEVERS:
            do, value = LEVERS[response]
            text = f"{response.capitalize()}, {location}"
            yield TimelineCandidate(at, common["region"], do, value, text, common["source"])


def _size(row: ImportRow) -> tuple[CrowdSize | None, Remark | None]:
    """Return the size by category, else by the number in words, and what could not be read."""
    category, words = row.optional("participants_category"), row.optional("participants")
    if category in SIZES:
        return SIZES[category], None
    size = crowd_size(words)
    if category:
        wrong = f"participants_category {category[:40]!r} is not one of {', '.join(SIZES)}"
        return size, Remark(wrong)
    if size is None and is_stated(words):
        return None, Remark(f"participants {words[:60]!r} are in no form that is known")
    return size, None
