"""Tables: every cell has one meaning, and every refusal its place."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import toy_files

from steppe.case import tables_io
from steppe.case.source_location import cell_mark
from steppe.case.tables import Force, Member, Observation, PriceStep, RegionFigures
from steppe.case.tables_io import read_table
from steppe.core.errors import CaseError

HEADER = "id,name,type,region,place,officers,basis,source,note\n"
ROW = "a,Police,police,alfa,alfa-city,30,assumed,invented,\n"
UNITS = {"price": "shells per litre"}


def force_refusal(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        read_table(Force, text, "f.csv", {})
    return str(caught.value)


def test_rows_have_the_types_of_their_columns() -> None:
    files = toy_files()
    region = read_table(RegionFigures, files["regions.csv"], "r.csv", {}).rows[0]
    assert (region.population, region.neighbours, region.wage) == (6000, ("bravo",), 250000.0)
    member = read_table(Member, files["members.csv"], "m.csv", {}).rows[1]
    assert member.lead is False
    observation = read_table(Observation, files["observed.csv"], "o.csv", {}).rows[1]
    assert (observation.value, observation.low, observation.time) == (1.0, None, "")


def test_columns_may_come_in_any_order() -> None:
    first = read_table(Force, HEADER + ROW, "f.csv", {}).rows
    rows = list(csv.reader(io.StringIO(HEADER + ROW)))
    turned = "\n".join(",".join(reversed(row)) for row in rows)
    assert read_table(Force, turned, "f.csv", {}).rows == first


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", "f.csv:1:1: the file is empty"),
        ("\n", "f.csv:1:1: the file is empty"),
        ("\n" + HEADER, "f.csv:1:1: the table has no header"),
        (HEADER.replace("officers", "oficers"), "f.csv:1:27: oficers: unknown column"),
        (HEADER.replace(",note", ""), "f.csv:1:1: note: the column is missing"),
        (HEADER.replace("note", "name"), "f.csv:1:49: name: the column is given twice"),
        (HEADER.replace("note", "note [m]"), "f.csv:1:49: note [m]: unknown column"),
        (HEADER.replace(",", ";"), "f.csv:1:1: cells are separated by semicolons"),
        (HEADER + "a,Police\n", "f.csv:2:1: the row has 2 cells, the header 9"),
        (HEADER + "\n" + ROW, "f.csv:2:1: an empty line"),
        (HEADER + ROW + ROW.replace("30", ""), "f.csv:3:32: officers: expected a whole number"),
        (HEADER + ROW.replace("30", "3_0"), "f.csv:2:32: officers: expected a whole number"),
        (HEADER + ROW.replace("30", "30.0"), "f.csv:2:32: officers: expected a whole number"),
        (HEADER + ROW.replace("30", " 30"), "f.csv:2:32: officers: expected a whole number"),
        (HEADER + ROW.replace("30", "1e3"), "f.csv:2:32: officers: expected a whole number"),
        (HEADER + ROW.replace("30", "-3"), "f.csv:2:32: officers: -3 is out of range"),
        (HEADER + ROW.replace("30", "9" * 400), "f.csv:2:32: officers: expected a whole"),
        (HEADER + ROW.replace("30", "NA"), "f.csv:2:32: officers: expected a whole number, got"),
        (HEADER + ROW.replace("Police", ""), "f.csv:2:3: name: the cell is empty"),
        (HEADER + ROW.replace("a,P", "A b,P"), "f.csv:2:1: id: 'A b' is not of the right form"),
        (HEADER + ROW.replace("invented", ""), "f.csv:2:43: source: the cell is empty"),
        (
            HEADER + 'a,"Pol\n',
            "f.csv:2:1: not a table: a quotation mark opens a cell, and none closes it",
        ),
        (HEADER + 'a,"Pol"x,\n', "f.csv:2:1: not a table:"),
        (HEADER + ROW.replace("Police", "x" * 10_001), "f.csv:2:3: name: 10001 characters"),
        (HEADER + ROW.replace("Police", "x" * 200_000), "f.csv:2:1: not a table: field larger"),
    ],
)
def test_a_table_that_is_not_as_declared_is_refused(text: str, start: str) -> None:
    assert force_refusal(text).startswith(start)


def test_advice_fits_the_mistake() -> None:
    assert "mean 'officers'?" in force_refusal(HEADER.replace("officers", "oficers"))
    assert "empty cell" in force_refusal(HEADER + ROW.replace("30", "NA"))
    prices = toy_files()["prices.csv"].replace("alfa,fuel,80", 'alfa,fuel,"80,5"')
    with pytest.raises(CaseError, match=r"p.csv:3:28: price: .*'80,5'; allowed: 80.5, digits and"):
        read_table(PriceStep, prices, "p.csv", UNITS)


@pytest.mark.parametrize("cell", ["inf", "nan", "1e999", "-inf", "Infinity", "1_0", "0x1", "٣"])
def test_a_price_must_be_a_finite_number(cell: str) -> None:
    prices = toy_files()["prices.csv"].replace("alfa,fuel,80,", f"alfa,fuel,{cell},")
    with pytest.raises(CaseError, match=r"p.csv:3:28: price: "):
        read_table(PriceStep, prices, "p.csv", UNITS)


def test_truth_is_yes_or_no() -> None:
    members = toy_files()["members.csv"].replace("Patron,yes", "Patron,true")
    with pytest.raises(CaseError, match=r"m.csv:2:15: lead: expected yes or no, got 'true'"):
        read_table(Member, members, "m.csv", {})


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables_io.MAX_ROWS == 100_000
    monkeypatch.setattr(tables_io, "MAX_ROWS", 5)
    assert len(read_table(Force, HEADER + ROW * 5, "f.csv", {}).rows) == 5
    with pytest.raises(CaseError, match=r"f.csv:7:1: more than 5 rows"):
        read_table(Force, HEADER + ROW * 6, "f.csv", {})


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_text_cells_come_back_as_they_were_written(cells: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER.strip().split(","))
    for index, (name, note) in enumerate(cells):
        row = (f"f{index}", name + "x", "army", "alfa", "alfa", index, "assumed", "s", note)
        writer.writerow(row)
    rows = read_table(Force, out.getvalue(), "f.csv", {}).rows
    assert [(row.name, row.note) for row in rows] == [(name + "x", note) for name, note in cells]
    assert [row.officers for row in rows] == list(range(len(cells)))


@given(st.lists(st.text('ab,"\n', max_size=5), min_size=1, max_size=5), st.data())
def test_the_place_of_a_cell_is_where_its_text_begins(
    cells: list[str], data: st.DataObject
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    text = out.getvalue()
    position = data.draw(st.integers(0, len(cells) - 1))
    mark = cell_mark("f.csv", tuple(text.split("\n")), 1, position)
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: mark.line - 1]) + mark.column - 1
    out = io.StringIO()
    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells[position:])
    assert text[offset:] == out.getvalue() + "\n"
