"""The claims file: read whole, refused with its place and the nearest name, never hashed."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import PATCH, file_of

import steppe
from steppe.case.canonical import scenario_hash
from steppe.case.cases import is_toy, shipped_cases
from steppe.case.claims import claims_of, read_claims
from steppe.case.claims_tests import TESTS
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.countries.case_files import claims_to_fill_in
from steppe.results.outcomes import OUTCOMES
from steppe.study.claims.check import check_quantities

Q = "quantity: {outcome: large_protest}"
GOOD = {
    "run": f"run: {{{Q}}}",
    "spread": "spread: {quantity: {outcome: killed}, ratio: 2}",
    "cause": f"cause: {{{PATCH}, {Q}, role: both}}",
    "counterfactual": f"counterfactual: {{patch: no-rise, {Q}, direction: none, margin: 0}}",
    "dose_response": f"dose_response: {{path: prices.shock, doses: [0.0, 1.0], {Q}, "
    "shape: rising, margin: 0}",
    "not_testable": "not_testable: {reason: why}",
    "record": "record: {finding: supported, source: here}",
    "event": "event: {id: old-price, after: internet-cut}",
    "evidence": "evidence: {claimed: {low: 1}, observed: {address: country.citizens}, unit: x}",
    "all_of": f"all_of: [run: {{{Q}}}, not_testable: {{reason: why}}]",
}


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_of_test_is_read(tmp_path: Path, valleys: Scenario, kind: str) -> None:
    file = file_of(tmp_path, valleys, GOOD[kind])
    check_quantities(file, valleys)
    assert file.claims[0].test.kind == kind
    assert kind in TESTS


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("runn: {}", ":10:7: claims.T1.test.runn: unknown key; allowed: evidence"),
        ("run: {quantity: {outcome: killed}, minimun_probability: 0.9}", "'minimum_probability'?"),
        (f"run: {{{Q}, minimum_probability: 0.5}}", "0.5 is out of range"),
        ("run: {quantity: {}}", "no quantity is named; allowed: exactly one of outcome"),
        ("run: {quantity: {outcome: a, event: b}}", "outcome, event together"),
        ("run: {quantity: {outcome: killed, reduce: max}}", "'reduce' means nothing beside"),
        (f"cause: {{patch: no-ris, {Q}, role: both}}", "did you mean 'no-rise'?"),
        (f"cause: {{{Q}, role: both}}", "is missing; allowed: patch: NAME, or set"),
        (f"cause: {{set: {{prices.shok: 0}}, {Q}, role: both}}", "there is no 'shok'"),
        (f"cause: {{base: free, {PATCH}, {Q}, role: both}}", "there is no base 'free'"),
        (f"counterfactual: {{patch: no-rise, {Q}, direction: up, margin: 1}}", "increase,"),
        (f"counterfactual: {{patch: no-rise, {Q}, direction: none, margin: -1}}", "at least 0"),
        (GOOD["dose_response"].replace("[0.0, 1.0]", "[1.0, 0.0]"), "the doses do not rise"),
        (GOOD["dose_response"].replace("rising", "jump"), "'fraction' belongs to"),
        (GOOD["dose_response"].replace("prices.shock", "prices.good"), "documentation"),
        ("event: {id: old-prize, after: internet-cut}", "did you mean 'old-price'?"),
        ("event: {id: old-price}", "the event is asked nothing"),
        ("evidence: {claimed: {}, observed: {address: x}, unit: one}", "neither a value nor"),
        ("aftermath: {rows: [A1], expect: [met]}", "there is no row of aftermath.csv 'A1'"),
        ("all_of: [not_testable: {reason: x}]", "one test alone is written without a list"),
        ("record: {finding: supported, source: x}\n      not_testable: {reason: x}", "together"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(
    tmp_path: Path, valleys: Scenario, test: str, said: str
) -> None:
    with pytest.raises(CaseError) as caught:
        file_of(tmp_path, valleys, test)
    message = str(caught.value)
    assert f"{tmp_path / 'claims.yaml'}:" in message
    if said != "documentation":  # how the patch itself words it is another test's concern
        assert said in message


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("{outcome: kiled, at_least: 1}", "did you mean 'killed'?"),
        ("{outcome: killed}", "is a number, and the test asks what happens or does not"),
        ("{outcome: fate}", "'fate' is a word"),
        ("{observable: killed_on, date: \"2030-03-02\", at_least: 1}", "'killed_by'"),
        ("{observable: killed_by, date: soon, at_least: 1}", "soon"),
        ("{series: peacefull, at_least: 1}", "did you mean 'peaceful'?"),
        ("{series: option_on, at_least: 1}", "label: is missing"),
        ("{series: option_on, label: apeal, at_least: 1}", "did you mean 'appeal'?"),
        ("{series: threat, from: \"2031-01-01T00:00\", at_least: 1}", "lies outside the run"),
        ("{event: fal}", "did you mean 'fall'?"),
    ],
)  # fmt: skip
def test_a_quantity_that_no_run_has_is_refused(
    tmp_path: Path, valleys: Scenario, quantity: str, said: str
) -> None:
    file = file_of(tmp_path, valleys, f"run: {{quantity: {quantity}}}")
    with pytest.raises(CaseError, match=r"claims\.yaml:10:") as caught:
        check_quantities(file, valleys)
    assert said in str(caught.value)


def test_claims_may_not_rest_on_each_other(tmp_path: Path, valleys: Scenario) -> None:
    path = tmp_path / "claims.yaml"
    claim = "  - {{id: {}, text: t, asserted_by: a, kind: fact, rests_on: [{}], " \
            "test: {{not_testable: {{reason: r}}}}}}\n"  # fmt: skip
    text = 'format: 1\nsource: "s"\nclaims:\n'
    path.write_text(text + claim.format("A", "B") + claim.format("B", "A"), encoding="utf-8")
    with pytest.raises(CaseError, match="rest on each other"):
        read_claims(path, valleys)
    path.write_text(text + claim.format("A", "A"), encoding="utf-8")
    with pytest.raises(CaseError, match="does not rest on itself"):
        read_claims(path, valleys)
    path.write_text(text + claim.format("A1", "") + claim.format("A1", ""), encoding="utf-8")
    with pytest.raises(CaseError, match="given twice"):
        read_claims(path, valleys)


def test_claims_are_no_part_of_the_scenario(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "scenario.yaml").write_text("extends: two-valleys\nid: copy\n", encoding="utf-8")
    before = load(folder)
    assert claims_of(folder, before) is None  # claims are not inherited: they are of one text
    file_of(folder, before, GOOD["run"])
    after = load(folder)
    assert scenario_hash(before) == scenario_hash(after)
    found = claims_of(folder, after)
    assert found is not None
    assert [claim.id for claim in found.claims] == ["T1"]


def test_the_hash_is_of_every_byte(tmp_path: Path, valleys: Scenario) -> None:
    one = file_of(tmp_path, valleys, GOOD["cause"])
    other = file_of(tmp_path, valleys, GOOD["cause"] + " ")
    assert one.sha256 != other.sha256


def test_the_template_is_a_claims_file(tmp_path: Path, valleys: Scenario) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(claims_to_fill_in(), encoding="utf-8")
    check_quantities(read_claims(path, valleys), valleys)


@pytest.mark.parametrize("case", [c.id for c in shipped_cases() if not is_toy(c.id)])
def test_shipped_claims_can_be_judged(case: str) -> None:
    scenario = load(case)
    file = claims_of(case, scenario)
    if file is not None:
        check_quantities(file, scenario)


def test_a_claim_that_is_not_there_is_answered_with_the_nearest(
    tmp_path: Path, valleys: Scenario
) -> None:
    file = file_of(tmp_path, valleys, GOOD["run"], GOOD["record"])
    assert [claim.id for claim in file.select(["T2"])] == ["T2"]
    with pytest.raises(CaseError, match="did you mean 'T"):
        file.select(["T22"])


def test_outcomes_are_those_of_a_run() -> None:
    run = steppe.run(steppe.load("two-valleys").change("clock.hours", 2), 1, scale=0.01)
    assert set(run.outcome) == {one.name for one in OUTCOMES if one.derive is None}
