"""The versions that decide whether two runs can be held against each other."""

from __future__ import annotations

from steppe.core.code_version import code_version

MODEL_VERSION = "2"
"""Raised whenever a change of a rule or parameter changes results."""


def engine_version() -> str:
    """Return the version of everything that can change a bit of a result."""
    return f"{MODEL_VERSION}.{code_version()}"
