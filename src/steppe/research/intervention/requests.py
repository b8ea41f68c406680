"""The file of requests for intervention: what a row holds, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.source_location import CaseTable, SourceMark
from steppe.case.tables import Prose, Row
from steppe.case.tables_io import read_table
from steppe.case.units import CalendarDate
from steppe.core.errors import CaseError, Fault
from steppe.model.theory.intervention import Scores

Score = Annotated[int, Field(ge=0, le=2)]
Flag = Annotated[int, Field(ge=0, le=1)]
MaybeFlag = Annotated[int | None, Field(ge=0, le=1)]
MaybeCount = Annotated[int | None, Field(ge=0, le=2_000_000_000)]
NAME = "interventions.csv"


class InterventionRequest(Row):
    """A request for troops: scores known on its day, the answer, the days it took.

    Cells that nothing is scored by may be empty.
    """

    case_id: str
    client: str
    patron: str = ""
    alliance: str
    lead_state: str
    request_date: CalendarDate
    request_channel: str = ""
    threat_type: str
    f_threat: Score
    f_stake: Score
    f_precedent: Score
    f_milcost: Score
    f_rival: Score
    f_constraint: Score
    f_presence: MaybeFlag = None
    f_align: Score
    granted: Score
    granted_bin: Flag
    delay_days: Annotated[int | None, Field(ge=0, le=36_525)] = None
    delay_kind: str = ""
    troops_total: MaybeCount = None
    troops_lead: MaybeCount = None
    n_contributors: Annotated[int | None, Field(ge=0, le=300)] = None
    client_in_office_12m: MaybeFlag = None
    source: str = ""
    confidence: Literal["A", "B", "C", ""] = ""
    notes: Prose = ""

    @property
    def days_to_grant(self) -> float | None:
        """Days from a request to the first troops; None without a grant or a figure."""
        granted = self.granted_bin == 1 and self.delay_days is not None
        return float(self.delay_days or 0) if granted else None

    @property
    def scores(self) -> Scores:
        """What the deciding member saw."""
        return Scores(
            threat=self.f_threat,
            stake=self.f_stake,
            precedent=self.f_precedent,
            military_cost=self.f_milcost,
            rival=self.f_rival,
            constraint=self.f_constraint,
            alignment=self.f_align,
        )


def open_requests() -> tuple[InterventionRequest, ...]:
    """Return the requests that come with the package (see SOURCES.md beside them)."""
    with as_file(files("steppe") / "data" / NAME) as path:
        return read_requests(path)


def read_requests(path: Path, *, to_estimate: bool = True) -> tuple[InterventionRequest, ...]:
    """Return the requests in a table with the columns of ``InterventionRequest``.

    Raises ``CaseError`` with line and column for anything unreadable or contradictory, and, when
    the rule is ``to_estimate`` from them, where there are fewer than two grants or two refusals:
    nothing could then be held against the rest.
    """
    text = read_text(path, MAX_TABLE, SourceMark(str(path)))
    table = read_table(InterventionRequest, text, str(path), {})
    faults = [*_contradictions(table), *(_too_few(table) if to_estimate else ())]
    if faults:
        raise CaseError(faults)
    return table.rows


def _contradictions(table: CaseTable[InterventionRequest]) -> Iterator[Fault]:
    ids: set[str] = set()
    for number, row in enumerate(table.rows):
        if row.case_id in ids:
            yield table.mark(number, "case_id").fault("case_id", f"'{row.case_id}' is given twice")
        ids.add(row.case_id)
        full = int(row.granted == 2)
        if row.granted_bin != full:
            mark = table.mark(number, "granted_bin")
            wrong = f"{row.granted_bin} contradicts granted = {row.granted}"
            yield mark.fault("granted_bin", wrong, str(full))
        if (
            row.troops_lead is not None
            and row.troops_total is not None
            and row.troops_lead > row.troops_total
        ):
            mark = table.mark(number, "troops_lead")
            yield mark.fault("troops_lead", "more than troops_total", f"up to {row.troops_total:,}")


def _too_few(table: CaseTable[InterventionRequest]) -> Iterator[Fault]:
    for value, word in ((1, "granted"), (0, "not granted")):
        if sum(row.granted_bin == value for row in table.rows) < 2:
            yield table.mark(None).fault("", f"fewer than two requests were {word}")
