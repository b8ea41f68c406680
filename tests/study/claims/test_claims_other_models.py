"""Other models are tried by cohorts where they follow the arms and tell what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from planted import PATCH, Planted, adds, file_of

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.study.batch import BatchJob
from steppe.study.claims.arms import Arm, ArmResolver
from steppe.study.claims.judge import JudgeConfig, judge
from steppe.study.claims.runner import ArmQuantities, StoreRunner, Table, rules_first
from steppe.study.engine_scope import is_followed
from steppe.study.executors import Inline

MORE = (
    f"counterfactual: {{{PATCH}, quantity: {{outcome: killed}}, direction: increase, "
    "margin: 1, measure: mean}"
)
RULES = "\n    mechanisms: [legitimacy, participation, risk]"


class Deaf(Planted):
    """Shows nothing of what is asked, as cohorts where they leave a quantity out."""

    def __call__(self, wanted: ArmQuantities, seeds: Sequence[int]) -> Table:
        super().__call__(wanted, seeds)
        return {}


class WithoutRivals(Planted):
    """Runs no rival of participation, as cohorts."""

    def __call__(self, wanted: ArmQuantities, seeds: Sequence[int]) -> Table:
        told = {
            arm: q for arm, q in wanted.items() if not (arm.rule and "participation" in arm.rule)
        }
        return super().__call__(told, seeds)


def engines(
    tmp_path: Path, scenario: Scenario, looks: Planted | None, test: str = MORE + RULES
) -> dict[str, str]:
    """Return by whom each other model was tried."""
    file = file_of(tmp_path, scenario, test)
    terms = JudgeConfig.of(file, prior_seeds=3, look_runner=looks)
    made = judge(file, scenario, Planted(adds(5.0)), terms)
    assert made.of("T1")["verdict"] == "supported"
    return {one["name"]: one["engine"] for one in made.of("T1")["robust"]["alternatives"]}


def test_cohorts_try_what_they_can_and_citizens_the_rest(tmp_path: Path, valleys: Scenario) -> None:
    looks = WithoutRivals(adds(5.0))
    by = engines(tmp_path, valleys, looks)
    assert by["legitimacy: none"] == "cohorts"
    assert by["parameters drawn from their priors"] == "cohorts"
    rivals = {name: engine for name, engine in by.items() if name.startswith("participation")}
    assert len(rivals) > 3
    assert set(rivals.values()) == {"citizens"}
    assert {len(seeds) for _, seeds in looks.asked} == {2, 3}


def test_without_cohorts_or_where_they_are_silent_citizens_try_all(
    tmp_path: Path, valleys: Scenario
) -> None:
    for looks in (None, Deaf(adds(5.0))):
        assert set(engines(tmp_path, valleys, looks).values()) == {"citizens"}


def test_a_change_that_cohorts_leave_out_is_for_citizens(tmp_path: Path, valleys: Scenario) -> None:
    test = MORE.replace(PATCH, "set: {parameters.loyalty.level: 0.1}") + RULES
    looks = Planted(adds(5.0))
    file = file_of(tmp_path, valleys, test)
    judge(file, valleys, Planted(adds(5.0)), JudgeConfig.of(file, look_runner=looks))
    assert looks.asked == []


@pytest.mark.parametrize(
    ("path", "scripted", "free"),
    [
        ("prices.shock", True, True),
        ("parameters.violence.rate", True, True),
        ("parameters.framing.kappa", False, False),
        ("mechanisms.loyalty", False, True),
        ("alliance.troops", False, True),
        ("timeline.alliance-request.enabled", False, True),
        ("timeline.troops-1.at", False, True),
    ],
)
def test_what_acts_through_loyalty_is_followed_where_those_in_power_decide(
    path: str, scripted: bool, free: bool
) -> None:
    case = load("kazakhstan-2022")
    assert is_followed(case, path) is scripted
    assert is_followed(case.change("mode", "endogenous"), path) is free


def test_one_run_of_every_set_of_rules_comes_first(valleys: Scenario) -> None:
    other = valleys.change("mechanisms.legitimacy", "none")
    jobs = [
        (arm, BatchJob(scenario, seed))
        for arm, scenario in ((Arm(), valleys), (Arm(rule=("legitimacy", "none")), other))
        for seed in (1, 2, 3)
    ]
    order = [jobs.index(one) for one in rules_first(jobs)]
    assert order == [0, 3, 1, 2, 4, 5]
    assert rules_first([]) == []


def test_looks_by_cohorts_are_runs_of_the_store(tmp_path: Path, valleys: Scenario) -> None:
    small = valleys.change("clock.hours", 48)
    file = file_of(
        tmp_path, small,
        "cause: {set: {prices.shock: 0.0}, "
        "quantity: {series: price, reduce: max, at_least: 3}, role: both}" + RULES,
        seeds="6\nminimum_probability: 0.6",
    )  # fmt: skip
    store = Store(tmp_path / "store")
    runner = StoreRunner(ArmResolver(small, file.content), store, executor=Inline(store))
    looks = runner.by("cohorts")
    terms = JudgeConfig.of(file, rival_seeds=0, prior_seeds=2, look_runner=looks)
    made = judge(file, small, runner, terms).of("T1")
    (one,) = made["robust"]["alternatives"]
    assert (one["engine"], one["bearing"], one["n"]) == ("cohorts", "agrees", 2)
    assert made["made_with"]["look_engine"] == "cohorts"
    assert (runner.tally.made, runner.tally.reused) == (2 * 6 + 2 * 2, 0)
    again = judge(file, small, runner, terms).of("T1")
    assert (again["robust"], runner.tally.reused) == (made["robust"], 2 * 6 + 2 * 2)
