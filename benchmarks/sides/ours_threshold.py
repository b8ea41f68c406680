"""The threshold hour as ``benchmarks.threshold_hour`` runs it, and in plain NumPy."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import numpy as np
from benchmarks.sides.watch import peak_mib, timed

from benchmarks import threshold_hour as dense
from steppe.core.compile import set_threads


def _town(told: dict[str, Any]) -> dense.Town:
    if "town" not in told:
        return dense.build(told["citizens"], told["seed"])
    data = np.load(told["town"])
    state = data["state"]
    active = np.add.reduceat(state == 1, data["first"][:-1], dtype=np.int64)
    return dense.Town(data["first"], data["grievance"], data["risk_aversion"], state, active)


def run(told: dict[str, Any]) -> dict[str, Any]:
    """Return digests of the states after each hour, or the time that hours took."""
    rules = dense.Rules(**told["rules"])
    set_threads(told["threads"])
    seed, persons = told["seed"], told["citizens"]
    dense.live(dense.build(1_000, 1), rules, 0, 1, 1)  # compiled, or read from the cache
    before, began = peak_mib(), time.perf_counter()
    town = _town(told)
    found: dict[str, Any] = {"build_s": time.perf_counter() - began, "version": "steppe"}

    def live(first: int, hours: int) -> None:
        if told.get("engine") == "numpy":
            for hour in range(first, first + hours):
                dense.reference_hour(town, rules, hour, seed)
        else:
            dense.live(town, rules, first, hours, seed)

    if "timed" not in told:
        digests, shares = [], []
        for hour in range(told["hours"]):
            live(hour, 1)
            digests.append(hashlib.sha256(town.state.tobytes()).hexdigest())
            shares.append(float((town.state == 1).mean()))
        return found | {"digests": digests, "active": shares}
    live(0, 2)
    hours = told["timed"]
    found["block"] = timed(lambda: live(2, hours), hours * persons)
    found["bytes_per_agent"] = (peak_mib() - before) * 2**20 / persons
    return found
