"""``steppe import`` into a case folder: rows made by us in the formats of the data sets."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.evidence.importers import ReadOptions
from steppe.evidence.importers.folder import import_events

ACLED = {
    "event_id_cnty": "KAZ1", "event_date": "04 March 2030", "year": "2030", "time_precision": "1",
    "event_type": "Protests", "sub_event_type": "Protest with intervention", "iso": "398",
    "country": "Kazakhstan", "admin1": "Upper Valley", "location": "Highford",
    "geo_precision": "1", "source": "Paper", "fatalities": "2", "tags": "crowd size=about 500",
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The invented case, moved to a country that data sets have codes of."""
    folder = tmp_path / "valleys"
    shutil.copytree(SHIPPED / "two-valleys", folder)
    file = folder / "scenario.yaml"
    file.write_text(file.read_text().replace("iso3: TWV", "iso3: KAZ  # as if"))
    return folder


@pytest.fixture
def export(tmp_path: Path):
    def write(*changes: dict[str, str]) -> Path:
        path = tmp_path / "acled.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(ACLED))
            writer.writeheader()
            writer.writerows(ACLED | change for change in changes)
        return path

    return write


def test_an_export_becomes_observations_and_candidates_that_are_off(case, export):
    before = load(case)
    report = import_events("acled", export({}), case, ReadOptions())
    after = load(case)
    assert {(o.measure, o.value) for o in after.observations} == {
        ("protest_present", 1.0), ("protest_size", 500.0), ("killed_in_event", 2.0),
        ("cumulative_killed", 2.0),
    }  # fmt: skip
    (added,) = after.timeline[len(before.timeline) :]
    assert (added.do, added.where, added.enabled) == ("force_level", ("upper-valley",), False)
    assert after.timeline[:-1] == before.timeline
    assert (report.observations, report.events, report.names) == (4, 1, ())
    assert "iso3: KAZ  # as if" in (case / "scenario.yaml").read_text()
    assert "ACLED, imported from `acled.csv`" in (case / "SOURCES.md").read_text()


def test_a_second_import_replaces_rows_and_keeps_what_the_user_changed(case, export):
    import_events("acled", export({}), case, ReadOptions())
    file = case / "scenario.yaml"
    file.write_text(file.read_text().replace(" enabled: false", " enabled: true"))
    report = import_events("acled", export({"tags": "crowd size=600"}), case, ReadOptions())
    assert (report.observations, report.replaced, report.events) == (4, 4, 0)
    after = load(case)
    assert [o.value for o in after.observations if o.measure == "protest_size"] == [600.0]
    assert after.timeline[-1].enabled


def test_names_that_are_not_known_are_listed_and_read_again_once_matched(case, export):
    rows = ({"admin1": "Upper Vale"}, {"admin1": "", "event_id_cnty": "KAZ2"},
            {"admin1": "Abroad", "event_id_cnty": "KAZ3"})  # fmt: skip
    report = import_events("acled", export(*rows), case, ReadOptions())
    assert report.names == ("", "Abroad", "Upper Vale")
    table = case / "import" / "acled" / "names.csv"
    listed = {row["name"]: row for row in csv.DictReader(table.read_text().splitlines())}
    assert listed["Upper Vale"]["nearest"] == "upper-valley"
    table.write_text("name,region\nUpper Vale,upper-valley\n,national\nAbroad,-\n")
    report = import_events("acled", export(*rows), case, ReadOptions())
    assert (report.result.imported, report.names) == (2, ())
    assert list(report.result.reasons) == ["admin1 'Abroad' is left out by the table of names"]
    assert {o.region for o in load(case).observations} == {"upper-valley", "national"}
    table.write_text("name,region\nUpper Vale,upper-vally\n")
    with pytest.raises(CaseError, match=r"names.csv:2:1: region: .* did you mean 'upper-valley'"):
        import_events("acled", export(*rows), case, ReadOptions())


def test_every_row_left_out_is_in_the_quarantine_with_its_line(case, export):
    rows = ({}, {"event_id_cnty": "KAZ2", "event_date": "2029-03-01"},
            {"event_id_cnty": "KAZ3", "tags": "crowd size=lots"},
            {"event_id_cnty": "KAZ4", "iso": "417"})  # fmt: skip
    import_events("acled", export(*rows), case, ReadOptions())
    quarantine = csv.DictReader(
        (case / "import" / "acled" / "quarantine.csv").read_text().splitlines()
    )
    assert [(row["line"], row["imported"], row["reason"]) for row in quarantine] == [
        ("3", "no", "outside the run, 2030-03-01 to 2030-03-07"),
        ("4", "in part", "crowd size 'lots' is in no form that is known"),
        ("5", "no", "another country"),
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_wrong_file_changes_nothing(case, tmp_path, export):
    before = contents(tmp_path)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("event_id_cnty,event_dat,event_type\n")
    with pytest.raises(CaseError, match=r"wrong.csv:1:1: column 'event_date' .* 'event_dat'"):
        import_events("acled", wrong, case, ReadOptions())
    wrong.unlink()
    with pytest.raises(CaseError, match="comes with the program"):
        import_events("acled", export({}), SHIPPED / "two-valleys", ReadOptions())
    (tmp_path / "acled.csv").unlink()
    assert contents(tmp_path) == before


def test_the_command_says_what_it_did(case, export, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    words = ["import", "acled", str(export({}, {"iso": "1"})), "--case", str(case)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0
    assert "2: 1 imported, 1 left out" in done.stdout
    assert "1: another country" in done.stdout
    assert CliRunner().invoke(cli, [*words, "--encoding", "klingon"]).exit_code == 2


def test_a_country_that_no_table_knows_is_a_fault_of_the_scenario(case, export):
    file = case / "scenario.yaml"
    file.write_text(file.read_text().replace("iso3: KAZ  # as if", "iso3: TWV"))
    with pytest.raises(CaseError, match=r"scenario\.yaml:15:9: country\.iso3: no country is"):
        import_events("acled", export({}), case, ReadOptions())
