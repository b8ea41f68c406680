"""What no study can ask for, whatever it is about."""

from __future__ import annotations

from typing import get_args

from steppe.results.trajectory import EngineName

LAST_SEED = 2**63 - 1
"""Seeds run from 0 to this, so that every program that reads results can hold them."""


def check_engine(engine: str, scale: float = 1.0, *, citizens: bool = False) -> None:
    """Raise ``ValueError`` for an engine that is none, or that cannot do what is asked.

    ``scale`` is agents per citizen; with ``citizens`` every citizen is recorded.
    """
    if engine not in get_args(EngineName):
        names = " or ".join(get_args(EngineName))
        raise ValueError(f"engine must be {names}, got {engine!r}")
    if engine == "cohorts" and scale != 1.0:
        raise ValueError(
            f"scale {scale:g}: cohorts are always everybody, in less time than a sample takes; "
            "leave the scale out"
        )
    if engine == "cohorts" and citizens:
        raise ValueError("cohorts count people and follow nobody; to record citizens, run citizens")
