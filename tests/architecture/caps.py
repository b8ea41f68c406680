"""Counts of what is not yet as it should be: they may only fall."""

from __future__ import annotations

MOST = {
    "banned names": 750,
    "texts": 7,
    "classes of one name": 3,
    "long files": 8,
    "long functions": 3,
    "functions of many arguments": 123,
    "arguments and values of any type": 335,
}


def assert_capped(what: str, count: int, which: object = "") -> None:
    """Assert that ``count`` is at most the cap of ``what``; ``which`` helps to find them."""
    assert count <= MOST[what], f"{count} {what}, at most {MOST[what]}: {which}"
