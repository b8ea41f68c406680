"""The threshold hour: compiled, on two threads and in NumPy the same bits; its exponential."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import threshold_hour as dense
from steppe.core.compile import set_threads
from steppe.core.response import exp, exp_by_bits

PERSONS = 6_000
HOURS = 30


def states(threads: int) -> list[bytes]:
    town = dense.build(PERSONS, 3)
    set_threads(threads)
    found = []
    for hour in range(HOURS):
        dense.live(town, dense.RULES, hour, 1, 3)
        found.append(town.state.tobytes())
    return found


@pytest.fixture(scope="module")
def one() -> list[bytes]:
    return states(1)


def test_two_threads(one: list[bytes]) -> None:
    assert states(2) == one


def test_numpy(one: list[bytes]) -> None:
    town = dense.build(PERSONS, 3)
    for hour in range(HOURS):
        dense.reference_hour(town, dense.RULES, hour, 3)
        assert town.state.tobytes() == one[hour]


def test_hours_at_once(one: list[bytes]) -> None:
    town = dense.build(PERSONS, 3)
    dense.live(town, dense.RULES, 0, HOURS, 3)
    assert town.state.tobytes() == one[-1]


def test_all_states_occur_and_detention_ends(one: list[bytes]) -> None:
    """Source: the rules. Detained for 24 hours: who is detained at hour 0 is free at hour 24."""
    paths = np.array([np.frombuffer(state, dtype=np.uint8) for state in one])
    assert set(np.unique(paths)) >= {0, 1, 2, 1 + dense.RULES.detention}
    taken = np.flatnonzero(paths[0] == 1 + dense.RULES.detention)
    assert len(taken) > 0
    assert (paths[23, taken] == 2).all()
    assert (paths[24, taken] == 0).all()


def test_exp_by_bits_is_exp() -> None:
    draw = np.random.default_rng(5)
    values = [*draw.uniform(-30.0, 30.0, 2000), *draw.uniform(-750.0, 750.0, 2000)]
    values += [0.0, -0.0, 700.0, -700.0, 1e300, -1e300, 0.5 * np.log(2.0)]
    for x in values:
        assert exp_by_bits(float(x)) == exp(float(x)), x
