"""The design covers the prior, can be extended, and every run has a seed of its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.case.scenario import Scenario
from steppe.study.calibration.design import (
    FIRST_SEED,
    LARGEST,
    design,
    seed_of,
    unit_of,
    values_of,
)
from steppe.study.parameters import priors


def test_every_parameter_of_the_case_with_a_prior_is_varied(kazakhstan: Scenario) -> None:
    made = design(kazakhstan, 64)
    assert made.paths == tuple(priors(kazakhstan))
    assert {path.partition(".")[0] for path in made.paths} >= {
        "first_move", "news", "participation", "willingness", "leaving", "violence", "contact",
        "round_up", "casualties",
    }  # fmt: skip
    old = kazakhstan.change("mechanisms.participation", "logit")
    assert "participation.threshold" in design(old, 2).paths
    for column, info in zip(made.values().T, made.infos.values(), strict=True):
        assert info.prior is not None
        assert info.prior.low <= column.min() < column.max() <= info.prior.high


def test_a_longer_design_begins_with_the_shorter(kazakhstan: Scenario) -> None:
    np.testing.assert_array_equal(design(kazakhstan, 256).unit[:100], design(kazakhstan, 100).unit)


def test_each_half_of_every_axis_holds_half_of_the_vectors(kazakhstan: Scenario) -> None:
    unit = design(kazakhstan, 128).unit
    np.testing.assert_array_equal((unit < 0.5).sum(axis=0), 64)
    np.testing.assert_array_equal(np.sort((unit * 128).astype(int), axis=0)[:, 0], np.arange(128))


def test_another_scramble_is_another_design(kazakhstan: Scenario) -> None:
    assert not np.array_equal(design(kazakhstan, 8).unit, design(kazakhstan, 8, seed=2).unit)


def test_quantiles_and_values_are_inverse(kazakhstan: Scenario) -> None:
    made = design(kazakhstan, 64)
    np.testing.assert_allclose(unit_of(made.infos, values_of(made.infos, made.unit)), made.unit,
                               atol=1e-9)  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, LARGEST - 1), st.integers(0, 1000)), min_size=2, unique=True)
)
def test_no_two_runs_share_a_seed(trials: list[tuple[int, int]]) -> None:
    seeds = [seed_of(*trial) for trial in trials]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= FIRST_SEED


@pytest.mark.parametrize("vectors", [0, LARGEST + 1])
def test_a_silly_number_is_refused(kazakhstan: Scenario, vectors: int) -> None:
    with pytest.raises(ValueError, match="vectors must be in"):
        design(kazakhstan, vectors)
