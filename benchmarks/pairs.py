"""Pairs: two sides measured by turns, each in a process of its own, and the ratio of each pair."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sides.watch import QUIET

ROOT = Path(__file__).resolve().parents[1]


class SideFailed(RuntimeError):
    """One side of a comparison ended with an error."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a function of ``benchmarks.sides``, its interpreter and what it is told."""

    label: str
    function: str
    told: dict[str, Any]
    python: str = sys.executable

    def measure(self) -> dict[str, Any]:
        """Run the side in a fresh process; return what it says."""
        done = subprocess.run(
            [self.python, "-m", "benchmarks.sides", self.function],
            input=json.dumps(self.told),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
                "PYTHONWARNINGS": "ignore",
            },
        )
        if done.returncode != 0:
            raise SideFailed(f"{self.label}: {done.stderr[-1500:]}")
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


def rate(found: dict[str, Any], clock: str) -> float:
    """Return what a side did per second, by its ``clock`` (``wall`` or ``cpu``)."""
    block = found["block"]
    return float(block["amount"]) / float(block[clock])


def median(values: list[float]) -> dict[str, float]:
    """Return the median of ``values`` with the least and the most."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def compare(ours: Side, theirs: Side, pairs: int, clock: str) -> dict[str, Any]:
    """Measure both sides by turns; return rates, the ratio of each pair and its spread.

    A pair is quiet if others hardly used the machine during both blocks. If some pairs were quiet
    the ratio is over those, else over all, and ``busy`` says so. Of a busy machine the wall clock
    says nothing: what ran on one thread is then compared by processor time.
    """
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for _ in range(pairs):
        found.append((ours.measure(), theirs.measure()))
    quiet = [pair for pair in found if all(one["block"]["others"] < QUIET for one in pair)]
    used = quiet or found
    if not quiet and all(side.told.get("threads", 1) == 1 for side in (ours, theirs)):
        clock = "cpu"
    ratios = [rate(a, clock) / rate(b, clock) for a, b in used]
    return {
        "ours": ours.label,
        "theirs": theirs.label,
        "versions": [found[0][0]["version"], found[0][1]["version"]],
        "clock": clock,
        "pairs": pairs,
        "quiet": len(quiet),
        "busy": not quiet,
        "ratio": median(ratios),
        "ours_per_s": median([rate(a, clock) for a, _ in used]),
        "theirs_per_s": median([rate(b, clock) for _, b in used]),
        "ours_bytes": found[0][0].get("bytes_per_agent"),
        "theirs_bytes": found[0][1].get("bytes_per_agent"),
        "raw": found,
    }


def alone(side: Side, repeats: int, clock: str) -> dict[str, Any]:
    """Measure one side several times; return its rate with the spread."""
    found = [side.measure() for _ in range(repeats)]
    quiet = [one for one in found if one["block"]["others"] < QUIET]
    used = quiet or found
    return {
        "side": side.label,
        "clock": clock,
        "repeats": repeats,
        "quiet": len(quiet),
        "busy": not quiet,
        "per_s": median([rate(one, clock) for one in used]),
        "raw": found,
    }
