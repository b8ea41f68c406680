"""What the scale does to the figures that the case is fitted to: one agent for ten against one.

    python -m validation.calibration_scale [--vectors 24] [--store DIR] [--workers N]

run in the folder of the repository; about 25 CPU seconds for each three vectors. The first
vectors of the design that the look of a calibration leaves are run with the same seed at 1:10 and
at 1:1, and the difference of log10(1 + x) is printed for every fitted figure. Declared before it
was run: a scale is sound for fitting if the root mean square of the difference is at most half of
the tolerance of each figure; it is sound for ruling out if that of the screened figures is at most
the allowance that the look makes. Returns 0 if 1:10 is sound for ruling out, 1 if not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from steppe.case.load import load
from steppe.results.store import Store
from steppe.study.calibration.design import design
from steppe.study.calibration.screening import ALLOWANCE, SCALE, Screening
from steppe.study.calibration.simulate import tabulate, trials
from steppe.study.calibration.targets import calibration_targets

CASE = "kazakhstan-2022"
DESIGN = 512


def main(arguments: list[str] | None = None) -> int:
    """Run both scales, print the differences, and return whether the look is sound."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--vectors", type=int, default=24)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--workers", type=int)
    asked = parser.parse_args(arguments)
    scenario = load(CASE)
    targets = calibration_targets(scenario)
    resolved = tuple(one.resolved for one in targets)
    made = design(scenario, DESIGN)
    look = Screening.of(scenario, targets, 1.0)
    assert look is not None
    with tempfile.TemporaryDirectory() as spare:
        store = Store(asked.store or spare)
        folder = store.path / "calibration-scale"
        by = {"store": store, "workers": asked.workers}
        seen, _ = tabulate(
            look.scenario, made.paths, trials(made, range(DESIGN), 1),
            tuple(one.resolved for one in look.targets),
            scale=look.scale, notes=folder / "looks.csv", **by,
        )  # fmt: skip
        left = seen.vectors[look.plausible(seen)][: asked.vectors].tolist()
        tables = [
            tabulate(
                scenario, made.paths, trials(made, left, 1), resolved,
                scale=scale, notes=folder / f"scale-{scale:g}.csv", **by,
            )[0]
            for scale in (SCALE, 1.0)
        ]  # fmt: skip
    print(f"{len(left)} vectors, 1:{1 / SCALE:.0f} less 1:1, log10(1 + x)")
    print(f"{'figure':24}{'mean':>8}{'rms':>8}{'tolerance':>11}  sound for fitting")
    sound = True
    for one in targets:
        small, whole = (one.scaled(table.column(one.id)) for table in tables)
        away = small - whole
        rms = float(np.sqrt(np.square(away).mean()))
        sound &= not one.screened or rms <= ALLOWANCE
        verdict = "yes" if rms <= one.tolerance / 2 else "no"
        print(f"{one.id:24}{away.mean():>8.2f}{rms:>8.2f}{one.tolerance:>11.2f}  {verdict}")
    verdict = "yes" if sound else "no"
    print(f"sound for ruling out (screened figures within {ALLOWANCE:g}): {verdict}")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
