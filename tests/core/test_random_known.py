"""The generator is the published one, and its addresses stay where they are."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.core.compile import compiled
from steppe.core.random import Purpose, key_of, philox, threshold, uniforms, unit

from .compiled import blocks

ONES = 0xFFFFFFFF

# Random123, kat_vectors, philox4x32 with 10 rounds: counter, key, words.
PUBLISHED = {
    "zero": (
        (0, 0, 0, 0),
        (0, 0),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    "ones": (
        (ONES, ONES, ONES, ONES),
        (ONES, ONES),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    "pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}

FROZEN_PURPOSES = {
    "KEY": 0, "POOL": 1, "HARDSHIP": 2, "INCOME": 3, "EXPOSURE": 4, "TIE": 5, "DECISION": 6,
    "CONTACT": 7, "RECOVERY": 8, "REPORT": 9, "INTELLIGENCE": 10, "LOYALTY": 11,
    "UNIT_SIGNAL": 12, "OFFICER_HARM": 13, "FALL": 14, "REGIME": 15, "PURGE": 16,
    "ALLIANCE_ANSWER": 17, "ALLIANCE_DELAY": 18, "ALLIANCE_SIZE": 19, "NEIGHBOUR": 20,
    "ALLIANCE_WEIGHTS": 21, "RESAMPLE": 22, "PRIOR": 23, "POSTERIOR": 24,
    "FIRST_MOVE": 25, "GROUP": 26, "READINESS": 27, "COMMAND": 28, "ROUND_UP": 29,
    "COHORT_POOL": 30, "COHORT_FIRST": 31, "COHORT_STREET": 32, "COHORT_PLACE": 33, "SEARCH": 34,
    "TOY_THRESHOLD": 40, "TOY_GRAPH": 41, "TOY_ACTIVATION": 42, "TOY_AGENT": 43, "TOY_MOVE": 44,
    "TOY_ARREST": 45, "TOY_PLACE": 46, "TOY_CHOICE": 47, "TOY_REWIRE": 48, "TOY_SEED": 49,
}  # fmt: skip


def reference(addresses: np.ndarray) -> np.ndarray:
    """Philox4x32-10 written again from the paper, on unsigned 64-bit arrays."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    left = [addresses[:, i].astype(np.uint64) for i in (0, 2)]
    right = [addresses[:, i].astype(np.uint64) for i in (1, 3)]
    key = [addresses[:, i].astype(np.uint64) for i in (4, 5)]
    factor = [np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)]
    weyl = [np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)]
    for _ in range(10):
        product = [factor[i] * left[i] for i in (0, 1)]
        left = [(product[1 - i] >> half) ^ right[i] ^ key[i] for i in (0, 1)]
        right = [product[1 - i] & low for i in (0, 1)]
        key = [(key[i] + weyl[i]) & low for i in (0, 1)]
    return np.stack([left[0], right[0], left[1], right[1]], axis=1).astype(np.int64)


def addresses(n: int) -> np.ndarray:
    """Random addresses, with every word at its ends in some of them."""
    rng = np.random.default_rng(20220105)
    out = rng.integers(0, 2**32, size=(n, 6), dtype=np.int64)
    for column in range(6):
        out[column::12, column] = 0
        out[column + 6 :: 12, column] = ONES
    return out


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_vectors(case: str) -> None:
    counter, key, words = PUBLISHED[case]
    assert philox(*counter, *key) == words
    assert compiled(philox)(*counter, *key) == words


def test_equals_an_independent_implementation_plain_and_compiled() -> None:
    sample = addresses(4_000)
    expected = reference(sample)
    assert np.array_equal(blocks(sample), expected)
    plain = np.array([philox(*map(int, row)) for row in sample[:1_000]])
    assert np.array_equal(plain, expected[:1_000])


def test_purposes_are_frozen() -> None:
    # A renumbered or re-used purpose silently changes every stored run: only append here.
    assert {p.name: p.value for p in Purpose} == FROZEN_PURPOSES


def test_purposes_are_unique_and_fit_their_half_word() -> None:
    values = [int(member) for member in Purpose.__members__.values()]
    assert len(set(values)) == len(values)
    assert all(0 <= value < 2**16 for value in values)


@pytest.mark.parametrize("index", [-1, 2**16])
def test_an_index_that_would_reach_into_another_purpose_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="index"):
        uniforms((1, 2), Purpose.POOL, 0, 3, index)


def test_frozen_keys() -> None:
    # counter (seed low, seed high, draw, 0), key (0, 0): the first two words
    cases = [(0, 0), (1, 0), (0, 1), (20220105, 7), (2**64 - 1, 2**32 - 1)]
    rows = np.array([(s & ONES, s >> 32, d, 0, 0, 0) for s, d in cases])
    assert [key_of(s, d) for s, d in cases] == [tuple(map(int, w[:2])) for w in reference(rows)]


@pytest.mark.parametrize("index", [0, 1, 65_535])
def test_address_of_the_uniforms(index: int) -> None:
    key = key_of(11, 3)
    purpose = Purpose.UNIT_SIGNAL
    rows = np.array([(row, 0, 41, (12 << 16) + index, *key) for row in range(20)])
    expected = (reference(rows)[:, 0] + 0.5) / 2.0**32
    assert np.array_equal(uniforms(key, purpose, 41, 20, index), expected)


def test_more_rows_change_no_number() -> None:
    key = key_of(5)
    assert np.array_equal(
        uniforms(key, Purpose.LOYALTY, 0, 7), uniforms(key, Purpose.LOYALTY, 0, 30)[:7]
    )


@pytest.mark.parametrize(("seed", "draw"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_a_key_outside_its_range_is_refused(seed: int, draw: int) -> None:
    with pytest.raises(ValueError, match="must be a whole number in"):
        key_of(seed, draw)


def test_keys_differ_for_all_sampled_seeds_and_draws() -> None:
    pairs = {(seed, draw) for seed in range(120) for draw in range(60)}
    pairs |= {(1 << bit, 0) for bit in range(64)} | {(0, 1 << bit) for bit in range(32)}
    assert len({key_of(*pair) for pair in pairs}) == len(pairs)


def test_unit_lies_in_the_open_interval_and_keeps_order() -> None:
    words = [0, 1, 2, 2**31 - 1, 2**31, ONES - 1, ONES]
    values = [unit(word) for word in words]
    assert values == sorted(set(values))
    assert 0.0 < values[0] < values[-1] < 1.0
    assert unit(0) + unit(ONES) == 1.0


@pytest.mark.parametrize("p", [0.0, 2.0**-32, 0.25, 0.5, 1.0 - 2.0**-32, 1.0])
def test_threshold_is_exact_for_multiples_of_the_resolution(p: float) -> None:
    assert threshold(p) == p * 2**32


@pytest.mark.parametrize("p", [1e-9, 0.007, 0.1, 0.3333, 0.9])
def test_threshold_and_unit_agree(p: float) -> None:
    t = threshold(p)
    assert abs(t / 2**32 - p) <= 2.0**-32
    assert unit(t - 1 if t else 0) <= p + 2.0**-32
    assert unit(t) >= p - 2.0**-32
