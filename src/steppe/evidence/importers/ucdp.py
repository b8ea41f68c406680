"""UCDP georeferenced events (GED, and monthly candidate events): comma-separated.

Each event gives ``killed_in_event`` with best, low and high, on its last day. Violence of the
government against civilians is a candidate for the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import ImportRow, RowError
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

LAYOUT = TableLayout(
    ",",
    ("id", "adm_1", "country_id", "date_prec", "date_start", "date_end", "best", "high", "low"),
    optional=(
        "type_of_violence", "side_a", "source_article", "source_office", "source_date",
        "source_headline", "event_clarity",
    ),
    synonyms={
        "adm_1": ("adm1",), "best": ("best_est",), "high": ("high_est",), "low": ("low_est",),
    },
)  # fmt: skip
MAX_DATE_PRECISION = 3
"""1 the day, 2 within a few days, 3 the week; 4 and 5 (month, year) are quarantined."""

ONE_SIDED = "3"


def read_ucdp(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``path`` says of ``country``, which it knows by its Gleditsch-Ward number.

    ``regions`` maps the plain name of adm_1 to a region id. Raises ``CaseError`` for a file that
    cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: _imported(row, country, regions), options)


def _imported(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    if str(row.whole("country_id")) != country.gw:
        raise RowError("another country")
    precision = row.whole("date_prec")
    if not 1 <= precision <= MAX_DATE_PRECISION:
        raise RowError(f"date_prec {precision}: only the month or the year of the event is known")
    start, end = row.day("date_start"), row.inside(row.day("date_end"))
    if end < start:
        raise RowError(f"date_end {end} is before date_start {start}")
    low, best, high = (row.whole(name) for name in ("low", "best", "high"))
    if not 0 <= low <= best <= high:
        raise RowError("0 <= low <= best <= high is not so")
    clear = row.optional("event_clarity") in ("1", "1.0")
    number, kind = row.whole("id"), row.optional("type_of_violence")
    region, source = row.region("adm_1", regions), _source(row, number)
    yield make(
        id=f"ucdp-{number}",
        date=end,
        region=region,
        measure="killed_in_event",
        value=float(best),
        low=float(low),
        high=float(high),
        unit="persons",
        confidence="medium" if clear and precision == 1 else "low",
        source=source,
        note=f"type of violence {kind or 'not given'}; {start} to {end}",
    )
    if kind == ONE_SIDED and row.optional("side_a").startswith("Government of") and best:
        text = f"Violence of the government against civilians, {best} killed"
        at = datetime.fromisoformat(f"{start}T12:00")
        yield TimelineCandidate(at, region, "force_level", 4.0, text, source)


def _source(row: ImportRow, number: int) -> str:
    names = ("source_office", "source_date", "source_headline")
    parts = [part for name in names if (part := row.optional(name))]
    return row.optional("source_article") or f"UCDP event {number}: {', '.join(parts)}".rstrip(": ")
