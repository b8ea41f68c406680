"""Epstein's Model I beside Mesa's own example: the same draws at full size, then each its own.

    STEPPE_MESA_PYTHON=/path/to/python python -m validation.docking.epstein_beside_mesa

run in the folder of the repository. STEPPE_MESA_PYTHON names an interpreter with ``mesa`` (3.3 for
Python 3.11) and ``networkx``. About five minutes, nearly all of it Mesa's.

Declared before it was run:

A. Same draws: 40 x 40 cells, parameters of Run 2, rules of the example, seeds 1 to 3, 60 steps.
   Active and jailed are equal after every step. Tolerance: none.
B. Own draws: the same set-up, 100 steps, ours with seeds 1 to 400, Mesa's with seeds 1 to 16.
   The means over seeds of (1) mean active, (2) mean jailed, (3) peak active agree within four
   standard errors of their difference.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from tests.docking.mesa_beside import EXAMPLE, VARIABLE, interpreter, run_mesa

from steppe.toys.epstein import run

SAME, SAME_STEPS = range(1, 4), 60
OURS, MESAS, OWN_STEPS = range(1, 401), range(1, 17), 100


def same_draws() -> bool:
    """Compare step by step under our draws; print and return whether all are equal."""
    equal = True
    for seed in SAME:
        ours = run(EXAMPLE, seed, SAME_STEPS)
        theirs = run_mesa(EXAMPLE, seed, SAME_STEPS, draws="ours")
        met = ours.active.tolist() == theirs.active and ours.jailed.tolist() == theirs.jailed
        print(f"A  seed {seed}: {SAME_STEPS} steps {'equal' if met else 'DIFFER'}, "
              f"peak {max(theirs.active)}, jailed at last {theirs.jailed[-1]}")  # fmt: skip
        equal = equal and met
    return equal


def summary(active: list[int], jailed: list[int]) -> tuple[float, float, float]:
    """Return mean active, mean jailed and peak active."""
    return float(np.mean(active)), float(np.mean(jailed)), float(max(active))


def own_draws() -> bool:
    """Compare means over seeds; print and return whether all agree."""
    begun = time.perf_counter()
    ours = [run(EXAMPLE, seed, OWN_STEPS) for seed in OURS]
    between = time.perf_counter()
    theirs = [run_mesa(EXAMPLE, seed, OWN_STEPS, draws="own") for seed in MESAS]
    done = time.perf_counter()
    a = np.array([summary(one.active.tolist(), one.jailed.tolist()) for one in ours])
    b = np.array([summary(one.active, one.jailed) for one in theirs])
    agree = True
    for k, name in enumerate(("mean active", "mean jailed", "peak active")):
        errors = [one[:, k].std(ddof=1) / len(one) ** 0.5 for one in (a, b)]
        error = float(np.hypot(*errors))
        z = float(a[:, k].mean() - b[:, k].mean()) / error
        print(f"B  {name}: ours {a[:, k].mean():.2f}, Mesa's {b[:, k].mean():.2f}, "
              f"difference {z:+.1f} standard errors")  # fmt: skip
        agree = agree and abs(z) < 4.0
    per_run = (between - begun) / len(ours), (done - between) / len(theirs)
    print(f"   seconds for a run with its set-up: ours {per_run[0]:.4f}, Mesa's {per_run[1]:.2f}")
    return agree


def main() -> int:
    """Run both comparisons; return 0 if both agree, 1 if not, 2 without Mesa."""
    if interpreter() is None:
        print(f"mesa is not installed here; name an interpreter that has it in {VARIABLE}")
        return 2
    run(EXAMPLE, 1, 1)
    met = [same_draws(), own_draws()]
    print("agrees" if all(met) else "DIFFERS")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
