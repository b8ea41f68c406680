"""Every country of the packaged tables as a case: made, checked, run by cohorts, drawn.

``python -m validation.new_cases [ISO3 ...]`` prints a table, of all unless some are named.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from steppe.case.folder_edit import make_folder
from steppe.case.load import load
from steppe.countries.case_files import case_files
from steppe.countries.codes import find_country
from steppe.countries.new_case import TRIGGERS, CaseRequest, TriggerKind, new_case
from steppe.countries.units import country_codes, packaged_units
from steppe.engine.run import run
from steppe.report.build import build_payload
from steppe.report.provenance import ReportOptions
from steppe.study.preflight import check_runs

DAY = date(2021, 3, 1)
DAYS = 3


@dataclass(frozen=True, slots=True)
class CountryRow:
    """What became of one country: its size, the areas on its map, the most people on the street."""

    iso3: str
    trigger: TriggerKind
    citizens: int
    regions: int
    areas: int
    peak: int
    seconds: float

    def words(self) -> str:
        """Return the row as a line of the table."""
        return (
            f"{self.iso3}  {self.trigger:<8} {self.citizens:>13,} {self.regions:>8} "
            f"{self.areas:>6} {self.peak:>10,} {self.seconds:>8.2f}"
        )


HEADER = (
    f"{'':5}{'trigger':<8} {'citizens':>13} {'regions':>8} {'areas':>6} {'peak':>10} {'seconds':>8}"
)


def country_row(iso3: str, trigger: TriggerKind, folder: Path) -> CountryRow:
    """Make the case of a country in ``folder``, check it, run it by cohorts and draw its map."""
    began = time.perf_counter()
    request = CaseRequest(find_country(iso3), DAY, DAYS, trigger)
    make_folder(folder, case_files(new_case(request, packaged_units(iso3)), folder.name))
    case = load(folder)
    check_runs(case, engine="cohorts")
    history = run(case, seed=1, engine="cohorts")
    page = build_payload(case, [history], (), ReportOptions("steppe"))
    return CountryRow(
        iso3, trigger, case.country.citizens, len(case.regions),
        len(page.boundaries["features"]), int(history.outcome["peak_active"]),
        time.perf_counter() - began,
    )  # fmt: skip


def country_rows(codes: Sequence[str]) -> Iterator[CountryRow]:
    """Yield the rows of countries; triggers take turns."""
    with tempfile.TemporaryDirectory() as temp:
        for number, iso3 in enumerate(codes):
            trigger = TRIGGERS[number % len(TRIGGERS)]
            yield country_row(iso3, trigger, Path(temp) / f"case-{iso3.lower()}")


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    print(HEADER)
    rows = []
    for row in country_rows(arguments or country_codes()):
        rows.append(row)
        print(row.words(), flush=True)
    drawn = sum(row.areas == row.regions for row in rows)
    print(f"{len(rows)} countries made, checked and run; {drawn} with an area for every region")


if __name__ == "__main__":
    main(sys.argv[1:])
