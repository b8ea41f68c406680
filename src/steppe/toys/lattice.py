"""A torus whose cells are bits: what is seen around a cell is counted a row at a time.

Each row of each layer is written with the cells of the other edge repeated at both ends, 32 cells
to a word, so that a row of a field of vision is one shift of two words and never wraps.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

COP, ACTIVE, FREE = 0, 1, 2
"""Layers: cells with a cop, with an active citizen, with nobody."""

MOST_VISION = 15

Lattice: Any = namedtuple("Lattice", ["bits", "reach", "width", "height"])
"""``bits`` int64 (layer, row, word); ``reach`` int64 (2 vision + 1,) cells seen to each side."""


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


def empty_lattice(width: int, height: int, vision: int, shape: str) -> Any:
    """Return a lattice on which every cell is free; both sides must exceed twice the vision."""
    if not 0 < vision <= MOST_VISION or min(width, height) <= 2 * vision:
        raise ValueError(f"a field of vision of {vision} does not fit into {width} x {height}")
    words = (width + 2 * vision) // 32 + 2
    bits = np.zeros((3, height, words), dtype=np.int64)
    lattice = Lattice(bits, np.array(reaches(vision, shape), dtype=np.int64), width, height)
    for cell in range(width * height):
        turn(lattice, FREE, cell)
    return lattice


def flip(bits: Any, layer: int, cell: int, width: int, vision: int) -> None:
    """Turn the bit of ``cell`` in ``layer`` over, with its copy beyond the edge."""
    y = cell // width
    at = cell - y * width + vision
    bits[layer, y, at >> 5] ^= 1 << (at & 31)
    if at < 2 * vision:
        at += width
    elif at >= width:
        at -= width
    else:
        return
    bits[layer, y, at >> 5] ^= 1 << (at & 31)


def turn(lattice: Any, layer: int, cell: int) -> None:
    """Turn the bit of ``cell`` in ``layer`` over: set it if clear, clear it if set."""
    flip(lattice.bits, layer, cell, lattice.width, len(lattice.reach) // 2)


def ones(word: int) -> int:
    """Return the number of bits set in ``word`` (compilers make one instruction of it)."""
    word = word - ((word >> 1) & 0x5555555555555555)
    word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((word * 0x0101010101010101) >> 56) & 0xFF


def row_seen(lattice: Any, layer: int, x: int, y: int, k: int) -> int:
    """Return the bits of row ``k`` of the field of vision around (x, y), leftmost cell lowest."""
    vision = len(lattice.reach) // 2
    row = y + k - vision
    if row < 0:
        row += lattice.height
    elif row >= lattice.height:
        row -= lattice.height
    side = lattice.reach[k]
    left = x + vision - side
    low = int(lattice.bits[layer, row, left >> 5])
    high = int(lattice.bits[layer, row, (left >> 5) + 1])
    return ((low | (high << 32)) >> (left & 31)) & ((1 << (2 * side + 1)) - 1)


def count_seen(lattice: Any, layer: int, cell: int) -> int:
    """Return how many cells of ``layer`` are seen from ``cell``, itself included."""
    y = cell // lattice.width
    x = cell - y * lattice.width
    total = 0
    for k in range(len(lattice.reach)):
        total += ones(row_seen(lattice, layer, x, y, k))
    return total


def nth_seen(lattice: Any, layer: int, cell: int, n: int) -> int:
    """Return the cell that is number ``n`` (from 0) of those of ``layer`` seen, row by row."""
    y = cell // lattice.width
    x = cell - y * lattice.width
    vision = len(lattice.reach) // 2
    k = 0
    seen = row_seen(lattice, layer, x, y, k)
    here = ones(seen)
    while n >= here:
        n -= here
        k += 1
        seen = row_seen(lattice, layer, x, y, k)
        here = ones(seen)
    for _ in range(n):
        seen = seen & (seen - 1)
    side = lattice.reach[k]
    column = (x - side + ones((seen & -seen) - 1) + lattice.width) % lattice.width
    row = (y + k - vision + lattice.height) % lattice.height
    return int(row * lattice.width + column)
