"""ACLED exports: one event per row, comma-separated, columns of the export since 2023.

A protest or riot gives ``protest_present`` and, where the tags state a crowd, ``protest_size``;
deaths give ``killed_in_event``. Rows may not be redistributed: they stay in the user's file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
        "event_id_cnty", "event_date", "time_precision", "event_type", "iso", "admin1", "location",
        "geo_precision", "source", "fatalities", "tags",
    ),
)  # fmt: skip
PROTEST = ("Protests", "Riots")
CODED: dict[str, tuple[float, float, float]] = {
    "dozens": (50, 12, 99),
    "hundreds": (300, 100, 999),
    "thousands": (3000, 1000, 9999),
}
"""Value, low and high for a crowd given in words."""

Size = dict[str, float | None]


def read_acled(
    path: Path, iso: int, regions: Mapping[str, str], limits: TableLimits | None = None
) -> ImportResult:
    """Return the observations in ``path`` for the country with the numeric code ``iso``.

    ``regions`` maps the text of admin1, exactly as written, to a region id. Raises
    ``CaseError`` for a file that cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: _observations(row, iso, regions), limits)


def _observations(row: ImportRow, iso: int, regions: Mapping[str, str]) -> list[Observation]:
    if row.whole("iso") != iso:
        raise RowError("another country")
    if row.whole("time_precision") == 3:
        raise RowError("only the month of the event is known")
    deaths, kind = row.whole("fatalities"), row.text("event_type")
    if deaths < 0:
        raise RowError("fatalities are negative")
    if kind not in PROTEST and not deaths:
        raise RowError(f"event type {kind[:40]!r} without deaths has no measure here")
    code = "acled-" + re.sub("[^a-z0-9]+", "-", row.text("event_id_cnty").lower())[:40]
    sure = row.whole("time_precision") == 1 and row.whole("geo_precision") in (1, 2)
    tags = row.optional("tags")
    common: dict[str, Any] = {
        "date": iso_day("event_date", row.text("event_date")),
        "region": row.one_of("admin1", regions, "in the table of regions"),
        "confidence": "medium" if sure else "low",
        "source": f"ACLED {row.text('event_id_cnty')}: {row.text('source')}",
        "note": "; ".join(part for part in (row.text("location"), kind, tags) if part),
    }
    observations = []
    if kind in PROTEST:
        observations.append(
            make(id=f"{code}-present", measure="protest_present", value=1.0, unit="flag", **common)
        )
        if size := _crowd(tags):
            observations.append(
                make(id=f"{code}-size", measure="protest_size", unit="persons", **size, **common)
            )
    if deaths:
        killed = {"measure": "killed_in_event", "value": float(deaths), "unit": "persons"}
        observations.append(make(id=f"{code}-killed", **killed, **common))
    return observations


def _crowd(tags: str) -> Size | None:
    """Return the size in "crowd size=..."; None when it is not stated in a form that is known."""
    match = re.search(r"crowd size=([^;]*)", tags)
    words = match.group(1).strip().lower().replace(",", "") if match else ""
    if words in CODED:
        value, least, most = CODED[words]
        return {"value": value, "low": least, "high": most}
    if one := re.fullmatch(r"(?:about |around |approximately )?([0-9]{1,9})", words):
        return {"value": float(one.group(1))}
    if over := re.fullmatch(r"(?:at least|more than|over) ([0-9]{1,9})", words):
        return {"value": float(over.group(1)), "low": float(over.group(1))}
    if two := re.fullmatch(r"(?:between )?([0-9]{1,9})(?: and | to |-)([0-9]{1,9})", words):
        low, high = float(two.group(1)), float(two.group(2))
        return {"low": low, "high": high} if low <= high else None
    return None
