"""Draws are uniform along, and independent across, every axis of their address.

Sizes, addresses and bounds are fixed beforehand: nothing here can flicker. With some sixty
figures the largest of them is expected near 2.6; five is far outside.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from steppe.core.random import Purpose, key_of

from .compiled import blocks

BOUND = 5.0
CELLS = 256
MANY = 100_000
FEW = 8_000
AXES = {
    "citizen": MANY, "partner": MANY, "hour": MANY, "index": 60_000, "purpose": MANY,
    "seed": FEW, "draw": FEW,
}  # fmt: skip
PLACE = {"citizen": 0, "partner": 1, "hour": 2, "index": 3}


def tail(purpose: int, index: int = 0) -> int:
    return purpose << 16 | index


def along(axis: str) -> np.ndarray:
    """Addresses that differ in one axis only, in its order."""
    n = AXES[axis]
    base = np.array([17, 0, 30, tail(Purpose.DECISION), *key_of(2022)])
    out = np.tile(base, (n, 1))
    if axis in PLACE:
        out[:, PLACE[axis]] += np.arange(n)
    elif axis == "seed":
        out[:, 4:] = [key_of(seed) for seed in range(n)]
    elif axis == "draw":
        out[:, 4:] = [key_of(2022, draw) for draw in range(n)]
    else:
        out[:, 3] = np.arange(n) % 2**15 << 16
        out[:, 2] = np.arange(n) // 2**15
    return out


def neighbors(axis: str) -> tuple[np.ndarray, np.ndarray]:
    """Two lists of addresses, the second one step further along ``axis``."""
    n = AXES[axis]
    rng = np.random.default_rng(len(axis))
    first = np.empty((n, 6), dtype=np.int64)
    first[:, 0] = np.arange(n)
    first[:, 1] = 0
    first[:, 2] = rng.integers(0, 432, n)
    first[:, 3] = rng.integers(0, len(Purpose) - 1, n) << 16
    first[:, 4:] = key_of(7)
    second = first.copy()
    if axis in PLACE:
        second[:, PLACE[axis]] += 1
    elif axis == "purpose":
        second[:, 3] += 1 << 16
    else:
        keys = [key_of(i, 0) if axis == "seed" else key_of(7, i) for i in range(n + 1)]
        first[:, 4:] = keys[:-1]
        second[:, 4:] = keys[1:]
    return first, second


def chi_square_z(cells: np.ndarray, count: int) -> float:
    """Standardised chi-square of ``cells`` (integers below ``count``) against equal chances."""
    seen = np.bincount(cells, minlength=count)
    expected = len(cells) / count
    statistic = float(((seen - expected) ** 2).sum() / expected)
    return (statistic - (count - 1)) / (2.0 * (count - 1)) ** 0.5


def correlation_z(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two lists of words, in units of its standard deviation."""
    return float(np.corrcoef(a, b)[0, 1]) * len(a) ** 0.5


@pytest.mark.parametrize("axis", AXES)
def test_each_word_is_uniform_along_each_axis(axis: str) -> None:
    words = blocks(along(axis))
    for column in range(4):
        assert abs(chi_square_z(words[:, column] >> 24, CELLS)) < BOUND
        assert abs(chi_square_z(words[:, column] & 0xFF, CELLS)) < BOUND


@pytest.mark.parametrize("axis", AXES)
def test_neighbors_are_uncorrelated(axis: str) -> None:
    first, second = (blocks(rows) for rows in neighbors(axis))
    for column in range(4):
        assert abs(correlation_z(first[:, column], second[:, column])) < BOUND


@pytest.mark.parametrize("axis", AXES)
def test_pairs_of_neighbors_fill_the_square(axis: str) -> None:
    first, second = (blocks(rows)[:, 0] >> 28 for rows in neighbors(axis))
    assert abs(chi_square_z(first * 16 + second, 256)) < BOUND


def test_the_four_words_of_a_block_are_uncorrelated() -> None:
    words = blocks(along("citizen"))
    for a, b in itertools.combinations(range(4), 2):
        assert abs(correlation_z(words[:, a], words[:, b])) < BOUND


def test_one_changed_bit_of_the_address_changes_half_of_the_bits() -> None:
    rng = np.random.default_rng(1)
    base = rng.integers(0, 2**32, size=(400, 6), dtype=np.int64)
    before = blocks(base)
    for column, bit in itertools.product(range(6), (0, 7, 31)):
        other = base.copy()
        other[:, column] ^= 1 << bit
        flipped = np.bitwise_count(before ^ blocks(other)).sum()
        z = (flipped - 400 * 64.0) / (400 * 128 * 0.25) ** 0.5
        assert abs(z) < BOUND
