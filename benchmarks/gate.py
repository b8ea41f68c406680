"""The gate: ratios of today against those stored for this processor; never absolute times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("ratios.json")
WORST = 0.8
"""A ratio below this share of the stored one fails."""


def processor() -> str:
    """Return the name of the processor and the number of its cores."""
    import os
    import platform

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    return f"{name}, {os.cpu_count()} cores"


def ratios_of(report: dict[str, Any]) -> dict[str, float]:
    """Return the median ratios of a report by name."""
    return {
        one["name"]: one["ratio"]["median"]
        for section in report["sections"].values()
        for one in section.get("comparisons", [])
    }


def fallen(report: dict[str, Any], stored: dict[str, dict[str, float]]) -> list[str]:
    """Return a sentence for every ratio that is 20 % or more below the stored one.

    Ratios of a processor of which nothing is stored, and new ratios, cannot fail.
    """
    before = stored.get(report["processor"], {})
    return [
        f"{name}: {now:.3g}, stored {before[name]:.3g}"
        for name, now in ratios_of(report).items()
        if name in before and now < WORST * before[name]
    ]


def read() -> dict[str, dict[str, float]]:
    """Return what is stored, by processor."""
    if not STORED.exists():
        return {}
    found: dict[str, dict[str, float]] = json.loads(STORED.read_text())
    return found


def keep(report: dict[str, Any]) -> None:
    """Store the ratios of a report for its processor, beside those it does not have."""
    stored = read()
    mine = stored.get(report["processor"], {})
    stored[report["processor"]] = dict(sorted((mine | ratios_of(report)).items()))
    STORED.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n")
