"""Whole numbers of any type mean what they say: as seeds, as numbers of seeds, as values.

Those of NumPy are made as its documentation makes them; 32 bits of them once collapsed five seeds
into one history.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import steppe
from steppe.case.scenario import Scenario
from steppe.core.random import key_of
from steppe.results.hashing import RunIdentity, content_hash
from steppe.study.axis import axes
from steppe.study.batch import BatchJob
from steppe.study.design import grid
from steppe.study.settings import as_seeds

NUMPY = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64)
THREE: tuple[Any, ...] = (
    3, *(kind(3) for kind in NUMPY), np.float32(3), 3.0, np.array(3), Decimal(3), Fraction(3),
)  # fmt: skip
NO_SEED: tuple[Any, ...] = (
    "3", b"3", None, True, np.True_, 2.5, float("nan"), float("inf"), -1, np.int8(-1), 2**64, [3],
    np.array([3, 4]), Decimal("2.5"), Decimal("NaN"), 3j, pd.NA, "x" * 10_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Scenario:
    return steppe.load("two-valleys").change("clock.hours", 3)


@pytest.mark.parametrize("seed", THREE, ids=lambda seed: type(seed).__name__)
def test_the_type_of_a_seed_changes_no_key(seed: Any) -> None:
    assert key_of(seed) == key_of(3)
    assert key_of(1, seed) == key_of(1, 3)
    assert RunIdentity("s", seed, 1.0, "m", "e").key == RunIdentity("s", 3, 1.0, "m", "e").key


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1, 2**32, 2**33 + 5, 2**63, 2**64 - 1])
def test_no_bit_of_a_large_seed_is_dropped(seed: int) -> None:
    fits = [kind for kind in NUMPY if seed <= np.iinfo(kind).max]
    assert {key_of(kind(seed)) for kind in fits} <= {key_of(seed)}


def test_seeds_of_numpy_have_keys_of_their_own() -> None:
    seeds = np.random.SeedSequence(7).generate_state(50)
    assert len({key_of(seed) for seed in seeds}) == 50


@pytest.mark.parametrize("seed", NO_SEED, ids=lambda seed: repr(seed)[:20])
def test_what_is_no_seed_is_refused_in_one_sentence(seed: Any, case: Scenario) -> None:
    doors: tuple[Callable[[], object], ...] = (
        lambda: key_of(seed),
        lambda: RunIdentity("s", seed, 1.0, "m", "e").key,
        lambda: steppe.run(case, seed),
        lambda: BatchJob(case, seed),
        lambda: as_seeds([seed]),
    )
    for door in doors:
        with pytest.raises(
            ValueError, match=r"^seed must be a whole number in 0\.\.2\*\*6"
        ) as wrong:
            door()
        assert len(str(wrong.value)) < 130


@pytest.mark.parametrize("seed", THREE, ids=lambda seed: type(seed).__name__)
def test_a_run_says_its_seed_as_an_integer(seed: Any, case: Scenario) -> None:
    run = steppe.run(case, seed, scale=np.float64(0.001))
    assert type(run.record.seed) is int
    assert type(run.record.scale) is float
    assert content_hash(run) == content_hash(steppe.run(case, 3, scale=0.001))


@pytest.mark.parametrize(
    "make",
    [
        lambda seeds: np.array(seeds, dtype=np.uint32),
        lambda seeds: np.array(seeds, dtype=np.uint64),
        lambda seeds: pd.Series(seeds, dtype="UInt32"),
        lambda seeds: pd.Index(seeds),
        lambda seeds: [float(seed) for seed in seeds],
        iter,
    ],
)
def test_a_study_makes_the_same_runs_whatever_holds_its_seeds(
    make: Callable[[list[int]], Any], case: Scenario, tmp_path: Path
) -> None:
    seeds = [2**31 + 7, 5, 4_000_000_000]
    plain = steppe.ensemble(case, seeds, scale=0.001, store=tmp_path, workers=1)
    again = steppe.ensemble(case, make(seeds), scale=0.001, store=tmp_path, workers=1)
    assert again.keys == plain.keys
    assert again.stored == 3
    assert len({content_hash(run) for run in again.trajectories()}) == 3


@pytest.mark.parametrize("count", THREE, ids=lambda count: type(count).__name__)
def test_a_number_of_seeds_may_be_of_any_type(count: Any) -> None:
    assert as_seeds(count) == (1, 2, 3)


@pytest.mark.parametrize("count", ["3", -1, 2.5, None, True, 10**12], ids=repr)
def test_what_is_no_number_of_seeds_is_refused(count: Any) -> None:
    with pytest.raises(ValueError, match=r"^the number of seeds must be a whole number"):
        as_seeds(count)


def test_values_of_numpy_change_a_scenario_as_those_of_python_do(case: Scenario) -> None:
    assert case.change("clock.hours", np.int64(24)) == case.change("clock.hours", 24)
    assert case.change("prices.shock", np.float64(0.5)) == case.change("prices.shock", 0.5)
    assert case.change("mode", np.str_("endogenous")) == case.change("mode", "endogenous")


def test_a_pair_and_a_sweep_take_them_too(case: Scenario, tmp_path: Path) -> None:
    made = np.random.SeedSequence(7).generate_state(2)
    both = steppe.pair(case, "no-rise", made, scale=0.001, store=tmp_path, workers=1)
    assert both.seeds == tuple(int(seed) for seed in made)
    design = grid(case, axes(case, ["prices.shock=0:1:2"]))
    swept = steppe.sweep(case, design, made, scale=0.001, store=tmp_path, workers=1)
    assert swept.seeds == both.seeds
