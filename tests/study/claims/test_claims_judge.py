"""Judging whole files: arms shared, other models tried, verdicts kept and made again alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from planted import PATCH, Planted, adds, file_of, happens

from steppe.case.claims import ClaimsFile
from steppe.case.scenario import Scenario
from steppe.results.reader import load_record
from steppe.results.run_record import unpack_draw
from steppe.results.store import Store
from steppe.study.batch import job_key
from steppe.study.claims.arms import Arm, ArmResolver
from steppe.study.claims.document import document
from steppe.study.claims.judge import PRIOR, JudgeConfig, Judgement, judge
from steppe.study.claims.runner import ArmQuantities, StoreRunner, Table
from steppe.study.claims.verdict_store import VerdictStore
from steppe.study.ensemble import SeedRuns
from steppe.study.executors import Inline

Q = "quantity: {outcome: large_protest}"
NECESSARY = f"cause: {{{PATCH}, {Q}, role: necessary}}"
MORE = (
    f"counterfactual: {{{PATCH}, quantity: {{outcome: killed}}, direction: increase, "
    "margin: 1, measure: mean}"
)
NOTHING = MORE.replace("increase", "none").replace("margin: 1", "margin: 0")
LOYALTY = "\n    mechanisms: [loyalty]"


class WithTheory(Planted):
    """Plants a cause that acts only under the model's own rule for loyalty."""

    def value(self, arm: Arm, seed: int) -> float:
        if arm.rule is not None and arm.rule[0] == "loyalty":
            arm = replace(arm, changes=())
        return super().value(arm, seed)


class WithParameter(Planted):
    """Plants a number that one drawn parameter alone decides."""

    def value(self, arm: Arm, seed: int) -> float:
        return drawn(arm, seed)["a.b"] * (not arm.changes) if arm.source == "prior" else 10.0


def drawn(arm: Arm, seed: int) -> Mapping[str, float]:
    """Return three parameters, of which the first grows with the seed."""
    return {"a.b": float(seed), "a.c": float(seed * 7 % 5), "a.d": float(seed * 3 % 4)}


def verdicts(file: ClaimsFile, scenario: Scenario, runner: Planted, **terms: int) -> Judgement:
    none = {"rival_seeds": 0, "prior_seeds": 0, **terms}
    return judge(file, scenario, runner, JudgeConfig.of(file, **none), draws=drawn)


def test_arms_are_run_once_for_all_claims(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY, MORE, MORE.replace("increase", "none"))
    runner = Planted(happens(1.0, 0.0))
    verdicts(file, valleys, runner)
    assert len(runner.asked) == len(set(runner.asked)) == 2  # as it was, and changed
    assert {seeds for _, seeds in runner.asked} == {tuple(range(1, 21))}


def test_only_the_arms_of_the_claims_asked_for_are_run(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY, "not_testable: {reason: why}")
    runner = Planted(happens(1.0, 0.0))
    made = judge(file, valleys, runner, JudgeConfig.of(file, ids=("T2",)))
    assert ([r["id"] for r in made.records], runner.asked) == (["T2"], [])


@pytest.mark.parametrize("margin", [0.0, 1.0, 2.0, 4.0, 8.0])
def test_a_margin_moves_the_verdict_only_one_way(
    tmp_path: Path, valleys: Scenario, margin: float
) -> None:
    file = file_of(tmp_path, valleys, MORE.replace("margin: 1", f"margin: {margin}"))
    found = verdicts(file, valleys, Planted(adds(3.0))).of("T1")
    expected = "supported" if margin <= 2.0 else "contradicted"
    assert (found["verdict"], found["number"]) == (expected, pytest.approx(3.0, abs=1.0))


def test_a_sure_verdict_does_not_hang_on_the_seeds(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY)
    plant = Planted(happens(1.0, 0.0))
    for first in (1, 101, 10_001):
        terms = JudgeConfig(tuple(range(first, first + 20)), rival_seeds=0, prior_seeds=0)
        assert judge(file, valleys, plant, terms).of("T1")["verdict"] == "supported"


def test_a_rule_that_carries_a_verdict_is_named(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, MORE + LOYALTY)
    alone = verdicts(file, valleys, WithTheory(adds(5.0)), rival_seeds=3).of("T1")
    assert alone["verdict"] == "supported"
    assert alone["robust"]["flips"] == ["loyalty: none", "loyalty: cascade"]
    assert not alone["robust"]["holds"]
    same = verdicts(file, valleys, Planted(adds(5.0)), rival_seeds=3).of("T1")
    assert same["robust"]["holds"]
    assert (same["robust"]["agree"], same["robust"]["tried"]) == (2, 2)
    assert alone["number"] == same["number"]  # other models are tried beside the verdict


def test_a_claim_without_named_rules_is_tried_under_every_rival(
    tmp_path: Path, valleys: Scenario
) -> None:
    file = file_of(tmp_path, valleys, MORE)
    found = verdicts(file, valleys, Planted(adds(5.0)), rival_seeds=2).of("T1")["robust"]
    names = {one["name"] for one in found["alternatives"]}
    assert {"participation: epstein", "loyalty: cascade", "risk: epstein-floor"} <= names
    assert not any(name.endswith(": none") or name.startswith("alliance") for name in names)


def test_the_parameter_that_decides_is_named(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, MORE.replace("increase", "decrease"))
    found = verdicts(file, valleys, WithParameter(adds(0.0)), prior_seeds=20).of("T1")
    (one,) = found["robust"]["sensitive_to"]
    assert (one["parameter"], one["draws"]) == ("a.b", 20)
    assert found["robust"]["alternatives"][-1]["name"] == PRIOR


