"""ACLED exports: one event per row, in the columns of the exports since 2018.

A protest or riot gives ``protest_present`` and, where the tags state a crowd, ``protest_size``;
deaths give ``killed_in_event``. What forces did to it is a candidate for the timeline. Rows may not
be redistributed: they stay in the user's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from steppe.case.schema import Lever
from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import ImportRow, RowError
from steppe.evidence.importers.crowd import crowd_size, is_stated
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

LAYOUT = TableLayout(
    ",",
    ("event_id_cnty", "event_date", "event_type", "admin1", "fatalities"),
    optional=(
        "iso", "iso3", "country", "time_precision", "geo_precision", "sub_event_type", "location",
        "source", "tags",
    ),
)  # fmt: skip
PROTEST = ("Protests", "Riots")
LEVERS: Mapping[str, tuple[Lever, float]] = {
    "Protest with intervention": ("force_level", 2.0),
    "Arrests": ("force_level", 2.0),
    "Excessive force against protesters": ("force_level", 4.0),
    "Agreement": ("concession", 1.0),
}
"""Kind of event to what an actor of the timeline may have done [our reading of the codebook]."""


class _Common(TypedDict):
    date: str
    region: str
    confidence: str
    source: str
    note: str


def read_acled(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``path`` says of ``country``.

    ``regions`` maps the plain name of admin1 to a region id. Raises ``CaseError`` for a file that
    cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: _imported(row, country, regions), options)


def _imported(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    country_name = row.optional("iso") or row.optional("iso3") or row.text("country")
    if not country.is_named(re.sub(r"\.0*$", "", country_name)):
        raise RowError("another country")
    precision = row.whole("time_precision") if row.optional("time_precision") else 2
    if precision == 3:
        raise RowError("only the month of the event is known")
    deaths, kind = row.whole("fatalities"), row.text("event_type")
    if deaths < 0:
        raise RowError("fatalities are negative")
    sub_kind = row.optional("sub_event_type")
    if kind not in PROTEST and not deaths and sub_kind not in LEVERS:
        raise RowError(f"event type {kind[:40]!r} without deaths has no measure here")
    common = _common(row, regions, precision)
    code = "acled-" + re.sub("[^a-z0-9]+", "-", row.text("event_id_cnty").lower())[:40]
    if kind in PROTEST:
        yield make(
            id=f"{code}-present", measure="protest_present", value=1.0, unit="flag", **common
        )
        yield from _crowd(row, f"{code}-size", common)
    if deaths:
        killed = {"measure": "killed_in_event", "value": float(deaths), "unit": "persons"}
        yield make(id=f"{code}-killed", **killed, **common)
    if sub_kind in LEVERS:
        do, value = LEVERS[sub_kind]
        at = datetime.fromisoformat(f"{common['date']}T12:00")
        text = f"{sub_kind}, {row.optional('location') or 'place not given'}"
        yield TimelineCandidate(at, common["region"], do, value, text, common["source"])


def _common(row: ImportRow, regions: Mapping[str, str], precision: int) -> _Common:
    place = row.whole("geo_precision") if row.optional("geo_precision") else 3
    details = (row.optional("location"), row.text("event_type"), row.optional("tags"))
    event = row.text("event_id_cnty")
    return {
        "date": row.inside(row.day("event_date")),
        "region": row.region("admin1", regions),
        "confidence": "medium" if precision == 1 and place in (1, 2) else "low",
        "source": f"ACLED {event}: {row.optional('source')}".rstrip(": "),
        "note": "; ".join(part for part in details if part),
    }


def _crowd(row: ImportRow, name: str, common: _Common) -> Iterator[Imported]:
    tags = row.optional("tags")
    match = re.search(r"crowd[ _-]?size\s*[=:]([^;]*)", tags, re.IGNORECASE)
    words = match.group(1) if match else tags if "crowd" in tags.lower() else ""
    if size := crowd_size(words):
        yield make(id=name, measure="protest_size", unit="persons", **size.fields(), **common)
    elif is_stated(words):
        yield Remark(f"crowd size {words.strip()[:60]!r} is in no form that is known")
