"""Are citizens and cohorts one law in the whole reference case?

    python -m validation.engines [--seeds 400] [--hours 432] [--json FILE]

run in the folder of the repository; some 10 seconds for each seed by citizens on one core, and
hundredths of a second by cohorts. Units of the security forces do not change in either
(``mechanisms.loyalty: none``); looting is on. Declared before it was run: the engines agree on a
quantity if the difference of its means, and on a size if the logarithm of the ratio of its spreads,
is below three standard errors of independent samples; readiness of places and commanders are the
same numbers in both, so that the samples are less than independent and the test is lenient.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_many
from steppe.engine.run import run
from steppe.results.trajectory import Trajectory

CRISIS = 2_000
"""Persons on the street at once that make a crisis."""
VISIBLE = 500
"""Persons on the street at once in the first hour of a protest."""
Floats = NDArray[np.float64]

QUANTITIES = (
    "crisis", "log10 of the peak", "day of onset", "places", "looters at most",
    "violent at most", "arrests", "wounded", "killed", "officers wounded", "person-hours",
)  # fmt: skip


def scenario_of(hours: int) -> Scenario:
    """Return the reference case with units that do not change."""
    return load("kazakhstan-2022").change("mechanisms.loyalty", "none").change("clock.hours", hours)


def measure(one: Trajectory) -> list[float]:
    """Return the quantities of one run, NaN where there is nothing to measure."""
    active = one.active().sum(axis=1)
    seen = active >= VISIBLE
    return [
        float(active.max() >= CRISIS),
        float(np.log10(1.0 + active.max())),
        float(np.argmax(seen)) / 24.0 if seen.any() else float("nan"),
        float(one.outcome["places_with_protest"]),
        *(float(np.log10(1.0 + one[name].sum(axis=1).max())) for name in ("looting", "violent")),
        *(float(np.log10(1.0 + float(one.outcome[name])))
          for name in ("arrested", "wounded", "killed", "officers_wounded")),
        float(np.log10(1.0 + active.sum())),
    ]  # fmt: skip


def compare(name: str, citizens: Floats, cohorts: Floats) -> dict[str, object]:
    """Return mean and spread of a quantity in both engines, and how far they differ."""
    one, other = (x[~np.isnan(x)] for x in (citizens, cohorts))
    spreads = [float(x.std(ddof=1)) for x in (one, other)]
    error = float(np.sqrt(spreads[0] ** 2 / len(one) + spreads[1] ** 2 / len(other)))
    mean = abs(float(one.mean() - other.mean())) / error if error > 0.0 else 0.0
    width = float(np.sqrt(0.5 / len(one) + 0.5 / len(other)))
    ratio = abs(float(np.log(spreads[0] / spreads[1]))) / width if min(spreads) > 0.0 else 0.0
    return {
        "quantity": name,
        "citizens": [float(one.mean()), spreads[0]],
        "cohorts": [float(other.mean()), spreads[1]],
        "means differ by": mean,
        "spreads differ by": ratio,
        "agrees": mean < 3.0 and ratio < 3.0,
    }


def table(runs: Iterable[Trajectory]) -> Floats:
    """Return the quantities (runs, quantities)."""
    return np.array([measure(one) for one in runs])


def main() -> int:
    """Run both engines and print what differs; return 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--hours", type=int, default=432)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    scenario, seeds = scenario_of(options.hours), range(1, options.seeds + 1)
    citizens = table(run(scenario, seed) for seed in seeds)
    cohorts = table(run_many(scenario, seeds))
    rows = [
        compare(name, citizens[:, k], cohorts[:, k])
        for k, name in enumerate(QUANTITIES)
        if not np.isnan(cohorts[:, k]).all()
    ]
    for row in rows:
        print(json.dumps(row))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["agrees"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
