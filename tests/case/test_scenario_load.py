"""Loading a case: what a good one becomes, and what is said about every broken one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from broken import BROKEN
from toy import toy_files

from steppe.case import Scenario, load
from steppe.case.roles import Roles
from steppe.core.errors import CaseError

Edit = Callable[..., Path]
Fails = Callable[[Path | str], CaseError]


def test_the_toy_case_becomes_a_frozen_scenario(toy: Scenario) -> None:
    assert toy.clock.hours == 72
    assert toy.clock.start == datetime(2022, 1, 2)
    assert [place.id for place in toy.places][:2] == ["alfa-city", "alfa-rural"]
    assert toy.regions[1].note == "a note, with comma"
    assert toy.regions[0].neighbours == ("bravo",)
    assert toy.price_steps[1].from_ == datetime(2022, 1, 2)
    assert toy.members[0].lead is True
    assert toy.observations[1].low is None
    assert toy.timeline[1].where == ("alfa", "bravo-town")
    assert toy.boundaries.startswith("{")
    with pytest.raises(ValueError, match="frozen"):
        toy.title = "x"  # type: ignore[misc]


def test_folder_file_and_text_name_the_same_case(case: Path, toy: Scenario, roles: Roles) -> None:
    for name in (str(case), case / "scenario.yaml", str(case / "scenario.yaml")):
        assert load(name, roles=roles) == toy


def test_the_toy_case_fits_the_ledger_of_the_model(edit: Edit) -> None:
    case = edit("  outrage: none", "  outrage: none\n  participation: logit")
    assert load(case).id == "toy"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_case_is_refused_with_its_place(name: str, edit: Edit, fails: Fails) -> None:
    old, new, file, expected = BROKEN[name]
    original = toy_files()[file]
    case = edit(old, new.replace("^", ""), file)
    message = str(fails(case))
    if "^" in new:
        before = original[: original.index(old)] + new[: new.index("^")]
        column = len(before) - before.rfind("\n")
        assert f"{case / file}:{before.count(chr(10)) + 1}:{column}: " in message
    for text in expected:
        assert text in message
    for fault in fails(case).faults:
        source = Path(fault.file).read_text(encoding="utf-8").split("\n")
        assert 1 <= fault.line <= len(source)
        assert 1 <= fault.column <= len(source[fault.line - 1]) + 1


def test_faults_of_yaml_and_tables_come_together(case: Path, fails: Fails) -> None:
    for name, old, new in (
        ("scenario.yaml", "shock: 1.0", "shock: much"),
        ("prices.csv", "alfa,fuel,80,", "alfa,fuel,-80,"),
        ("forces.csv", ",police,alfa", ",polce,alfa"),
    ):
        (case / name).write_text((case / name).read_text().replace(old, new))
    refused = fails(case)
    files = [Path(fault.file).name for fault in refused.faults]
    assert sorted(files) == ["forces.csv", "prices.csv", "scenario.yaml"]
    assert "did you mean 'police'?" in str(refused)


def test_no_more_than_twenty_faults_are_shown(case: Path, fails: Fails) -> None:
    rows = toy_files()["forces.csv"] + "x,y,police,alfa,alfa-city,many,assumed,invented,\n" * 500
    (case / "forces.csv").write_text(rows)
    refused = fails(case)
    assert len(refused.faults) == 20
    assert "more" in str(refused)


def test_a_list_longer_than_any_case_needs_is_refused_as_one(case: Path, fails: Fails) -> None:
    text = (case / "scenario.yaml").read_text()
    long = "timeline:\n" + "  - {id: x}\n" * 3_000
    (case / "scenario.yaml").write_text(text.replace("timeline:\n", long))
    (fault,) = fails(case).faults
    assert (fault.line, fault.key, fault.message) == (48, "timeline", "3,002 entries")


def test_a_table_of_100_mb_is_refused_before_it_is_read(case: Path, fails: Fails) -> None:
    with open(case / "places.csv", "r+b") as file:
        file.truncate(100 * 1024 * 1024)
    assert "places.csv:1:1: 104,857,600 bytes are too many" in str(fails(case))
    with open(case / "scenario.yaml", "r+b") as file:
        file.truncate(100 * 1024 * 1024)
    assert "scenario.yaml:1:1: 104,857,600 bytes are too many" in str(fails(case))


def test_a_link_out_of_the_folder_is_refused(case: Path, fails: Fails) -> None:
    outside = case.parent / "outside.csv"
    (case / "forces.csv").rename(outside)
    (case / "forces.csv").symlink_to(outside)
    assert "scenario.yaml:12:11: tables.forces: 'forces.csv' lies outside" in str(fails(case))


def test_a_link_inside_the_folder_is_followed(case: Path, roles: Roles) -> None:
    (case / "forces.csv").rename(case / "real.csv")
    (case / "forces.csv").symlink_to("real.csv")
    assert len(load(case, roles=roles).forces) == 3


def test_a_scenario_that_is_a_link_out_of_its_folder_is_refused(case: Path, fails: Fails) -> None:
    (case / "scenario.yaml").rename(case.parent / "elsewhere.yaml")
    (case / "scenario.yaml").symlink_to(case.parent / "elsewhere.yaml")
    assert "leads out of its folder" in str(fails(case))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"format: 1\nid: t\xffy", "scenario.yaml:2:6: not UTF-8 (byte 0xff)"),
        ("title: é\nid: \u202etoy".encode(), "scenario.yaml:2:5: the character U+202E"),
        (b"id: toy\0", "scenario.yaml:1:8: the character U+0000"),
        (b"id: toy\rtitle: x", "scenario.yaml:1:1: this is text whose lines end in CR"),
        ("id: toy".encode("utf-16"), "scenario.yaml:1:1: this is text in UTF-16"),
    ],
)
def test_bytes_that_are_no_clean_text(data: bytes, message: str, case: Path, fails: Fails) -> None:
    (case / "scenario.yaml").write_bytes(data)
    assert message in str(fails(case))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(
    case: Path, toy: Scenario, roles: Roles
) -> None:
    for file in case.iterdir():
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    again = load(case, roles=roles)
    assert again == toy


@pytest.mark.parametrize("name", ["nowhere", "no/such/folder", "toy.csv", "", "\0", "x" * 5000])
def test_a_case_that_does_not_exist_is_a_case_error(name: str, fails: Fails) -> None:
    assert "there is no case" in str(fails(name))


def test_a_folder_without_scenario_says_so(tmp_path: Path, fails: Fails) -> None:
    assert "has no scenario.yaml" in str(fails(tmp_path))


def test_a_parameter_may_carry_its_unit(edit: Edit, roles: Roles) -> None:
    case = edit("threshold: 0.4", "memory: 2 d")
    assert load(case, roles=roles).parameters == {"participation": {"memory": 48.0}}


def test_parameters_that_contradict_each_other(edit: Edit, fails: Fails) -> None:
    case = edit("outrage: none", "outrage: backlash")
    text = (case / "scenario.yaml").read_text()
    wrong = text.replace("threshold: 0.4", "threshold: 0.4\n  outrage: {low: 0.8, high: 0.2}")
    (case / "scenario.yaml").write_text(wrong)
    assert "48:3: parameters.outrage: low must not exceed high" in str(fails(case))


def test_a_role_that_cannot_be_switched_off(edit: Edit) -> None:
    with pytest.raises(CaseError, match=r"44:18: mechanisms.participation: this role cannot"):
        load(edit("outrage: none", "participation: none"))
