"""A torus whose cells are bits: what is seen around a cell is counted a row at a time.

Rows and columns of the other edge are repeated all around, so that a field of vision never wraps.
Cells are held 32 to a word, and after them the first of the next word once more, so that each row
of a field of vision is one shift of one word; words of one column of the torus lie side by side.
A whole field of vision is four words, and what is counted or picked in it takes no loop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from steppe.core.compile import compiled
from steppe.toys.draws import Ints, below

COP, ACTIVE, FREE = 0, 1, 2
"""Layers: cells with a cop, with an active citizen, with nobody."""

MOST_VISION = 7
ROWS = 16
"""Rows looked at around a cell: those of the largest field of vision and one, a power of two."""

FourWords = tuple[int, int, int, int]
"""What is seen around a cell, four rows to a word."""


class FieldOfVision(NamedTuple):
    """Sides of the torus, vision in cells, and a ``mask`` of what is seen, four rows to a word."""

    width: int
    height: int
    vision: int
    mask: FourWords


def reaches(vision: int, shape: str) -> list[int]:
    """Return how many cells to each side are seen in the rows -vision..vision.

    ``shape`` is ``euclidean`` (a disc), ``von_neumann`` (a diamond) or ``moore`` (a square).
    """
    rows = [abs(row) for row in range(-vision, vision + 1)]
    if shape == "von_neumann":
        return [vision - row for row in rows]
    if shape == "moore":
        return [vision for _ in rows]
    inside = vision * vision
    return [max(w for w in range(vision + 1) if w * w + row * row <= inside) for row in rows]


def sight(width: int, height: int, vision: int, shape: str) -> FieldOfVision:
    """Return the field of vision; both sides of the torus must exceed twice the vision (1..7)."""
    if not 0 < vision <= MOST_VISION or min(width, height) <= 2 * vision:
        raise ValueError(f"a field of vision of {vision} does not fit into {width} x {height}")
    view = [0, 0, 0, 0]
    for k, side in enumerate(reaches(vision, shape)):
        row = ((1 << 2 * side + 1) - 1) << (vision - side)
        view[k // 4] |= row << 16 * (k % 4)
    return FieldOfVision(width, height, vision, (view[0], view[1], view[2], view[3]))


def free_bits(field: FieldOfVision) -> Ints:
    """Return the bits of a torus on which every cell is free, int64 (layer, word, row)."""
    words = (field.width + 2 * field.vision) // 32 + 2
    bits = np.zeros((3, words, field.height + ROWS), dtype=np.int64)
    compiled(turn_all)(bits, FREE, field)
    return bits


def turn_all(bits: Ints, layer: int, field: FieldOfVision) -> None:
    """Turn the bits of all cells of ``layer`` over."""
    for cell in range(field.width * field.height):
        turn(bits, layer, cell, field)


def turn(bits: Ints, layer: int, cell: int, field: FieldOfVision) -> None:
    """Turn the bit of ``cell`` over, set if clear and clear if set, with its copies at the edge."""
    y = cell // field.width
    x = cell - y * field.width + field.vision
    y = y + field.vision
    turn_row(bits, layer, x, y, field)
    if y < 2 * field.vision:
        turn_row(bits, layer, x, y + field.height, field)
    elif y >= field.height:
        turn_row(bits, layer, x, y - field.height, field)


def turn_row(bits: Ints, layer: int, x: int, y: int, field: FieldOfVision) -> None:
    """Turn the bit at ``x`` of row ``y`` over, with its copy at the edge of the row."""
    turn_bit(bits, layer, x, y)
    if x < 2 * field.vision:
        turn_bit(bits, layer, x + field.width, y)
    elif x >= field.width:
        turn_bit(bits, layer, x - field.width, y)


def turn_bit(bits: Ints, layer: int, x: int, y: int) -> None:
    """Turn one bit over, with its copy in the word before; word 0 holds nothing but copies."""
    word = (x >> 5) + 1
    place = x & 31
    bits[layer, word, y] ^= 1 << place
    bits[layer, word - 1, y] ^= (1 << (32 + place)) if place < 2 * MOST_VISION else 0


def ones(word: int) -> int:
    """Return the number of bits set in ``word`` (compilers make one instruction of it)."""
    word = word - ((word >> 1) & 0x5555555555555555)
    word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((word * 0x0101010101010101) >> 56) & 0xFF


def look(bits: Ints, layer: int, cell: int, field: FieldOfVision) -> FourWords:
    """Return the cells of ``layer`` seen from ``cell``, itself included: four rows to a word."""
    y = cell // field.width
    x = cell - y * field.width
    word = (x >> 5) + 1
    shift = x & 31
    return (
        four_rows(bits, layer, word, y, shift) & field.mask[0],
        four_rows(bits, layer, word, y + 4, shift) & field.mask[1],
        four_rows(bits, layer, word, y + 8, shift) & field.mask[2],
        four_rows(bits, layer, word, y + 12, shift) & field.mask[3],
    )


def four_rows(bits: Ints, layer: int, word: int, y: int, shift: int) -> int:
    """Return 15 cells of each of four rows from ``y`` on, 16 bits to a row."""
    return int(
        ((bits[layer, np.uintp(word), np.uintp(y)] >> shift) & 0x7FFF)
        | (((bits[layer, np.uintp(word), np.uintp(y + 1)] >> shift) & 0x7FFF) << 16)
        | (((bits[layer, np.uintp(word), np.uintp(y + 2)] >> shift) & 0x7FFF) << 32)
        | (((bits[layer, np.uintp(word), np.uintp(y + 3)] >> shift) & 0x7FFF) << 48)
    )


def count_seen(bits: Ints, layer: int, cell: int, field: FieldOfVision) -> int:
    """Return how many cells of ``layer`` are seen from ``cell``, itself included."""
    a, b, c, d = look(bits, layer, cell, field)
    return ones(a) + ones(b) + ones(c) + ones(d)


def pick(bits: Ints, layer: int, cell: int, draw: int, field: FieldOfVision) -> int:
    """Return the cell of ``layer`` seen from ``cell`` that ``draw`` picks; -1 if there is none."""
    view = look(bits, layer, cell, field)
    count = ones(view[0]) + ones(view[1]) + ones(view[2]) + ones(view[3])
    return place(view, below(draw, count), cell, field) if count > 0 else -1


def place(view: FourWords, n: int, cell: int, field: FieldOfVision) -> int:
    """Return the cell behind bit ``n`` (from 0) of those set in a view from ``cell``."""
    a, b, c, d = view
    before_b = ones(a)
    before_c = before_b + ones(b)
    before_d = before_c + ones(c)
    rows, row, before = a, 0, 0
    if n >= before_b:
        rows, row, before = b, 4, before_b
    if n >= before_c:
        rows, row, before = c, 8, before_c
    if n >= before_d:
        rows, row, before = d, 12, before_d
    bit = nth_one(rows, n - before)
    row += bit >> 4
    y = cell // field.width
    x = cell - y * field.width + (bit & 15) - field.vision
    y = y + row - field.vision
    x += field.width if x < 0 else -field.width if x >= field.width else 0
    y += field.height if y < 0 else -field.height if y >= field.height else 0
    return int(y * field.width + x)


def nth_one(word: int, n: int) -> int:
    """Return the place of bit ``n`` (from 0) of those set in ``word``, of which bit 63 is clear.

    Without a branch: running totals by byte say in which byte it is, and those by bit in which bit.
    Vigna, "Broadword implementation of rank/select queries", WEA 2008.
    """
    sums = word - ((word >> 1) & 0x5555555555555555)
    sums = (sums & 0x3333333333333333) + ((sums >> 2) & 0x3333333333333333)
    sums = (sums + (sums >> 4)) & 0x0F0F0F0F0F0F0F0F
    sums = (sums * _EACH) & 0x7F7F7F7F7F7F7F7F
    at = at_most(sums, n) << 3
    n = n - (((sums << 8) >> at) & 0xFF)
    bits = (((word >> at) & 0xFF) * _EACH) & 0x0040201008040201
    bits = ((bits + 0x007F7F7F7F7F7F7F) >> 7) & _SEVEN
    return at + at_most(bits * _EACH, n)


_EACH = 0x0101010101010101
"""One in each byte of a word."""
_SEVEN = 0x0001010101010101
"""One in each byte but the last."""


def at_most(sums: int, n: int) -> int:
    """Return how many of the first seven bytes of ``sums``, each below 128, are at most ``n``."""
    reached = (n * _SEVEN | 0x0080808080808080) - (sums & 0x007F7F7F7F7F7F7F)
    return (((reached >> 7) & _SEVEN) * _EACH >> 56) & 0xFF
