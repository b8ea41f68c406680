"""The order in which tables are written decides nothing: the scenario is the same."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from steppe.case.canonical import canonical, scenario_hash
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.core.errors import CaseError

Rows = list[list[str]]
TABLES = ("regions.csv", "places.csv", "prices.csv", "forces.csv")


def written(folder: Path, tables: Sequence[str], order: Callable[[Rows], Rows], case: str) -> Path:
    """Copy a shipped case into ``folder`` with the rows of tables in another order."""
    shutil.copytree(SHIPPED / case, folder)
    for file in (folder / table for table in tables):
        with file.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *order(rows)])
    return folder


def backwards(rows: Rows) -> Rows:
    return rows[::-1]


def shuffled(rows: Rows) -> Rows:
    return random.Random(19).sample(rows, len(rows))


@pytest.mark.parametrize("order", [backwards, shuffled])
@pytest.mark.parametrize(
    ("case", "tables"),
    [*(("two-valleys", (table,)) for table in TABLES), ("kazakhstan-2022", TABLES)],
)
def test_another_order_of_rows_is_the_same_scenario(
    case: str, tables: Sequence[str], order: Callable[[Rows], Rows], tmp_path: Path
) -> None:
    other = load(written(tmp_path / case, tables, order, case))
    assert canonical(other) == canonical(load(case))


def test_the_order_of_the_reference_case_is_that_of_its_tables(tmp_path: Path) -> None:
    """Its runs keep the addresses of their random numbers."""
    case = load("kazakhstan-2022")
    for table, rows in (("places.csv", case.places), ("forces.csv", case.forces)):
        with (SHIPPED / case.id / table).open(encoding="utf-8", newline="") as stream:
            assert [row["id"] for row in csv.DictReader(stream)] == [row.id for row in rows]


def test_a_row_more_changes_the_scenario(tmp_path: Path) -> None:
    """The comparison above can fail."""
    grown = written(tmp_path / "case", ["forces.csv"], lambda rows: rows[:-1], "two-valleys")
    assert scenario_hash(load(grown)) != scenario_hash(load("two-valleys"))


ISLE = {
    "regions.csv": "far-isle,Far Isle,TWV-F,region,1000,0.5,10,40,1,Isle,,0.2,0.4,0.22,0.18,"
    "assumed,1300,assumed,7,assumed,0.33,assumed,0.7,assumed,invented,",
    "group_shares.csv": "far-isle,upland,1,assumed,invented",
    "exposure.csv": "far-isle,bread,1,assumed,invented",
    "places.csv": "isle,Isle,town,far-isle,,40,1,1000,assumed,invented",
    "prices.csv": "2030-02-01T00:00,far-isle,bread,2,before,assumed,invented,",
}


def with_isle(folder: Path, first: bool) -> Path:
    """Copy the invented case with a region more, in the first or the last row of each table."""
    shutil.copytree(SHIPPED / "two-valleys", folder)
    for table, row in ISLE.items():
        header, *rows = (folder / table).read_text(encoding="utf-8").splitlines()
        lines = [header, row, *rows] if first else [header, *rows, row]
        (folder / table).write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("citizens: 400000", "citizens: 401000")
    file.write_text(text, encoding="utf-8")
    return folder


def test_a_region_more_is_the_same_in_whatever_row_it_is_written(tmp_path: Path) -> None:
    first, last = load(with_isle(tmp_path / "a", True)), load(with_isle(tmp_path / "b", False))
    assert canonical(first) == canonical(last)
    assert len(first.places) == len(load("two-valleys").places) + 1


def test_a_fault_keeps_the_line_of_its_row(tmp_path: Path) -> None:
    def misplaced(rows: Rows) -> Rows:
        rows = backwards(rows)
        rows[0][3] = "uper-valley"  # the farms of the lower valley, now in line 2
        return rows

    with pytest.raises(CaseError) as caught:
        load(written(tmp_path / "case", ["places.csv"], misplaced, "two-valleys"))
    assert "places.csv:2:" in str(caught.value)
    assert "upper-valley" in str(caught.value)
