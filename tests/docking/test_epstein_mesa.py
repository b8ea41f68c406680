"""Epstein's Model I beside Mesa's own example; the long comparison is in validation/docking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steppe.toys.epstein import run

from .mesa_beside import EXAMPLE, VARIABLE, interpreter, run_mesa


@pytest.mark.parametrize("seed", [1, 2])
def test_same_draws_same_history_as_the_example_of_mesa(seed: int) -> None:
    """Source: Mesa 3.3, advanced example epstein_civil_violence, its rules untouched.

    Expectation: given our people and our addressed draws, the example has the same number of
    active and of jailed citizens after every step. Tolerance: none. Seeds 1 and 2, 20 x 20 cells,
    25 steps, legitimacy 0.6 and 2 % cops so that much happens.
    """
    if interpreter() is None:
        pytest.skip(f"no Mesa 3.3 here; name an interpreter that has it in {VARIABLE}")
    setup = replace(EXAMPLE, width=20, height=20, legitimacy=0.6, cop_density=0.02)
    ours = run(setup, seed, 25)
    theirs = run_mesa(setup, seed, 25, draws="ours")
    assert max(theirs.active) > 20
    assert theirs.active == ours.active.tolist()
    assert theirs.jailed == ours.jailed.tolist()
