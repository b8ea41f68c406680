"""Targets of mechanisms: each is measured in the terms in which it is stated."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.research.crises.runs import CrisisOutcomes
from steppe.research.population.em import Law
from steppe.research.population.targets import MEASURES, compare, mechanism_targets

LAW = Law(np.zeros(1), np.zeros((1, 0)), np.ones(1), np.array([0.2, 0.4, 0.9]))


def run_of(
    peak: float, *, killed: float = 0.0, defected: float = 0.0, falls: bool = False,
    violent: float = 0.0, conceded: bool = False,
) -> CrisisOutcomes:  # fmt: skip
    return CrisisOutcomes(
        1, peak, peak / 1e7, killed, falls, defected, conceded, violent, killed > 0, True
    )


RUNS = [
    run_of(500.0, defected=1.0, falls=True),  # nobody would have seen it
    run_of(5_000.0),
    run_of(5_000.0, killed=20.0, violent=0.5),
    run_of(50_000.0, defected=0.1, conceded=True),
    run_of(200_000.0, defected=0.9, falls=True, killed=200.0, violent=0.5),
]
W = np.array([4.0, 1.0, 1.0, 1.0, 1.0])


def value_of(name: str) -> float:
    return next(one.value for one in compare(RUNS, W, LAW) if one.target.target_id == name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("t01", 0.5), ("t02", 0.2), ("t03", 0.4), ("t04", 0.9), ("t07", 0.0), ("t08", 1.0),
        ("t11", 0.5), ("t14", 0.0), ("t16", 1.0), ("t17", 0.5), ("t18", 0.0), ("t19", 0.0),
        ("t20", 1.0), ("t26", 1.0), ("t31", 0.5), ("t32", 0.25), ("t37", 0.8 / 3),
        ("t36", 0.8 / 1.7), ("t34", float(np.mean(np.log10([5e-4, 5e-4, 5e-3, 2e-2])))),
    ],
)  # fmt: skip
def test_targets_are_measured_as_they_are_stated(name: str, value: float) -> None:
    assert value_of(name) == pytest.approx(value)


def test_misses_come_first_and_what_cannot_be_measured_is_left_out() -> None:
    verdicts = compare(RUNS, W, LAW)
    assert [one.off for one in verdicts] == sorted((one.off for one in verdicts), reverse=True)
    assert {one.target.target_id for one in verdicts} <= set(MEASURES)
    assert "t10" not in {one.target.target_id for one in verdicts}  # no run of a million
    for one in verdicts:
        if one.verdict == "missed":
            assert not one.target.low <= one.value <= one.target.high


def test_every_measure_has_a_target_with_a_tolerance() -> None:
    targets = {one.target_id: one for one in mechanism_targets()}
    assert len(targets) == 37
    assert all(targets[name].tolerance > 0.0 for name in MEASURES)
