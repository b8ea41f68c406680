"""On what a run was made: system, processor, Python and the packages that can move a bit."""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGES = ("steppe", "numpy", "numba", "llvmlite", "duckdb", "pydantic", "scipy")
"""Packages whose versions are written into the record of a run."""


@cache
def facts() -> dict[str, str | int | dict[str, str]]:
    """Return system, processor, cores, Python and package versions of this process."""
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: number for name in PACKAGES if (number := _version(name))},
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
