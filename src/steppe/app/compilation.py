"""Whether the rules of cohorts lie on disk as machine code, and having them compiled once."""

from __future__ import annotations

import contextlib

from steppe.case.scenario import Scenario
from steppe.core.compile import cache_folder
from steppe.engine.run import run

COMPILED = "cohorts"
"""The file that says that the rules of cohorts have been compiled once."""


def is_compiled() -> bool:
    """Tell whether the rules of cohorts lie on disk as machine code."""
    return (cache_folder() / COMPILED).exists()


def compile_once(scenario: Scenario, seed: int) -> None:
    """Simulate one history alone, so that its rules are compiled once, not by each thread."""
    if is_compiled():
        return
    run(scenario, seed, engine="cohorts")
    with contextlib.suppress(OSError):  # a cache that cannot be written harms nobody
        (cache_folder() / COMPILED).touch()
