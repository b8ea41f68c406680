"""ACLED, GDELT, UCDP GED and Mass Mobilization rows and what becomes of them."""

from __future__ import annotations

import csv

import pytest

from steppe.core.errors import CaseError
from steppe.countries.codes import find_country
from steppe.evidence.importers import (
    read_acled,
    read_gdelt,
    read_mass_mobilization,
    read_ucdp,
)
from steppe.evidence.importers.gdelt import VERSION_1, VERSION_2

ACLED = {
    "event_id_cnty": "KAZ123", "event_date": "2022-01-05", "time_precision": "1",
    "event_type": "Riots", "iso": "398", "admin1": "Almaty (city)", "location": "Almaty",
    "geo_precision": "1", "source": "Paper", "fatalities": "10", "tags": "crowd size=about 5,000",
}  # fmt: skip
UCDP = {
    "id": "7", "type_of_violence": "3", "source_article": "Paper, 2022", "adm_1": "Almaty city",
    "country_id": "705", "event_clarity": "1", "date_prec": "1",
    "date_start": "2022-01-05 00:00:00.000", "date_end": "2022-01-06", "best": "10", "high": "12",
    "low": "9",
}  # fmt: skip
MASS = {
    "id": "7052019001", "ccode": "705", "protest": "1", "startday": "9", "startmonth": "6",
    "startyear": "2019", "location": "Almaty", "participants_category": "100-999",
    "sources": "Paper",
}  # fmt: skip
GDELT = dict.fromkeys(VERSION_2, "") | {
    "GLOBALEVENTID": "1022", "SQLDATE": "20220105", "IsRootEvent": "1", "EventCode": "145",
    "EventRootCode": "14", "NumArticles": "12", "ActionGeo_FullName": 'Almaty "old" city',
    "ActionGeo_CountryCode": "KZ", "ActionGeo_ADM1Code": "KZ02", "DATEADDED": "20220106101500",
    "SOURCEURL": "https://example.org/a",
}  # fmt: skip

KAZ = find_country("KAZ")
READERS = {
    "acled": (lambda p: read_acled(p, KAZ, {"almaty (city)": "almaty-city"}), ACLED),
    "ucdp": (lambda p: read_ucdp(p, KAZ, {"almaty city": "almaty-city"}), UCDP),
    "mass": (lambda p: read_mass_mobilization(p, KAZ, {"almaty": "almaty-city"}), MASS),
    "gdelt": (lambda p: read_gdelt(p, KAZ, {"kz02": "almaty-city"}), GDELT),
}


@pytest.fixture
def read(tmp_path):
    def reader(kind: str, *changes: dict[str, str], columns=None):
        reader, good = READERS[kind]
        path = tmp_path / f"{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            if kind == "gdelt":
                names = columns or VERSION_2
                for change in changes:
                    row = good | change
                    file.write("\t".join(row[name] for name in names) + "\n")
            else:
                extra = {"extra": "ignored"} | {name: "" for change in changes for name in change}
                writer = csv.DictWriter(file, list(extra | good))
                writer.writeheader()
                writer.writerows(extra | good | change for change in changes)
        return reader(path)

    return reader


