"""Commands that describe cases and the model."""

from __future__ import annotations

import json
from pathlib import Path

from steppe.model.ledger import MECHANISMS, ROLES, chosen_rule, ledger
from steppe.model.mechanisms import ALL

from .conftest import Steppe


def test_cases_are_listed(steppe: Steppe) -> None:
    (line,) = [x for x in steppe("cases").out.splitlines() if x.startswith("kazakhstan-2022")]
    assert line.split()[1:] == ["Kazakhstan,", "January", "2022", "19,503,159", "552"]
    (case,) = [c for c in steppe("cases", "--json").document if c["id"] == "kazakhstan-2022"]
    assert case["citizens"] == 19_503_159


def test_a_case_shows_questions_tables_and_what_can_be_changed(steppe: Steppe, toy: Path) -> None:
    said = steppe("cases", toy).out
    for words in (
        "Two regions and a price", "What if the price had not risen?", "no-shock",
        "Would anybody have come?", "prices.shock=0", "timeline.blackout.enabled=false",
    ):  # fmt: skip
        assert words in said
    found = steppe("cases", toy, "--json").document
    assert found["tables"]["regions"] == 2
    assert found["counterfactuals"]["no-shock"]["set"] == {"prices.shock": 0}


def test_a_right_case_is_ok(steppe: Steppe, toy: Path) -> None:
    answer = steppe("check", toy)
    assert answer.code == 0
    assert answer.out.startswith("ok  ")
    assert "outrage" in answer.out  # switched off in the toy case
    found = steppe("check", toy, "--json").document
    assert found["ok"] is True
    assert found["switched_off"] == ["outrage"]
    assert found["figures_tested"] == 1
    assert found["counterfactuals"] == 3  # its two, and the half of its trigger that it is given


def test_every_shipped_case_is_right(steppe: Steppe) -> None:
    for case in steppe("cases", "--json").document:
        assert steppe("check", case["id"]).code == 0


def test_the_plan_names_every_rule_in_its_order_with_what_it_reads_and_writes(
    steppe: Steppe, toy: Path
) -> None:
    found = steppe("plan", toy, "--json").document
    rules = {role: chosen_rule(role, {"participation": "logit"}) for role in MECHANISMS}
    rules |= {"alliance": "scripted", "outrage": "none", "regime": "none"}
    on = sorted((m for m in ALL if rules[m.role] == m.name), key=lambda m: m.phase)
    assert [step["role"] for step in found["steps"]] == [m.role for m in on]
    for step, mechanism in zip(found["steps"], on, strict=True):
        assert step["reads"] == list(mechanism.reads)
        assert step["writes"] == list(mechanism.writes)
    (participation,) = [s for s in found["steps"] if s["role"] == "participation"]
    assert participation["parameters"]["threshold"] == 0.4
    assert found["off"] == ["outrage"]
    said = " ".join(steppe("plan", toy).out.split())
    for mechanism in on:
        assert f"{mechanism.role} / {mechanism.name}" in said
        assert mechanism.writes[-1] in said
    assert "switched off: outrage" in said


def test_every_parameter_is_shown_with_unit_range_status_and_source(steppe: Steppe) -> None:
    found = steppe("mechanisms", "--json").document
    assert [role["role"] for role in found] == list(ROLES)
    shown = {
        (role["role"], rule["rule"], p["name"]): p
        for role in found
        for rule in role["rules"]
        for p in rule["parameters"]
    }
    assert set(shown) == {(e.role, e.rule, e.info.name) for e in ledger()}
    for entry in ledger():
        p = shown[entry.role, entry.rule, entry.info.name]
        assert p["value"] == entry.info.default
        assert p["range"] == [entry.info.low, entry.info.high]
        assert (p["unit"], p["status"], p["source"]) == (
            entry.info.unit, entry.info.status, entry.info.source,
        )  # fmt: skip
    full = " ".join(steppe("mechanisms", "--full").out.split())
    assert all(e.info.name in full for e in ledger())
    assert "Dragu" in steppe("mechanisms", "loyalty").out
    assert "Joining a crowd" in " ".join(steppe("mechanisms").out.split())


def test_the_schema_is_printed_or_written(steppe: Steppe) -> None:
    printed = steppe("schema").document
    assert steppe("schema", "--output", "s.json").out == "s.json\n"
    assert json.loads(Path("s.json").read_text(encoding="utf-8")) == printed
    assert "participation" in printed["properties"]["parameters"]["properties"]


def test_declared_inputs_are_listed_beside_the_tables(steppe: Steppe) -> None:
    words = "memory in zhanaozen, strength 1"
    for command in ("check", "cases"):
        found = steppe(command, "kazakhstan-2022", "--json").document
        assert found["inputs"]["zhanaozen-2011"] == words
        assert found["tables"]["inputs"] == 2
    off = ("--set", "inputs.zhanaozen-2011.enabled=false")
    assert f"zhanaozen-2011: {words}" in steppe("check", "kazakhstan-2022").out
    assert f"{words}; switched off" in steppe("check", "kazakhstan-2022", *off).out
