"""Uploads: bounded, flat, plain text; all faults in their place; nothing kept, nothing run."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.app.case_registry import CaseRegistry
from steppe.app.config import AppLimits, Config
from steppe.app.errors import RequestError, UnknownError, faults_of
from steppe.app.sessions import TooManyError
from steppe.app.uploads import receive
from steppe.core.errors import CaseError

LIMITS = AppLimits(files=5, unpacked=100_000, cases=2)
GOOD = b"extends: kazakhstan-2022\nid: mine\ntitle: Mine\n"


def part(name: str, content: bytes = GOOD) -> tuple[str, io.BytesIO]:
    return name, io.BytesIO(content)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> tuple[str, io.BytesIO]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return part("case.zip", out.getvalue())


def refused(tmp_path: Path, *parts: tuple[str, io.BytesIO], limits: AppLimits = LIMITS) -> str:
    with pytest.raises(CaseError) as caught:
        receive(parts, tmp_path / "in", limits)
    assert list((tmp_path / "in").iterdir()) == []  # nothing is kept
    return str(caught.value)


def test_files_and_zips_arrive_under_made_up_names(tmp_path: Path) -> None:
    one = receive([part("mine/scenario.yaml"), part("a.csv", b"x")], tmp_path, LIMITS)
    assert sorted(p.name for p in one.iterdir()) == ["a.csv", "scenario.yaml"]
    other = receive([zipped(("top/scenario.yaml", GOOD))], tmp_path, LIMITS)
    assert (other / "scenario.yaml").read_bytes() == GOOD
    assert one.name != other.name
    assert one.parent == other.parent == tmp_path


def test_bombs_are_refused(tmp_path: Path) -> None:
    zeros = b"\0" * 2_000_000
    assert "unpacked" in refused(tmp_path, zipped(("scenario.yaml", GOOD), ("big.csv", zeros)))
    assert "too many" in refused(tmp_path, zipped(*((f"{i}.csv", b"") for i in range(6))))
    assert "too many" in refused(tmp_path, *(part(f"{i}.csv") for i in range(6)))
    inner = zipped(("scenario.yaml", GOOD))[1].getvalue()
    assert "kind of file" in refused(tmp_path, zipped(("inner.zip", inner)))
    assert "zip" in refused(tmp_path, part("case.zip", b"PK\3\4 not a zip"))


def test_damaged_and_encrypted_zips_are_refused(tmp_path: Path) -> None:
    name, content = zipped(("scenario.yaml", GOOD * 50), method=zipfile.ZIP_STORED)
    data = bytearray(content.getvalue())
    data[60] ^= 0xFF  # inside the stored text: the checksum no longer fits
    assert "unpacked" in refused(tmp_path, (name, io.BytesIO(bytes(data))))
    data = bytearray(content.getvalue())
    for at in (data.find(b"PK\1\2") + 8, 6):
        data[at] |= 1
    assert "encrypted" in refused(tmp_path, (name, io.BytesIO(bytes(data))))


@pytest.mark.parametrize("name", ["a.csv", "scenario.yaml", "top/b.csv"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../other/places.csv", "scenario.yaml", ""])
def test_links_in_zips_are_refused(tmp_path: Path, name: str, target: str) -> None:
    out = io.BytesIO()
    link = zipfile.ZipInfo(name)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as archive:
        if name != "scenario.yaml":
            archive.writestr("scenario.yaml", GOOD)
        archive.writestr(link, target)
    said = refused(tmp_path, part("case.zip", out.getvalue()))
    assert said.startswith(f"{name}: ")
    assert "is a link" in said


def test_code_is_refused_by_name_and_by_rule(tmp_path: Path) -> None:
    assert "never run" in refused(tmp_path, part("scenario.yaml"), part("rule.py", b"boom"))
    rule = GOOD + b"mechanisms:\n  participation: rule.py:mine\n"
    book = CaseRegistry(Config(store=tmp_path), tmp_path / "book")
    folder = receive([part("scenario.yaml", rule)], book.folder, LIMITS)
    with pytest.raises(CaseError, match=r"rule\.py"):
        book.adopt(folder, "me")
    assert not folder.exists()


def test_the_case_that_was_fitted_opens_first_and_the_examples_are_there(tmp_path: Path) -> None:
    book = CaseRegistry(Config(store=tmp_path), tmp_path / "book")
    assert book.front("").id == "kazakhstan-2022"
    names = {case.id for case in book.seen_by("")}
    assert {"serbia-2000", "ecuador-2019", "kenya-2024", "two-valleys"} <= names


@pytest.mark.parametrize("target", ["../other", "../../x.yaml", "/etc/passwd", "..", "a/b.yaml"])
def test_a_case_cannot_extend_what_lies_outside(tmp_path: Path, target: str) -> None:
    text = f'extends: "{target}"\nid: x\n'.encode()
    assert "leads out of the upload" in refused(tmp_path, part("scenario.yaml", text))


@given(st.text(min_size=1, max_size=60))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as root:
        try:
            folder = receive([part("scenario.yaml"), part(name, b"x")], Path(root) / "in", LIMITS)
        except CaseError:
            folder = None
        everything = [p for p in Path(root).rglob("*") if p.is_file()]
        assert all(p.parent == folder for p in everything)


def test_all_faults_come_in_place_without_the_servers_paths(tmp_path: Path) -> None:
    text = GOOD + b"clock:\n  hourz: 3\nprices:\n  shock: many\n"
    book = CaseRegistry(Config(store=tmp_path), tmp_path / "book")
    folder = receive([part("scenario.yaml", text)], book.folder, LIMITS)
    with pytest.raises(CaseError) as caught:
        book.adopt(folder, "me")
    faults = faults_of(caught.value, folder)
    assert {(f["file"], f["line"]) for f in faults} >= {("scenario.yaml", 5), ("scenario.yaml", 7)}
    assert all(str(tmp_path) not in str(fault) for fault in faults)
    assert any(fault["nearest"] == "hours" for fault in faults)


def test_cases_belong_to_their_user_and_are_bounded(tmp_path: Path) -> None:
    book = CaseRegistry(Config(store=tmp_path, limits=LIMITS), tmp_path / "book")
    made = [
        book.adopt(receive([part("scenario.yaml")], book.folder, LIMITS), "me") for _ in range(2)
    ]
    with pytest.raises(TooManyError):
        book.adopt(receive([part("scenario.yaml")], book.folder, LIMITS), "me")
    assert book.case(made[0].id, "me").title == "Mine"
    with pytest.raises(UnknownError):
        book.case(made[0].id, "another")
    assert made[0].id not in [case.id for case in book.seen_by("another")]
    book.forget("me")
    assert not made[0].path.exists()


@pytest.mark.parametrize("text", ["", "relative/folder", "/a\0b"])
def test_only_whole_paths_open_a_folder(text: str) -> None:
    from steppe.app.case_registry import local_folder

    with pytest.raises(RequestError):
        local_folder(text)
