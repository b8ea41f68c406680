"""A saved case opened again: as it was, with the same bytes, and nothing of it lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steppe.app.config import Config
from steppe.app.service import AppService
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load

from .drafting import PORT, User, cell, contents, folder_of

EXAMPLES = ("ecuador-2019", "kenya-2024", "serbia-2000", "kazakhstan-2022", "two-valleys")
OF_THE_SESSION = ("id", "revision", "name", "saved", "unsaved", "report")
"""What a page is told that does not stand in the folder."""


def told(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in OF_THE_SESSION}


def opened(user: User, name: str) -> dict[str, Any]:
    answer = user.reopen(name)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def edited(user: User, draft: dict[str, Any], *cell: str | int, **edit: Any) -> dict[str, Any]:
    table, row, column, value = cell
    change = {"table": table, "row": row, "column": column, "value": value}
    answer = user.edit(draft, cells=[change], **edit)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def worked_on(user: User, **wish: Any) -> dict[str, Any]:
    """Return a draft in which every kind of edit was made."""
    draft = user.make(**wish)
    number = next(one["number"] for one in draft["cells"] if one["column"] == "population")
    draft = edited(user, draft, "regions", 0, "population", "1234567", basis="measured",
                   source="Census", number=number)  # fmt: skip
    draft = edited(user, draft, "regions", 0, "urban_share", "0.4", basis="assumed")
    draft = edited(user, draft, "places", 0, "population", "99999", basis="copied", source="Atlas")
    draft = edited(user, draft, "regions", 0, "wage", "300", basis="measured", source="Wages")
    size = {
        "triggers.0.size": draft["triggers"][0]["high"],
        "triggers.0.basis": "measured",
        "triggers.0.source": "A paper",
    }
    return dict(user.edit(draft, settings=size, basis="measured", source="A paper").json())


@pytest.mark.parametrize("trigger", ["price", "election", "outrage", "call"])
@pytest.mark.parametrize("level", ["adm1", "adm0"])
def test_a_saved_case_is_opened_as_it_was_and_saved_with_the_same_bytes(
    desk: AppService, tmp_path: Path, trigger: str, level: str
) -> None:
    first = User(desk)
    draft = worked_on(first, trigger=trigger, level=level)
    assert first.save(draft, "mine").status_code == 200
    before = contents(tmp_path / "mine")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "mine").iterdir()}
    tomorrow = User(desk)
    again = opened(tomorrow, "mine")
    assert told(again) == told(draft)
    assert again["outside"] == []
    assert tomorrow.save(again, "mine").status_code == 200
    assert contents(tmp_path / "mine") == before
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "mine").iterdir()} == times


def test_its_zip_is_opened_again_with_what_was_imported(user: User) -> None:
    draft = user.make(level="adm1")
    rows = [f"{one['name']},{1_000_000 + n}" for n, one in enumerate(draft["regions"])]
    table = "\n".join(["region,population", *rows, ""])
    draft = user.drop(draft, "population", ("people.csv", table.encode())).json()
    path = f"/api/drafts/{draft['id']}/zip"
    packed = user.post(path, {}).content
    again = user.upload(("ghana-2020 (1).zip", packed)).json()
    assert told(again) == told(draft)
    assert again["name"] == "ghana-2020-1"
    assert cell(again, "regions", 0, "population")[1] == "m"
    assert contents(folder_of(user, again)) == contents(folder_of(user, draft))


def test_its_files_are_opened_again_with_their_folders(user: User) -> None:
    draft = user.make(level="adm0")
    own = contents(folder_of(user, draft)) | {"import/acled/names.csv": b"name,region\n"}
    again = user.upload(*((f"my-case/{name}", content) for name, content in own.items())).json()
    assert again["name"] == "my-case"
    assert contents(folder_of(user, again)) == own


def test_a_figure_is_never_more_certain_after_it_is_opened_again(user: User) -> None:
    draft = user.make()
    draft = edited(user, draft, "regions", 1, "population", "777777", basis="assumed")
    draft = edited(user, draft, "regions", 2, "population", "666666", basis="measured", source="A")
    draft = edited(user, draft, "regions", 2, "population", "555555", basis="assumed")
    user.save(draft, "mine")
    table = user.desk.config.home / "mine" / "regions.csv"
    text = table.read_text(encoding="utf-8")
    by_hand = cell(draft, "regions", 3, "urban_share")[0]
    rows = text.split("\n")
    rows[4] = rows[4].replace(f",{by_hand},", ",0.123,")
    table.write_text("\n".join(rows), encoding="utf-8")
    again = opened(user, "mine")
    for row, column in ((1, "population"), (2, "population"), (3, "urban_share")):
        assert cell(again, "regions", row, column)[1] == "a"
    assert cell(again, "regions", 4, "population")[1] == "d"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_case_written_by_hand_is_held_whole(user: User, tmp_path: Path, name: str) -> None:
    shutil.copytree(SHIPPED / name, tmp_path / "by-hand")
    before = contents(tmp_path / "by-hand")
    draft = opened(user, "by-hand")
    assert draft["cells"] == []
    outside = {one["file"] for one in draft["outside"]}
    assert outside >= {one for one in before if one.startswith("posterior")}
    draft = edited(user, draft, "forces", 0, "officers", "1234", basis="measured", source="Police")
    case = folder_of(user, draft)
    changed = {one for one in before if (case / one).read_bytes() != before[one]}
    assert changed == {"forces.csv", "SOURCES.md"}
    assert user.save(draft, "by-hand").status_code == 200
    assert contents(tmp_path / "by-hand") == contents(case)
    first = cell(draft, "forces", 0, "id")[0]
    officers = {force.id: force.officers for force in load(tmp_path / "by-hand").forces}
    assert officers[first] == 1234


@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"])
def test_a_table_of_another_program_keeps_its_form(
    user: User, tmp_path: Path, marked: bytes
) -> None:
    user.save(user.make(), "mine")
    for name in ("regions.csv", "places.csv", "scenario.yaml"):
        file = tmp_path / "mine" / name
        file.write_bytes(marked + file.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(tmp_path / "mine")
    draft = opened(user, "mine")
    draft = edited(user, draft, "regions", 2, "wage", "333", basis="measured", source="Wages")
    draft = user.edit(draft, settings={"triggers.0.size": 0.5}).json()
    after = contents(folder_of(user, draft))
    for name, lines in (("regions.csv", 1), ("scenario.yaml", 1), ("places.csv", 0)):
        pairs = zip(before[name].split(b"\n"), after[name].split(b"\n"), strict=True)
        assert sum(old != new for old, new in pairs) == lines, name


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return work


def linked(folder: Path) -> None:
    os.rename(folder / "regions.csv", folder.parent / "regions-of-others.csv")
    os.symlink(folder.parent / "regions-of-others.csv", folder / "regions.csv")


def emptied(folder: Path) -> None:
    with (folder / "forces.csv").open("a", encoding="utf-8") as stream:
        stream.write(" \n")


MODE = "mode: endogenous"
HOLDS_NOT = [
    (replaced("scenario.yaml", "format: 2", "extends: kazakhstan-2022\nformat: 2"),
     ("scenario.yaml", "extends: ", "extends")),
    (replaced("scenario.yaml", "format: 2", "format: 1"), ("scenario.yaml", "format: ", "format")),
    (replaced("scenario.yaml", MODE, "mode: [endogenous"), ("scenario.yaml", "alliance:", "")),
    (replaced("scenario.yaml", MODE, "mode: sideways"), ("scenario.yaml", "mode: ", "mode")),
    (replaced("scenario.yaml", MODE, "mechanisms: {participation: 'own.py:mine'}"),
     ("scenario.yaml", "mechanisms:", "mechanisms.participation")),
    (replaced("regions.csv", ",region,", ",kingdom,"), ("regions.csv", ",kingdom,", "kind")),
    (linked, ("regions.csv", "", "")),
    (emptied, ("forces.csv", " ", "")),
]  # fmt: skip


@pytest.mark.parametrize(("by_hand", "where"), HOLDS_NOT, ids=range(len(HOLDS_NOT)))
def test_what_the_page_cannot_hold_is_said_in_its_place_and_stays(
    user: User, tmp_path: Path, by_hand: Callable[[Path], None], where: tuple[str, str, str]
) -> None:
    user.save(user.make(), "mine")
    by_hand(tmp_path / "mine")
    before, drafts = contents(tmp_path / "mine"), user.desk.drafts._drafts.copy()
    answer = user.reopen("mine")
    assert answer.status_code == 422, answer.text
    fault = answer.json()["error"]["faults"][0]
    file, written, key = where
    assert (fault["file"], fault["key"]) == (file, key), fault
    lines = before[file].decode().split("\n")
    assert fault["line"] == 0 if not written else written in lines[fault["line"] - 1]
    assert fault["message"]
    assert str(user.desk.book.folder) not in answer.text
    assert contents(tmp_path / "mine") == before
    assert user.desk.drafts._drafts == drafts


def test_what_lies_outside_is_told_with_its_line_and_kept(user: User, tmp_path: Path) -> None:
    user.save(user.make(level="adm0"), "mine")
    folder = tmp_path / "mine"
    first = '  - {id: early, kind: call, at: "2020-12-06T10:00", where: [national], size: 1.0, '
    first += 'hours: "10-20", through: online, basis: assumed, source: x, text: "Early.", '
    first += "enabled: false}\n"
    replaced("scenario.yaml", "triggers:\n", f"triggers:\n{first}")(folder)
    quiet = "counterfactuals:\n  quiet: {title: Quiet, question: Why?, set: {mode: scripted}}"
    replaced("scenario.yaml", "counterfactuals: {}", quiet)(folder)
    (folder / "plan.docx").write_bytes(b"of the user")
    (folder / "notes.md").write_text("of the user", encoding="utf-8")
    (folder / "runs").mkdir()
    (folder / "runs" / "big.nc").write_bytes(b"result")
    before = contents(folder)
    draft = opened(user, "mine")
    outside = {(one["file"], one["key"]): one["line"] for one in draft["outside"]}
    lines = (folder / "scenario.yaml").read_text(encoding="utf-8").split("\n")
    assert outside == {
        ("scenario.yaml", "triggers.0"): lines.index("triggers:") + 2,
        ("scenario.yaml", "counterfactuals"): lines.index("counterfactuals:") + 1,
        ("plan.docx", ""): 0, ("notes.md", ""): 0,
    }  # fmt: skip
    paths = [one["path"] for one in draft["settings"] if one["path"].startswith("triggers")]
    assert paths == ["triggers.1.size", "triggers.1.low", "triggers.1.high"]
    draft = user.edit(draft, settings={"triggers.1.size": 0.3}).json()
    assert user.save(draft, "mine").status_code == 200
    after = contents(folder)
    assert {name for name in before if after[name] != before[name]} == {"scenario.yaml"}
    assert [one.size for one in load(folder).triggers] == [1.0, 0.3]


def test_a_list_to_look_up_that_was_written_anew_is_left_as_it_is(
    user: User, tmp_path: Path
) -> None:
    user.save(user.make(), "mine")
    todo = tmp_path / "mine" / "TODO.md"
    todo.write_text("- [ ] 1. Call my aunt.\n- [x] 2. Done\n", encoding="utf-8")
    draft = opened(user, "mine")
    assert [one for one in draft["cells"] if one["done"]] == []
    draft = edited(user, draft, "forces", 0, "officers", "77", basis="measured", source="P",
                   number=1)  # fmt: skip
    assert user.save(draft, "mine").status_code == 200
    assert todo.read_text(encoding="utf-8").startswith("- [ ] 1. Call my aunt.")


def test_the_folders_and_open_cases_are_listed(user: User, tmp_path: Path) -> None:
    first = user.make(level="adm0")
    user.save(first, "mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "scenario.yaml").write_text("title: [", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    os.symlink(tmp_path / "mine", tmp_path / "link")
    listed = user.ask("GET", "/api/drafts").json()
    assert {one["name"]: one["title"] for one in listed["folders"]} == {
        "mine": first["title"], "broken": "",
    }  # fmt: skip
    assert [one["id"] for one in listed["drafts"]] == [first["id"]]
    assert User(user.desk).ask("GET", "/api/drafts").json()["drafts"] == []


@pytest.mark.parametrize("name", ["link", "../mine", "/etc", ".", "", "runs", None, 7, "nothing"])
def test_no_other_place_is_opened(user: User, tmp_path: Path, name: Any) -> None:
    user.save(user.make(level="adm0"), "mine")
    os.symlink(tmp_path / "mine", tmp_path / "link")
    assert user.reopen(name).status_code == 400


def test_a_shared_laboratory_opens_a_zip_and_no_folder(tmp_path: Path) -> None:
    config = Config(store=tmp_path / "runs", port=PORT, host="10.0.0.1", password="long enough pw",
                    names=("127.0.0.1",), home=tmp_path)  # fmt: skip
    shutil.copytree(SHIPPED / "ecuador-2019", tmp_path / "mine")
    desk = AppService(config)
    try:
        user = User(desk)
        assert user.reopen("mine").status_code == 400
        assert user.ask("GET", "/api/drafts").json() == {"drafts": [], "folders": []}
        files = [(name, content) for name, content in contents(tmp_path / "mine").items()]
        assert user.upload(*files).status_code == 201
        assert user.upload(("run.py", b"boom")).status_code == 422
    finally:
        desk.close()