def test_acled_event_gives_presence_size_and_deaths(read):
    found = read("acled", {})
    assert [(o.id, o.measure, o.value, o.confidence) for o in found.observations] == [
        ("acled-kaz123-present", "protest_present", 1.0, "medium"),
        ("acled-kaz123-size", "protest_size", 5000.0, "medium"),
        ("acled-kaz123-killed", "killed_in_event", 10.0, "medium"),
    ]
    assert {(o.date, o.region) for o in found.observations} == {("2022-01-05", "almaty-city")}
    assert found.rows == found.imported == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("500", (500, None, None)), ("around 70", (70, None, None)),
        ("hundreds", (300, 100, 999)), ("thousands", (3000, 1000, 9999)),
        ("several hundred", (300, 200, 999)), ("several dozen people", (50, 24, 99)),
        ("tens of thousands", (30000, 10000, 99999)), ("nearly 200", (200, None, None)),
        ("over 1 000 000", (1000000, 1000000, None)), ("up to 1000", (None, None, 1000)),
        ("around 2000-3000", (None, 2000, 3000)), ("100s", (300, 100, 999)),
        ("500+", (500, 500, None)), ("a thousand protesters", (1000, None, None)),
        ("at least 40", (40, 40, None)), ("more than 1,000", (1000, 1000, None)),
        ("between 100 and 200", (None, 100, 200)), ("50-100", (None, 50, 100)),
        ("no report", None), ("several", None), ("200-100", None), ("", None),
    ],
)  # fmt: skip
def test_acled_crowd_sizes(read, words, expected):
    found = read("acled", {"tags": f"women targeted; crowd size={words}", "fatalities": "0"})
    sizes = [(o.value, o.low, o.high) for o in found.observations if o.measure == "protest_size"]
    assert sizes == ([] if expected is None else [expected])
    unread = expected is None and words not in ("no report", "")
    assert [row.line for row in found.partial] == ([2] if unread else [])
    assert all(words in o.note for o in found.observations)


def test_ucdp_event_gives_its_deaths_and_range_on_its_last_day(read):
    (row,) = read("ucdp", {}).observations
    assert (row.measure, row.value, row.low, row.high) == ("killed_in_event", 10.0, 9.0, 12.0)
    assert (row.id, row.date, row.confidence) == ("ucdp-7", "2022-01-06", "medium")


def test_mass_mobilization_protest_gives_presence_and_range(read):
    present, size = read("mass", {}).observations
    assert (present.measure, present.value, present.date) == ("protest_present", 1.0, "2019-06-09")
    assert (size.value, size.low, size.high) == (None, 100.0, 999.0)
    (only,) = read("mass", {"participants_category": "."}).observations
    assert only.measure == "protest_present"
    assert read("mass", {"participants_category": ">10000"}).observations[1].high is None


def test_mass_mobilization_takes_the_number_where_the_category_is_missing_or_damaged(read):
    found = read("mass", {"participants_category": "NA", "participants": "1000s"})
    assert (found.observations[1].low, found.partial) == (1000.0, ())
    found = read("mass", {"participants_category": "May-99", "participants": "100s"})
    assert found.observations[1].high == 999.0
    assert "'May-99' is not one of 50-99" in found.partial[0].reason
    found = read("mass", {"participants_category": "", "participants": "many, some say"})
    assert "in no form that is known" in found.partial[0].reason


def test_what_the_state_did_is_a_candidate_for_the_timeline(read):
    (one,) = read("acled", {"sub_event_type": "Excessive force against protesters"}).candidates
    assert (one.do, one.value, one.region, f"{one.at:%m-%d}") == (
        "force_level", 4.0, "almaty-city", "01-05",
    )  # fmt: skip
    found = read("mass", {"stateresponse1": "arrests", "stateresponse2": "accomodation"})
    assert [one.do for one in found.candidates] == ["force_level", "concession"]
    (one,) = read("gdelt", {"EventCode": "1723", "EventRootCode": "17"}).candidates
    assert (one.do, one.text[:10]) == ("curfew", "CAMEO 1723")
    assert read("ucdp", {"side_a": "Government of Kazakhstan"}).candidates[0].value == 4.0
    assert read("ucdp", {"side_a": "IS"}).candidates == ()


@pytest.mark.parametrize(
    ("columns", "added"),
    [(VERSION_1[:-1], "20220106"), (VERSION_2, "20220106101500"), (VERSION_1, "20220106")],
)
def test_gdelt_report_gives_articles_in_both_versions(read, columns, added):
    (row,) = read("gdelt", {"DATEADDED": added}, columns=columns).observations
    assert (row.measure, row.value, row.unit) == ("protest_articles", 12.0, "articles")
    assert (row.id, row.date) == ("gdelt-2022-01-05-protest-almaty-city", "2022-01-05")
    assert row.region == "almaty-city"
    assert row.confidence == "low"
    assert row.source == ("https://example.org/a" if len(columns) > 57 else "GDELT event 1022")


