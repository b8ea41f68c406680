"""Observations added to a case's table: rows of the same id replaced, all others left alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from steppe.case.tables import Observation
from steppe.case.tables_io import records
from steppe.evidence.importers.plain import COLUMNS
from steppe.evidence.importers.plain import make as observation


def with_observations(text: str, file: str, rows: Iterable[Observation]) -> tuple[str, int]:
    """Return the text of a table of observations with ``rows`` in it, and how many it replaced.

    ``text`` may be empty; else its columns stay in their order.
    """
    new = {row.id: row for row in rows}
    if not text.strip():
        return _csv_rows(COLUMNS, new.values(), header=True), 0
    lines = (*text.rstrip("\n").split("\n"), "")
    table = list(records(lines, file))
    header = [name.partition(" [")[0].strip() for name in table[0][1]]
    where = header.index("id") if "id" in header else 0
    rest, replaced = [lines[0]], 0
    ends = [start for start, _ in table[1:]] + [len(lines)]
    for number, (start, cells) in enumerate(table[1:], 1):
        if cells[where : where + 1] and cells[where] in new:
            replaced += 1
            continue
        rest += lines[start - 1 : ends[number] - 1]
    return "\n".join([*rest, _csv_rows(header, new.values(), header=False)]), replaced


def _csv_rows(names: Sequence[str], rows: Iterable[Observation], *, header: bool) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(names)
    for row in rows:
        fields = row.model_dump()
        writer.writerow([_cell(fields.get(name)) for name in names])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def cumulative_deaths(source: str, rows: Iterable[Observation]) -> list[Observation]:
    """Return the deaths of all events up to each day, which reports draw beside the runs."""
    by_day: dict[str, list[Observation]] = {}
    for row in rows:
        if row.measure == "killed_in_event":
            by_day.setdefault(row.date, []).append(row)
    total, rows_by_day = [0.0, 0.0, 0.0], []
    for day in sorted(by_day):
        for row in by_day[day]:
            value = row.value or 0.0
            low, high = (value if end is None else end for end in (row.low, row.high))
            total = [a + b for a, b in zip(total, (low, value, high), strict=True)]
        rows_by_day.append(observation(
            id=f"{source}-killed-by-{day}", date=day, region="national",
            measure="cumulative_killed", low=total[0], value=total[1], high=total[2],
            unit="persons", confidence="low", source=by_day[day][-1].source,
            note=f"sum of the events of this source up to the day; that day {len(by_day[day])}",
        ))  # fmt: skip
    return rows_by_day
