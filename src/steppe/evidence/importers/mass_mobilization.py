"""Mass Mobilization: one protest per row, comma-separated, "." for a missing value.

A protest gives ``protest_present`` on its first day and, where the file has a category of
participants, the range of ``protest_size``.
"""

from __future__ import annotations

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
    calendar_day,
    read,
)

LAYOUT = TableLayout(
    ",",
    (
        "id", "ccode", "protest", "startday", "startmonth", "startyear", "location",
        "participants_category", "sources",
    ),
    missing=("", "."),
)  # fmt: skip
SIZES: dict[str, tuple[float, float | None]] = {
    "50-99": (50, 99),
    "100-999": (100, 999),
    "1000-1999": (1000, 1999),
    "2000-4999": (2000, 4999),
    "5000-10000": (5000, 10000),
    ">10000": (10000, None),
}
"""Category of participants to its lowest and highest number; None where it is open."""


def read_mass_mobilization(
    path: Path, ccode: int, regions: Mapping[str, str], limits: TableLimits | None = None
) -> ImportResult:
    """Return the observations in ``path`` for the Correlates of War number ``ccode``.

    ``regions`` maps the text of location, exactly as written, to a region id or ``national``.
    Raises ``CaseError`` for a file that cannot be read at all.
    """
    return read(path, LAYOUT, lambda row: _observations(row, ccode, regions), limits)


def _observations(row: ImportRow, ccode: int, regions: Mapping[str, str]) -> list[Observation]:
    if row.whole("ccode") != ccode:
        raise RowError("another country")
    if row.whole("protest") != 1:
        raise RowError("a year without protest, not an event")
    code, category = row.whole("id"), row.optional("participants_category")
    if category and category not in SIZES:
        raise RowError(f"participants_category {category[:40]!r} is not one of {', '.join(SIZES)}")
    start = (row.whole(f"start{part}") for part in ("year", "month", "day"))
    common: dict[str, Any] = {
        "date": calendar_day("startday", *start),
        "region": row.one_of("location", regions, "in the table of regions"),
        "confidence": "medium",
        "source": f"Mass Mobilization {code}: {row.text('sources')}",
        "note": row.text("location"),
    }
    observations = [
        make(id=f"mm-{code}-present", measure="protest_present", value=1.0, unit="flag", **common)
    ]
    if category:
        low, high = SIZES[category]
        size = {"measure": "protest_size", "low": low, "high": high, "unit": "persons"}
        observations.append(make(id=f"mm-{code}-size", **size, **common))
    return observations
