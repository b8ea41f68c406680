"""Claims held against records: figures inside, apart and across; dates; what came later."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import file_of

from steppe.case.claims_model import AftermathRow
from steppe.case.scenario import Scenario
from steppe.study.claims.arms import ArmResolver
from steppe.study.claims.decision_rules import Finding
from steppe.study.claims.evaluate import Evaluator

SEEN = "observed: {figure: {low: 90, value: 100, high: 110, source: s}}, unit: persons"
HEADER = "id,topic,item,date,value,unit,outcome,verdict,source,note\n"
ROWS = (
    "R1,t,i,2030-01-01,10,points,,met,s,\nR2,t,i,2030-02-01,12,points,,met,s,\n"
    "R3,t,i,2030-03-01,,,,not met,s,\nR4,t,i,2030-04-01,,,,mixed,s,\n"
)


def found(folder: Path, scenario: Scenario, test: str) -> Finding:
    (folder / "aftermath.csv").write_text(HEADER + ROWS, encoding="utf-8")
    file = file_of(folder, scenario, test)
    rows: dict[str, AftermathRow] = {row.id: row for row in file.aftermath}
    return Evaluator(scenario, ArmResolver(scenario, file.content), rows).finding(
        file.claims[0], {}
    )


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        ("{value: 100, tolerance: 0.1}", "supported"),
        ("{low: 90}", "supported"),
        ("{value: 100, tolerance: 0.05}", "undecided"),
        ("{low: 100}", "undecided"),
        ("{value: 150, tolerance: 0.1}", "contradicted"),
        ("{high: 89}", "contradicted"),
    ],
)
def test_figures(tmp_path: Path, valleys: Scenario, claimed: str, verdict: str) -> None:
    one = found(tmp_path, valleys, f"evidence: {{claimed: {claimed}, {SEEN}}}")
    assert (one.verdict, one.number, one.low, one.high) == (verdict, 100, 90, 110)


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("address: country.citizens", 400_000),
        ("address: 'regions.*.population'", 400_000),
        ("address: places.highford.population, over: country.citizens", 0.35),
        ("aftermath: R2", 12),
    ],
)
def test_where_figures_are_found(
    tmp_path: Path, valleys: Scenario, where: str, number: float
) -> None:
    test = f"evidence: {{claimed: {{value: {number}}}, observed: {{{where}}}, unit: u}}"
    one = found(tmp_path, valleys, test)
    assert (one.verdict, one.number) == ("supported", number)


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ("after: internet-cut", "supported"),
        ("before: internet-cut", "contradicted"),
        ('from: "2030-03-05T00:00", until: "2030-03-05T23:59"', "supported"),
        ('until: "2030-03-05T09:59"', "contradicted"),
        ("after: arrests", "undecided"),  # whose time is assumed
    ],
)
def test_dated_events(tmp_path: Path, valleys: Scenario, asked: str, verdict: str) -> None:
    assert found(tmp_path, valleys, f"event: {{id: old-price, {asked}}}").verdict == verdict


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ("rows: [R1, R2], expect: [met]", "supported"),
        ("rows: [R3], expect: [met], against: [not met]", "contradicted"),
        ("rows: [R1, R3], expect: [met], against: [not met]", "undecided"),
        ("rows: [R4], expect: [met], against: [not met]", "undecided"),
        ("from: R1, to: R2, direction: increase, margin: 1", "supported"),
        ("from: R1, to: R2, direction: increase, margin: 2", "contradicted"),
        ("from: R1, to: R2, direction: none, margin: 2", "supported"),
        ("from: R2, to: R1, direction: decrease, margin: 1", "supported"),
    ],
)
def test_what_came_later(tmp_path: Path, valleys: Scenario, asked: str, verdict: str) -> None:
    assert found(tmp_path, valleys, f"aftermath: {{{asked}}}").verdict == verdict


def test_a_row_without_value_cannot_be_compared(tmp_path: Path, valleys: Scenario) -> None:
    from steppe.core.errors import CaseError

    with pytest.raises(CaseError, match="has no value to compare"):
        found(tmp_path, valleys, "aftermath: {from: R1, to: R3, direction: none, margin: 1}")


def test_reasons_name_their_source(tmp_path: Path, valleys: Scenario) -> None:
    one = found(tmp_path, valleys, "record: {finding: contradicted, source: report, note: words}")
    assert (one.verdict, one.reason, one.details["source"]) == ("contradicted", "words", "report")
    other = found(tmp_path, valleys, "not_testable: {reason: nobody knows}")
    assert (other.verdict, other.reason) == ("not testable", "nobody knows")
