"""Planted causes get the right verdicts, and wrong ones no more often than is stated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from planted import PATCH, Plant, adds, file_of, findings, happens

from steppe.case.scenario import Scenario

WORLDS = 100
STATED = 0.025
"""Chance of a wrong verdict on one side where the truth lies on the bar."""

SLACK = 0.047
"""Three standard errors of a rate of 0.025 in 100 repetitions."""

Q = "quantity: {outcome: large_protest}"
NECESSARY = f"cause: {{{PATCH}, {Q}, role: necessary}}"
SUFFICIENT = f"cause: {{{PATCH}, {Q}, role: sufficient}}"
MEAN = (
    f"counterfactual: {{{PATCH}, quantity: {{outcome: killed}}, direction: increase, margin: 1, "
    "measure: mean}"
)
SAME = MEAN.replace("increase", "none")
SHARE = MEAN.replace(", measure: mean", "")


def rates(
    folder: Path, scenario: Scenario, test: str, plant: Plant, seeds: int = 40
) -> Counter[str]:
    """Return how often each verdict was given, as shares of the repetitions."""
    file = file_of(folder, scenario, test, seeds=seeds)
    found = Counter(row[0].verdict for row in findings(file, scenario, plant, WORLDS))
    return Counter({verdict: count / WORLDS for verdict, count in found.items()})


@pytest.mark.parametrize(
    ("test", "plant", "right"),
    [
        (NECESSARY, happens(1.0, 0.01), "supported"),  # necessity 0.99
        (NECESSARY, happens(1.0, 0.99), "contradicted"),  # necessity 0.01
        (NECESSARY, happens(0.9, 0.9), "contradicted"),  # irrelevant: nothing ever changes
        (SUFFICIENT, happens(0.99, 0.0), "supported"),
        (SUFFICIENT, happens(0.01, 0.0), "contradicted"),
        (MEAN, adds(3.0), "supported"),
        (MEAN, adds(0.0), "contradicted"),
        (MEAN, adds(-3.0), "contradicted"),
        (SAME, adds(0.0), "supported"),
        (SAME, adds(3.0), "contradicted"),
        (SHARE, adds(5.0), "supported"),
        (SHARE, adds(0.0, 0.0), "contradicted"),  # irrelevant: all pairs are equal
        (SHARE, adds(-5.0), "contradicted"),
    ],
)  # fmt: skip
def test_planted_causes_get_the_right_verdict(
    tmp_path: Path, valleys: Scenario, test: str, plant: Plant, right: str
) -> None:
    found = rates(tmp_path, valleys, test, plant)
    assert found[right] >= 0.85
    wrong = {"supported": "contradicted", "contradicted": "supported"}[right]
    assert found[wrong] == 0.0


@pytest.mark.parametrize(
    ("test", "plant", "wrong"),
    [
        (NECESSARY, happens(1.0, 0.2), "supported"),  # necessity 0.8, the minimum itself
        (NECESSARY, happens(1.0, 0.8), "contradicted"),  # necessity 0.2, one less it
        (SUFFICIENT, happens(0.8, 0.0), "supported"),
        (MEAN, adds(1.0), "supported"),  # the mean effect is the margin
        (MEAN, adds(1.0), "contradicted"),
        (SAME, adds(1.0, 0.5), "supported"),
        (SAME, adds(1.0, 0.5), "contradicted"),
    ],
)  # fmt: skip
def test_wrong_verdicts_on_the_bar_are_as_rare_as_stated(
    tmp_path: Path, valleys: Scenario, test: str, plant: Plant, wrong: str
) -> None:
    assert rates(tmp_path, valleys, test, plant)[wrong] <= STATED + SLACK


def test_halfway_is_undecided(tmp_path: Path, valleys: Scenario) -> None:
    found = rates(tmp_path, valleys, NECESSARY, happens(1.0, 0.5))
    assert found["undecided"] >= 0.95


def test_a_cause_of_what_never_happens_is_not_decided(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, NECESSARY)
    (row,) = findings(file, valleys, happens(0.0, 0.0), 1)
    assert (row[0].verdict, row[0].number, row[0].n) == ("undecided", None, 0)


def test_few_seeds_decide_nothing(tmp_path: Path, valleys: Scenario) -> None:
    file = file_of(tmp_path, valleys, MEAN, NECESSARY, seeds=4)
    (numbers,) = findings(file, valleys, adds(50.0), 1)
    (events,) = findings(file, valleys, happens(1.0, 0.0), 1)
    assert numbers[0].verdict == events[1].verdict == "undecided"


def test_more_seeds_decide_what_few_could_not(tmp_path: Path, valleys: Scenario) -> None:
    few = rates(tmp_path, valleys, NECESSARY, happens(1.0, 0.05), seeds=10)
    many = rates(tmp_path, valleys, NECESSARY, happens(1.0, 0.05), seeds=80)
    assert few["supported"] == 0.0
    assert many["supported"] >= 0.9
