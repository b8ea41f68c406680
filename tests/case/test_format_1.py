"""Format 1 is read with the meaning it had, and rewritten as format 2 with the same meaning."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from steppe.case.canonical import canonical, from_canonical
from steppe.case.convert import converted, with_new_addresses
from steppe.case.folder_edit import commit
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.core.errors import CaseError

OLD = Path(__file__).with_name("format-1") / "two-valleys"


def old_case(folder: Path, **edits: str) -> Path:
    """Copy the old case with text added to its scenario."""
    shutil.copytree(OLD, folder)
    file = folder / "scenario.yaml"
    file.write_text(file.read_text() + "".join(edits.values()), encoding="utf-8")
    return folder


def without_names(scenario: Scenario) -> str:
    """Return what a run can read, with groups and the good by number."""
    text = canonical(scenario.model_copy(update={"timeline": ()}))
    names = [one.id for one in (*scenario.groups, *scenario.goods)]
    for number, name in enumerate(names):
        text = text.replace(f':"{name}"', f':"{number}"')
    return text


def test_the_old_case_is_the_shipped_one() -> None:
    assert without_names(load(OLD)) == without_names(load("two-valleys"))


def test_a_converted_case_means_the_same_and_keeps_its_words(tmp_path: Path) -> None:
    folder = old_case(tmp_path / "case", end="\n# the last word\n")
    before = load(folder)
    answer = CliRunner().invoke(cli, ["convert", str(folder), "--json"])
    assert answer.exit_code == 0, answer.output
    assert set(json.loads(answer.stdout)["files"]) >= {"group_shares.csv", "exposure.csv"}
    after = load(folder)
    assert canonical(after) == canonical(before)
    assert after.counterfactuals == before.counterfactuals
    text = (folder / "scenario.yaml").read_text()
    assert "# the last word" in text
    assert text.startswith("format: 2\n")
    assert "share_" not in (folder / "regions.csv").read_text().replace("share_age", "")
    with pytest.raises(CaseError, match="not of format 1"):
        converted(folder)


def test_trust_emergencies_and_addresses_come_over(tmp_path: Path) -> None:
    trust = "parameters: {framing: {trust_state_west: 0.4, trust_foreign_russians: 0.9}}\n"
    changes = (
        "  other:\n    title: T\n    question: Q\n    set:\n"
        "      regions.upper-valley.lpg_share: 0.5\n"
        "      parameters.framing.trust_state_urban: 0.1\n"
    )
    folder = old_case(tmp_path / "case")
    file = folder / "scenario.yaml"
    text = file.read_text()
    assert "parameters:" not in text
    text = text.replace("counterfactuals:\n", f"counterfactuals:\n{changes}")
    lines = trust.replace("{framing: {", "\n  framing:\n    ").replace(", ", "\n    ")
    file.write_text(text + lines.replace("}}", ""), encoding="utf-8")
    before = load(folder)
    assert before.groups[1].foreign_media == 0.9
    media = {one.id: one.state_media for one in before.audiences}
    assert media["critical-powers"] == 0.4
    assert set(before.counterfactuals["other"].set) == {
        "regions.upper-valley.exposure.good.share", "audiences.urban.state_media",
    }  # fmt: skip
    commit(folder, converted(folder))
    assert canonical(load(folder)) == canonical(before)


def test_an_emergency_of_format_1_is_told_and_acts_in_format_2(tmp_path: Path) -> None:
    event = (
        "  - id: declared\n    at: 2030-03-02T00:00\n    actor: president\n    do: emergency\n"
        "    where: [national]\n    value: 1\n    precision: day\n    source: s\n    text: t\n"
    )
    folder = old_case(tmp_path / "case")
    file = folder / "scenario.yaml"
    file.write_text(file.read_text().replace("timeline:\n", f"timeline:\n{event}"))
    assert load(folder).timeline[0].do == "statement"
    commit(folder, converted(folder))
    assert load(folder).timeline[0].do == "statement"


def test_a_record_of_format_1_is_read_as_one_of_format_2() -> None:
    scenario = load(OLD)
    data = json.loads(canonical(scenario))
    data["format"] = 1
    for region in data["regions"]:
        for column, one in zip(
            ("share_kazakh", "share_russian", "share_other"), region.pop("groups"), strict=True
        ):
            region[column] = one["share"]
        region["lpg_share"] = region.pop("exposure")[0]["share"]
    for step in data["price_steps"]:
        del step["good"]
    for name in ("groups", "goods", "audiences"):
        del data[name]
    data["prices"] |= {"good": "bread", "unit": "TWD_per_loaf"}
    assert canonical(from_canonical(json.dumps(data))) == canonical(scenario)


def test_addresses_in_a_text_are_renamed_and_others_stay() -> None:
    text = "{address: regions.a-b.share_russian} x regions.a-b.wage framing.trust_state_nobody"
    new = with_new_addresses(text)
    assert new == (
        "{address: regions.a-b.groups.group-2.share} x regions.a-b.wage framing.trust_state_nobody"
    )


def test_a_table_of_the_new_name_is_not_overwritten(tmp_path: Path) -> None:
    folder = old_case(tmp_path / "case")
    (folder / "exposure.csv").write_text("mine\n")
    with pytest.raises(CaseError, match=r"exposure.csv:1:1: the file is there already"):
        converted(folder)
    assert (folder / "exposure.csv").read_text() == "mine\n"
