"""Random numbers with an address: every draw is a function of (seed, draw, purpose, hour, who).

Philox4x32-10, Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
(2011). The key holds seed and draw, the counter holds who, with whom, when and what for. No
generator is ever advanced, so threads, chunks, observers and further mechanisms change no number.

The functions on single addresses are written in integer arithmetic that means the same in plain
Python and compiled: products of two 32-bit words are masked after the shift, so that 64-bit
wrap-around keeps the right bits.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled

MASK = 0xFFFFFFFF
_M0 = 0xD2511F53
_M1 = 0xCD9E8D57
_W0 = 0x9E3779B9
_W1 = 0xBB67AE85
_TWO_POW_32 = 4294967296.0
_TWO_POW_MINUS_32 = 1.0 / _TWO_POW_32


class Purpose(IntEnum):
    """What a draw is for. Numbers are frozen: never renumber, never use one again."""

    KEY = 0
    POOL = 1
    HARDSHIP = 2
    INCOME = 3
    EXPOSURE = 4
    TIE = 5
    DECISION = 6
    CONTACT = 7
    RECOVERY = 8
    REPORT = 9
    INTELLIGENCE = 10
    LOYALTY = 11
    UNIT_SIGNAL = 12
    OFFICER_HARM = 13
    FALL = 14
    TOY_THRESHOLD = 40
    TOY_GRAPH = 41
    TOY_ACTIVATION = 42
    TOY_AGENT = 43
    TOY_MOVE = 44
    TOY_ARREST = 45
    TOY_PLACE = 46
    TOY_CHOICE = 47
    TOY_REWIRE = 48
    TOY_SEED = 49
    REGIME = 15
    PURGE = 16
    ALLIANCE_ANSWER = 17
    ALLIANCE_DELAY = 18
    ALLIANCE_SIZE = 19
    NEIGHBOUR = 20
    ALLIANCE_WEIGHTS = 21
    RESAMPLE = 22
    PRIOR = 23
    POSTERIOR = 24
    FIRST_MOVE = 25
    GROUP = 26
    READINESS = 27
    COMMAND = 28
    ROUND_UP = 29
    COHORT_POOL = 30
    COHORT_FIRST = 31
    COHORT_STREET = 32
    COHORT_PLACE = 33
    SEARCH = 34


def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of Philox4x32-10 for counter ``c`` and key ``k``."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = ((p1 >> 32) & MASK) ^ c1 ^ k0
        c1 = p1 & MASK
        c2 = ((p0 >> 32) & MASK) ^ c3 ^ k1
        c3 = p0 & MASK
        k0 = (k0 + _W0) & MASK
        k1 = (k1 + _W1) & MASK
    return c0, c1, c2, c3


def whole_number(value: object, name: str, below: int) -> int:
    """Return ``value``, a whole number of any type, as an integer of Python.

    Those of NumPy have few bits, and arithmetic with them drops the rest without a word. Raises
    ``ValueError`` for what is no whole number in 0..below-1, text and truth values among it.
    """
    number = -1
    if not isinstance(value, (bool, np.bool_, str, bytes)):
        try:
            number = operator.index(value)  # type: ignore[arg-type]  # this asks whether it fits
        except TypeError:
            number = _integral(value)
    if not 0 <= number < below:
        most = f"2**{below.bit_length() - 1}-1" if below > 2**31 else f"{below - 1:,}"
        got = repr(value)
        got = got if len(got) <= 60 else f"{got[:60]}..."
        raise ValueError(f"{name} must be a whole number in 0..{most}, got {got}")
    return number


def _integral(value: object) -> int:
    """Return a number without a fraction (3.0, a Decimal) as an integer, anything else as -1."""
    try:
        number = int(value)  # type: ignore[call-overload]
        return number if bool(number == value) else -1
    except (TypeError, ValueError, OverflowError):
        return -1


def key_of(seed: int, draw: int = 0) -> tuple[int, int]:
    """Return the key of ``seed`` (0..2**64-1) and parameter ``draw`` (0..2**32-1)."""
    seed, draw = whole_number(seed, "seed", 2**64), whole_number(draw, "draw", 2**32)
    words = philox(seed & MASK, seed >> 32, draw, int(Purpose.KEY) << 16, 0, 0)
    return words[0], words[1]


def unit(word: int) -> float:
    """Return the number in the open interval (0, 1) that stands for a 32-bit ``word``."""
    return (word + 0.5) * _TWO_POW_MINUS_32


def threshold(probability: float) -> int:
    """Return the integer t for which ``word < t`` has the given probability (to 2**-32)."""
    return int(min(max(probability, 0.0), 1.0) * _TWO_POW_32)


def words_at(address: int, hour: int, tail: int, key0: int, key1: int) -> tuple[int, int, int, int]:
    """Return the words of whoever has ``address``; ``tail`` is purpose << 16 | index."""
    return philox(address & MASK, address >> 32, hour, tail, key0, key1)


def addresses_of(names: Iterable[str]) -> NDArray[np.int64]:
    """Return the address of each name: a hash of 31 bits, above 32 bits for what belongs to it.

    An address says whose a random number is by name, so that another name more, before or behind
    it, moves the numbers of nobody. A name whose hash is taken by one before it takes the next.
    """
    hashes: dict[int, None] = {}
    for name in names:
        digest = hashlib.blake2b(name.encode(), digest_size=4).digest()
        word = int.from_bytes(digest, "little") >> 1
        while word in hashes:
            word = (word + 1) & (MASK >> 1)
        hashes[word] = None
    return np.array(list(hashes), dtype=np.int64) << 32


def fill_uniforms(
    who: NDArray[np.int64], out: NDArray[np.float64], hour: int, tail: int, key: tuple[int, int]
) -> None:
    """Write one uniform in (0, 1) for each address of ``who`` to ``out``."""
    for row in range(len(out)):
        out[row] = unit(words_at(who[row], hour, tail, key[0], key[1])[0])


def uniforms(
    key: tuple[int, int],
    purpose: Purpose,
    hour: int,
    who: int | NDArray[np.int64],
    index: int = 0,
) -> NDArray[np.float64]:
    """Return uniforms in (0, 1), one for each address of ``who``; a number n means 0..n-1.

    ``hour`` is the hour of the draw (0 for draws made once); ``index`` tells apart several draws
    of one purpose.
    """
    if not 0 <= index < 2**16:
        raise ValueError(f"index must be in 0..65535, got {index}")
    who = np.arange(who, dtype=np.int64) if isinstance(who, int) else who
    out = np.empty(len(who))
    compiled(fill_uniforms)(who, out, hour, (int(purpose) << 16) | index, key)
    return out
