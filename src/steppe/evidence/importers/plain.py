"""Plain tables: the columns of a case's observed.csv."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from steppe.case.tables import Observation
from steppe.evidence.importers.cells import ImportRow, RowError, iso_day, plain
from steppe.evidence.importers.imported import ImportResult
from steppe.evidence.importers.table import (
    ReadOptions,
    TableLayout,
    read,
)

COLUMNS = (
    "id", "date", "time", "region", "measure", "value", "low", "high", "unit", "confidence",
    "source", "note",
)  # fmt: skip
LAYOUT = TableLayout(",", COLUMNS)


def read_plain(
    path: Path, regions: Sequence[str], options: ReadOptions | None = None
) -> ImportResult:
    """Return the observations in ``path``; ``regions`` are the region ids besides ``national``.

    Raises ``CaseError`` for a file that cannot be read at all.
    """
    names = {plain(name): name for name in ("national", *regions)}
    return read(path, LAYOUT, lambda row: [_observation(row, names)], options)


def _observation(row: ImportRow, regions: dict[str, str]) -> Observation:
    low, value, high = (row.optional_number(name) for name in ("low", "value", "high"))
    bounds = [bound for bound in (low, value, high) if bound is not None]
    if bounds != sorted(bounds):
        raise RowError("low <= value <= high is not so")
    time = row.optional("time")
    if time and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time):
        raise RowError(f"time {time[:40]!r} is not of the form HH:MM")
    fields = {name: row.text(name) for name in ("id", "measure", "unit", "confidence", "source")}
    return make(
        date=iso_day("date", row.text("date")),
        time=time,
        region=row.region("region", regions),
        value=value,
        low=low,
        high=high,
        note=row.optional("note"),
        **fields,
    )


def make(**fields: object) -> Observation:
    """Return the observation with ``fields``; ``RowError`` names the first that is not allowed."""
    try:
        return Observation.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(map(str, first["loc"][:1]))
        raise RowError(f"{name} {str(first['input'])[:40]!r}: {first['msg']}") from error
