"""The file of crises: what a row holds, and which part of it was known when the crisis began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.source_location import CaseTable, SourceMark
from steppe.case.tables import Positive, Prose, Row
from steppe.case.tables_io import read_table
from steppe.case.units import CalendarDate
from steppe.core.errors import CaseError, Fault

NAME = "crises.csv"

Flag = Annotated[int, Field(ge=0, le=1)]
Count = Annotated[float | None, Field(ge=0.0)]
Percent = Annotated[float | None, Field(ge=0.0, le=100.0)]
Level = Annotated[int | None, Field(ge=0, le=2)]


class Crisis(Row):
    """A crisis: what was known when it began, and (any of it may be blank) what came of it."""

    case_id: str
    country: str
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    start_date: CalendarDate
    end_date: str = ""
    trigger: str
    trigger_class: str
    econ_trigger: Flag
    population_m: Positive
    peak_low: Count = None
    peak_high: Count = None
    peak_share_low_pct: Percent = None
    peak_share_high_pct: Percent = None
    deaths_low: Count = None
    deaths_high: Count = None
    lethal_force: Level = None
    blackout: Level = None
    defection: Level = None
    concession: Level = None
    foreign_asked: Level = None
    foreign_granted: Level = None
    foreign_delay_days: Count = None
    foreign_actor: str = ""
    outcome_class: str = ""
    incumbent_out_12m: Annotated[int | None, Field(ge=0, le=1)] = None
    outcome_days: Count = None
    source: Prose
    confidence: str
    notes: Prose = ""


@dataclass(frozen=True, slots=True)
class PriorFacts:
    """What was known on the day a crisis began; a scenario is made from this and nothing else."""

    case_id: str
    country: str
    iso3: str
    start: date
    trigger: str
    trigger_class: str
    economic: bool
    citizens: int


def known(crisis: Crisis) -> PriorFacts:
    """Return the part of a row that was known before anybody was on the street."""
    return PriorFacts(
        case_id=crisis.case_id,
        country=crisis.country,
        iso3=crisis.iso3,
        start=date.fromisoformat(crisis.start_date),
        trigger=crisis.trigger,
        trigger_class=crisis.trigger_class,
        economic=crisis.econ_trigger == 1,
        citizens=int(crisis.population_m * 1e6 + 0.5),
    )


VISIBLE = 1000.0
"""People on the street at once from which a crisis is seen, or the low end of what was reported."""


def smallest_visible(crisis: Crisis) -> float:
    """Return the crowd from which a crisis counts as seen."""
    return VISIBLE if crisis.peak_low is None else min(VISIBLE, crisis.peak_low)


def open_crises() -> tuple[Crisis, ...]:
    """Return the crises that come with the package (see SOURCES.md beside them)."""
    with as_file(files("steppe") / "data" / NAME) as path:
        return read_crises(path)


def read_crises(path: Path) -> tuple[Crisis, ...]:
    """Return the crises in a table with the columns of ``Crisis``.

    Raises ``CaseError`` with line and column for anything unreadable or contradictory.
    """
    text = read_text(path, MAX_TABLE, SourceMark(str(path)))
    table = read_table(Crisis, text, str(path), {})
    if faults := list(_contradictions(table)):
        raise CaseError(faults)
    return table.rows


def _contradictions(table: CaseTable[Crisis]) -> Iterator[Fault]:
    if not table.rows:
        yield table.mark(None).fault("", "the table has no rows")
    ids: set[str] = set()
    for number, row in enumerate(table.rows):
        if row.case_id in ids:
            yield table.mark(number, "case_id").fault("case_id", f"'{row.case_id}' is given twice")
        ids.add(row.case_id)
        for name in ("peak", "peak_share", "deaths"):
            end = "_pct" if name == "peak_share" else ""
            low, high = (getattr(row, f"{name}_{side}{end}") for side in ("low", "high"))
            if low is not None and high is not None and low > high:
                mark = table.mark(number, f"{name}_low{end}")
                yield mark.fault(f"{name}_low{end}", f"more than {name}_high{end}", f"{high:g}")
