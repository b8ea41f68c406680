"""What runs will need of memory and disk, said before it is used up.

Estimates on the high side: the size of a run is that of runs in the store, or a guess; the memory
of a run is that of its pool and ties (see the page on pool and scale).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from steppe.case.scenario import Scenario
from steppe.engine.plan import parameters_in
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.results.store import Store

MIB = 1024.0 * 1024.0
PROGRAM = 250.0 * MIB
"""What a process takes before its population."""

PER_MEMBER = 160.0
"""Bytes for each member of the pool: columns, ties and what is needed while they are built."""

PER_AGENT = 0.5
"""Bytes for each agent, member or not."""

PER_CELL = 3.0
"""Bytes on disk for each hour and place of a run, where no stored run tells."""

SAMPLE = 20
"""So many stored runs are weighed."""


def warnings(scenario: Scenario, scale: float, store: Store, runs: int, workers: int) -> list[str]:
    """Return what will not fit, in words; ``workers`` runs are made at once."""
    return [*_memory(scenario, scale, workers), *_disk(scenario, store, runs)]


def memory_needed(scenario: Scenario, scale: float) -> float:
    """Return the bytes that one run takes at most, about."""
    crowd = parameters_in(scenario, "participation")
    assert isinstance(crowd, AvailabilityParameters)
    agents = scenario.country.citizens * scale
    return PROGRAM + agents * (crowd.mobilisable * PER_MEMBER + PER_AGENT)


def _memory(scenario: Scenario, scale: float, workers: int) -> Iterator[str]:
    needed, free = workers * memory_needed(scenario, scale), memory_free()
    if free is not None and needed > free:
        each = f", {workers} runs at once" if workers > 1 else ""
        less = "fewer --workers or a smaller --scale" if workers > 1 else "a smaller --scale"
        yield f"memory: about {_size(needed)} needed{each}, {_size(free)} free; {less} needs less"


def _disk(scenario: Scenario, store: Store, runs: int) -> Iterator[str]:
    sizes = [_weight(store.folder(key)) for key in islice(store.keys(), SAMPLE)]
    guess = PER_CELL * scenario.clock.hours * len(scenario.places)
    needed = runs * (sum(sizes) / len(sizes) if sizes else guess)
    free = float(shutil.disk_usage(_existing(store.path)).free)
    if needed > free:
        yield f"disk: about {_size(needed)} needed for {runs:,} runs, {_size(free)} free"


def memory_free() -> float | None:
    """Return the bytes that programs can still take, where the system says so."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(float(one.split()[1]) * 1024.0 for one in lines if "MemAvailable" in one)
    except (OSError, StopIteration, ValueError):
        return None
    try:  # a container may have less than its machine
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = float(Path("/sys/fs/cgroup/memory.current").read_text())
        return free if limit == "max" else min(free, float(limit) - used)
    except (OSError, ValueError):
        return free


def _weight(folder: Path) -> int:
    try:
        return sum(entry.stat().st_size for entry in os.scandir(folder))
    except OSError:  # removed meanwhile
        return 0


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def _size(size: float) -> str:
    for unit, value in (("GiB", 1024.0 * MIB), ("MiB", MIB)):
        if size >= value:
            return f"{size / value:.1f} {unit}"
    return f"{size / 1024.0:.0f} KiB"
