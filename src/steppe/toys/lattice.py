"""A torus whose cells are bits: what is seen around a cell is counted a row at a time.

Rows and columns of the other edge are repeated all around, so that a field of vision never wraps.
Cells are held 32 to a word, and after them the first of the next word once more, so that each row
of a field of vision is one shift of one word; words of one column of the torus lie side by side,
so that compilers count all rows of a field of vision at once.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from steppe.core.compile import compiled

COP, ACTIVE, FREE = 0, 1, 2
"""Layers: cells with a cop, with an active citizen, with nobody."""

MOST_VISION = 7
ROWS = 16
"""Rows looked at around a cell: those of the largest field of vision and one, a power of two."""

Sight: Any = namedtuple("Sight", ["width", "height", "vision", "shape"])
"""Sides of the torus, vision in cells, and for each row from -vision to vision one more than the
cells seen to each side, four bits for each."""


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


def sight(width: int, height: int, vision: int, shape: str) -> Any:
    """Return the field of vision; both sides of the torus must exceed twice the vision (1..7)."""
    if not 0 < vision <= MOST_VISION or min(width, height) <= 2 * vision:
        raise ValueError(f"a field of vision of {vision} does not fit into {width} x {height}")
    packed = sum((side + 1) << 4 * k for k, side in enumerate(reaches(vision, shape)))
    return Sight(width, height, vision, packed)


def free_bits(field: Any) -> Any:
    """Return the bits of a torus on which every cell is free, int64 (layer, word, row)."""
    words = (field.width + 2 * field.vision) // 32 + 2
    bits = np.zeros((3, words, field.height + ROWS), dtype=np.int64)
    compiled(turn_all)(bits, FREE, field)
    return bits


def turn_all(bits: Any, layer: int, field: Any) -> None:
    """Turn the bits of all cells of ``layer`` over."""
    for cell in range(field.width * field.height):
        turn(bits, layer, cell, field)


def turn(bits: Any, layer: int, cell: int, field: Any) -> None:
    """Turn the bit of ``cell`` over, set if clear and clear if set, with its copies at the edge."""
    y = cell // field.width
    x = cell - y * field.width + field.vision
    y = y + field.vision
    turn_row(bits, layer, x, y, field)
    if y < 2 * field.vision:
        turn_row(bits, layer, x, y + field.height, field)
    elif y >= field.height:
        turn_row(bits, layer, x, y - field.height, field)


def turn_row(bits: Any, layer: int, x: int, y: int, field: Any) -> None:
    """Turn the bit at ``x`` of row ``y`` over, with its copy at the edge of the row."""
    turn_bit(bits, layer, x, y)
    if x < 2 * field.vision:
        turn_bit(bits, layer, x + field.width, y)
    elif x >= field.width:
        turn_bit(bits, layer, x - field.width, y)


def turn_bit(bits: Any, layer: int, x: int, y: int) -> None:
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


def ones_of_row(word: int) -> int:
    """Return the number of bits set in ``word`` of 16 bits.

    In steps, not as one instruction: that is what compilers do for many words at once.
    """
    word = word - ((word >> 1) & 0x5555)
    word = (word & 0x3333) + ((word >> 2) & 0x3333)
    word = (word + (word >> 4)) & 0x0F0F
    return (word + (word >> 8)) & 31


def mask_of(field: Any, k: int) -> int:
    """Return the cells of row ``k`` that are seen, as bits; none beyond the field of vision."""
    side = (field.shape >> 4 * k) & 15
    return int((((1 << 2 * side) - 1) >> 1) << (field.vision + 1 - side))


def count_seen(bits: Any, layer: int, cell: int, field: Any) -> int:
    """Return how many cells of ``layer`` are seen from ``cell``, itself included."""
    y = cell // field.width
    x = cell - y * field.width
    word = (x >> 5) + 1
    left = x & 31
    total = 0
    for k in range(ROWS):
        total += ones_of_row((bits[layer, word, y + k] >> left) & mask_of(field, k))
    return int(total)


def nth_seen(bits: Any, layer: int, cell: int, n: int, field: Any) -> int:
    """Return the cell that is number ``n`` (from 0) of those of ``layer`` seen, row by row."""
    y = cell // field.width
    x = cell - y * field.width
    word = (x >> 5) + 1
    left = x & 31
    k = 0
    seen = int((bits[layer, word, y] >> left) & mask_of(field, 0))
    here = ones(seen)
    while n >= here:
        n -= here
        k += 1
        seen = int((bits[layer, word, y + k] >> left) & mask_of(field, k))
        here = ones(seen)
    for _ in range(n):
        seen = seen & (seen - 1)
    column = (x - field.vision + ones((seen & -seen) - 1) + field.width) % field.width
    row = (y + k - field.vision + field.height) % field.height
    return int(row * field.width + column)
