"""Lists and series of cuts of the internet: rows made by us in the forms of their sources."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from steppe.core.errors import CaseError
from steppe.countries.codes import find_country
from steppe.evidence.importers import ReadOptions
from steppe.evidence.importers.outages import read_outages

KAZ = find_country("Kazakhstan")
REGIONS = {"almaty": "almaty-city", "atyrau": "atyrau"}
RUN = ReadOptions(window=("2022-01-02", "2022-01-19"), zone=KAZ.zone)


@pytest.fixture
def read(tmp_path):
    def reader(text: str, options: ReadOptions = RUN):
        path = tmp_path / "outages.txt"
        path.write_text(text, encoding="utf-8")
        return read_outages(path, KAZ, REGIONS, options)

    return reader


def cuts(result) -> list[tuple[str, str, str, float]]:
    return [
        (f"{one.at:%m-%d %H:%M}", f"{one.until:%m-%d %H:%M}", one.region, one.value)
        for one in result.candidates
    ]


def test_access_now_lists_days_and_areas(read):
    result = read(
        "start_date,end_date,country,geo_scope,area_name,shutdown_type,shutdown_extent\n"
        '1/5/2022,1/10/2022,Kazakhstan,"It affected more than one city",'
        '"Almaty, Atyrau",Shutdown,full network\n'
        "2022-01-05,2022-01-06,Kazakhstan,national,,Throttle,full network\n"
        "2022-01-05,2022-01-06,Kazakhstan,local,Nowhere,Shutdown,full network\n"
        "2021-01-05,2021-01-06,Kazakhstan,national,,Shutdown,full network\n"
        "2022-01-05,2022-01-06,Uganda,national,,Shutdown,full network\n",
        replace(RUN, dates="mdy"),
    )
    assert cuts(result) == [
        ("01-05 00:00", "01-11 00:00", "almaty-city", 0.95),
        ("01-05 00:00", "01-11 00:00", "atyrau", 0.95),
        ("01-05 00:00", "01-07 00:00", "national", 0.5),
    ]
    assert result.unknown == {"Nowhere": 1}
    assert [row.line for row in result.quarantined] == [4, 5, 6]


def test_ioda_lists_moments_in_utc(read):
    result = read(
        "ID,Begin time,End time,Country,Scope,Region,Cause\n"
        '7,"Wednesday, January 5, 2022, 4:40:00 AM","Thursday, January 6, 2022, 1:00:00 PM",'
        "Kazakhstan,Country,,Government-Ordered\n"
        '8,"Wednesday, January 5, 2022, 4:40:00 AM","Tuesday, January 4, 2022, 1:00:00 PM",'
        "Kazakhstan,Country,,Cable-Cut\n"
    )
    assert cuts(result) == [("01-05 10:40", "01-06 19:00", "national", 0.95)]  # UTC+6
    assert "is not within a year after" in result.quarantined[0].reason


def test_cloudflare_answers_are_read_as_json(read):
    one = {
        "startDate": "2022-01-05T04:00:00Z", "endDate": "2022-01-05T10:00:00Z",
        "locations": ["KZ"], "eventType": "OUTAGE", "scope": None, "linkedUrl": "https://e.org",
        "outage": {"outageCause": "GOVERNMENT_DIRECTED", "outageType": "NATIONWIDE"},
    }  # fmt: skip
    other = one | {"locations": ["KG"]}
    result = read(json.dumps({"success": True, "result": {"annotations": [one, other]}}))
    assert cuts(result) == [("01-05 10:00", "01-05 16:00", "national", 0.95)]
    assert result.candidates[0].text == "Nationwide outage, cause: government directed"
    assert [row.reason for row in result.quarantined] == ["another country"]


def test_ooni_counts_give_a_daily_share(read):
    result = read(
        "anomaly_count,confirmed_count,failure_count,measurement_count,measurement_start_day\n"
        "30,10,1,100,2022-01-05\n90,20,1,100,2022-01-06\n"
    )
    assert [(o.date, o.value) for o in result.observations] == [("2022-01-05", 0.4)]
    assert "is not so" in result.quarantined[0].reason


def series(days: int) -> tuple[list[int], list[float]]:
    """Ten at night and a hundred by day, a twentieth of it from 5 January, hour by hour."""
    start = datetime.fromisoformat("2022-01-06T00:00+00:00") - timedelta(days=days)
    moments = [start + timedelta(hours=hour) for hour in range(24 * days)]
    usual = [100.0 if 6 <= at.hour < 20 else 10.0 for at in moments]
    cut = [at >= datetime.fromisoformat("2022-01-05T00:00+00:00") for at in moments]
    values = [level * (0.05 if off else 1.0) for level, off in zip(usual, cut, strict=True)]
    return [int(at.timestamp()) for at in moments], values


@pytest.mark.parametrize("form", ["csv", "cloudflare", "ioda"])
def test_a_series_gives_shares_of_what_is_usual_at_the_hour(read, form):
    moments, values = series(10)
    if form == "csv":
        rows = (f"{at},{value}" for at, value in zip(moments, values, strict=True))
        text = "\n".join(["timestamp,value", *rows, ""])
    elif form == "cloudflare":
        times = [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in moments]
        serie = {"timestamps": times, "values": [str(value) for value in values]}
        text = json.dumps({"result": {"meta": {"units": [{"name": "*"}]}, "serie_0": serie}})
    else:
        signal = {"entityCode": "KZ", "from": moments[0], "step": 3600, "values": values}
        text = json.dumps({"data": [[signal]]})
    shares = {f"{o.date} {o.time}": o.value for o in read(text).observations}
    assert shares["2022-01-05 05:00"] == 1.0
    assert shares["2022-01-05 06:00"] == 0.05  # midnight in UTC
    assert set(shares.values()) == {1.0, 0.05}


def test_a_series_without_days_before_the_run_is_refused(read):
    moments, values = series(2)
    text = "\n".join(
        ["timestamp,value", *(f"{a},{v}" for a, v in zip(moments, values, strict=True))]
    )
    with pytest.raises(CaseError, match="no values before the run"):
        read(text)


def test_another_table_is_refused_with_the_forms_that_are_read(read):
    with pytest.raises(CaseError, match="start_date, country, geo_scope"):
        read("a,b\n1,2\n")
