"""A whole country, one agent per citizen, all mechanisms."""

from __future__ import annotations

from typing import Any

from benchmarks.sides.watch import peak_mib, timed

from steppe.case.load import load
from steppe.engine.run import run
from steppe.study.task import warm_up


def ours(told: dict[str, Any]) -> dict[str, Any]:
    """Return what one run took, building included, its parts and the peak memory."""
    scenario = load("kazakhstan-2022")
    warm_up(scenario)
    before = peak_mib()
    kept: list[Any] = []
    agents = scenario.country.citizens * told["scale"]
    amount = agents * scenario.clock.hours
    block = timed(
        lambda: kept.append(
            run(scenario, told["seed"], scale=told["scale"], threads=told["threads"])
        ),
        amount,
    )
    return {
        "version": "steppe",
        "agents": agents,
        "hours": scenario.clock.hours,
        "block": block,
        "seconds": dict(kept[0].record.timings),
        "peak_mib": peak_mib(),
        "before_mib": before,
    }