def test_gdelt_reports_of_a_day_and_region_are_summed(read):
    other = {"GLOBALEVENTID": "1023", "NumArticles": "5"}
    (row,) = read("gdelt", {}, other, {"GLOBALEVENTID": "1024", "IsRootEvent": "0"}).observations
    assert (row.value, row.note) == (17.0, "2 reports")


def test_gdelt_versions_have_61_and_58_columns():
    assert (len(VERSION_2), len(VERSION_1)) == (61, 58)
    assert len(set(VERSION_2)) == 61


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("acled", {"iso": "860"}, "another country"),
        ("acled", {"admin1": "Almaty (Cty)"}, "did you mean 'almaty (city)'"),
        ("acled", {"event_date": "05 Janvier 2022"}, "month in English"),
        ("acled", {"event_date": "01/05/2022"}, "day or month first"),
        ("acled", {"event_date": "2022-W01"}, "YYYY-MM-DD"),
        ("acled", {"iso": "KGZ"}, "another country"),
        ("acled", {"time_precision": "3"}, "only the month"),
        ("acled", {"fatalities": "10.5"}, "whole number"),
        ("acled", {"fatalities": "-1"}, "negative"),
        ("acled", {"fatalities": ""}, "fatalities is empty"),
        ("acled", {"event_type": "Strategic developments", "fatalities": "0"}, "no measure"),
        ("ucdp", {"country_id": "1"}, "another country"),
        ("ucdp", {"date_prec": "5"}, "only the month or the year"),
        ("ucdp", {"low": "11"}, "low <= best <= high"),
        ("ucdp", {"date_end": "2022-01-04"}, "before date_start"),
        ("ucdp", {"date_start": "2022-01-05 13:00:00.000"}, "YYYY-MM-DD"),
        ("ucdp", {"best": "NA"}, "whole number"),
        ("mass", {"ccode": "2"}, "another country"),
        ("mass", {"protest": "0"}, "without protest"),
        ("mass", {"startday": "31"}, "there is no day"),
        ("mass", {"startyear": "."}, "startyear is empty"),
        ("mass", {"location": "Almaty; Astana"}, "table of regions"),
        ("gdelt", {"ActionGeo_CountryCode": "RS"}, "another country"),
        ("gdelt", {"IsRootEvent": "0"}, "main event"),
        ("gdelt", {"EventRootCode": "04"}, "protest or violence"),
        ("gdelt", {"SQLDATE": "20211205"}, "32 days after"),
        ("gdelt", {"SQLDATE": "20220107"}, "-1 days after"),
        ("gdelt", {"SQLDATE": "20220230"}, "there is no day"),
        ("gdelt", {"SQLDATE": "5-Jan-22"}, "YYYYMMDD"),
        ("gdelt", {"NumArticles": "0"}, "below 1"),
        ("gdelt", {"ActionGeo_ADM1Code": ""}, "ActionGeo_ADM1Code is empty"),
        ("gdelt", {"ActionGeo_ADM1Code": "KZ01", "ActionGeo_FullName": "Aral, Nowhere, Kazakhstan"},
         "'Nowhere' is not in the table of regions"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_quarantined_with_its_reason(read, kind, change, reason):
    found = read(kind, {}, change)
    assert found.imported == 1
    (row,) = found.quarantined
    assert row.line == (2 if kind == "gdelt" else 3)
    assert reason in row.reason


def test_gdelt_rows_of_another_width_are_quarantined(read, tmp_path):
    found = read("gdelt", {}, columns=VERSION_2[:60])
    assert found.quarantined[0].reason == "60 fields where the header has 61"


@pytest.mark.parametrize("kind", ["acled", "ucdp", "mass"])
def test_a_missing_column_is_named(kind, tmp_path):
    reader, good = READERS[kind]
    path = tmp_path / "short.csv"
    path.write_text(",".join(list(good)[1:]) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=f"column '{next(iter(good))}' is missing"):
        reader(path)
