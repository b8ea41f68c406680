"""steppe: a laboratory for regime crises.

A case folder becomes a frozen scenario, a scenario becomes a population, the population lives
hour by hour under an ordered list of mechanisms, and what it did is a trajectory.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "load": "steppe.case.load",
    "Scenario": "steppe.case.scenario",
    "run": "steppe.study.single_run",
    "plan": "steppe.engine.plan",
    "Trajectory": "steppe.results.trajectory",
    "Store": "steppe.results.store",
    "score": "steppe.evidence.scoring",
    "ensemble": "steppe.study.ensemble",
    "pair": "steppe.study.pair",
    "sweep": "steppe.study.sweep",
    "sensitivity": "steppe.study.sensitivity",
    "ablations": "steppe.study.ablation",
    "tipping": "steppe.study.tipping",
    "nowcast": "steppe.study.nowcast.nowcast",
}

__all__ = [
    "Scenario",
    "Store",
    "Trajectory",
    "__version__",
    "ablations",
    "ensemble",
    "load",
    "nowcast",
    "pair",
    "plan",
    "run",
    "score",
    "sensitivity",
    "sweep",
    "tipping",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import steppe`` stays quick."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'steppe' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return sorted(__all__)
