"""Counts of what is not yet as it should be: they may only fall."""

from __future__ import annotations

MOST = {
    "banned names": 74,
    "texts": 0,
    "classes of one name": 0,
    "long files": 1,
    "long functions": 0,
    "functions of many arguments": 51,
    "arguments and values of any type": 105,
}


def assert_capped(what: str, count: int, which: object = "") -> None:
    """Assert that ``count`` is at the cap of ``what`` or barely below; ``which`` names them."""
    assert count <= MOST[what], f"{count} {what}, at most {MOST[what]}: {which}"
    assert count >= 0.95 * MOST[what], f"{count} {what}: lower the cap of {MOST[what]} to it"
