"""A torus whose cells are bits: what is seen around a cell is counted a row at a time.

Each row of each layer is written with the cells of the other edge repeated at both ends, 32 cells
to a word, so that a row of a field of vision is one shift of two words and never wraps.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from steppe.core.compile import compiled

COP, ACTIVE, FREE = 0, 1, 2
"""Layers: cells with a cop, with an active citizen, with nobody."""

MOST_VISION = 7

Sight: Any = namedtuple("Sight", ["width", "height", "vision", "shape"])
"""Sides of the torus, vision in cells, and the cells seen to each side in the rows -vision to
vision, four bits for each row."""


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
    packed = sum(side << 4 * k for k, side in enumerate(reaches(vision, shape)))
    return Sight(width, height, vision, packed)


def free_bits(field: Any) -> Any:
    """Return the bits of a torus on which every cell is free, int64 (layer, row, word)."""
    bits = np.zeros((3, field.height, (field.width + 2 * field.vision) // 32 + 2), dtype=np.int64)
    compiled(turn_all)(bits, FREE, field)
    return bits


def turn_all(bits: Any, layer: int, field: Any) -> None:
    """Turn the bits of all cells of ``layer`` over."""
    for cell in range(field.width * field.height):
        turn(bits, layer, cell, field)


def turn(bits: Any, layer: int, cell: int, field: Any) -> None:
    """Turn the bit of ``cell`` over, set if clear and clear if set, with its copy at the edge."""
    y = cell // field.width
    at = cell - y * field.width + field.vision
    bits[layer, y, at >> 5] ^= 1 << (at & 31)
    if at < 2 * field.vision:
        at += field.width
    elif at >= field.width:
        at -= field.width
    else:
        return
    bits[layer, y, at >> 5] ^= 1 << (at & 31)


def ones(word: int) -> int:
    """Return the number of bits set in ``word`` (compilers make one instruction of it)."""
    word = word - ((word >> 1) & 0x5555555555555555)
    word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((word * 0x0101010101010101) >> 56) & 0xFF


def row_seen(bits: Any, layer: int, x: int, y: int, k: int, field: Any) -> int:
    """Return the bits of row ``k`` of the field of vision around (x, y), leftmost cell lowest."""
    row = y + k - field.vision
    if row < 0:
        row += field.height
    elif row >= field.height:
        row -= field.height
    side = (field.shape >> 4 * k) & 15
    left = x + field.vision - side
    low = int(bits[layer, row, left >> 5])
    high = int(bits[layer, row, (left >> 5) + 1])
    return int(((low | (high << 32)) >> (left & 31)) & ((1 << (2 * side + 1)) - 1))


def count_seen(bits: Any, layer: int, cell: int, field: Any) -> int:
    """Return how many cells of ``layer`` are seen from ``cell``, itself included."""
    y = cell // field.width
    x = cell - y * field.width
    total = 0
    for k in range(2 * field.vision + 1):
        total += ones(row_seen(bits, layer, x, y, k, field))
    return total


def nth_seen(bits: Any, layer: int, cell: int, n: int, field: Any) -> int:
    """Return the cell that is number ``n`` (from 0) of those of ``layer`` seen, row by row."""
    y = cell // field.width
    x = cell - y * field.width
    k = 0
    seen = row_seen(bits, layer, x, y, k, field)
    here = ones(seen)
    while n >= here:
        n -= here
        k += 1
        seen = row_seen(bits, layer, x, y, k, field)
        here = ones(seen)
    for _ in range(n):
        seen = seen & (seen - 1)
    side = (field.shape >> 4 * k) & 15
    column = (x - side + ones((seen & -seen) - 1) + field.width) % field.width
    row = (y + k - field.vision + field.height) % field.height
    return int(row * field.width + column)
