"""Importers: every row imported or quarantined, nothing guessed, files bounded."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steppe.core.errors import CaseError
from steppe.evidence.importers import ReadOptions, TableLimits, read_plain
from steppe.evidence.importers.plain import COLUMNS

REGIONS = ("east", "west")
GOOD = {
    "id": "o1", "date": "2022-01-05", "time": "", "region": "east", "measure": "protest_size",
    "value": "3000", "low": "1000", "high": "9999", "unit": "persons", "confidence": "medium",
    "source": "https://example.org/a", "note": "a, \"quoted\" note",
}  # fmt: skip


def table(*rows: dict[str, str] | list[str], columns=COLUMNS) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[c] for c in COLUMNS] if isinstance(row, dict) else row)
    return out.getvalue()


@pytest.fixture
def read(tmp_path):
    def reader(content: str | bytes, limits: TableLimits | None = None):
        path = tmp_path / "observed.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_plain(path, REGIONS, ReadOptions(limits=limits or TableLimits()))

    return reader


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def refusals(found) -> list[str]:
    return [row.reason for row in found.quarantined]


def test_a_good_row_is_read_exactly(read):
    found = read(table(GOOD))
    assert (found.rows, found.imported, found.quarantined) == (1, 1, ())
    (row,) = found.observations
    assert (row.value, row.low, row.high, row.date) == (3000.0, 1000.0, 9999.0, "2022-01-05")
    assert row.note == GOOD["note"]


def test_missing_figures_stay_missing_and_are_not_zero(read):
    (row,) = read(table(GOOD | {"value": "", "low": "", "high": ""})).observations
    assert (row.value, row.low, row.high) == (None, None, None)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("value", "1,5"), ("value", "1 000"), ("value", "NA"), ("value", "None"), ("value", "null"),
        ("value", "inf"), ("value", "nan"), ("value", "1e999"), ("value", "9" * 400),
        ("value", "0x10"), ("value", "1_000"), ("value", "٣٠٠٠"), ("value", "true"),
        ("value", "=1+1"), ("value", "500"), ("value", "99999"),
        ("date", "05.01.2022"), ("date", "5/1/2022"), ("date", "2022-1-5"), ("date", ""),
        ("date", "2022-02-30"), ("date", "2022-13-45"), ("date", "20220105"), ("time", "25:00"),
        ("time", "1230"), ("region", "NA"), ("region", "Eest"), ("region", ""), ("id", ""),
        ("id", "../x"), ("confidence", "sure"), ("confidence", ""), ("unit", ""), ("source", ""),
        ("note", "a\x00b"), ("note", "a\u202eb"), ("note", "a\x1bb"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_exactly_is_quarantined(read, column, text):
    found = read(table(GOOD, GOOD | {"id": "o2", column: text}))
    assert (found.rows, found.imported) == (2, 1)
    (row,) = found.quarantined
    assert row.line == 3
    assert column in row.reason or "low <= value <= high" in row.reason
    row.text.encode()


def test_names_that_look_missing_are_text(read):
    found = read(table(GOOD | {"measure": "NA", "note": "null", "unit": "None"}))
    assert found.observations[0].measure == "NA"
    assert found.observations[0].note == "null"


def test_nearest_region_is_named(read):
    assert "did you mean 'east'" in refusals(read(table(GOOD | {"region": "eats"})))[0]


def test_an_id_is_used_once(read):
    found = read(table(GOOD, GOOD))
    assert (found.imported, refusals(found)) == (1, ["id 'o1' is used before"])


def test_rows_of_another_shape_and_empty_lines_are_quarantined(read):
    text = table(GOOD) + "a,b\n\n" + ",".join("x" * 14) + "\n"
    found = read(text)
    assert [(q.line, q.reason) for q in found.quarantined] == [
        (3, "2 fields where the header has 12"), (4, "empty line"),
        (5, "14 fields where the header has 12"),
    ]  # fmt: skip


def test_line_numbers_count_the_lines_of_the_file(read):
    rows = (GOOD | {"note": "two\nlines"}, GOOD | {"id": "o2", "value": "x"})
    found = read(table(*rows))
    assert found.observations[0].note == "two\nlines"
    assert found.quarantined[0].line == 4


def test_a_quote_that_is_never_closed_takes_one_row_and_says_which_lines(read):
    good = table(GOOD)
    found = read(good + '"o2,2022-01-05\n' + good.splitlines()[1] + "\n")
    assert found.imported == 1
    assert found.quarantined[0].line == 3
    assert "lines 3 to " in found.quarantined[0].reason


def test_text_behind_a_closing_quote_is_not_guessed_at(read):
    good = table(GOOD)
    found = read(good + '"a"b,c\n' + table(GOOD | {"id": "o3"}).splitlines()[1] + "\n")
    assert (found.imported, len(found.quarantined)) == (2, 1)


def test_bytes_that_are_not_utf8_spoil_only_their_row(read):
    text = table(GOOD, GOOD | {"id": "o2", "note": "CAFE"}).encode().replace(b"CAFE", b"caf\xe9")
    found = read(text)
    assert found.imported == 1
    assert "not UTF-8" in found.quarantined[0].reason
    found.quarantined[0].text.encode()


def test_byte_order_mark_and_windows_line_ends_are_read(read):
    text = b"\xef\xbb\xbf" + table(GOOD).replace("\n", "\r\n").encode()
    assert read(text).imported == 1


def test_an_empty_table_has_no_rows(read):
    assert read(table()).rows == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (table().replace('"', "").replace(",", " "), "is missing"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1", "is a pointer of Git LFS"),
        (b"%PDF-1.7", "is a PDF"),
        (table(columns=[c.replace("region", "regoin") for c in COLUMNS]), "did you mean 'regoin'"),
        (table(columns=[*COLUMNS, "value"]), "'value' is there twice"),
        (bz2.compress(b"0" * 10_000), "is a bzip2 archive"),
        (gzip.compress(table(GOOD).encode())[:-9], "is a damaged archive"),
        (b"PK\x03\x04rest", "is a damaged archive"),
        (b'"never closed', "header cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(read, content, message):
    with pytest.raises(CaseError, match=message) as caught:
        read(content)
    assert "observed.csv" in str(caught.value)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_recognised_and_decimal_commas_with_it(read, separator):
    text = table(GOOD | {"value": "3000,5", "note": "n"}).replace('"', "")
    text = text.replace("3000,5", "3000#5").replace(",", separator).replace("#", ",")
    assert read(text).observations[0].value == 3000.5
    doubtful = text.replace("3000,5", "3,005")
    assert "thousands or decimals" in refusals(read(doubtful))[0]


def test_names_of_columns_are_compared_without_case_and_spaces(read):
    assert read(table(GOOD, columns=[f" {c.upper()} " for c in COLUMNS])).imported == 1


@pytest.mark.parametrize(
    "packed",
    [
        lambda text: text.encode("utf-16"),
        lambda text: gzip.compress(text.encode()),
        lambda text: zipped({"observed.csv": text}),
    ],
)
def test_packed_and_utf16_files_are_read_as_what_they_are(read, packed):
    assert read(packed(table(GOOD))).observations == read(table(GOOD)).observations


def test_an_archive_of_two_files_and_one_that_unpacks_too_large_are_refused(read):
    with pytest.raises(CaseError, match="archive of 2 files"):
        read(zipped({"a.csv": table(GOOD), "b.csv": table(GOOD)}))
    with pytest.raises(CaseError, match="when unpacked"):
        read(gzip.compress(b"0" * 1_000_000), TableLimits(file_bytes=100_000))


def test_another_encoding_is_read_when_it_is_named(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(table(GOOD | {"note": "café"}).encode("cp1252"))
    assert "--encoding" in read_plain(path, REGIONS).quarantined[0].reason
    found = read_plain(path, REGIONS, ReadOptions(encoding="cp1252"))
    assert found.observations[0].note == "café"


def test_zlib_bytes_are_not_unpacked(read):
    with pytest.raises(CaseError):
        read(zlib.compress(b"0" * 10_000))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CaseError, match="is not a file"):
            read_plain(path, REGIONS)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (TableLimits(file_bytes=50), "bytes"),
        (TableLimits(rows=1), "too many rows"),
        (TableLimits(columns=5), "12 columns"),
    ],
)
def test_a_larger_file_is_refused_and_never_read_in_part(read, limits, message):
    with pytest.raises(CaseError, match=message):
        read(table(GOOD, GOOD | {"id": "o2"}), limits)


def test_as_many_rows_as_allowed_are_read(read):
    assert read(table(GOOD, GOOD | {"id": "o2"}), TableLimits(rows=2)).imported == 2


def test_a_long_field_is_quarantined_by_either_limit(read):
    rows = (
        GOOD,
        GOOD | {"id": "o2", "note": "x" * 300},
        GOOD | {"id": "o3", "note": "x" * 200_000},
    )
    found = read(table(*rows), TableLimits(field_characters=200))
    assert (found.imported, len(found.quarantined)) == (1, 2)


nasty = st.one_of(
    st.sampled_from(["", "NA", "1", "-0", "1,5", "2022-01-05", "east", '"', "\r", "\x00", "inf"]),
    st.text(max_size=8),
)
mutated = st.dictionaries(st.sampled_from(COLUMNS), nasty, max_size=3)
rows_of_text = st.lists(
    st.one_of(
        mutated.map(lambda change: [(GOOD | change)[c] for c in COLUMNS]),
        st.lists(nasty, min_size=1, max_size=14),
    ),
    max_size=8,
)


@given(rows_of_text)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_imported_and_quarantined_rows_are_all_rows(tmp_path: Path, rows):
    path = tmp_path / "law.csv"
    path.write_bytes(table(*rows).encode("utf-8", "surrogatepass"))
    found = read_plain(path, REGIONS)
    assert found.imported + len(found.quarantined) == found.rows == len(rows)
    assert len({row.id for row in found.observations}) == len(found.observations)
    assert all(row.reason for row in found.quarantined)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_end_in_a_result_or_a_refusal(tmp_path: Path, junk):
    path = tmp_path / "junk.csv"
    path.write_bytes(table(GOOD).encode() + junk)
    found = read_plain(path, REGIONS)
    assert found.rows >= 1
    path.write_bytes(junk)
    with pytest.raises(CaseError):
        read_plain(path, REGIONS)


plain_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20
).filter(lambda text: text == text.strip())
number = st.floats(allow_nan=False, allow_infinity=False).map(repr)


@given(st.lists(st.tuples(number, plain_text, plain_text), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_written_is_read_back_equal(tmp_path: Path, cells):
    rows = [
        GOOD
        | {"id": f"o{n}", "value": value, "low": "", "high": "", "source": source, "note": note}
        for n, (value, source, note) in enumerate(cells)
    ]
    path = tmp_path / "back.csv"
    path.write_bytes(table(*rows).encode())
    found = read_plain(path, REGIONS)
    assert found.quarantined == ()
    assert [(repr(o.value), o.source, o.note) for o in found.observations] == [
        (row["value"], row["source"], row["note"]) for row in rows
    ]
