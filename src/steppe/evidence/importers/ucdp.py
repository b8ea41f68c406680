"""UCDP georeferenced events (GED, and monthly candidate events): comma-separated.

Each event gives ``killed_in_event`` with best, low and high, on its last day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from steppe.case.tables import Observation
from steppe.evidence.importers.plain import make
from steppe.evidence.importers.table import (
    ImportResult,
    ImportRow,
    RowError,
    TableLayout,
    TableLimits,
    iso_day,
    read,
)

LAYOUT = TableLayout(
    ",",
    (
        "id", "type_of_violence", "source_article", "adm_1", "country_id", "event_clarity",
        "date_prec", "date_start", "date_end", "best", "high", "low",
    ),
)  # fmt: skip
MAX_DATE_PRECISION = 3
"""1 the day, 2 within a few days, 3 the week; 4 and 5 (month, year) are quarantined."""


def read_ucdp(
    path: Path, country_id: int, regions: Mapping[str, str], limits: TableLimits | None = None
) -> ImportResult:
    """Return the observations in ``path`` for the Gleditsch-Ward number ``country_id``.

    ``regions`` maps the text of adm_1, exactly as written, to a region id. Raises
    ``CaseError`` for a file that cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: [_observation(row, country_id, regions)], limits)


def _day(row: ImportRow, name: str) -> str:
    """Return the day; releases write it alone or followed by midnight."""
    return iso_day(name, re.sub(r" 00:00:00(\.0+)?$", "", row.text(name)))


def _observation(row: ImportRow, country_id: int, regions: Mapping[str, str]) -> Observation:
    if row.whole("country_id") != country_id:
        raise RowError("another country")
    precision = row.whole("date_prec")
    if not 1 <= precision <= MAX_DATE_PRECISION:
        raise RowError(f"date_prec {precision}: the week of the event is not known")
    start, end = _day(row, "date_start"), _day(row, "date_end")
    if end < start:
        raise RowError(f"date_end {end} is before date_start {start}")
    low, best, high = (row.whole(name) for name in ("low", "best", "high"))
    if not 0 <= low <= best <= high:
        raise RowError("0 <= low <= best <= high is not so")
    sure = row.whole("event_clarity") == 1 and precision == 1
    return make(
        id=f"ucdp-{row.whole('id')}",
        date=end,
        region=row.one_of("adm_1", regions, "in the table of regions"),
        measure="killed_in_event",
        value=float(best),
        low=float(low),
        high=float(high),
        unit="persons",
        confidence="medium" if sure else "low",
        source=row.text("source_article"),
        note=f"type of violence {row.text('type_of_violence')}; {start} to {end}",
    )
