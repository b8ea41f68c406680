"""New cases in the app: made as `steppe new` makes them, edited by the schema, saved safely."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from steppe.app.config import AppLimits, Config
from steppe.app.dose import STEPS, DoseRuns, dose_request
from steppe.app.service import AppService
from steppe.case.load import load
from steppe.case.table_edit import table_rows
from steppe.cli import cli
from steppe.study.placebo import placebo

from .drafting import GHANA, PORT, User, cell, contents, folder_of


@pytest.mark.parametrize("trigger", ["price", "election", "outrage", "call"])
@pytest.mark.parametrize("level", ["adm1", "adm0"])
def test_the_folder_is_the_one_that_steppe_new_makes(
    user: User, tmp_path: Path, trigger: str, level: str
) -> None:
    draft = user.make(trigger=trigger, level=level)
    out = tmp_path / "by-hand"
    words = ["new", "Ghana", str(out), "--date", "2020-12-07", "--days", "5", "--trigger", trigger]
    done = CliRunner().invoke(cli, [*words, "--level", level])
    assert done.exit_code == 0, done.output
    assert contents(folder_of(user, draft)) == contents(out)
    assert len(draft["regions"]) == (10 if level == "adm1" else 1)


def test_every_country_that_is_offered_can_be_looked_for(user: User) -> None:
    found = user.ask("GET", "/api/countries").json()
    names = [one["name"] for one in found["countries"]]
    assert names == sorted(names)
    assert len(names) > 230
    assert {"CHL", "GHA", "KAZ"} <= {one["iso3"] for one in found["countries"]}


def test_an_edit_lands_in_its_cell_and_nowhere_else(user: User) -> None:
    draft = user.make()
    before = contents(folder_of(user, draft))
    assert cell(draft, "forces", 2, "officers")[1] == "a"
    changed = {"table": "forces", "row": 2, "column": "officers", "value": "4321"}
    answer = user.edit(draft, cells=[changed], basis="measured", source="Police, report of 2019")
    assert answer.status_code == 200, answer.text
    assert cell(answer.json(), "forces", 2, "officers") == ("4321", "m")
    after = contents(folder_of(user, draft))
    assert {name for name in after if after[name] != before[name]} == {"forces.csv", "SOURCES.md"}
    old, new = (table_rows(c["forces.csv"].decode(), "forces.csv") for c in (before, after))
    different = [(row, column) for row, column in zip(old, new, strict=True) if row != column]
    ((was, now),) = different
    header = old[0]
    assert {header[i] for i in range(len(was)) if was[i] != now[i]} == {
        "officers", "basis", "source",
    }  # fmt: skip
    forces = {force.id: force.officers for force in load(folder_of(user, draft)).forces}
    assert forces[cell(draft, "forces", 2, "id")[0]] == 4321
    assert b"Police, report of 2019" in after["SOURCES.md"]


def test_people_of_regions_places_and_the_country_add_up_after_an_edit(user: User) -> None:
    draft = user.make()
    of_region = {"table": "regions", "row": 1, "column": "population", "value": "1234567"}
    draft = user.edit(draft, cells=[of_region], basis="measured", source="Census").json()
    assert cell(draft, "regions", 1, "population") == ("1234567", "m")
    case = load(folder_of(user, draft))
    assert case.country.citizens == sum(region.population for region in case.regions)
    region_id = cell(draft, "regions", 1, "id")[0]
    inside = [place for place in case.places if place.region == region_id]
    assert sum(place.population for place in inside) == 1_234_567
    of_place = {"table": "places", "row": 0, "column": "population", "value": "99999"}
    draft = user.edit(draft, cells=[of_place], basis="measured", source="Census").json()
    case = load(folder_of(user, draft))
    people = {place.id: place.population for place in case.places}
    assert people[cell(draft, "places", 0, "id")[0]] == 99_999
    for region in case.regions:
        homes = sum(place.population for place in case.places if place.region == region.id)
        assert homes == region.population


def test_figures_of_one_row_keep_their_own_sources(user: User) -> None:
    draft = user.make()
    for column, source in (("wage", "Wages 2019"), ("gini", "Gini 2018"), ("wage", "Wages 2020")):
        one = {"table": "regions", "row": 0, "column": column, "value": "0.4"}
        draft = user.edit(draft, cells=[one], basis="measured", source=source).json()
    source = cell(draft, "regions", 0, "source")[0]
    assert source == "SOURCES.md; gini: Gini 2018; wage: Wages 2020"


WRONG = [
    ({"table": "regions", "row": 0, "column": "online_share", "value": "1.5"}, "0 to 1"),
    ({"table": "regions", "row": 0, "column": "wage", "value": "much"}, "number"),
    ({"table": "forces", "row": 0, "column": "officers", "value": "-3"}, "0"),
    ({"table": "group_shares", "row": 0, "column": "share", "value": "0.9"}, "1"),
    ({"table": "regions", "row": 0, "column": "population", "value": "a lot"}, "number"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_the_schema_refuses_is_said_and_nothing_is_written(
    user: User, wrong: dict[str, Any], said: str
) -> None:
    draft = user.make()
    before = contents(folder_of(user, draft))
    answer = user.edit(draft, cells=[wrong], basis="measured", source="x")
    assert answer.status_code == 422
    fault = answer.json()["error"]["faults"][0]
    assert said in json.dumps(fault)
    assert str(user.desk.book.folder) not in answer.text  # and no path of the server
    assert fault["file"] == f"{wrong['table']}.csv"
    assert contents(folder_of(user, draft)) == before
    assert user.ask("GET", f"/api/drafts/{draft['id']}").json()["revision"] == 0


STRANGE = [
    {"cells": [{"table": "../regions", "row": 0, "column": "wage", "value": "1"}]},
    {"cells": [{"table": "regions", "row": 99, "column": "wage", "value": "1"}]},
    {"cells": [{"table": "regions", "row": -1, "column": "wage", "value": "1"}]},
    {"cells": [{"table": "regions", "row": True, "column": "wage", "value": "1"}]},
    {"cells": [{"table": "regions", "row": 0, "column": "id", "value": "other"}]},
    {"cells": [{"table": "regions", "row": 0, "column": "wage", "value": "1\n2"}]},
    {"cells": [{"table": "regions", "row": 0, "column": "secret", "value": "1"}]},
    {"cells": "all"},
    {"cells": [None]},
    {"settings": {"extends": "kazakhstan-2022"}},
    {"settings": {"tables.regions": "/etc/passwd"}},
    {"settings": {"mechanisms.participation": "rule.py:mine"}},
    {"settings": {"triggers.0.size": "1\n  enabled: false"}},
    {"settings": {"triggers.0.size": 99}},
    {"settings": {"triggers.7.size": 0.5}},
    {"settings": {"title": ["a"]}},
    {"basis": "measured", "settings": {"triggers.0.size": 0.5}},
    {"basis": "true", "source": "x", "settings": {"triggers.0.size": 0.5}},
    {"source": "two\nlines", "settings": {"triggers.0.size": 0.5}},
    {},
]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda one: json.dumps(one)[:60])
def test_strange_edits_are_refused_in_words(user: User, strange: dict[str, Any]) -> None:
    draft = user.make(level="adm0")
    before = contents(folder_of(user, draft))
    answer = user.edit(draft, **strange)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error"]["message"]
    assert contents(folder_of(user, draft)) == before


def test_an_edit_of_what_has_changed_meanwhile_is_refused(user: User) -> None:
    draft = user.make()
    size = {"triggers.0.size": 0.5}
    assert user.edit(draft, settings=size).status_code == 200
    answer = user.edit(draft, settings={"triggers.0.size": 1.0})
    assert answer.status_code == 400
    assert "another page" in answer.json()["error"]["message"]
    assert load(folder_of(user, draft)).triggers[0].size == 0.5


def test_a_looked_up_figure_is_ticked_off(user: User) -> None:
    draft = user.make()
    item = next(one for one in draft["cells"] if one["column"] == "officers")
    rows = next(one["rows"] for one in draft["tables"] if one["key"] == "forces")
    row = next(n for n, cells in enumerate(rows) if cells[0] == item["row"])
    one = {"table": "forces", "row": row, "column": "officers", "value": "7000"}
    number = item["number"]
    draft = user.edit(draft, cells=[one], basis="measured", source="x", number=number).json()
    assert [c["number"] for c in draft["cells"] if c["done"]] == [number]
    todo = (folder_of(user, draft) / "TODO.md").read_text(encoding="utf-8")
    assert f"- [x] {number}. " in todo
    assert todo.count("- [x]") == 1


ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,country,iso,"
    "admin1,location,notes,fatalities,source,tags\n"
)


def acled_row(number: int, region: str) -> str:
    return (
        f"GHA{number},07 December 2020,2020,1,Protests,Peaceful protest,Protesters (Ghana),Ghana,"
        f'288,{region},Somewhere,"A march of about 300 people.",0,A paper,crowd size=about 300\n'
    )


def test_files_are_imported_and_names_matched(user: User) -> None:
    draft = user.make(trigger="election")
    known = load(folder_of(user, draft)).regions[0].name
    text = ACLED + acled_row(1, known) + acled_row(2, "Grater Akkra")
    answer = user.drop(draft, "acled", ("Ghana 2020.csv", text.encode()))
    assert answer.status_code == 200, answer.text
    draft = answer.json()
    assert draft["report"]["imported"] == 1
    (waiting,) = [one for one in draft["imports"] if one["source"] == "acled"]
    (name,) = waiting["names"]
    assert (name["name"], name["region"]) == ("Grater Akkra", "")
    assert "greater-accra" in name["near"]
    path = f"/api/drafts/{draft['id']}/names/acled"
    draft = user.post(path, {"names": {"Grater Akkra": "greater-accra"}}).json()
    assert draft["report"]["imported"] == 2
    regions = {one.region for one in load(folder_of(user, draft)).observations}
    assert "greater-accra" in regions
    wrong = user.post(path, {"names": {"Grater Akkra": "atlantis"}})
    assert wrong.status_code == 422
    assert "atlantis" in wrong.text
    assert str(user.desk.book.folder) not in wrong.text


def test_a_table_of_people_replaces_them_all_or_none(user: User) -> None:
    draft = user.make()
    names = [region["name"] for region in draft["regions"]]
    table = "region,population\n" + "".join(f"{name},{1000 + n}\n" for n, name in enumerate(names))
    before = contents(folder_of(user, draft))
    short = table.replace(names[3], "Elsewhere")
    refused = user.drop(draft, "population", ("people.csv", short.encode()))
    assert refused.status_code == 422
    assert str(user.desk.book.folder) not in refused.text
    kept = {n: c for n, c in contents(folder_of(user, draft)).items() if "import/" not in n}
    assert kept == before
    draft = user.drop(draft, "population", ("people.csv", table.encode())).json()
    assert draft["citizens"] == sum(range(1000, 1000 + len(names)))
    assert cell(draft, "regions", 0, "population")[1] == "m"


HOSTILE = [
    ("../../evil.csv", b"a,b\n"), ("evil.py", b"boom"), ("/etc/cron.d/x.csv", b"a\n"),
    ("a\0b.csv", b"a\n"), (".hidden.csv", b"a\n"), ("x.vrt", b"<OGRVRTDataSource/>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), HOSTILE)
@pytest.mark.parametrize("source", ["acled", "boundaries", "regions"])
def test_hostile_files_stay_outside(
    user: User, tmp_path: Path, name: str, content: bytes, source: str
) -> None:
    draft = user.make(level="adm0")
    before = contents(folder_of(user, draft))
    answer = user.drop(draft, source, (name, content))
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error"]["message"]
    assert contents(folder_of(user, draft)) == before
    assert list(tmp_path.rglob("*evil*")) == []


def test_a_file_is_what_its_name_says_before_a_library_guesses(user: User) -> None:
    draft = user.make(level="adm0")
    trick = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd'
    for name in ("x.gpkg", "x.shp"):
        answer = user.drop(draft, "boundaries", (name, trick))
        assert answer.status_code == 400
        assert "not what its name says" in answer.text
    assert user.drop(draft, "elsewhere", ("x.csv", b"a\n")).status_code == 400


def test_a_draft_is_its_makers_alone_and_goes_with_them(desk: AppService) -> None:
    one, other = User(desk), User(desk)
    draft = one.make(level="adm0")
    path, folder = f"/api/drafts/{draft['id']}", folder_of(one, draft)
    assert other.ask("GET", path).status_code == 404
    assert other.edit(draft, settings={"mode": "scripted"}).status_code == 404
    assert other.post(f"{path}/zip", {}).status_code == 404
    assert one.ask("GET", "/api/drafts/../../etc").status_code == 404
    one.ask("DELETE", "/api/session")
    assert not folder.exists()


def test_drafts_are_bounded(tmp_path: Path) -> None:
    desk = AppService(Config(store=tmp_path, port=PORT, limits=AppLimits(cases=2)))
    try:
        user = User(desk)
        made = [user.make(level="adm0") for _ in range(2)]
        assert user.post("/api/drafts", GHANA).status_code == 429
        assert user.ask("DELETE", f"/api/drafts/{made[0]['id']}").status_code == 204
        user.make(level="adm0")
    finally:
        desk.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "Atlantis"}, {"country": ""}, {"country": 7}, {"date": "2020-13-01"},
        {"date": "yesterday"}, {"days": 0}, {"days": 1e9}, {"days": True}, {"trigger": "war"},
        {"trigger": ["price"]}, {"level": "adm9"}, {"folder": "/etc"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_made_is_said(user: User, wrong: dict[str, Any]) -> None:
    answer = user.post("/api/drafts", GHANA | wrong)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["message"]
    assert not list((user.desk.book.folder / "drafts").glob("*"))


def test_zip_and_folder_hold_the_case_whole(user: User, tmp_path: Path) -> None:
    draft = user.make()
    own = contents(folder_of(user, draft))
    zipped = user.post(f"/api/drafts/{draft['id']}/zip", {})
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == {
            f"ghana-2020/{name}": content for name, content in own.items()
        }
    path = f"/api/drafts/{draft['id']}/save"
    saved = user.post(path, {"name": "mine"}).json()
    assert contents(tmp_path / "mine") == own
    assert user.ask("GET", f"/api/cases/{saved['case']}").json()["country"] == "Ghana"


def test_nothing_of_others_is_overwritten_without_asking(user: User, tmp_path: Path) -> None:
    draft = user.make(level="adm0")
    assert user.save(draft, "mine").status_code == 200
    other = user.make(trigger="call", level="adm0")
    before = contents(tmp_path / "mine")
    again = user.save(other, "mine")
    assert again.status_code == 409
    assert "there already" in again.json()["error"]["message"]
    assert contents(tmp_path / "mine") == before
    assert user.save(other, "mine", replace=True).status_code == 200
    assert load(tmp_path / "mine").triggers[0].kind == "call"


def test_its_own_folder_is_written_again_and_whatever_else_lies_in_it_stays(
    user: User, tmp_path: Path
) -> None:
    draft = user.make(level="adm0")
    user.save(draft, "mine")
    (tmp_path / "mine" / "notes.md").write_text("of the user", encoding="utf-8")
    draft = user.edit(draft, settings={"triggers.0.size": 0.5}).json()
    assert user.save(draft, "mine").status_code == 200
    assert load(tmp_path / "mine").triggers[0].size == 0.5
    assert (tmp_path / "mine" / "notes.md").read_text(encoding="utf-8") == "of the user"
    regions = tmp_path / "mine" / "regions.csv"
    regions.write_text(regions.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = user.save(draft, "mine")
    assert changed.status_code == 409
    assert "regions.csv" in changed.json()["error"]["message"]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../out", "/etc/x", "a/b", "a\\b", ".hidden", "a\0b", "x" * 81, None, 7, "runs",
     "link", "file.txt"],
    ids=repr,
)  # fmt: skip
def test_folders_elsewhere_and_of_others_are_refused(
    user: User, tmp_path: Path, name: object
) -> None:
    (tmp_path / "runs").mkdir(exist_ok=True)
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    os.symlink(outside, tmp_path / "link")
    (outside / "scenario.yaml").write_text("x", encoding="utf-8")
    draft = user.make(level="adm0")
    before = sorted(path.name for path in tmp_path.iterdir())
    answer = user.post(f"/api/drafts/{draft['id']}/save", {"name": name, "replace": True})
    assert answer.status_code == 400, answer.text
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert [path.name for path in outside.iterdir()] == ["scenario.yaml"]


def test_a_link_inside_a_saved_folder_is_not_followed(user: User, tmp_path: Path) -> None:
    draft = user.make(level="adm0")
    path = f"/api/drafts/{draft['id']}/save"
    user.post(path, {"name": "mine"})
    outside = tmp_path / "outside.csv"
    outside.write_text("of somebody else", encoding="utf-8")
    (tmp_path / "mine" / "regions.csv").unlink()
    os.symlink(outside, tmp_path / "mine" / "regions.csv")
    assert user.post(path, {"name": "mine", "replace": True}).status_code == 200
    assert outside.read_text(encoding="utf-8") == "of somebody else"
    assert load(tmp_path / "mine").country.name == "Ghana"


def test_a_shared_laboratory_writes_no_folders(tmp_path: Path) -> None:
    config = Config(store=tmp_path / "runs", port=PORT, host="10.0.0.1", password="long enough pw",
                    names=("127.0.0.1",), home=tmp_path)  # fmt: skip
    desk = AppService(config)
    try:
        user = User(desk)
        draft = user.make(level="adm0")
        answer = user.post(f"/api/drafts/{draft['id']}/save", {"name": "mine"})
        assert answer.status_code == 400
        assert "download the zip" in answer.text
        assert not (tmp_path / "mine").exists()
        assert user.ask("GET", "/api/countries").json()["home"] is None
    finally:
        desk.close()


def test_it_opens_as_a_case_like_any_other(user: User) -> None:
    draft = user.make()
    path = f"/api/drafts/{draft['id']}/open"
    first = user.post(path, {}).json()["case"]
    case = user.ask("GET", f"/api/cases/{first}").json()
    assert [one["id"] for one in case["counterfactuals"]] == ["no-trigger", "half-trigger"]
    second = user.post(path, {}).json()["case"]
    listed = [one["id"] for one in user.ask("GET", "/api/cases").json()["cases"]]
    assert second in listed
    assert first not in listed  # the copy opened before gives way


def test_the_curve_says_what_the_command_line_says(user: User) -> None:
    draft = user.make(level="adm0")
    case = load(folder_of(user, draft))
    wanted = dose_request(case, STEPS[0])
    assert wanted.sizes == (0.0, 0.25, 0.6667, 0.77, 1.0833, 1.5)
    told = json.loads(gzip.decompress(DoseRuns().document(replace(wanted, seeds=3), 1, list)))
    expected = placebo(case, 3)
    points = {point["size"]: point for point in told["points"]}
    assert told["words"] == expected.words()
    assert told["quiet"] == expected.quiet
    assert told["added"] == list(expected.added)
    arms = {arm.name: arm for arm in expected.others}
    for size, arm in ((0.0, expected.without), (0.77, expected.with_trigger),
                      (0.25, arms["low"]), (1.5, arms["high"])):  # fmt: skip
        point = points[size]
        assert (point["low"], point["mid"], point["high"]) == arm.range
        assert point["crises"] == arm.crises


def test_a_curve_that_nobody_waits_for_ends(user: User) -> None:
    case = load(folder_of(user, user.make(level="adm0")))

    def gone() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DoseRuns().document(dose_request(case, STEPS[0]), 2, gone)
