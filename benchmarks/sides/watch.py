"""A block of work under the watch: wall and processor time, and how busy others were meanwhile."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUIET = 0.08
"""A block is quiet if other processes used less than this share of the machine."""


def _used() -> float:
    """Return the seconds of processor time this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _busy() -> float:
    """Return the seconds that all processors together have been busy, nan if nobody says."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return float("nan")
    ticks = [int(x) for x in stat.read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _, _, irq, softirq, steal = ticks
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], Any], amount: float) -> dict[str, float]:
    """Do ``work`` and return what it took.

    ``amount`` is how much was done (agent-steps, bytes ...); ``others`` the share of the machine
    that other processes used.
    """
    busy, used, began = _busy(), _used(), time.perf_counter()
    work()
    wall = time.perf_counter() - began
    cpu = _used() - used
    others = (_busy() - busy - cpu) / (wall * (os.cpu_count() or 1))
    return {"wall": wall, "cpu": cpu, "amount": amount, "others": max(others, 0.0)}


def peak_mib() -> float:
    """Return the peak resident memory of this process, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
