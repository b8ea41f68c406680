"""Failures of a check, each told in a sentence that names the mechanism."""

from __future__ import annotations

from steppe.model.mechanism import Mechanism


def require(mechanism: Mechanism, holds: bool, sentence: str) -> None:
    """Raise ``AssertionError`` with the mechanism's name and ``sentence`` unless it ``holds``."""
    if not holds:
        raise AssertionError(f"{mechanism.role}/{mechanism.name}: {sentence}")
