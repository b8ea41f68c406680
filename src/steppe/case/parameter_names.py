"""The two spellings of a parameter's address: in full, and without its first word."""

from __future__ import annotations

import functools


@functools.cache
def short_names() -> frozenset[str]:
    """Return every parameter of every rule as ``role.name``."""
    from steppe.model.ledger import ROLES

    return frozenset(
        f"{role}.{info.name}"
        for role, rules in ROLES.items()
        for parameters in rules.values()
        for info in parameters.ledger()
    )


def in_full(path: str) -> str:
    """Return an address in full: that of a parameter may be written without its first word."""
    return f"parameters.{path}" if path in short_names() else path
