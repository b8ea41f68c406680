"""What does not change with the number of agents for a citizen, and what does.

    python -m validation.scale [--seeds 12] [--scales 0.01 0.1 1] [--json FILE]

run in the folder of the repository; some 3 seconds for each seed at 1:1. Declared before it was
run: a quantity agrees between a scale and 1:1 if the 95 % interval of the difference of its means
holds zero (Welch; counts as log10(1 + x)); a frequency agrees if the 95 % intervals (Wilson)
overlap. With few seeds agreement is weak evidence, disagreement is not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.engine.run import run
from steppe.results.outcomes import binaries, happened
from steppe.results.trajectory import Trajectory
from steppe.study.causation import wilson

CASE = "kazakhstan-2022"
ONSET = 5_000
"""Persons on the street at once from which on there is a crisis, 0.026 % of citizens."""
VISIBLE = 500
"""Persons on the street of a region at once that make its protest visible at every scale."""

Floats = NDArray[np.float64]


def on_street(made: Trajectory) -> Floats:
    """Return persons on the street by hour and place."""
    return np.asarray(sum(made[n].astype(np.float64) for n in ("peaceful", "violent", "looting")))


def hour_of_onset(made: Trajectory) -> float:
    """Return the first hour with ``ONSET`` persons on the street, the length of the run if none."""
    over = np.flatnonzero(on_street(made).sum(axis=1) >= ONSET)
    return float(over[0]) if len(over) else float(made["peaceful"].shape[0])


def outcome(name: str) -> Callable[[Trajectory], float]:
    """Return what reads a number of the outcome."""
    return lambda made: float(made.outcome[name])


COUNTS: dict[str, Callable[[Trajectory], float]] = {
    "most people on the street": outcome("peak_active"),
    "person-hours on the street": lambda made: float(on_street(made).sum()),
    "arrests": outcome("arrested"),
    "wounded": outcome("wounded"),
    "killed": outcome("killed"),
    "most on the street in the first 48 hours": lambda made: float(
        on_street(made)[:48].sum(axis=1).max()
    ),
}
"""Persons, compared on the scale log10(1 + x)."""

PLAIN: dict[str, Callable[[Trajectory], float]] = {
    "hour of onset": hour_of_onset,
    "hour of the peak": outcome("peak_hour"),
    "places with a visible protest": outcome("places_with_protest"),
    "legitimacy at the end": outcome("legitimacy_end"),
    "largest share of buildings seized": outcome("seized_peak"),
}
"""Hours, numbers and shares, compared as they are."""


def welch(a: Floats, b: Floats) -> tuple[float, float]:
    """Return the 95 % interval of mean(a) - mean(b)."""
    from scipy.stats import t

    parts = [x.var(ddof=1) / len(x) for x in (a, b)]
    error = float(np.sqrt(sum(parts)))
    if error == 0.0:
        return float(a.mean() - b.mean()), float(a.mean() - b.mean())
    df = sum(parts) ** 2 / sum(p**2 / (len(x) - 1) for p, x in zip(parts, (a, b), strict=True))
    half = float(t.ppf(0.975, df)) * error
    middle = float(a.mean() - b.mean())
    return middle - half, middle + half


def measured(scale: float, seeds: int) -> dict[str, list[float]]:
    """Return every quantity, by seed."""
    scenario = load(CASE)
    runs = [run(scenario, seed, scale=scale, threads=1) for seed in range(1, seeds + 1)]
    found = {name: [f(made) for made in runs] for name, f in (COUNTS | PLAIN).items()}
    citizens = scenario.country.citizens
    for name in binaries():
        found[name] = [float(happened(name, made.outcome, citizens)) for made in runs]
    return found


def agrees(name: str, here: Floats, full: Floats) -> bool:
    """Tell whether a quantity agrees between a scale and 1:1."""
    if name in binaries():
        a, b = (wilson(int(x.sum()), len(x)) for x in (here, full))
        return a[1] <= b[2] and b[1] <= a[2]
    if name in COUNTS:
        here, full = np.log10(1.0 + here), np.log10(1.0 + full)
    low, high = welch(here, full)
    return low <= 0.0 <= high


def cell(name: str, values: Floats) -> str:
    """Return a quantity as the table shows it: median and range, or a share with its interval."""
    if name in binaries():
        share, low, high = wilson(int(values.sum()), len(values))
        return f"{share:.2f} ({low:.2f} to {high:.2f})"
    form = ",.2f" if values.max() < 2.0 else ",.0f"
    return f"{np.median(values):{form}} ({values.min():{form}} to {values.max():{form}})"


def main() -> None:
    """Run every scale, print the table and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.01, 0.1, 1.0])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = {scale: measured(scale, given.seeds) for scale in given.scales}
    full = found[max(found)]
    print("| | " + " | ".join(f"1:{1 / s:g}" for s in found) + " | agrees |")
    print("|---|" + "---|" * (len(found) + 1))
    for name in full:
        columns = {s: np.array(made[name]) for s, made in found.items()}
        which = [f"1:{1 / s:g}" for s in list(found)[:-1] if agrees(name, columns[s],
                 np.array(full[name]))]  # fmt: skip
        cells = " | ".join(cell(name, values) for values in columns.values())
        print(f"| {name.replace('_', ' ')} | {cells} | {', '.join(which) or 'neither'} |")
    if given.json:
        given.json.write_text(json.dumps({str(s): made for s, made in found.items()}, indent=1))


if __name__ == "__main__":
    main()