def test_what_is_not_decided_is_not_tried_elsewhere(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY)
    runner = Planted(happens(1.0, 0.5))
    found = verdicts(file, valleys, runner, rival_seeds=3, prior_seeds=3).of("T1")
    assert (found["verdict"], found["robust"], len(runner.asked)) == ("undecided", None, 2)


def test_verdicts_are_kept_under_all_that_decides_them(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY)
    records, terms = VerdictStore(Store(tmp_path / "store")), JudgeConfig.of(file, rival_seeds=0)
    first = judge(
        file,
        valleys,
        Planted(happens(1.0, 0.0)),
        replace(terms, records=records),
        draws=drawn,
    )
    runner = Planted(happens(0.0, 0.0))
    again = judge(file, valleys, runner, replace(terms, records=records), draws=drawn)
    assert (again.reused, again.records, runner.asked) == (("T1",), first.records, [])
    assert records.all() == list(first.records)
    moved = file_of(tmp_path, valleys, NECESSARY + "\n    note: moved")
    for other_file, other_terms in (
        (moved, terms), (file, replace(terms, seeds=terms.seeds[1:])),
        (file, replace(terms, scale=0.5)), (file, replace(terms, source="prior")),
    ):  # fmt: skip
        made = judge(other_file, valleys, Planted(happens(1.0, 0.0)),
                     replace(other_terms, records=records), draws=drawn)  # fmt: skip
        assert made.reused == ()


def test_a_damaged_record_is_made_again(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY)
    records, terms = VerdictStore(Store(tmp_path / "store")), JudgeConfig.of(file, prior_seeds=0)
    first = judge(file, valleys, Planted(happens(1.0, 0.0)), replace(terms, records=records))
    (path,) = records.path.glob("??/*.json")
    path.write_bytes(path.read_bytes().replace(b"supported", b"undecided"))
    again = judge(file, valleys, Planted(happens(1.0, 0.0)), replace(terms, records=records))
    assert (again.reused, again.records) == ((), first.records)


def test_the_document_is_json_and_says_what_rests_on_what(
    tmp_path: Path, valleys: Scenario
) -> None:
    import json

    file = file_of(tmp_path, valleys, NECESSARY + "\n    rests_on: [T2]", NOTHING)
    made = verdicts(file, valleys, Planted(happens(1.0, 0.0)))
    found = document(made, lambda one: f"judge {one['id']}", lambda one: "")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["edges"] == [{"from": "T1", "to": "T2", "verdict": "contradicted"}]
    one, other = found["claims"]
    assert (one["verdict"], one["rests_on_contradicted"]) == ("supported", ["T2"])
    assert (other["verdict"], other["judge_again"]) == ("contradicted", "judge T2")
    assert found["summary"] == {
        "contradicted": 1, "undecided": 0, "supported": 1, "not testable": 0
    }  # fmt: skip
    assert found["made_with"]["claims_sha256"] == file.sha256
    assert {"id", "kind", "verdict", "number", "interval", "reason", "robust"} <= set(one)


class Counting:
    """A runner that passes everything on and keeps what came back."""

    def __init__(self, runner: StoreRunner) -> None:
        self.runner, self.tables = runner, list[Table]()

    def __call__(self, wanted: ArmQuantities, seeds: Sequence[int]) -> Table:
        self.tables.append(self.runner(wanted, seeds))
        return self.tables[-1]


def test_a_real_scenario_is_run_once_and_judged_alike_again(
    tmp_path: Path, valleys: Scenario
) -> None:
    small = valleys.change("clock.hours", 30)
    file = file_of(
        tmp_path, small,
        f"counterfactual: {{{PATCH}, quantity: {{outcome: peak_active}}, direction: none, "
        "margin: 0}",  # a sentence that nobody acts on changes nothing at all
        "cause: {set: {prices.shock: 0.0}, "
        "quantity: {series: price, reduce: max, at_least: 3}, role: both}",
        "run: {quantity: {event: force_level, origin: scripted}}",
        "run: {quantity: {observable: killed_by, date: \"2030-03-01\", at_most: 100000}}",
        seeds="6\nminimum_probability: 0.6",
    )  # fmt: skip
    store = Store(tmp_path / "store")
    cast = ArmResolver(small, file.content)
    terms = JudgeConfig.of(file, scale=0.002, rival_seeds=0, prior_seeds=0)
    runner = StoreRunner(cast, store, scale=0.002, executor=Inline(store))
    made = judge(file, small, runner, terms)
    assert (runner.tally.made, runner.tally.reused, runner.tally.failures) == (3 * 6, 0, [])
    assert [record["verdict"] for record in made.records] == ["supported"] * 4
    again = StoreRunner(cast, store, scale=0.002, executor=Inline(store))
    assert judge(file, small, again, terms).records == made.records
    assert (again.tally.made, again.tally.reused) == (0, 3 * 6)


def test_runs_are_those_of_a_pair_and_say_of_which_draw_they_are(
    tmp_path: Path, valleys: Scenario
) -> None:
    small = valleys.change("clock.hours", 6)
    file = file_of(tmp_path, small, MORE, seeds="6\nminimum_probability: 0.6")
    store = Store(tmp_path / "store")
    terms = JudgeConfig.of(file, scale=0.002, source="prior", rival_seeds=0, prior_seeds=0)
    runner = StoreRunner(
        ArmResolver(small, file.content), store, scale=0.002, executor=Inline(store)
    )
    judge(file, small, runner, terms)
    keys = store.keys()
    found = {key: unpack_draw(load_record(store.folder(key), key)["draw"]) for key in keys}
    own = SeedRuns(small, terms.seeds, 0.002, "prior")
    assert len(found) == 12
    assert None not in found.values()
    assert [found[job_key(job)] for job in own] == [job.draw for job in own]
