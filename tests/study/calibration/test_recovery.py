"""The test of the method must itself be right: it passes a sound method and catches others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.calibration.test_abc import toy

from steppe.core.params import ParameterInfo, uniform
from steppe.study.calibration.abc import WeightedSample
from steppe.study.calibration.inference import FigureEvidence, regression
from steppe.study.calibration.recovery import coverage, recovery

pytestmark = pytest.mark.filterwarnings("ignore:The balance properties:UserWarning")


def evidence() -> FigureEvidence:
    outputs, scores = toy(1500)
    names = ("seen", "in_sum", "unseen")
    info = ParameterInfo(
        "x", "x", 0.5, "1", 0.0, 1.0, "none", "assumed", "a number", uniform(0.0, 1.0)
    )
    rows = np.arange(len(outputs))
    return FigureEvidence(dict.fromkeys(names, info), outputs, scores, np.zeros(2), rows, rows)


def too_sure(outputs: np.ndarray, quantities: np.ndarray, observed: np.ndarray) -> WeightedSample:
    draws = regression(outputs, quantities, observed)
    mean = draws.weights @ draws.values
    return replace(draws, values=mean + 0.4 * (draws.values - mean))


def off_center(outputs: np.ndarray, quantities: np.ndarray, observed: np.ndarray) -> WeightedSample:
    draws = regression(outputs, quantities, observed)
    return replace(draws, values=draws.values + 0.5)


def test_a_sound_method_passes() -> None:
    found = recovery(evidence(), tests=150, method=regression)
    seen, in_sum, unseen = found.parameters
    for one in found.parameters:
        assert one.sound
        assert one.covered90 == pytest.approx(0.9, abs=0.08)
        assert one.covered50 == pytest.approx(0.5, abs=0.13)
        assert sum(one.ranks) == one.n == 150
    assert seen.learnt > 0.7 > in_sum.learnt > 0.4
    assert abs(unseen.learnt) < 0.1


def test_one_that_is_too_sure_is_caught() -> None:
    found = recovery(evidence(), tests=150, method=too_sure)
    assert not any(one.sound for one in found.parameters)
    assert max(one.covered90 for one in found.parameters) < 0.7


def test_one_that_is_off_center_is_caught() -> None:
    found = recovery(evidence(), tests=150, method=off_center)
    assert not any(one.sound for one in found.parameters)


def test_what_a_vector_left_is_kept_from_its_own_fit() -> None:
    """A method that looks the answer up finds it only if the row was not taken out."""

    def look_up(
        outputs: np.ndarray, quantities: np.ndarray, observed: np.ndarray
    ) -> WeightedSample:
        near = np.array([np.square(outputs - observed).sum(axis=1).argmin()])
        return WeightedSample(quantities[near], np.ones(1), near, 0.0, np.empty((1, 0)))

    found = recovery(evidence(), tests=20, method=look_up)
    assert all(one.covered90 < 0.2 for one in found.parameters)


def test_the_edge_is_where_the_kernel_must_reach_far() -> None:
    found = recovery(evidence(), tests=30, method=regression)
    assert found.edge(0.0) == 0.0
    assert found.edge(1e9) == 1.0


def test_coverage_counts_central_intervals() -> None:
    share = np.array([0.01, 0.04, 0.3, 0.5, 0.76, 0.97])
    assert coverage(share, 0.9) == pytest.approx(3 / 6)
    assert coverage(share, 0.5) == pytest.approx(2 / 6)
