"""Failures of a check, each told in a sentence that names the mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steppe.core.params import Parameters
from steppe.model.mechanism import Mechanism


def require(mechanism: Mechanism, holds: bool, sentence: str) -> None:
    """Raise ``AssertionError`` with the mechanism's name and ``sentence`` unless it ``holds``."""
    if not holds:
        raise AssertionError(f"{mechanism.role}/{mechanism.name}: {sentence}")


def apply(mechanism: Mechanism, p: Parameters, arguments: Mapping[str, Any], where: str) -> Any:
    """Return what a field rule writes; whatever it raises becomes a sentence."""
    try:
        return mechanism.rule(p, **arguments)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        verb = "changes its arguments" if "read-only" in str(error) else "fails"
        raise AssertionError(
            f"{mechanism.role}/{mechanism.name}: the rule {verb} in {where} ({message})"
        ) from error
