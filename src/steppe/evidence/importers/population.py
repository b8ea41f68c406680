"""Population of a case's regions from a table: COD-PS of HDX, WorldPop's, a statistics office's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from steppe.core.errors import CaseError, Fault
from steppe.evidence.importers.cells import ImportRow, RowError
from steppe.evidence.importers.imported import Imported, ImportResult
from steppe.evidence.importers.names import NATIONAL
from steppe.evidence.importers.table import (
    ReadOptions,
    TableLayout,
    read,
)

NAMES = (
    "adm1_en", "adm1_name", "adm1_fr", "adm1_es", "adm1_pt", "admin1", "admin1name_en", "name_1",
    "province", "region", "state", "shapename", "adm1",
)  # fmt: skip
FIGURES = ("t_tl", "total population", "pop", "pop_total", "total_pop", "total", "people", "sum")
WHOLE = ("", "t_tl", "all", "total", "both", "0+", "all ages")
"""Values of a column of groups that mean everybody."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold the name of a region and its people, where the user says so."""

    name: str = ""
    people: str = ""

    def layout(self) -> TableLayout:
        """Return the layout of such a table."""
        synonyms = {
            "name": (self.name,) if self.name else NAMES,
            "population": (self.people,) if self.people else FIGURES,
        }
        return TableLayout(
            ",", ("name", "population"),
            optional=("year", "population_group", "gender", "age_range"),
            synonyms=synonyms | {"year": ("reference_year",)},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegionalPopulation:
    """People by region, the year they are of ('' where the table has none), and the rows' fate."""

    people: Mapping[str, int]
    year: str
    result: ImportResult


def read_population(
    path: Path, regions: Mapping[str, str], year: int, columns: Columns, options: ReadOptions
) -> RegionalPopulation:
    """Return the people of each region in ``path``: of the last year in it up to ``year``.

    Rows of the same region are added up. Raises ``CaseError`` for a file that cannot be read.
    """
    by_year: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def gather(row: ImportRow) -> Iterator[Imported]:
        for name in ("population_group", "gender", "age_range"):
            if row.optional(name).lower() not in WHOLE:
                raise RowError(f"{name} {row.optional(name)[:40]!r}: a part of the people")
        number, region = _people(row), row.region("name", regions)
        if region == NATIONAL:
            raise RowError("the whole country")
        by_year[row.optional("year").partition(".")[0]][region] += number
        yield from ()

    result = read(path, columns.layout(), gather, replace(options, window=("", "9999")))
    if not by_year:
        reasons = "; ".join(dict.fromkeys(row.reason for row in result.quarantined[:3]))
        raise CaseError([Fault(str(path), 0, 0, "", f"no row could be read: {reasons}")])
    before = [one for one in by_year if one.isdigit() and int(one) <= year]
    last = max(before, default=min(by_year))
    return RegionalPopulation(dict(by_year[last]), last, result)


def _people(row: ImportRow) -> int:
    number = row.optional_number("population") if "." in row.text("population") else None
    people = int(number + 0.5) if number is not None and number >= 0.0 else row.whole("population")
    if people < 0:
        raise RowError("population is negative")
    return people
